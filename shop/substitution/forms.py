"""What a merchant proposes for an article that is missing."""

from typing import Any

from django import forms
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from portal.numbers import FrenchIntegerField
from portal.oscar_settings import ORDER_RECEIVED
from portal.templatetags.portal import euros
from shop.delivery.models import Kind
from shop.models import MerchantOrder
from shop.order_history import Refusal
from shop.products import MERCHANT, on_sale
from shop.space.refusal_forms import RefusalForm
from shop.substitution.acts import Wanted, accepted_of, terms_of
from shop.withdrawal.exceptions import Exceptions

MOST_LISTED = 200  # articles; a search narrows them
DEAREST = 999  # units


def candidates(merchant_order: MerchantOrder, line: Any, sought: str = "") -> list[Any]:
    """Return the articles that may stand in for a line: of the same shop, on sale, in stock; the first MOST_LISTED.

    Alcohol for alcohol alone; by parcel goes what can be sent. The database holds the same rules.
    """
    found = on_sale(**{MERCHANT: merchant_order.storefront.merchant_id}).exclude(pk=line.product_id)
    found = found.filter(stockrecords__num_in_stock__gt=Coalesce(F("stockrecords__num_allocated"), 0))
    if not (merchant_order.has_alcohol and _is_alcohol(line)):
        found = found.exclude(details__is_alcohol=True)
    if merchant_order.delivery == Kind.PARCEL:
        stays = Q(details__is_alcohol=True) | Q(details__withdrawal_exception=Exceptions.PERISHABLE)
        found = found.exclude(stays)
    if sought:
        found = found.filter(title__icontains=sought)
    return list(found.order_by("title", "pk")[:MOST_LISTED])


def _is_alcohol(line: Any) -> bool:
    details = getattr(line.product, "details", None)
    return bool(details and details.is_alcohol)


class SubstituteForm(RefusalForm):
    """Which article, how many, for how many missing units, at which price, and why. shown: the state and the units."""

    article = forms.ChoiceField(
        label="Quel article proposez-vous ?",
        error_messages={
            "required": "Choisissez l’article que vous proposez.",
            "invalid_choice": "Cet article n’est plus en vente, ou il n’en reste plus : choisissez-en un autre.",
        },
    )

    field_order = ("manque", "article", "quantite", "plus_cher", "epuise", "motif", "mot", "shown")

    def __init__(self, merchant_order: MerchantOrder, line: Any, articles: list[Any], data: Any = None) -> None:
        """line: loaded with ``weighed``. articles: of ``candidates``."""
        self.line, self.articles = line, {str(article.pk): article for article in articles}
        shown = f"{merchant_order.order.status}:{line.quantity}"
        super().__init__(merchant_order, data, shown=shown, motif=Refusal.OUT_OF_STOCK)
        accepted = accepted_of(line)
        self.fields["manque"] = FrenchIntegerField(
            label=f"{line.title}\u00a0: combien manquent sur {line.quantity}\u00a0?",
            min_value=1,
            max_value=line.quantity,
            initial=line.quantity,
            error_messages={
                "required": "Écrivez combien manquent.",
                "min_value": "Écrivez 1 au moins.",
                "max_value": f"Le client en a commandé {line.quantity}\u00a0: il n’en manque pas plus.",
            },
        )
        self.fields["quantite"] = FrenchIntegerField(
            label="Combien en proposez-vous ?",
            min_value=1,
            max_value=DEAREST,
            initial=line.quantity,
            error_messages={"required": "Écrivez combien vous en proposez.", "min_value": "Écrivez 1 au moins."},
        )
        self.fields["plus_cher"] = forms.BooleanField(
            label="Au prix de l’article, même s’il est plus cher : le client devra l’accepter expressément",
            required=False,
            help_text=f"Sinon, il ne paie jamais plus que ce qu’il a accepté : {euros(accepted.ceiling)} l’unité.",
        )
        self.fields["epuise"] = forms.BooleanField(
            label=f"Il ne reste plus de {line.title} : ne plus le vendre", required=False, initial=True
        )
        choices = [(pk, f"{article.get_title()}, {self._price(article)}") for pk, article in self.articles.items()]
        article: Any = self.fields["article"]
        article.choices = [("", "Choisissez"), *choices]
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        article, units = self.articles.get(said.get("article") or ""), said.get("quantite")
        if article is not None and units:
            left = article.stockrecords.all()[0].net_stock_level
            missing, dearer = said.get("manque"), bool(said.get("plus_cher"))
            if units > left:
                self.add_error("quantite", f"Il n’en reste que {left} : proposez-en {left} au plus.")
            elif missing and terms_of(self.line, missing, article, units, dearer).price <= 0:
                self.add_error("quantite", "À ce nombre, l’unité ne coûterait rien : proposez-en moins.")
        return said

    @property
    def wanted(self) -> Wanted:
        """Once the form is valid."""
        said = self.cleaned_data
        return Wanted(
            line=self.line.pk,
            shown=self.line.quantity if said["shown"] == f"{ORDER_RECEIVED}:{self.line.quantity}" else 0,
            missing=said["manque"],
            product=int(said["article"]),
            quantity=said["quantite"],
            dearer=said["plus_cher"],
            none_left=said["epuise"],
        )

    def _price(self, article: Any) -> str:
        price = euros(article.stockrecords.all()[0].price)
        by_weight = article.details.price_per_kilo
        return f"environ {price}, {euros(by_weight)}/kg" if by_weight is not None else price
