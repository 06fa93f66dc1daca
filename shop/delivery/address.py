"""Where something is delivered: what the shopper writes, and the town it is in."""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from directory.joining.towns import town_named
from directory.models import Town
from portal.slugs import slug_of

FIELDS = ("delivery_street", "delivery_postal_code", "delivery_town")
POSTAL_CODE = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-5]|97|98)\d{3}")
NOT_A_CODE = "Écrivez le code postal en cinq chiffres, par exemple 26150."


@dataclass(frozen=True)
class Address:
    """Where it goes. town: as it is written. place: that town of the region, None beyond it."""

    street: str
    postal_code: str
    town: str
    place: Town | None = None

    @property
    def line(self) -> str:
        return f"{self.street}, {self.postal_code} {self.town}"


class AddressFields(forms.Form):
    """The address of a delivery, asked only where something is delivered."""

    delivery_street = forms.CharField(
        label="Adresse de livraison",
        max_length=200,
        help_text="Numéro et rue ; ajoutez l’étage ou un repère, s’il en faut un.",
        error_messages={
            "required": "Écrivez l’adresse où vous serez livré.",
            "max_length": "Cette adresse est trop longue : 200 caractères au plus.",
        },
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )
    delivery_postal_code = forms.CharField(
        label="Code postal",
        max_length=10,
        error_messages={"required": NOT_A_CODE, "max_length": NOT_A_CODE},
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric"}),
    )
    delivery_town = forms.CharField(
        label="Commune",
        max_length=80,
        error_messages={
            "required": "Écrivez la commune où vous serez livré.",
            "max_length": "Ce nom est trop long : 80 caractères au plus.",
        },
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )

    def clean_delivery_postal_code(self) -> str:
        code = re.sub(r"[\s.]", "", self.cleaned_data["delivery_postal_code"])
        if not POSTAL_CODE.fullmatch(code):
            raise ValidationError(NOT_A_CODE)
        return code


def address_of(cleaned: dict[str, Any], is_of_the_region: bool) -> Address:
    """Return the address that these fields tell, its town found among the region's.

    is_of_the_region: whether it must be, since a merchant comes there. Raise ValidationError, whose ``code`` names the
    field ("town", "postal_code"), where it is not, or the code and the name of a town contradict each other.
    """
    street, code, name = (cleaned[field] for field in FIELDS)
    try:
        place = town_named(name, code)
    except ValidationError:
        if is_of_the_region:
            raise
        return Address(street, code, name)
    return Address(street, code, place.name, place)


TOWN = "delivery_town"  # session key: the INSEE code of the town that the shopper told on the basket's page
FEW = 8  # towns named where a postal code is of several


def town_of(request: HttpRequest) -> Town | None:
    """Return the town that this browser told, None where it has not."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or TOWN not in request.session:
        return None
    return Town.objects.select_related("parent").filter(insee_code=request.session[TOWN]).first()


def town_typed(typed: str) -> tuple[Town | None, str]:
    """Return the town of a name or a postal code, or what keeps us from knowing it, in French."""
    typed = " ".join(typed.split())
    code = re.sub(r"\D", "", typed)
    if len(code) == 5:
        name = re.sub(r"[\d ]*\d[\d ]*", " ", typed).strip()
        found = list(Town.objects.filter(postal_codes__contains=[code], parent=None).order_by("-population"))
        named = [town for town in found if slug_of(town.name) == slug_of(name)] if name else []
        found = named or found
    else:
        wanted = slug_of(typed)
        alike = Town.objects.filter(slug__startswith=wanted, parent=None).order_by("-population") if wanted else ()
        found = [town for town in alike if slug_of(town.name) == wanted]
    if len(found) == 1:
        return found[0], ""
    if not found:
        return None, f"Aucune commune de la région ne répond à « {typed} » : écrivez son nom ou son code postal."
    told = ", ".join(f"{town.name} ({town.department_code})" for town in found[:FEW])
    return None, f"Plusieurs communes répondent à « {typed} » : {told}. Écrivez le code postal et le nom."
