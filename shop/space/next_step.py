"""The next best step of a merchant: one sentence, one link; never a score.

STEPS is the one table, in order of what it changes for shoppers: the first that is missing is told, and no other. It is
shown on « Aujourd’hui » and on « Ma fiche » by the tag ``next_step``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from directory.models import MerchantPage, MerchantPicture
from shop.products import MERCHANT, Product, ProductImage


@dataclass(frozen=True)
class Facts:
    """What the steps look at, read in one query."""

    merchant: MerchantPage
    pictures: int
    is_open: bool
    on_sale: int
    without_picture: int


@dataclass(frozen=True)
class Step:
    """words: why, in one sentence; place: the name of the address where it is done; action: the link."""

    key: str
    is_missing: Callable[[Facts], bool]
    words: str
    place: str
    action: str


@dataclass(frozen=True)
class NextStep:
    key: str
    words: str
    url: str
    action: str


STEPS = (
    Step("hours", lambda facts: not facts.merchant.opening_hours,
         "Sans horaires, personne ne sait quand venir.", "space:hours", "Indiquer mes horaires"),
    Step("phone", lambda facts: not facts.merchant.phone and not facts.merchant.email,
         "Vos clients ne peuvent pas vous joindre avant de se déplacer.", "space:contacts", "Donner mon téléphone"),
    Step("picture", lambda facts: facts.pictures == 0,
         "Une photo de votre vitrine aide à vous reconnaître dans la rue.", "space:pictures", "Ajouter une photo"),
    Step("story", lambda facts: not facts.merchant.story,
         "Dites en deux phrases ce qu’on ne trouve que chez vous.", "space:profile", "Écrire ma présentation"),
    Step("shop", lambda facts: not facts.is_open,
         "Vos clients peuvent réserver ici avant de passer.", "merchant_shop", "Ouvrir ma boutique"),
    Step("article", lambda facts: facts.on_sale == 0,
         "Votre boutique n’a encore rien à vendre.", "quick_product", "Ajouter un premier article"),
    Step("article_picture", lambda facts: facts.without_picture > 0,
         "Un article avec photo se choisit plus volontiers.", "merchant_products", "Choisir un article sans photo"),
)  # fmt: skip


def next_step(merchant: MerchantPage) -> NextStep | None:
    """Return what is missing first, None where nothing is; one query, whatever the shop holds.

    merchant: as its manager sees it, a draft as well: what waits for a review is not asked for again.
    """
    facts = _facts(merchant)
    for step in STEPS:
        if step.is_missing(facts):
            return NextStep(step.key, step.words, reverse(step.place, args=[merchant.pk]), step.action)
    return None


def _facts(merchant: MerchantPage) -> Facts:
    sold = Product.objects.filter(**{MERCHANT: OuterRef("pk")}, is_public=True, details__isnull=False)
    pictured = sold.filter(Exists(ProductImage.objects.filter(product=OuterRef("pk"))))
    pictures = MerchantPicture.objects.filter(merchant=OuterRef("pk"))
    row = (
        MerchantPage.objects.filter(pk=merchant.pk)
        .values_list(
            _count(pictures, "merchant"),
            "storefront__opened_at",
            _count(sold, MERCHANT),
            _count(pictured, MERCHANT),
        )
        .get()
    )
    shown, opened_at, on_sale, with_picture = row
    return Facts(merchant, shown, opened_at is not None, on_sale, on_sale - with_picture)


def _count(rows: QuerySet, of: str) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values(of).annotate(count=Count("pk")).values("count")), 0)
