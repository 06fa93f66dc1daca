"""Querysets of merchants' pages."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from directory.cards import CARD_COLUMNS, Link, town_path
from directory.geography import NearestQuerySet, is_within
from portal.models import User
from portal.pages import PortalPageQuerySet

if TYPE_CHECKING:
    from directory.areas import Area
    from directory.models import Category, Town


@dataclass(frozen=True)
class TownCounts(Mapping[int, int]):
    """How many merchants by town's id. merchants: how many in all, each once. names: (name, slug) of each town."""

    by_town: Mapping[int, int]
    merchants: int
    names: Mapping[int, tuple[str, str]]

    def __getitem__(self, pk: int) -> int:
        return self.by_town.get(pk, 0)

    def __iter__(self) -> Iterator[int]:
        return iter(self.by_town)

    def __len__(self) -> int:
        return len(self.by_town)

    def links(self, most: int, beyond: str = "") -> tuple[Link, ...]:
        """Return links to the ``most`` towns that have most of them, those first. beyond: what follows an address."""
        ranked = sorted(self, key=lambda pk: (-self[pk], self.names[pk][1]))[:most]
        return tuple(Link(self.names[pk][0], f"{town_path(self.names[pk][1])}{beyond}", self[pk]) for pk in ranked)


def keeps(user: User | None = None, path: str = "") -> Q:
    """Return the condition on an access that it holds today: a mandate falls by itself after its last day.

    user: whose. path: from the model that is asked to its accesses, "accesses__".
    """
    holds = Q(**{f"{path}until__isnull": True}) | Q(**{f"{path}until__gte": localdate()})
    return holds & Q(**{f"{path}user": user}) if user is not None else holds


class AccessQuerySet(QuerySet):
    def holding(self) -> AccessQuerySet:
        """Those that hold today."""
        return self.filter(keeps())


class MerchantQuerySet(NearestQuerySet, PortalPageQuerySet):  # type: ignore[override]  # the stubs' managers
    whole = ("merchants",)

    def with_place(self) -> MerchantQuerySet:
        """Load the town and category that every listing prints."""
        return self.select_related("town", "category")

    def card_rows(self) -> QuerySet:
        """Return what a card prints of each, and no page: a Wagtail page costs more to build than its whole card."""
        pictures = apps.get_model("directory", "MerchantPicture").objects.filter(merchant=OuterRef("pk"))
        first = pictures.order_by("sort_order", "pk").values("image")[:1]
        return self.annotate(picture=Subquery(first)).values_list(*CARD_COLUMNS, named=True)

    def managed_by(self, user: User) -> MerchantQuerySet:
        return self.filter(keeps(user, "accesses__"))

    def owned_by(self, user: User) -> MerchantQuerySet:
        """Those whose other people this one may invite and remove."""
        return self.filter(accesses__user=user, accesses__role="owner")

    def reusable(self) -> MerchantQuerySet:
        """Those online whom others may copy: not who asked INSEE to be diffused to nobody (CRPA, article L312-1-2)."""
        stock = apps.get_model("directory", "StockEstablishment").objects
        applications = apps.get_model("directory", "Application").objects
        return self.live().filter(
            ~Exists(stock.filter(siret=OuterRef("siret"), is_diffusible=False)),
            ~Exists(applications.filter(merchant=OuterRef("pk"), found__is_diffusible=False)),
        )

    def in_town(self, town: Town) -> MerchantQuerySet:
        """Those of a town, its districts included."""
        return self.filter(Q(town=town) | Q(town__parent=town)).told_by(f"in-town:{town.pk}")

    def in_department(self, code: str) -> MerchantQuerySet:
        return self.filter(town__department_code=code).told_by_departments(code)

    def told_by_departments(self, *codes: str) -> MerchantQuerySet:
        """The same, of whom none comes, goes or moves without a change in one of these departments."""
        return self.told_by(*(f"department:{code}" for code in codes))

    def in_area(self, area: Area, departments: Iterable[str]) -> MerchantQuerySet:
        """Those who stand in an area, which lies in these departments."""
        return self.filter(_stands_in(area)).told_by_departments(*departments)

    def in_category(self, category: Category) -> MerchantQuerySet:
        """Those of a category, the ones below it included."""
        return self.filter(Q(category=category) | Q(category__parent=category))

    def count_by_town(self) -> TownCounts:
        """Return how many there are by town's id; those of a district count for its commune too."""
        counts: Counter[int] = Counter()
        names: dict[int, tuple[str, str]] = {}
        merchants = 0
        columns = [f"{place}__{column}" for place in ("town", "town__parent") for column in ("pk", "name", "slug")]
        for *places, count in self.order_by().values_list(*columns).annotate(count=Count("pk")):
            merchants += count
            for pk, name, slug in (places[:3], places[3:]):
                if pk:
                    counts[pk] += count
                    names[pk] = name, slug
        return TownCounts(MappingProxyType(counts), merchants, MappingProxyType(names))

    def newest(self, since: datetime) -> MerchantQuerySet:
        """Those first published since then, newest first."""
        return self.filter(first_published_at__gte=since).order_by("-first_published_at", "-pk")

    def sampled(self, seed: str, count: int, *columns: str) -> QuerySet:
        """Return these columns of at most ``count`` merchants drawn at random, the same for the same seed; one query.

        Each page bears a random translation_key, which is indexed: the draw starts at a random key and goes round,
        so that it costs the same among a hundred merchants and among a million.
        """
        start = uuid.UUID(bytes=hashlib.sha256(seed.encode()).digest()[:16])
        by_key = self.order_by("translation_key").values_list(*columns)
        ahead, round_again = by_key.filter(translation_key__gte=start), by_key.filter(translation_key__lt=start)
        return ahead[:count].union(round_again[:count], all=True)[:count]

    def category_links(self, address: str) -> list[Link]:
        """Return a link to each of their categories with its count; ``address`` holds {} in the place of its slug."""
        rows = self.order_by("category__position").values_list("category__name", "category__slug")
        counted = rows.annotate(count=Count("pk"))
        return [Link(name, address.format(slug), count) for name, slug, count in counted]


def _stands_in(area: Area) -> Q:
    """Return the condition of who stands in an area: by their own position in a circle, else by their town."""
    if area.circle:
        latitude, longitude = (Coalesce(F(name), F(f"town__{name}")) for name in ("latitude", "longitude"))
        return Q(is_within(latitude, longitude, area.circle))
    return Q(
        Q(town__insee_code__in=area.communes)
        | Q(town__parent__insee_code__in=area.communes)
        | Q(town__epci_name__in=area.intercommunalities)
        | Q(town__department_code__in=area.department_codes)
    )
