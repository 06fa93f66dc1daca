"""What a file would do to a shop's articles: each row beside what is stored, in words, before anything is written."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder

from shop import facts
from shop.alcohol import is_likely_alcohol
from shop.food import is_likely_food
from shop.importing.formats import Row
from shop.importing.values import COLUMNS, LONGEST_DESCRIPTION, in_words, read
from shop.models import Storefront, asked_of
from shop.products import usual_facts
from shop.vat import CENT
from shop.weighing.amounts import piece_price
from shop.withdrawal import exceptions

FOOD_RATE, OTHER_RATE = "5.5", "20"
# Of an article that is known, an empty cell of these says nothing.
KEPT_IF_EMPTY = {"price", "stock", "unit", "measure", "quantity", "vat_rate", "lead_hours", "withdrawal_exception"}
NO_ALLERGENS: dict[str, Any] = {"allergens_known": False, "allergens": [], "traces": []}


class Kind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    FAULTY = "faulty"
    SKIPPED = "skipped"


@dataclass
class Planned:
    """One row of a file. values: to be written. changes: (label, former, new) in words. pk: of what is known."""

    line: int
    kind: Kind
    title: str
    pk: int | None = None
    reference: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """rows: in the order of the file. absent: (id, name) of articles that it does not name: they stay as they are."""

    rows: list[Planned]
    absent: list[tuple[int, str]]

    def of(self, kind: str) -> list[Planned]:
        return [row for row in self.rows if row.kind == kind]

    @property
    def fingerprint(self) -> str:
        """Equal for plans that would write the same over the same."""
        told = [(row.pk, row.kind, row.reference, row.values, row.changes) for row in self.rows]
        return sha256(json.dumps([told, self.absent], cls=DjangoJSONEncoder).encode()).hexdigest()


def make(storefront: Storefront, rows: Iterable[Row], known: Mapping[int, Mapping[str, Any]]) -> Plan:
    """Return what these rows would do. known: as ``values.stored`` gives it."""
    shelf = _Shelf(storefront, known)
    planned = [shelf.planned(row) for row in rows]
    absent = [(pk, values["title"]) for pk, values in known.items() if pk not in shelf.named]
    return Plan(planned, absent)


class _Shelf:
    """The articles of a shop, as the rows of a file find them."""

    def __init__(self, storefront: Storefront, known: Mapping[int, Mapping[str, Any]]) -> None:
        self.known = known
        category = storefront.merchant.category
        self.trade = category.slug, (category.parent or category).slug
        self.has_licence = bool(storefront.alcohol_licence)
        self.by_reference = {values["reference"]: pk for pk, values in known.items() if values["reference"]}
        self.by_title: dict[str, list[int]] = {}
        for pk, values in known.items():
            self.by_title.setdefault(_same(values["title"]), []).append(pk)
        self.named: dict[int, int] = {}  # the line that named an article first
        self.added: dict[str, int] = {}
        self.references: dict[str, int] = {}

    def planned(self, row: Row) -> Planned:
        texts = {name: text for name, text in row.values.items() if name in COLUMNS}
        reference, title = row.values.get("reference", "").strip(), texts.get("title", "").strip()
        planned = Planned(row.line, Kind.FAULTY, title, reference=reference, remarks=list(row.remarks))
        if row.skipped:
            planned.kind, planned.remarks = Kind.SKIPPED, [row.skipped]
            return planned
        self._find(planned)
        if planned.pk and _same(self.known[planned.pk]["title"]) == _same(title):
            texts.pop("title", None)  # capitals and spaces do not rename it
        self._read(planned, texts)
        if not planned.faults:
            self._compare(planned)
        return planned

    def _find(self, planned: Planned) -> None:
        same = self.by_title.get(_same(planned.title), [])
        planned.pk = self.by_reference.get(planned.reference) if planned.reference else None
        if planned.pk is None and len(same) > 1:
            planned.faults.append("plusieurs de vos articles portent ce nom : ajoutez la colonne Référence")
        elif planned.pk is None and same:
            planned.pk = same[0]
        first = self.named if planned.pk else self.added
        key: Any = planned.pk or (planned.reference or _same(planned.title))
        if key and key in first:
            planned.faults.append(f"la ligne {first[key]} parle déjà de cet article")
        elif key:
            first[key] = planned.line
        if planned.pk and not planned.title:
            planned.title = self.known[planned.pk]["title"]

    def _read(self, planned: Planned, texts: Mapping[str, str]) -> None:
        for name, text in texts.items():
            if planned.pk is None and not text.strip() and name != "title":
                continue  # of something new, nothing is known
            if planned.pk and not text.strip() and name in KEPT_IF_EMPTY:
                continue  # an empty cell is no price of nothing: what is stored stays
            try:
                planned.values[name] = read(name, text)
            except ValidationError as error:
                fault = str(error.messages[0]).rstrip(".")
                planned.faults.append(f"{COLUMNS[name].label} : {fault[:1].lower()}{fault[1:]}")
        if len(texts.get("description", "")) > LONGEST_DESCRIPTION:
            planned.remarks.append(f"La description est coupée à {LONGEST_DESCRIPTION} signes.")
        if planned.pk is None:
            self._complete(planned)

    def _complete(self, planned: Planned) -> None:
        """Give something new what the file leaves out, and say so."""
        for name in ("title", "price"):
            if name == "price" and planned.values.get("price_per_kilo") is not None:
                continue  # it follows
            if name not in planned.values and not any(
                fault.startswith(COLUMNS[name].label) for fault in planned.faults
            ):
                planned.faults.append(f"{COLUMNS[name].label} : il manque")
        values = planned.values
        if "stock" not in values and not planned.faults:
            planned.remarks.append("Stock non dit : 0, à compléter.")
        values.setdefault("stock", 0)
        values.setdefault("is_public", True)
        values.setdefault("unit", "la pièce")
        values.setdefault("measure", "piece")
        values.setdefault("quantity", Decimal(1))
        values.setdefault("price_per_kilo", None)
        for name in ("description", "label"):
            values.setdefault(name, "")
        if values.get("is_food") is None:
            values["is_food"] = is_likely_food(*self.trade, planned.title)
        if values.get("is_alcohol") is None:
            values["is_alcohol"] = is_likely_alcohol(self.trade[0], planned.title, values["is_food"])
        if "vat_rate" not in values:
            values["vat_rate"] = FOOD_RATE if values["is_food"] else OTHER_RATE
            planned.remarks.append(f"TVA non dite : {in_words('vat_rate', values['vat_rate'])} %, vérifiez-la.")
        for name, nothing in {**NO_ALLERGENS, "lead_hours": 0, "only_on": []}.items():
            values.setdefault(name, nothing)
        for name, value in usual_facts(self.trade[0], values["is_food"]).items():
            values[name] = values.get(name) or value
        for name in facts.NAMES:
            values.setdefault(name, False if name in facts.ANSWERS else "")
        if "withdrawal_exception" not in values:
            values["withdrawal_exception"] = exceptions.suggested(self.trade[0], planned.title)

    def _compare(self, planned: Planned) -> None:
        before: Mapping[str, Any] = self.known[planned.pk] if planned.pk else {}
        after = {**before, **planned.values}
        if after["is_food"] is False:
            if planned.values.get("allergens") or planned.values.get("traces"):
                planned.faults.append("un article qui ne se mange pas n’a pas d’allergènes")
                return
            planned.values |= NO_ALLERGENS | {"is_alcohol": False}
            after |= NO_ALLERGENS
        if not self._agree(planned, after):
            return
        if after["price_per_kilo"] is not None and not self._weigh(planned, after):
            return
        planned.remarks += self._keeps_from_selling(after, is_new=planned.pk is None)
        if planned.pk is None:
            planned.kind = Kind.ADDED
            return
        planned.values = {name: value for name, value in planned.values.items() if before[name] != value}
        planned.changes = [
            (COLUMNS[name].label, in_words(name, before[name]), in_words(name, value))
            for name, value in planned.values.items()
        ]
        planned.kind = Kind.CHANGED if planned.values else Kind.SAME
        if planned.kind == Kind.SAME:
            planned.remarks = []

    def _keeps_from_selling(self, after: Mapping[str, Any], *, is_new: bool) -> Iterator[str]:
        """Yield what ProductDetails.may_be_sold will want, told before the file is taken over."""
        if not after["is_public"]:
            return
        if after["is_food"] is not False and not after["allergens_known"]:
            yield "Pas en vente avant que vous ayez dit ses allergènes."
        if after["is_food"] is not False and after["is_alcohol"] is None:
            yield "Pas en vente avant que vous ayez dit si c’est une boisson alcoolisée."
        if after["is_alcohol"] and not self.has_licence:
            yield (
                "C’est de l’alcool : pas en vente avant que vous ayez déclaré votre licence dans « Ma boutique ». Si "
                "ce n’en est pas, écrivez non dans la colonne « Boisson alcoolisée »."
            )
        if after["is_food"] is False and after.get("facts_due_on") is None:
            gaps = facts.lacking({"has_picture": False, **after})
            if gaps:
                yield f"Pas en vente avant que vous ayez dit : {', '.join(facts.ASKED[name] for name in gaps)}."
        if is_new and (after["allergens_known"] or after["is_food"] is False):
            asked = asked_of(
                after["title"], after["description"], after["is_food"], after["allergens"], after["is_alcohol"]
            )
            if asked:
                yield f"Pas en vente avant que vous ayez répondu : {asked}"

    def _agree(self, planned: Planned, after: Mapping[str, Any]) -> bool:
        """Refuse facts that contradict each other, as the database would."""
        if after["epr_idu"] and facts.stream_of(after["epr_idu"]) != after["epr_stream"]:
            planned.faults.append("l’identifiant unique n’est pas celui de la filière REP de la ligne")
        if after["warnings"] and after["no_warnings"]:
            planned.faults.append("des avertissements sont écrits, et « aucun avertissement exigé » dit oui")
        return not planned.faults

    def _weigh(self, planned: Planned, after: Mapping[str, Any]) -> bool:
        """Let the price of what is sold by weight follow from its kilo; return whether there is one."""
        price = piece_price(after["price_per_kilo"], after["quantity"])
        if after["measure"] != "kg":
            planned.faults.append("ce qui se vend au poids se ramène au kilo, et sa quantité est ce que pèse une pièce")
        elif price < CENT:
            planned.faults.append("à ce poids, une pièce coûterait moins d’un centime")
        else:
            if planned.values.get("price", price) != price:
                planned.remarks.append("Le prix d’une pièce suit celui du kilo.")
            planned.values["price"] = price
        return not planned.faults


def _same(title: str) -> str:
    return " ".join(title.casefold().split())
