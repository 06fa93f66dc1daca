"""The values of an article, as a file writes them and as the portal keeps them."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F
from django.db.models.functions import Coalesce

from portal.numbers import FrenchDecimalField, FrenchIntegerField
from portal.slugs import slug_of
from shop.allergens import Allergen
from shop.collection.rules import LONGEST_WAIT, Weekday
from shop.facts import IDU, Exemption, SafetyFacts, Stream
from shop.importing.sheets import FORMULA_WITHOUT_VALUE
from shop.models import ProductDetails, Storefront
from shop.products import MERCHANT, Product
from shop.withdrawal.exceptions import Exceptions

LONGEST_DESCRIPTION = 2000
DECIMALS = ("price", "quantity", "price_per_kilo")
YES = {"1", "oui", "o", "vrai", "true", "yes", "x", "actif", "en_vente", "active"}
NO = {"0", "non", "n", "faux", "false", "no", "inactif", "retire", "retire_de_la_vente"}
MEASURES = {
    "kg": "kg", "kilo": "kg", "le_kilo": "kg", "kilogramme": "kg", "au_kilo": "kg", "l": "l", "litre": "l",
    "le_litre": "l", "piece": "piece", "la_piece": "piece", "unite": "piece",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """label: as our own files and messages name it. read: what a text means; raises ValidationError."""

    label: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str


def _yes_or_no(text: str) -> bool:
    answer = slug_of(text).replace("-", "_")
    if answer not in YES | NO:
        raise ValidationError("écrivez oui ou non")
    return answer in YES


def _maybe(text: str) -> bool | None:
    return _yes_or_no(text) if text.strip() else None


def _said(answer: bool | None) -> str:
    return "" if answer is None else "oui" if answer else "non"


def _measure(text: str) -> str:
    name = slug_of(text).replace("-", "_")
    if name not in MEASURES:
        raise ValidationError("écrivez le kilo, le litre ou la pièce")
    return MEASURES[name]


def _vat_rate(text: str) -> str:
    number = text.replace("%", "").replace(",", ".").strip()
    try:
        rate = Decimal(number)
    except ArithmeticError:
        rate = Decimal(-1)
    if 0 < rate < 1:  # a spreadsheet's 5.5 % is the number 0.055
        rate *= 100
    found = next((value for value in ProductDetails.VatRate.values if Decimal(value) == rate), None)
    if found is None:
        raise ValidationError("les taux de TVA sont 20, 10, 5,5 et 2,1")
    return found


_ALLERGENS = {slug_of(name): code for code, label in Allergen.choices for name in (code, label, label.split(" (")[0])}
_ALLERGENS |= {slug_of(name).rstrip("s"): code for name, code in list(_ALLERGENS.items())}


def _allergens(text: str) -> list[str]:
    found = set()
    for word in filter(None, (part.strip() for part in re.split(r"[,;/|\n]", text))):
        code = _ALLERGENS.get(slug_of(word)) or _ALLERGENS.get(slug_of(word).rstrip("s"))
        if code is None:
            raise ValidationError(f"« {word} » n’est pas l’un des quatorze allergènes")
        found.add(code)
    return sorted(found)


def _named(codes: list[str]) -> str:
    return ", ".join(code.replace("-", " ") if slug_of(code) not in _ALLERGENS else code for code in codes)


_WEEKDAYS = {slug_of(name): day for day in Weekday for name in (day.value, f"{day.value}s", f"le {day.value}")}


def _weekdays(text: str) -> list[str]:
    found = set()
    for word in filter(None, (part.strip() for part in re.split(r"[,;/|\n]|\bet\b", text))):
        if (name := slug_of(word)) not in _WEEKDAYS:
            raise ValidationError(f"« {word} » n’est pas un jour : écrivez par exemple mardi, samedi")
        found.add(_WEEKDAYS[name])
    return [day.value for day in Weekday if day in found]


_EXCEPTIONS = {slug_of(name): code for code, label in Exceptions.choices for name in (code, label)}
_EXCEPTIONS |= {"": "", "oui": "", "o": "", "1": ""}


def _exception(text: str) -> str:
    if (name := slug_of(text)) not in _EXCEPTIONS:
        codes = ", ".join(Exceptions.values)
        raise ValidationError(f"écrivez oui, ou ce qui en dispense selon la loi : {codes}")
    return _EXCEPTIONS[name]


_EXEMPTIONS = {slug_of(name): code for code, label in Exemption.choices for name in (code, label)}
_EXEMPTIONS |= {"": "", "non": "", "n": "", "0": ""}


def _exemption(text: str) -> str:
    if (name := slug_of(text)) not in _EXEMPTIONS:
        raise ValidationError(f"laissez vide, ou écrivez ce qui en dispense : {', '.join(Exemption.values)}")
    return _EXEMPTIONS[name]


def _yes_if_said(text: str) -> bool:
    return bool(text.strip()) and _yes_or_no(text)


def _text(name: str) -> Callable[[str], str]:
    """Return what reads a text of SafetyFacts."""
    field: Any = SafetyFacts._meta.get_field(name)
    return forms.CharField(max_length=field.max_length, required=False).clean


def _stream(text: str) -> str:
    code = text.strip().split(" ")[0].zfill(2) if text.strip() else ""
    found = next((value for value, label in Stream.choices if slug_of(text) == slug_of(label)), code)
    if found not in ("", *Stream.values):
        raise ValidationError(f"écrivez le numéro de la filière : {', '.join(Stream.values)} (00 : aucune)")
    return found


def _idu(text: str) -> str:
    idu = text.strip().upper()
    if idu and not re.fullmatch(IDU, idu):
        raise ValidationError("un identifiant unique s’écrit comme FR123456_12ABCD")
    return idu


def _by(field: forms.Field) -> Callable[[str], Any]:
    return field.clean


def _description(text: str) -> str:
    field = forms.CharField(required=False, widget=forms.Textarea)
    return field.clean(text)[:LONGEST_DESCRIPTION].rstrip()


_price = FrenchDecimalField(min_value=Decimal("0.01"), max_digits=8, decimal_places=2, fixed=True)
_quantity = FrenchDecimalField(min_value=Decimal("0.000001"), max_digits=12, decimal_places=6)
_stock = FrenchIntegerField(min_value=0, max_value=100_000)
_lead = FrenchIntegerField(min_value=0, max_value=LONGEST_WAIT)
_measures = {"kg": "le kilo", "l": "le litre", "piece": "la pièce"}


def _per_kilo(text: str) -> Decimal | None:
    return _price.clean(text) if text.strip() else None


def _kilo_in_words(value: Decimal | None) -> str:
    return "" if value is None else str(_price.prepare_value(value))


COLUMNS: Mapping[str, Column] = {
    "title": Column("Nom", _by(forms.CharField(max_length=255))),
    "description": Column("Description", _description),
    "price": Column("Prix TTC", _by(_price), lambda value: str(_price.prepare_value(value))),
    "stock": Column("Stock", _by(_stock)),
    "is_public": Column("En vente", _yes_or_no, _said),
    "unit": Column("Vendu par", _by(forms.CharField(max_length=40))),
    "measure": Column("Prix ramené à", _measure, lambda value: _measures[value]),
    "quantity": Column("Quantité par unité", _by(_quantity), lambda value: str(_quantity.prepare_value(value))),
    "price_per_kilo": Column("Au poids, prix TTC du kilo", _per_kilo, _kilo_in_words),
    "vat_rate": Column("TVA", _vat_rate, lambda value: value.replace(".", ",")),
    "label": Column("Label", _by(forms.CharField(max_length=20, required=False))),
    "is_food": Column("Se mange ou se boit", _maybe, _said),
    "is_alcohol": Column("Boisson alcoolisée", _maybe, _said),
    "allergens_known": Column("Allergènes vérifiés", _yes_or_no, _said),
    "allergens": Column("Contient", _allergens, _named),
    "traces": Column("Traces", _allergens, _named),
    "lead_hours": Column("Sur commande, en heures", _by(_lead)),
    "only_on": Column("Seulement le", _weekdays, ", ".join),
    "exemption": Column("Hors sécurité des produits", _exemption),
    "maker_is_seller": Column("Fabriqué par nous", _yes_if_said, _said),
    "maker_name": Column("Fabricant", _text("maker_name")),
    "maker_address": Column("Adresse du fabricant", _text("maker_address")),
    "maker_contact": Column("Contact du fabricant", _text("maker_contact")),
    "maker_is_abroad": Column("Fabricant hors UE", _yes_if_said, _said),
    "responsible_name": Column("Responsable UE", _text("responsible_name")),
    "responsible_address": Column("Adresse du responsable UE", _text("responsible_address")),
    "responsible_contact": Column("Contact du responsable UE", _text("responsible_contact")),
    "identifier": Column("Modèle, type ou lot", _text("identifier")),
    "warnings": Column("Avertissements", _text("warnings")),
    "no_warnings": Column("Aucun avertissement exigé", _yes_if_said, _said),
    "epr_stream": Column("Filière REP", _stream),
    "epr_idu": Column("Identifiant unique REP", _idu),
    "withdrawal_exception": Column("Peut-on le rendre", _exception, lambda code: code or "oui"),
}
REFERENCE = "Référence"
OF_PRODUCT = ("title", "description", "is_public")
OF_STOCK = ("price", "stock")
OF_DETAILS = tuple(name for name in COLUMNS if name not in (*OF_PRODUCT, *OF_STOCK))


def read(name: str, text: str) -> Any:
    """Return what a cell means; raise ValidationError, with one sentence without a full stop at its beginning."""
    if text == FORMULA_WITHOUT_VALUE:
        raise ValidationError("cette formule n’est pas calculée : enregistrez le fichier depuis votre tableur")
    return COLUMNS[name].read(text)


def in_words(name: str, value: Any) -> str:
    """Return a value as our own files and the preview write it."""
    return COLUMNS[name].write(value)


def stored(storefront: Storefront, only: Collection[int] | None = None) -> dict[int, dict[str, Any]]:
    """Return the values of a shop's articles by id, and their reference and allocated stock; one query."""
    details = {name: F(f"details__{name}") for name in OF_DETAILS}
    rows = (
        Product.objects.filter(**{MERCHANT: storefront.merchant_id}, details__isnull=False)
        .filter(**{} if only is None else {"pk__in": only})
        .order_by("title", "pk")
        .values(
            "pk",
            *OF_PRODUCT,
            **details,
            price=F("stockrecords__price"),
            reference=F("stockrecords__partner_sku"),
            has_picture=F("details__has_picture"),
            facts_due_on=F("details__facts_due_on"),
            allocated=Coalesce("stockrecords__num_allocated", 0),
            stock=Coalesce("stockrecords__num_in_stock", 0) - Coalesce("stockrecords__num_allocated", 0),
        )
    )
    return {row.pop("pk"): row | _in_order(row) for row in rows}


def _in_order(row: Mapping[str, Any]) -> dict[str, list[str]]:
    days = [day.value for day in Weekday if day in row["only_on"]]
    return {name: sorted(row[name]) for name in ("allergens", "traces")} | {"only_on": days}


def revived(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values that were kept as JSON as they were."""
    return {name: Decimal(value) if name in DECIMALS and value is not None else value for name, value in values.items()}
