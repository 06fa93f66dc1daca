"""Nobody who is delivered reads that they come, collect or have collected: pages, e-mails and exports alike."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.utils.html import strip_tags

from portal import database_clock
from portal.privacy.person import Person
from shop import orders, refusals, wording
from shop.collection.proposals import propose
from shop.collection.slots import Slot
from shop.models import MerchantOrder, Purchase
from shop.order_history import Reason, Refusal
from shop.personal_data import _export_purchases
from shop.refusals import Missing
from shop.reviews import asking
from shop.substitution.acts import Wanted, accept, allergens_of
from shop.substitution.acts import propose as propose_substitute
from shop.withdrawal import acts
from tests.shop.delivery.ordering import bought, send
from tests.shop.factories import make_product, make_withdrawal, put_in_basket

pytestmark = pytest.mark.usefixtures("strict_templates")

# What is said of coming for it; what leaves a sum or a shelf is « retiré » too, and both ways may stand side by side.
OF_COMING = re.compile(r"retrait|retir[éeo]|venez|de venir|à la boutique|vient chercher", re.IGNORECASE)
FINE = re.compile(
    r"(au|le|du) retrait (ou (à )?la livraison)|retrait ou livraison|retirés? (du total|de (votre|la) commande|de sa)"
    r"|l’article qui manque est retiré|retirer l’article qui manque|se paie au retrait, à la boutique, ou comme convenu"
    r"|(le|la) retirer|retraits\.ics|Retirer mon avis|tout peut être retiré|est retiré de",
    re.IGNORECASE,
)
TABS = re.compile(r'<nav aria-label="Commandes par état">.*?</nav>', re.DOTALL)
GONE = Reason(Refusal.OUT_OF_STOCK)


def said_of_coming(text):
    text = " ".join(strip_tags(text.replace("<", " <").replace("&nbsp;", " ")).split())
    return [text[max(0, found.start() - 50) : found.end() + 30] for found in OF_COMING.finditer(FINE.sub("", text))]


def main_of(response):
    assert response.status_code == 200
    return response.content.decode().partition("<main")[2].partition("</main>")[0]


@pytest.fixture(params=["tournee", "colis"])
def part(request, client, bakery, loaf, jam, round_of):
    """Two jams and a honey, delivered."""
    honey = make_product(bakery, title="Miel", withdrawal_exception="", stock=9)
    make_product(bakery, title="Nougat", withdrawal_exception="", stock=9)
    send(bakery)
    put_in_basket(client, jam, 2)
    put_in_basket(client, honey, 2)
    return bought(client, bakery, request.param)


@pytest.fixture
def counter(baker):
    client = Client()
    client.force_login(baker)
    return client


def test_from_the_order_to_the_refund(client, counter, part, bakery):
    seen = [main_of(client.get(part.purchase.get_absolute_url()))]
    jam, honey = part.order.lines.order_by("pk")

    def look():
        desk, number = f"/espace/{bakery.pk}/commandes/", part.order.number
        seen.append(main_of(client.get(part.purchase.get_absolute_url())))
        seen.append(main_of(client.get(part.purchase.withdrawal_path)))
        for page in ("?etat=", "?etat=pretes", "?etat=remises", "?etat=annulees", "a-preparer/"):
            seen.append(TABS.sub("", main_of(counter.get(desk + page))))
        return number

    number = look()
    orders.accept(part, None)
    if part.slot:
        day = (part.slot.end - part.slot.start) * 6
        propose(part, Slot(part.slot.start + day, part.slot.end + day), None)
        seen.append(main_of(client.get(f"/boutique/commande/horaire/{number}/")))
    nougat = bakery.storefront.partner.stockrecords.get(product__title="Nougat").product
    asked = propose_substitute(part, Wanted(honey.pk, 2, 1, nougat.pk, 1, False, False), None, GONE)
    seen.append(main_of(client.get(asked.path)))
    look()
    accept(asked, allergens_of(asked))
    lines = dict(part.order.lines.values_list("pk", "quantity"))
    refusals.refuse(part, [Missing(jam.pk, 1, False)], lines, None, GONE)
    look()
    orders.mark_ready(MerchantOrder.objects.get(pk=part.pk), None)
    look()
    orders.mark_collected(MerchantOrder.objects.get(pk=part.pk), None)
    look()
    seen.append(main_of(client.get(f"/boutique/commande/avis/{number}/")))
    withdrawal = make_withdrawal(MerchantOrder.objects.with_tickets().get(pk=part.pk))
    acts.mark_refunded(withdrawal, withdrawal.state, None)
    look()
    asking._ask(Purchase.objects.get())
    assert len(mail.outbox) > 10
    for message in mail.outbox:
        seen += [message.subject, message.body, message.alternatives[0][0]]
    exported = next(iter(_export_purchases(Person(None, frozenset({part.purchase.email})))))
    seen += [str(exported)]
    assert [found for text in seen for found in said_of_coming(text)] == []


@pytest.mark.parametrize("because", [cause for cause in MerchantOrder.Cancelled if cause != "retrait"] + ["retrait"])
def test_however_it_is_cancelled(client, counter, part, bakery, because):
    mail.outbox.clear()
    if because == "retrait":
        orders.mark_ready(part, None)
        part = MerchantOrder.objects.get(pk=part.pk)
    orders.cancel(part, None, because, GONE)
    seen = [main_of(client.get(part.purchase.get_absolute_url()))]
    for message in mail.outbox:
        seen += [message.subject, message.body, message.alternatives[0][0]]
    state = wording.state_of(MerchantOrder.objects.with_tickets().get(pk=part.pk), database_clock.now())
    seen += [state.name, state.told, state.told_merchant, state.due, state.merchant_due]
    assert [found for text in seen for found in said_of_coming(text)] == []
