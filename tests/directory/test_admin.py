import pytest
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from directory.models import Category, DirectoryPage, MerchantManager, MerchantPage
from tests.directory.vetting.evidence import verify
from tests.factories import make_merchant, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    """A client that may do anything in the admin."""
    client.force_login(make_user(is_superuser=True, is_staff=True))
    return client


@pytest.fixture
def filled(places):
    """What an editor types to make the page of a wine shop in Die."""
    return {
        "title": "Cave du Glandasse",
        "slug": "cave-du-glandasse",  # typed by the admin's script from the title
        "siret": "54210765113030",
        "category": Category.objects.get(slug="caviste").pk,
        "town": places.die.pk,
        "street": "3 rue de l’Armellerie",
        "postal_code": "26150",
        "phone": "04 75 22 00 00",
        "opening_hours": "Tu-Sa 09:00-12:30,15:00-19:00; PH off",
        "story": rich_text("<p>Des clairettes, surtout.</p>"),
        "pictures": inline_formset([]),
        "comments": inline_formset([]),
    }


def add(staff, filled, **more):
    directory = DirectoryPage.objects.get()
    data = nested_form_data(filled | more)
    return staff.post(f"/gestion/pages/add/directory/merchantpage/{directory.pk}/", data)


def test_a_merchant_made_in_the_admin_is_a_draft_at_name_and_town(staff, filled):
    response = add(staff, filled)

    page = MerchantPage.objects.get()
    assert response.status_code == 302
    assert (page.live, page.slug, page.url_path) == (
        False,
        "cave-du-glandasse-die",
        "/accueil/commercants/cave-du-glandasse-die/",
    )


def test_a_merchant_whom_nobody_vetted_is_not_published_and_nothing_typed_is_lost(staff, filled):
    response = add(staff, filled, **{"action-publish": "action-publish"})

    page = response.content.decode().replace("\u00a0", " ")
    assert "Ce commerce n’est pas encore vérifié. Il manque : « Entreprise et établissement actifs" in page
    assert "Des clairettes" in page
    assert not MerchantPage.objects.exists()


def test_a_vetted_merchant_published_in_the_admin_is_online(staff, filled, client):
    add(staff, filled)
    page = verify(MerchantPage.objects.get())
    edit = nested_form_data(filled | {"slug": page.slug, "action-publish": "action-publish"})

    assert staff.post(f"/gestion/pages/{page.pk}/edit/", edit).status_code == 302
    assert client.get("/commercants/cave-du-glandasse-die/").status_code == 200


def test_a_vetted_merchant_does_not_take_another_siret_by_her_form(staff, filled):
    add(staff, filled)
    page = verify(MerchantPage.objects.get())
    edit = nested_form_data(filled | {"siret": "73282932000074", "action-publish": "action-publish"})

    told = staff.post(f"/gestion/pages/{page.pk}/edit/", edit).content.decode()

    assert "Ce SIRET n’est pas celui qui a été vérifié" in told
    assert not MerchantPage.objects.get().live


def test_an_address_chosen_by_an_editor_is_respected(staff, filled):
    add(staff, filled, slug="la-cave")

    assert MerchantPage.objects.get().slug == "la-cave"


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("siret", "54210765113031", "Ce numéro n’existe pas : un chiffre est sans doute faux ou interverti."),
        ("opening_hours", "du mardi au samedi", "Ces horaires ne se lisent pas."),
    ],
)
def test_a_fault_is_told_beside_its_field_and_nothing_typed_is_lost(staff, filled, field, typed, message):
    response = add(staff, filled, **{field: typed, "action-publish": "action-publish"})

    assert response.status_code == 200
    assert message in response.content.decode()
    assert typed in response.content.decode()
    assert "Des clairettes" in response.content.decode()
    assert not MerchantPage.objects.exists()


def test_the_same_siret_is_refused(staff, filled, cheesemonger):
    response = add(staff, filled, siret=cheesemonger.siret)

    assert response.status_code == 200
    assert MerchantPage.objects.count() == 1


def test_the_form_holds_no_list_of_towns(staff, bakery):
    page = staff.get(f"/gestion/pages/{bakery.pk}/edit/").content.decode()

    assert "Choisir une autre commune" in page
    assert "Thiers" not in page


@pytest.mark.parametrize("typed", ["saint etienne", "St-Étienne"[3:], "42100", "SAINT-ÉTIENNE"])
def test_a_town_is_found_by_name_or_postal_code(staff, places, typed):
    response = staff.get("/gestion/town_chooser/results/", {"q": typed})

    assert "Saint-Étienne" in response.content.decode()
    assert "Privas" not in response.content.decode()


def test_a_draft_can_be_previewed(staff, places):
    draft = make_merchant(title="Cave du Glandasse", town=places.die, live=False)

    response = draft.make_preview_request()

    assert response.status_code == 200
    assert "Cave du Glandasse" in response.content.decode()


def test_an_access_is_given_and_taken_back(staff, bakery, shopper):
    assert "/gestion/merchant_accesses/" in staff.get("/gestion/").content.decode()

    staff.post("/gestion/merchant_accesses/new/", {"merchant": bakery.pk, "user": shopper.pk, "role": "owner"})
    access = MerchantManager.objects.get(user=shopper)
    assert shopper.email in staff.get("/gestion/merchant_accesses/", {"q": "camille"}).content.decode()
    assert list(MerchantPage.objects.managed_by(shopper)) == [bakery]

    staff.post(f"/gestion/merchant_accesses/delete/{access.pk}/")
    assert not MerchantPage.objects.managed_by(shopper).exists()


def test_an_account_is_found_by_its_email(staff, baker, shopper):
    response = staff.get("/gestion/user_chooser/results/", {"q": "fournil"})

    assert baker.email in response.content.decode()
    assert shopper.email not in response.content.decode()
