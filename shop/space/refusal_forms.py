"""What a merchant says who refuses an order or some of it."""

from typing import Any

from django import forms

from shop.models import MerchantOrder
from shop.order_history import LONGEST_WORDS, Reason, Refusal
from shop.refusals import Missing

MISSING, NONE_LEFT = "manque", "epuise"  # before the id of a line, in the names of its two fields


class RefusalForm(forms.Form):
    """Why: a choice, and a word. The buyer reads both."""

    motif = forms.ChoiceField(
        label="Pourquoi ?",
        choices=Refusal.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une raison : le client la lira.",
            "invalid_choice": "Choisissez une raison de la liste.",
        },
    )
    mot = forms.CharField(
        label="Un mot pour le client",
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Il le lira avec la raison. Par exemple : de retour samedi.",
        error_messages={"max_length": f"Ce mot est trop long : {LONGEST_WORDS} caractères au plus."},
    )

    shown = forms.CharField(widget=forms.HiddenInput)  # what the page showed of the order: its state

    def __init__(self, merchant_order: MerchantOrder, data: Any = None, **initial: Any) -> None:
        """merchant_order: loaded with its lines."""
        super().__init__(data, initial={"shown": merchant_order.order.status, **initial})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("motif") == Refusal.OTHER and not cleaned.get("mot") and "mot" not in self.errors:
            self.add_error("mot", "Écrivez quelle est cette autre raison : le client la lira.")
        return cleaned

    @property
    def reason(self) -> Reason:
        """Once the form is valid."""
        return Reason(Refusal(self.cleaned_data["motif"]), " ".join(self.cleaned_data["mot"].split()))


class MissingForm(RefusalForm):
    """What is missing of an order, line by line, and whether any of it is left in the shop."""

    def __init__(self, merchant_order: MerchantOrder, data: Any = None) -> None:
        asked = {substitution.line_id for substitution in merchant_order.substitutions.all() if substitution.is_open}
        self.lines = [line for line in merchant_order.order.lines.all() if line.quantity and line.pk not in asked]
        shown = " ".join(f"{line.pk}:{line.quantity}" for line in merchant_order.order.lines.all())  # "12:2 13:1"
        super().__init__(merchant_order, data, shown=shown, motif=Refusal.OUT_OF_STOCK)
        for line in self.lines:
            self.fields[f"{MISSING}_{line.pk}"] = forms.IntegerField(
                label=f"{line.title}\u00a0: combien manquent sur {line.quantity}\u00a0?",
                min_value=0,
                max_value=line.quantity,
                initial=0,
                required=False,
                error_messages={
                    "invalid": "Écrivez un nombre, 0 si rien ne manque.",
                    "min_value": "Écrivez 0 si rien ne manque.",
                    "max_value": f"Le client en a commandé {line.quantity}\u00a0: il n’en manque pas plus.",
                },
            )
            self.fields[f"{NONE_LEFT}_{line.pk}"] = forms.BooleanField(
                label="S’il en manque\u00a0: il n’en reste plus, ne plus le vendre", initial=True, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.missing() and not any(name.startswith(MISSING) for name in self.errors):
            self.add_error(None, "Dites combien manquent, d’au moins un article.")
        return cleaned

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField, Any]]:
        """Return the two fields of each line, and the line."""
        return [(self[f"{MISSING}_{line.pk}"], self[f"{NONE_LEFT}_{line.pk}"], line) for line in self.lines]

    def missing(self) -> list[Missing]:
        said = self.cleaned_data
        return [
            Missing(line.pk, said[f"{MISSING}_{line.pk}"], said[f"{NONE_LEFT}_{line.pk}"])
            for line in self.lines
            if said.get(f"{MISSING}_{line.pk}")
        ]

    def shown_quantities(self) -> dict[int, int]:
        """Return what the page showed, {} if that is not readable: it then differs from any order."""
        try:
            pairs = [pair.split(":") for pair in self.cleaned_data["shown"].split()]
            return {int(line): int(units) for line, units in pairs}
        except (KeyError, ValueError):
            return {}
