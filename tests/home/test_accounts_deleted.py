"""An administrator deletes an account in the admin: what the person did stays, and nothing is a broken page."""

import pytest
from wagtail.models import ModelLogEntry, PageLogEntry

from directory.models import MerchantPage
from home.models import StoryPage
from home.reports import decisions
from home.reports.models import Notice
from portal.models import ErasureRecord, User
from shop.bulk import buy
from shop.models import Purchase
from shop.purchases import Contact
from tests.factories import PASSWORD, make_user
from tests.home.test_blocks import make_story
from tests.shop.factories import make_product

pytestmark = pytest.mark.django_db


def enter(client, user):
    """Log in as a person does: an account is deleted by who showed the password just now."""
    client.force_login(user)
    client.post("/compte/confirmation/", {"password": PASSWORD})


@pytest.fixture
def boss(client):
    enter(client, make_user("admin@region.example", is_superuser=True, is_staff=True))
    return client


@pytest.fixture
def busy(bakery, editor):
    """An account that keeps a merchant's page, has bought, wrote a story, decided a report and reviewed a page."""
    bakery.accesses.all().delete()
    bakery.accesses.create(user=editor)
    purchase = buy({make_product(bakery): 1}, Contact("Jeanne Rey", editor.email, "06 39 98 21 40"))
    Purchase.objects.filter(pk=getattr(purchase, "pk", purchase)).update(user=editor)
    story = make_story(owner=editor)
    draft = story.get_latest_revision_as_object()
    draft.title = "Le pain"
    draft.save_revision(user=editor, log_action=True)
    notice = Notice.objects.create(page=bakery.public_path, reason="ferme", details="Fermé.")
    decisions.decide([notice], Notice.State.DISMISSED, "Ouvert.", editor)
    return editor


def delete(boss, user, way):
    if way == "form":
        return boss.post(f"/gestion/users/delete/{user.pk}/", follow=True)
    return boss.post(f"/gestion/bulk/portal/user/delete/?id={user.pk}&next=/gestion/users/", follow=True)


@pytest.mark.parametrize("way", ["form", "list"])
def test_what_an_account_did_stays(boss, busy, bakery, way):
    answer = delete(boss, busy, way)

    assert answer.status_code == 200
    assert not User.objects.filter(pk=busy.pk).exists()
    assert any("supprimé" in str(message) for message in answer.context["messages"])
    assert not ModelLogEntry.objects.filter(label__icontains="jeanne").exists()
    assert ErasureRecord.objects.get().way == "equipe"
    assert MerchantPage.objects.filter(pk=bakery.pk).exists()
    assert Purchase.objects.get().user is None
    assert StoryPage.objects.get().owner is None
    assert Notice.objects.get().state == Notice.State.DISMISSED
    story, notice = StoryPage.objects.get(), Notice.objects.get()
    for address in (
        f"/gestion/pages/{story.pk}/history/",
        f"/gestion/pages/{story.pk}/edit/",
        f"/gestion/notices/edit/{notice.pk}/",
        f"/gestion/notices/history/{notice.pk}/",
        "/gestion/reports/site-history/",
        f"/gestion/pages/{bakery.pk}/edit/",
    ):
        assert boss.get(address).status_code == 200, address
    assert PageLogEntry.objects.exists()


def test_before_it_goes_the_administrator_reads_what_it_holds(boss, busy):
    page = boss.get(f"/gestion/users/delete/{busy.pk}/").content.decode()

    assert "Personne d’autre ne gère « Le Fournil des Mines »" in page
    assert "Son achat est gardé pour la comptabilité" in page


@pytest.mark.parametrize("way", ["form", "list"])
def test_an_account_is_deleted_by_who_shows_the_password_again(client, baker, way):
    client.force_login(make_user("admin@region.example", is_superuser=True, is_staff=True))

    assert delete(client, baker, way).redirect_chain[-1][0].startswith("/compte/confirmation/")
    assert User.objects.filter(pk=baker.pk).exists()


@pytest.mark.parametrize("way", ["form", "list"])
def test_nobody_deletes_herself(client, way):
    admin = make_user("admin@region.example", is_superuser=True, is_staff=True)
    enter(client, admin)

    answer = delete(client, admin, way)

    assert answer.status_code == 200
    assert User.objects.filter(pk=admin.pk).exists()


def test_an_editor_deletes_nobody(client, editor, baker):
    client.force_login(editor)
    for way in ("form", "list"):
        delete(client, baker, way)

    assert User.objects.filter(pk=baker.pk).exists()
