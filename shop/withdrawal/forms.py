"""What a buyer types to give something up: which purchase, then how many of what."""

import re
from typing import Any

from django import forms

from portal.templatetags.portal import euros
from shop.models import Purchase
from shop.withdrawal.acts import Declaration
from shop.withdrawal.offer import Line, Part

_BEFORE_NUMBER = re.compile(r"^\W*(COMMANDE|NUM[ÉE]RO|N\s*(?:[°º]|O\b))\W*")
UNITS = "unites"  # before the id of a line, in the name of its field


class FindForm(forms.Form):
    """Which purchase: its number, and the address that was given for it."""

    numero = forms.CharField(
        label="Numéro de commande",
        max_length=40,
        help_text="Il est dans l’e-mail de confirmation, par exemple 7KQM-3XHT.",
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": "Écrivez le numéro de la commande : il est dans l’e-mail de confirmation."},
    )
    courriel = forms.EmailField(
        label="Courriel donné pour cette commande",
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": "Écrivez l’adresse à laquelle vous avez reçu la confirmation.",
            "invalid": "Cette adresse n’est pas complète : elle s’écrit prenom@exemple.fr.",
        },
    )

    def clean_numero(self) -> str:
        """Take what people type and paste: "7kqm 3xht", "n° 7KQM-3XHT", "7KQM–3XHT-1", which is a merchant's part."""
        typed = _BEFORE_NUMBER.sub("", self.cleaned_data["numero"].upper())
        letters = re.sub(r"[^0-9A-Z]", "", typed)
        if not 8 <= len(letters) <= 10:
            raise forms.ValidationError(
                "Un numéro de commande a huit lettres ou chiffres, par exemple 7KQM-3XHT : recopiez-le de l’e-mail de "
                "confirmation."
            )
        return f"{letters[:4]}-{letters[4:8]}"

    def found(self) -> Purchase | None:
        """Return the purchase that a valid form names, if number and address go together."""
        email = self.cleaned_data["courriel"].strip().lower()
        purchase = Purchase.objects.filter(number=self.cleaned_data["numero"]).first()
        return purchase if purchase and purchase.email.lower() == email else None


class DeclareForm(forms.Form):
    """What is given up: a number a line, and where to send the acknowledgement. No reason is asked."""

    name = forms.CharField(
        label="Votre nom",
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": "Écrivez votre nom : il figure sur la déclaration."},
    )
    email = forms.EmailField(
        label="Courriel pour l’accusé de réception",
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": "Écrivez l’adresse à laquelle envoyer l’accusé de réception.",
            "invalid": "Cette adresse n’est pas complète : elle s’écrit prenom@exemple.fr.",
        },
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)  # "12:2 13:1", what the page offered

    def __init__(self, purchase: Purchase, parts: list[Part], data: Any = None) -> None:
        """parts: of shop.withdrawal.offer."""
        self.offered = [line for part in parts for line in part.lines if line.units]
        shown = " ".join(f"{line.pk}:{line.units}" for line in self.offered)
        super().__init__(data, initial={"name": purchase.name, "email": purchase.email, "shown": shown})
        for line in self.offered:
            self.fields[_name(line)] = forms.IntegerField(
                label=f"{line.title}, {euros(line.price)}\u00a0: combien, sur {line.units}\u00a0?",
                min_value=0,
                max_value=line.units,
                initial=0,
                required=False,
                help_text=line.told,
                widget=forms.NumberInput({"inputmode": "numeric"}),
                error_messages={
                    "invalid": "Écrivez un nombre, 0 pour le garder.",
                    "min_value": "Écrivez 0 pour le garder.",
                    "max_value": f"Il y en a {line.units}\u00a0: vous ne pouvez pas renoncer à davantage.",
                },
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.units() and not any(name.startswith(UNITS) for name in self.errors):
            self.add_error(None, "Dites à combien d’articles vous renoncez, d’au moins une ligne.")
        return cleaned

    def field_of(self, line: Line) -> forms.BoundField | None:
        return self[_name(line)] if line.units else None

    def units(self) -> dict[int, int]:
        """Return what is given up, {order line: units}."""
        typed = {line.pk: self.cleaned_data.get(_name(line)) or 0 for line in self.offered}
        return {pk: units for pk, units in typed.items() if units}

    def declaration(self) -> Declaration:
        return Declaration(self.units(), self.cleaned_data["name"], self.cleaned_data["email"])

    def shown_units(self) -> dict[int, int]:
        """Return what the page offered, {} if that is not readable: it then differs from any offer."""
        try:
            pairs = [pair.split(":") for pair in self.cleaned_data["shown"].split()]
            return {int(line): int(units) for line, units in pairs}
        except (KeyError, ValueError):
            return {}


def _name(line: Line) -> str:
    return f"{UNITS}_{line.pk}"
