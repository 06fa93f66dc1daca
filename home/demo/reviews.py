"""What neighbours said of the showcase after they had collected there, weeks ago."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils.timezone import localdate

from directory.models import MerchantPage
from home.demo import told
from home.demo.orders import weigh_all
from portal import database_clock
from shop.bulk import buy
from shop.models import Purchase, Review
from shop.orders import mark_collected, mark_ready
from shop.products import products_of, stock_of
from shop.purchases import Contact


@dataclass(frozen=True)
class Said:
    """One review. days: since the hand-over."""

    name: str
    email: str
    phone: str
    mark: int
    days: int
    text: str
    reply: str = ""


SAID = (
    Said("Maryse Tardy", "maryse@voisins.example", "06 39 98 40 01", 5, 41,
         told()["reviews"][0]),
    Said("Bilel Ferroud", "bilel@voisins.example", "06 39 98 40 02", 4, 26,
         told()["reviews"][1],
         "Merci. Le samedi, nous avons ajouté un créneau dès 8 h pour que personne n’attende."),
    Said("Jeanne Oddon", "jeanne@voisins.example", "06 39 98 40 03", 5, 12,
         "Commandé la veille, retiré en deux minutes. Rien ne manquait, tout était bien emballé."),
    Said("Luc Peysson", "luc@voisins.example", "06 39 98 40 04", 3, 8,
         told()["reviews"][2]),
)  # fmt: skip


def write(merchant: MerchantPage) -> int:
    """Let each buy, collect and say so, unless somebody has already; return how many purchases were placed.

    The last one waits to be read.
    """
    shelf = [product for product in products_of(merchant) if stock_of(product).net_stock_level > len(SAID)]
    if not shelf or Review.objects.exists():
        return 0
    now = database_clock.now()
    for number, said in enumerate(SAID):
        contact = replace(Contact(said.name, said.email, said.phone), is_adult=True)
        purchase = buy({shelf[number % len(shelf)]: 1}, contact, user=None)
        (part,) = purchase.merchant_orders.all()
        weigh_all(part)
        mark_ready(part, by=None)
        mark_collected(part, by=None, identity_checked=True)
        Purchase.objects.filter(pk=purchase.pk).update(review_asked_at=now)
        is_shown = number + 1 < len(SAID)
        shown = now - timedelta(said.days - 6)
        Review.objects.create(
            merchant_order=part,
            mark=said.mark,
            text=said.text,
            first_name=said.name.split()[0],
            experienced_on=localdate() - timedelta(said.days),
            written_at=now - timedelta(said.days - 4),
            state=Review.State.PUBLISHED if is_shown else Review.State.WAITING,
            decided_at=shown if is_shown else None,
            published_at=shown if is_shown else None,
            reply=said.reply,
            replied_at=shown + timedelta(1) if said.reply else None,
        )
    return len(SAID)
