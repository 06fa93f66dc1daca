"""The register of personal data: what is kept of whom, why, how long, who sees it, how it is erased (GDPR, article 30).

Each package declares its own in its `personal_data.py`, with the tables of the libraries that it uses: what is
personal as a ``Holding``, every other column as ``impersonal``, tables that nobody writes as ``unused``.
tests/portal/test_privacy_register.py compares all of it with the schema of the database, so that no column escapes.

What is deleted by the clock, and after which time, stands in home/purges.py; a holding names its purges.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Model, QuerySet

from portal.privacy.discovery import discover
from portal.privacy.person import Person

Export = Callable[[Person], Iterable[dict[str, Any]]]


class Whose(StrEnum):
    SHOPPERS = "clients"
    MERCHANTS = "commerçants"
    STAFF = "équipe de la Région"
    VISITORS = "visiteurs"


class Basis(StrEnum):
    """Legal bases that a public authority may name: never its legitimate interest for its own tasks (article 6)."""

    CONSENT = "consentement (RGPD, art. 6.1.a)"
    CONTRACT = "contrat (RGPD, art. 6.1.b)"
    LAW = "obligation légale (RGPD, art. 6.1.c)"
    MISSION = "mission de service public (RGPD, art. 6.1.e)"


class Fate(StrEnum):
    """What erasing a person does to a holding."""

    DELETED = "effacé"
    EMPTIED = "vidé de ce qui vous désigne"
    KEPT_A_WHILE = "gardé jusqu’au terme que la loi fixe, puis vidé"
    KEPT = "gardé"


@dataclass(frozen=True)
class Holding:
    """One line of the register.

    name: unique. does: what a person does who has this kept, for the privacy page: "commandez". what, why, seen_by,
    kept: in French. columns: names of columns by table, separated by spaces. fate, fate_told: what erasure does, and
    what the person reads of it. purges: names of portal.purge.Purge that end it. queries: the rows of a person, for
    their copy; secret: columns left out of that copy. export: in place of queries, where rows say too little. erase:
    does what ``fate`` says, in the transaction of the erasure, and returns of how many rows; erased_last: of what all
    else hangs on. stays_until: what of a person stays until which day, in French. watched: columns, as "table.column":
    staff who read them are noted (portal/privacy/consultations.py).
    """

    name: str
    does: str
    what: str
    whose: tuple[Whose, ...]
    why: str
    basis: Basis
    seen_by: str
    kept: str
    columns: Mapping[str, str]
    fate: Fate
    fate_told: str = ""
    purges: tuple[str, ...] = ()
    queries: Callable[[Person], Iterable[QuerySet]] | None = None
    export: Export | None = None
    secret: tuple[str, ...] = ()
    erase: Callable[[Person], int] | None = None
    erased_last: bool = False
    stays_until: Callable[[Person], Iterable[str]] | None = None
    watched: tuple[str, ...] = ()


@dataclass
class _Declared:
    holdings: dict[str, Holding] = field(default_factory=dict)
    impersonal: dict[str, set[str]] = field(default_factory=dict)
    unused: dict[str, str] = field(default_factory=dict)


_declared = _Declared()


def rows_of(model: type[Model], key: str) -> Callable[[Person], list[QuerySet]]:
    """Return the ``queries`` of a holding whose rows name their account in one column."""
    return lambda person: [model._default_manager.filter(**{key: person.user})] if person.user else []


def deleted(queries: Callable[[Person], Iterable[QuerySet]]) -> Callable[[Person], int]:
    """Return the ``erase`` of a holding that lets go of all the rows of its queries."""
    return lambda person: sum(rows.delete()[0] for rows in queries(person))


def hold(holding: Holding) -> None:
    """Declare one line of the register."""
    _declared.holdings[holding.name] = holding


def impersonal(columns: Mapping[str, str]) -> None:
    """Declare columns that name nobody, by table: "name slug"."""
    for table, names in columns.items():
        _declared.impersonal.setdefault(table, set()).update(names.split())


def unused(why: str, tables: str) -> None:
    """Declare tables of a library that stay empty, separated by spaces. why: what we have in their place."""
    _declared.unused |= dict.fromkeys(tables.split(), why)


def holdings() -> list[Holding]:
    """Return all lines of the register, in the order of the packages."""
    discover()
    return list(_declared.holdings.values())


def impersonal_columns() -> dict[str, set[str]]:
    discover()
    return _declared.impersonal


def unused_tables() -> dict[str, str]:
    discover()
    return _declared.unused
