"""Deleting merchants' pages in the admin: orders stand against it, articles go along, and nothing is ever a 500."""

import pytest
from django.urls import reverse
from oscar.core.loading import get_model
from wagtail.models import Page

from directory.models import DirectoryPage, MerchantPage
from directory.vetting.sanctions.kinds import Measure
from portal.models import User
from shop.bulk import buy
from shop.models import Storefront
from shop.purchases import Contact
from tests.directory.vetting.procedures import impose_at_once
from tests.factories import make_merchant, make_user
from tests.shop.factories import make_product

pytestmark = pytest.mark.django_db

Product, Partner = get_model("catalogue", "Product"), get_model("partner", "Partner")


def make_order(merchant):
    return buy({make_product(merchant): 1}, Contact("Camille Moulin", "camille@voisins.example", "06 39 98 21 40"))


@pytest.fixture
def office(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def boss(client):
    client.force_login(make_user(is_superuser=True, is_staff=True))
    return client


def test_one_with_orders_stays_and_the_editor_reads_why_and_what_to_do(office, bakery):
    make_order(bakery)

    for answer in (
        office.get(reverse("wagtailadmin_pages:delete", args=[bakery.pk])),
        office.post(reverse("wagtailadmin_pages:delete", args=[bakery.pk])),
    ):
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "Le Fournil des Mines : 1 commande" in page
        assert reverse("vetting:merchant", args=[bakery.pk]) in page
    assert MerchantPage.objects.filter(pk=bakery.pk, live=True).exists()
    assert Product.objects.exists()


def test_one_without_orders_takes_her_articles_along(office, editor, bakery, cheesemonger):
    impose_at_once(bakery, editor, Measure.END)
    make_product(bakery)
    make_product(bakery)
    kept = make_product(cheesemonger)

    office.get(reverse("wagtailadmin_pages:delete", args=[bakery.pk]))
    office.post(reverse("wagtailadmin_pages:delete", args=[bakery.pk]))

    assert not MerchantPage.objects.filter(pk=bakery.pk).exists()
    assert list(Product.objects.all()) == [kept]
    assert Partner.objects.count() == Storefront.objects.count() == 1


def test_in_bulk_those_with_orders_stay_and_the_others_go(office, editor, bakery, cheesemonger):
    make_order(bakery)
    make_product(cheesemonger)
    for merchant in (bakery, cheesemonger):
        impose_at_once(merchant, editor, Measure.END)

    response = office.post(
        f"/gestion/bulk/wagtailcore/page/delete/?id={bakery.pk}&id={cheesemonger.pk}&next=/gestion/", follow=True
    )

    assert response.status_code == 200
    assert list(MerchantPage.objects.all()) == [bakery]
    assert any("des commandes y tiennent" in str(message) for message in response.context["messages"])


def test_the_directory_stays_while_a_merchant_in_it_has_orders(boss, bakery):
    make_order(bakery)
    directory = DirectoryPage.objects.get()

    response = boss.post(reverse("wagtailadmin_pages:delete", args=[directory.pk]))

    assert response.status_code == 302
    assert Page.objects.filter(pk=directory.pk).exists()


def test_a_page_above_goes_with_all_articles_where_nothing_was_sold(bakery):
    make_product(bakery)

    DirectoryPage.objects.get().delete()  # in code: the admin never deletes this page

    assert not MerchantPage.objects.exists()
    assert not Product.objects.exists()


def test_a_person_who_keeps_a_shop_leaves_and_the_shop_stays(bakery, baker):
    make_order(bakery)

    baker.delete()

    assert not User.objects.filter(pk=baker.pk).exists()
    assert MerchantPage.objects.filter(pk=bakery.pk).exists()


@pytest.mark.parametrize("has_orders", [False, True])
def test_every_act_of_the_admin_on_a_merchant_answers(office, bakery, has_orders):
    if has_orders:
        make_order(bakery)
    other = make_merchant(title="Le Fournil", town=bakery.town)
    draft = bakery.get_latest_revision_as_object()
    draft.phone = "04 75 64 01 01"
    draft.save_revision()
    revisions = list(bakery.revisions.order_by("pk"))
    pk, parent = bakery.pk, bakery.get_parent().pk
    before = MerchantPage.objects.get(pk=pk).title
    for name, args in (
        ("edit", [pk]),
        ("copy", [pk]),
        ("move", [pk]),
        ("move_confirm", [pk, parent]),
        ("unpublish", [pk]),
        ("delete", [pk]),
        ("set_privacy", [pk]),
        ("history", [pk]),
        ("workflow_history", [pk]),
        ("usage", [pk]),
        ("view_draft", [pk]),
        ("revisions_revert", [pk, revisions[0].pk]),
        ("revisions_view", [pk, revisions[0].pk]),
        ("revisions_compare", [pk, revisions[0].pk, revisions[-1].pk]),
        ("revisions_compare", [pk, "live", "latest"]),
    ):
        response = office.get(reverse(f"wagtailadmin_pages:{name}", args=args))
        assert response.status_code in (200, 302), (name, response.status_code)
    for name in ("lock", "unlock"):
        assert office.post(reverse(f"wagtailadmin_pages:{name}", args=[pk])).status_code == 302, name
    for alias in ("", "on"):
        sent = {
            "new_title": f"Une copie {alias}",
            "new_slug": f"une-copie{alias}",
            "new_parent_page": parent,
            "alias": alias,
            "publish_copies": "",
        }
        response = office.post(reverse("wagtailadmin_pages:copy", args=[pk]), sent)
        assert response.status_code in (200, 302)
    assert not MerchantPage.objects.filter(slug__startswith="une-copie").exists()
    for action in ("publish", "unpublish", "move", "delete"):
        assert office.get(f"/gestion/bulk/wagtailcore/page/{action}/?id={other.pk}").status_code in (200, 302), action
    assert MerchantPage.objects.get(pk=pk).title == before
