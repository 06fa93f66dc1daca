"""What a merchant's scales say of an order."""

from typing import Any

from django import forms

from portal.numbers import FrenchIntegerField
from portal.templatetags.portal import euros
from shop.models import MerchantOrder
from shop.weighing import acts, amounts

GRAMS, CAPPED = "grammes", "plafond"  # before the id of a line, in the names of its two fields
HEAVIEST = 50_000  # grams of a line


class WeighingForm(forms.Form):
    """The weight of each line that is sold by weight. shown: the pieces that the page showed, "12:2 13:1".

    Above what the shopper accepted, the merchant agrees to its ceiling before it is stored: nobody pays more.
    """

    shown = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, merchant_order: MerchantOrder, data: Any = None) -> None:
        """merchant_order: loaded with its lines."""
        everything = list(merchant_order.order.lines.all())
        super().__init__(data, initial={"shown": " ".join(f"{line.pk}:{line.quantity}" for line in everything)})
        self.lines = [line for line in everything if line.quantity and acts.of_line(line)]
        for line in self.lines:
            weighed = line.weighed
            estimate = euros(line.unit_price_incl_tax * line.quantity)
            most = euros(weighed.ceiling * line.quantity)
            self.fields[f"{GRAMS}_{line.pk}"] = FrenchIntegerField(
                label=f"{line.quantity} × {line.title}\u00a0: combien de grammes en tout\u00a0?",
                min_value=1,
                max_value=HEAVIEST,
                initial=weighed.grams,
                error_messages={"required": "Écrivez le poids en grammes, comme la balance le dit."},
                help_text=f"{euros(weighed.price_per_kilo)}/kg, {estimate} environ, {most} au plus.",
            )
            self.fields[f"{CAPPED}_{line.pk}"] = forms.BooleanField(
                label=f"Si c’est trop lourd : je le laisse à {most}", required=False
            )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for line in self.lines:
            grams, weighed = said.get(f"{GRAMS}_{line.pk}"), line.weighed
            if grams is None:
                continue
            price, most = amounts.weighed_price(weighed.price_per_kilo, grams), weighed.ceiling * line.quantity
            if not acts.may_weigh(line, grams):
                self.add_error(f"{GRAMS}_{line.pk}", "Ce poids ne coûte rien : vérifiez qu’il est bien en grammes.")
            elif price > most and not said.get(f"{CAPPED}_{line.pk}"):
                self.add_error(
                    f"{GRAMS}_{line.pk}",
                    f"{amounts.weight(grams)} coûtent {euros(price)}, et le client a accepté {euros(most)} au plus. "
                    "Prenez une pièce plus légère et pesez-la, laissez-la à ce prix en cochant la case, ou dites sur "
                    "la commande que l’article manque.",
                )
        return said

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the two fields of each line."""
        return [(self[f"{GRAMS}_{line.pk}"], self[f"{CAPPED}_{line.pk}"]) for line in self.lines]

    def grams(self) -> dict[int, int]:
        """Return what each line weighs, once the form is valid."""
        return {line.pk: self.cleaned_data[f"{GRAMS}_{line.pk}"] for line in self.lines}

    def shown_pieces(self) -> dict[int, int]:
        """Return what the page showed, {} if that is not readable: it then differs from any order."""
        try:
            pairs = [pair.split(":") for pair in self.cleaned_data["shown"].split()]
            return {int(line): int(pieces) for line, pieces in pairs}
        except (KeyError, ValueError):
            return {}
