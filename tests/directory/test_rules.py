"""What a merchant's page may say, for every way in: full_clean, the admin, an import, the database, the clock."""

from datetime import timedelta
from math import isnan as is_nan  # no revision holds one: JSON has no such number

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from directory.models import MerchantPage
from directory.rules import postal_code_fault
from tests.browser_forms import filled_in
from tests.factories import make_merchant

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
WRONG = [  # (fields of a merchant in Die, the field that is told, what is told)
    ({"postal_code": "75001"}, "postal_code", "75001 n’est pas celui de Die (26150)"),
    ({"postal_code": "07000"}, "postal_code", "07000 n’est pas celui de Die"),
    ({"postal_code": "26100"}, "postal_code", "mais de Romans-sur-Isère"),
    ({"postal_code": "2615"}, "postal_code", "cinq chiffres"),
    ({"postal_code": "２６１５０"}, "postal_code", "cinq chiffres"),
    ({"postal_code": "26 150"}, "postal_code", "5 caractères"),
    ({"postal_code": ""}, "postal_code", "vide"),
    ({"latitude": 999.0, "longitude": 5.37}, "latitude", "de -90 à 90"),
    ({"latitude": 44.75, "longitude": -181.0}, "longitude", "de -180 à 180"),
    ({"latitude": float("nan"), "longitude": 5.37}, "latitude", "de -90 à 90"),
    ({"latitude": 44.75}, "longitude", "Il manque la longitude"),
    ({"longitude": 5.37}, "latitude", "Il manque la latitude"),
    ({"latitude": 5.37, "longitude": 44.75}, "latitude", "inversées"),
    ({"latitude": 48.8566, "longitude": 2.3522}, "latitude", "km de Die"),
    ({"latitude": 0.0, "longitude": 0.0}, "latitude", "km de Die"),
    ({"phone": "coucou"}, "phone", "dix chiffres"),
    ({"phone": "0475"}, "phone", "dix chiffres"),
    ({"phone": "+41 22 700 00 00"}, "phone", "français"),
    ({"website": "javascript:alert(1)"}, "website", "entière"),
    ({"website": "ftp://fournil.example"}, "website", "entière"),
    ({"website": "maud@fournil.example"}, "website", "adresse électronique"),
    ({"email": "maud@"}, "email", "courriel"),
    ({"email": "pas une adresse"}, "email", "courriel"),
    ({"confirmed_on": timezone.localdate() + DAY}, "confirmed_on", "pas encore venu"),
    ({"confirmed_on": timezone.localdate() + 2000 * DAY}, "confirmed_on", "pas encore venu"),
    ({"title": "   "}, "title", "nom du commerce"),
    ({"title": "\u200b\u00a0"}, "title", "nom du commerce"),
    ({"siret": "123"}, "siret", "14 chiffres"),
    ({"opening_hours": "quand il fait beau"}, "opening_hours", "lisent pas"),
    ({"labels": ["meilleur"]}, "labels", "meilleur"),
]
RIGHT = [
    {"postal_code": "26159"},  # a CEDEX of the department, which no town has
    {"latitude": 44.7535, "longitude": 5.3703},
    {"latitude": 44.9, "longitude": 5.5},  # a farm
    {"confirmed_on": timezone.localdate()},
    {"confirmed_on": timezone.localdate() - 900 * DAY},
    {"phone": "+33 4 75 22 00 00"},
    {"website": "fournil.example"},
    {"siret": "732 829 320 00074"},
    {"siret": "732.829.320.00074"},
    {"siret": "732\u00a0829\u00a0320\u00a000074"},
]
REFUSED_BY_THE_DATABASE = [
    {"postal_code": "2615"},
    {"postal_code": "abcde"},
    {"latitude": 999.0, "longitude": 5.0},
    {"latitude": 44.0, "longitude": 500.0},
    {"latitude": 44.0},
    {"phone": "coucou"},
    {"website": "javascript:alert(1)"},
    {"email": "maud"},
    {"siret": "123"},
]


@pytest.fixture
def cellar(places):
    return make_merchant(title="Cave du Glandasse", town=places.die)


@pytest.mark.parametrize(("fields", "name", "told"), WRONG)
def test_the_model_refuses_and_says_how_to_mend(cellar, fields, name, told):
    for field, value in fields.items():
        setattr(cellar, field, value)

    with pytest.raises(ValidationError) as raised:
        cellar.full_clean()

    assert told in " ".join(raised.value.message_dict[name]).replace("\u00a0", " ")


@pytest.mark.parametrize(("fields", "name", "told"), [row for row in WRONG if not is_nan(row[0].get("latitude", 0))])
def test_a_revision_is_not_published_past_the_rules(cellar, fields, name, told):
    for field, value in fields.items():
        setattr(cellar, field, value)
    revision = cellar.save_revision(clean=False)

    if name == "confirmed_on":  # the day falls away by itself
        revision.publish()
    else:
        with pytest.raises(ValidationError):
            revision.publish()

    stored = MerchantPage.objects.get(pk=cellar.pk)
    assert {field: getattr(stored, field) for field in fields} != fields


@pytest.mark.parametrize("fields", RIGHT)
def test_the_model_takes(cellar, fields):
    for field, value in fields.items():
        setattr(cellar, field, value)

    cellar.full_clean()
    cellar.save_revision().publish()


@pytest.mark.parametrize("fields", REFUSED_BY_THE_DATABASE)
def test_the_database_refuses_what_goes_past_the_model(cellar, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        MerchantPage.objects.filter(pk=cellar.pk).update(**fields)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"postal_code": "75001"}, "75001 n’est pas celui de Die"),
        ({"phone": "coucou"}, "dix chiffres"),
        ({"latitude": "48,85", "longitude": "2,35"}, "km de Die"),
        ({"latitude": "5,37", "longitude": "44,75"}, "inversées"),
        ({"confirmed_on": "2099-01-01"}, "pas encore venu"),
        ({"website": "javascript:alert(1)"}, "adresse entière"),
        ({"siret": "123"}, "14 chiffres"),
    ],
)
@pytest.mark.parametrize("button", [{}, {"action-publish": "action-publish"}])
def test_the_admin_tells_beside_the_field_and_keeps_what_was_typed(client, editor, cellar, sent, told, button):
    client.force_login(editor)
    address = f"/gestion/pages/{cellar.pk}/edit/"
    shown = filled_in(client.get(address), "title")
    kept = {name: value for name, value in shown.items() if not name.startswith("action-")}

    response = client.post(address, kept | sent | button)

    assert response.status_code == 200
    page = response.content.decode().replace("\u00a0", " ")
    assert told in page
    assert all(value in page for value in sent.values())
    assert MerchantPage.objects.get(pk=cellar.pk).latest_revision == cellar.latest_revision


def test_a_town_with_several_codes_takes_each(places):
    assert all(postal_code_fault(code, places.lyon) == "" for code in places.lyon.postal_codes)
    assert postal_code_fault(places.lyon_3.postal_codes[0], places.lyon) == ""


def test_a_scheduled_revision_with_a_fault_holds_up_no_other_and_the_editors_are_told(cellar, places, editor):
    other = make_merchant(title="Au Bon Coin", town=places.privas)
    hour_ago = timezone.now() - timedelta(hours=1)
    for page, fields in ((cellar, {"postal_code": "75001"}), (other, {"street": "1 rue Neuve"})):
        draft = page.get_latest_revision_as_object()
        for name, value in fields.items():
            setattr(draft, name, value)
        draft.save_revision(clean=False, approved_go_live_at=hour_ago)

    call_command("publish_scheduled")

    assert MerchantPage.objects.get(pk=other.pk).street == "1 rue Neuve"
    assert MerchantPage.objects.get(pk=cellar.pk).postal_code == "26150"
    [message] = mail.outbox
    assert message.to == [editor.email]
    assert "Cave du Glandasse" in message.body
    assert "75001" in message.body
    mail.outbox.clear()
    call_command("publish_scheduled")
    assert mail.outbox == []
