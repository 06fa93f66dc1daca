"""A purchase at three merchants and its whole life, from both sides, on telephones: as a guest, and with an account.

One merchant lacks an article (refused, or replaced by another), one weighs, one is late; one article is given back.
"""

import os
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db.models import Sum
from playwright.sync_api import expect

from portal import database_clock
from shop.models import MerchantOrder, Purchase, Withdrawal
from tests.factories import make_merchant
from tests.journeys.conftest import SCREENS, log_in
from tests.shop.factories import CONTACT, make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
READY, DONE = re.compile("C’est prêt"), re.compile("Remise et payée")


@pytest.fixture
def screen():
    return SCREENS["phone"]


@pytest.fixture
def grocer(places):
    return make_merchant(title="Le Chai de Die", town=places.die, category="epicerie-superette")


@pytest.fixture
def articles(bakery, cheesemonger, grocer):
    for merchant in (bakery, cheesemonger, grocer):
        merchant.opening_hours = "24/7"
        merchant.save()
    make_product(bakery, title="Petit pain", price=Decimal("2.60"), stock=9, unit="la pièce", vat_rate="5.5")
    by_weight = {"measure": "kg", "quantity": Decimal("0.35"), "price_per_kilo": Decimal("24.90")}
    return [
        make_product(bakery, title="Pain de seigle", price=Decimal("4.90"), stock=5, unit="700 g", vat_rate="5.5"),
        make_product(bakery, title="Fouace aux noix", price=Decimal("7.20"), stock=3, unit="la pièce", vat_rate="5.5"),
        make_product(cheesemonger, title="Tomme de brebis", price=Decimal(1), stock=9, vat_rate="5.5", **by_weight),
        make_product(grocer, title="Couteau à huîtres", price=Decimal("12.90"), stock=9, vat_rate="20"),
    ]


def photograph(page, name):
    """Keep a picture of the whole page where SHOTS names a folder; nothing on it is wider than the telephone."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)


def ticket(page, title):
    return page.get_by_role("article").filter(has=page.get_by_role("heading", name=title))


def open_desk(open_page, merchant):
    """Open a merchant's desk on a telephone of its own."""
    desk = open_page()
    desk.goto(f"/espace/{merchant.pk}/commandes/")
    log_in(desk, merchant.accesses.first().user)
    expect(ticket(desk, "Camille Moulin")).to_be_visible()
    return desk


def told(email, words):
    """Return the address that the last e-mail to the buyer about this leads to."""
    message = next(one for one in reversed(mail.outbox) if one.to == [email] and words in one.subject)
    return re.search(r"http\S+/(?:horaire|remplacement|confirmer)/\S+", message.body)[0]


def buy(page, articles, name, shopper=None):
    if shopper:
        page.goto("/compte/connexion/")
        log_in(page, shopper)
        expect(page.get_by_role("button", name="Me connecter")).to_have_count(0)
    for article in articles:
        page.goto(article.get_absolute_url())
        page.get_by_label("Quantité").fill("2")
        page.get_by_role("button", name="Ajouter au panier").click()
        expect(page.get_by_text("est dans votre panier").first).to_be_visible()
    photograph(page, f"{name}-1-panier")
    page.goto("/boutique/commande/")
    page.get_by_label("Nom et prénom").fill(CONTACT["name"])
    if not shopper:
        page.get_by_label("Courriel").fill(CONTACT["email"])
    page.get_by_label("Téléphone").fill(CONTACT["phone"])
    photograph(page, f"{name}-2-commande")
    page.get_by_role("button", name="Commander avec obligation de paiement").click()
    if not shopper:
        expect(page.get_by_role("heading", level=1)).to_have_text("Plus qu’une étape")
        page.goto(told(CONTACT["email"], "Confirmez"))
        page.get_by_role("button", name="Confirmer la commande avec obligation de paiement").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("C’est commandé")
    photograph(page, f"{name}-3-achat")


def hand_over(desk, merchant):
    """Say « prête », then hand it over."""
    desk.goto(f"/espace/{merchant.pk}/commandes/")
    desk.get_by_role("button", name=READY).click()
    expect(desk.get_by_text("est prête : le client est prévenu")).to_be_visible()
    desk.goto(f"/espace/{merchant.pk}/commandes/?etat=pretes")
    desk.get_by_role("button", name=DONE).click()
    expect(desk.get_by_text("est remise et payée")).to_be_visible()


def replace(desk, page, email, name):
    """At the bakery: the fouace is missing, rolls stand in for it, and the buyer says yes."""
    desk.get_by_role("link", name="Il manque un article").click()
    desk.get_by_role("link", name=re.compile("Proposer un autre article.*Fouace")).click()
    desk.get_by_label("Quel article proposez-vous").select_option(label="Petit pain, 2,60 €".replace(" €", "\u00a0€"))
    desk.get_by_label("Combien en proposez-vous").fill("4")
    photograph(desk, f"{name}-4-proposer")
    desk.get_by_role("button", name="Proposer au client").click()
    expect(desk.get_by_text(re.compile("Réponse avant")).first).to_be_visible()
    desk.get_by_role("button", name=READY).click()
    expect(desk.get_by_text(re.compile("n’a pas encore répondu"))).to_be_visible()
    photograph(desk, f"{name}-5-comptoir-attend")
    page.reload()
    expect(ticket(page, "Le Fournil des Mines")).to_contain_text("Remplacement proposé")
    photograph(page, f"{name}-6-achat-question")
    page.goto(told(email, "À vous de dire"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cet article vous va-t-il")
    photograph(page, f"{name}-7-repondre")
    page.get_by_role("button", name="Oui, accepter ce remplacement").click()
    expect(page.get_by_role("status").first).to_contain_text("Vous avez accepté")
    photograph(page, f"{name}-8-accepte")


def refuse(desk, name):
    """At the bakery: the fouace is missing, and nothing stands in for it."""
    desk.get_by_role("link", name="Il manque un article").click()
    desk.get_by_label("Fouace aux noix\u00a0: combien").fill("2")
    photograph(desk, f"{name}-4-manque")
    desk.get_by_role("button", name="Retirer et prévenir le client").click()
    expect(desk.get_by_text("le client est prévenu")).to_be_visible()
    photograph(desk, f"{name}-5-comptoir")


def be_late(desk, page, merchant, email, name):
    """At the grocer's: the time has come and nothing is ready; another time is proposed, and accepted."""
    now = database_clock.now()
    MerchantOrder.objects.filter(storefront__merchant=merchant).update(
        collect_from=now - timedelta(minutes=5), collect_until=now + timedelta(minutes=25)
    )
    desk.reload()
    expect(desk.locator(".order-ticket--late")).to_contain_text("En retard")
    photograph(desk, f"{name}-11-en-retard")
    desk.get_by_role("link", name="Proposer un autre horaire").click()
    desk.get_by_label("Un mot pour le client").fill("Le camion est en panne.")
    photograph(desk, f"{name}-12-autre-horaire")
    desk.get_by_role("button", name="Proposer cet horaire").click()
    expect(desk.get_by_text("nous vous dirons s’il accepte")).to_be_visible()
    page.goto(told(email, "Un autre horaire"))
    photograph(page, f"{name}-13-horaire")
    page.get_by_role("button", name="Accepter cet horaire").click()
    expect(page.get_by_text("C’est noté")).to_be_visible()


@pytest.mark.parametrize("name", ["invite", "compte"])
def test_from_the_basket_to_the_refund(page, open_page, bakery, cheesemonger, grocer, articles, shopper, name):
    is_guest = name == "invite"
    email = CONTACT["email"] if is_guest else shopper.email
    buy(page, articles, name, None if is_guest else shopper)
    bought_at = page.url

    bread = open_desk(open_page, bakery)
    photograph(bread, f"{name}-3-comptoir")
    bread.get_by_role("button", name=re.compile("J’accepte")).click()
    expect(bread.get_by_text("est acceptée")).to_be_visible()
    refuse(bread, name) if is_guest else replace(bread, page, email, name)

    cheese = open_desk(open_page, cheesemonger)
    cheese.get_by_role("button", name=READY).click()
    expect(cheese.get_by_text(re.compile("Pesez d’abord"))).to_be_visible()
    cheese.locator("[name^=grammes_]").fill("683")
    photograph(cheese, f"{name}-9-peser")
    cheese.get_by_role("button", name="Enregistrer").click()
    expect(cheese.get_by_text("est pesée")).to_be_visible()
    photograph(cheese, f"{name}-10-pesee")

    late = open_desk(open_page, grocer)
    be_late(late, page, grocer, email, name)
    for desk, merchant in ((bread, bakery), (cheese, cheesemonger), (late, grocer)):
        hand_over(desk, merchant)

    page.goto(bought_at)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Merci")
    hers = ticket(page, "Le Fournil des Mines")
    expect(hers).to_contain_text("2 manquent, retirés du total" if is_guest else "2 remplacés")
    expect(ticket(page, "La Crèmerie du Gier")).to_contain_text("17,01")
    photograph(page, f"{name}-14-remise")

    page.get_by_role("link", name="Renoncer au contrat ici").first.click()
    page.get_by_label("Couteau à huîtres").fill("1")
    photograph(page, f"{name}-15-renoncer")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Confirmer la rétractation").click()
    expect(page.get_by_role("status")).to_contain_text("accusé de réception")
    photograph(page, f"{name}-16-accuse")
    late.goto(f"/espace/{grocer.pk}/retractations/")
    photograph(late, f"{name}-17-a-rembourser")
    late.get_by_role("button", name=re.compile("Remboursé")).first.click()
    expect(late.get_by_role("article").get_by_text("Remboursé", exact=True)).to_be_visible()
    photograph(late, f"{name}-18-rembourse")

    refund = Withdrawal.objects.get()
    assert (refund.refund, refund.state) == (Decimal("12.90"), Withdrawal.State.REFUNDED)
    bread_total = Decimal("9.80") if is_guest else Decimal("20.20")  # with 4 rolls at 2,60 €
    assert Purchase.objects.get().total == bread_total + Decimal("17.01") + Decimal("25.80")
    held = MerchantOrder.objects.aggregate(sum=Sum("order__lines__num_allocated"))["sum"]
    assert held == 0
    stocks = {article.title: article.stockrecords.get() for article in articles}
    assert {title: (stock.num_in_stock, stock.num_allocated or 0) for title, stock in stocks.items()} == {
        "Pain de seigle": (3, 0),
        "Fouace aux noix": (0, 0),  # none is left, its merchant said
        "Tomme de brebis": (7, 0),
        "Couteau à huîtres": (7, 0),
    }
