"""« Mises de côté par la recherche », for editors, among the admin's reports: which page, why, and where to mend it."""

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from wagtail.admin.auth import permission_required
from wagtail.models import Page

from search.indexing.set_aside import GIVEN_UP
from search.models import SetAside
from search.query import Kind

SHOWN = 200  # rows
KINDS = {Kind.MERCHANT: "commerçant", Kind.PRODUCT: "article", Kind.STORY: "histoire"}


@dataclass(frozen=True)
class Row:
    """One entry set aside. url: where it is mended, "" if not in the admin."""

    title: str
    kind: str
    stage: str
    reason: str
    since: datetime
    url: str


@permission_required("regional_search.view_demand")
def report(request: HttpRequest) -> HttpResponse:
    context = {"page_title": "Mises de côté par la recherche", "rows": rows()}
    return render(request, "search/set_aside.html", context)


def rows() -> list[Row]:
    """Return what is set aside, the latest first; three queries."""
    found = list(SetAside.objects.filter(GIVEN_UP).order_by("-since", "-pk")[:SHOWN])
    pages = _titles(Page, [one.object_id for one in found if one.kind != Kind.PRODUCT])
    products = _titles(
        apps.get_model("catalogue", "Product"), [one.object_id for one in found if one.kind == Kind.PRODUCT]
    )
    return [_row(one, products if one.kind == Kind.PRODUCT else pages) for one in found]


def _titles(model: type[Model], ids: list[int]) -> dict[int, str]:
    return dict(model._default_manager.filter(pk__in=ids).values_list("pk", "title"))


def _row(one: SetAside, titles: dict[int, str]) -> Row:
    is_page = one.kind != Kind.PRODUCT
    return Row(
        title=titles.get(one.object_id) or f"n° {one.object_id}",
        kind=KINDS[Kind(one.kind)],
        stage=one.get_stage_display(),
        reason=one.reason,
        since=one.since,
        url=reverse("wagtailadmin_pages:edit", args=[one.object_id]) if is_page and one.object_id in titles else "",
    )
