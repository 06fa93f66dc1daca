"""Version 1 of the API. An address or a field of it is never changed nor taken away: that would be version 2.

It tells of merchants whom others may copy (MerchantQuerySet.reusable) and of what they sell: what is not online has no
answer here either. Each answer costs the same number of queries whatever it holds.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError

from directory import models as directory
from directory.hours import PARIS
from home.api.door import fault
from home.api.pages import MOST, USUAL, page_of
from home.api.schemas import Category, Fault, Market, Merchant, Paged, Product, Town
from home.open_data.datasets import MERCHANT_COLUMNS, category_rows, merchant_row, town_rows, with_standing
from portal import database_clock
from portal.jsonld import absolute
from search.models import TEXT_CONFIGURATION, IndexedEntry
from search.open_hours import last_moment, minute
from search.query import Kind
from search.understanding.terms import indexed
from shop.products import MERCHANT, CardRow, card_rows, displayed, product_cards

api = NinjaAPI(
    title="J’achète dans ma région",
    version="1",
    description="Commerçants, articles, communes, catégories et marchés de la région, en lecture seule, "
    "sous Licence Ouverte 2.0.",
    docs_url=None,  # its page would load scripts of another host
    urls_namespace="api_v1",
)

Count = Annotated[int, Query(USUAL, ge=1, le=MOST, description=f"Combien de résultats par page, {MOST} au plus.")]
Cursor = Annotated[int, Query(0, ge=0, le=2**63 - 1, description="Où reprendre : donné par « suivant ».")]
Words = Annotated[str, Query("", max_length=100, description="Mots cherchés, tous, comme dans la recherche du site.")]
TownCode = Annotated[
    str, Query("", max_length=5, description="Code INSEE d’une commune ; ses arrondissements compris.")
]
DepartmentCode = Annotated[str, Query("", max_length=3, description="Code d’un département.")]
CategoryCode = Annotated[
    str, Query("", max_length=60, description="Code d’une catégorie ou d’un rayon, ce qu’il contient compris.")
]
MerchantId = Annotated[int, Query(None, ge=0, le=2**63 - 1, description="Identifiant d’un commerçant.")]
BAD = {400: Fault, 429: Fault}
UNKNOWN = {404: Fault, 429: Fault}


@api.get(
    "/commercants", response={200: Paged[Merchant], **BAD}, summary="Les commerçants en ligne", tags=["Commerçants"]
)
def merchants(
    request: HttpRequest,
    commune: TownCode = "",
    departement: DepartmentCode = "",
    categorie: CategoryCode = "",
    texte: Words = "",
    ouvert_a: Annotated[
        datetime | None,
        Query(None, description="Ouverts à ce moment (ISO 8601, sans fuseau : heure de Paris), dans les sept jours."),
    ] = None,
    apres: Cursor = 0,
    nombre: Count = USUAL,
) -> Any:
    found = directory.MerchantPage.objects.reusable().filter(_placed(commune, departement, ""), pk__gt=apres)
    if categorie:
        found = found.filter(Q(category__slug=categorie) | Q(category__parent__slug=categorie))
    if texte:
        found = found.filter(pk__in=_entries(Kind.MERCHANT, texte))
    if ouvert_a is not None:
        moment = _in_reach(ouvert_a)
        if moment is None:
            return _not_in_reach()
        opened: QuerySet = IndexedEntry.objects.filter(kind=Kind.MERCHANT.value, deleted=False)
        opened = opened.extra(where=["openings @> %s::int"], params=[minute(moment)])
        found = found.filter(pk__in=opened.values("object_id"))
    return page_of(request, _merchants(found, nombre + 1), nombre, "id")


@api.get("/commercants/{int:id}", response={200: Merchant, **UNKNOWN}, summary="Un commerçant", tags=["Commerçants"])
def merchant(request: HttpRequest, id: int) -> Any:
    return _one(_merchants(directory.MerchantPage.objects.reusable().filter(pk=id), 1))


@api.get("/articles", response={200: Paged[Product], **BAD}, summary="Les articles", tags=["Articles"])
def products(
    request: HttpRequest,
    commercant: MerchantId | None = None,
    commune: TownCode = "",
    departement: DepartmentCode = "",
    texte: Words = "",
    apres: Cursor = 0,
    nombre: Count = USUAL,
) -> Any:
    conditions: dict[str, Any] = {f"{MERCHANT}__in": directory.MerchantPage.objects.reusable()}
    if commercant is not None:
        conditions[MERCHANT] = commercant
    found = displayed(**conditions).filter(_placed(commune, departement, f"{MERCHANT}__"), pk__gt=apres)
    if texte:
        found = found.filter(pk__in=_entries(Kind.PRODUCT, texte))
    return page_of(request, _products(found, nombre + 1), nombre, "id")


@api.get("/articles/{int:id}", response={200: Product, **UNKNOWN}, summary="Un article", tags=["Articles"])
def product(request: HttpRequest, id: int) -> Any:
    reusable = directory.MerchantPage.objects.reusable()
    return _one(_products(displayed(**{f"{MERCHANT}__in": reusable}).filter(pk=id), 1))


@api.get("/communes", response={200: Paged[Town], **BAD}, summary="Les communes", tags=["Lieux et catégories"])
def towns(
    request: HttpRequest,
    departement: DepartmentCode = "",
    apres: Annotated[str, Query("", max_length=5, description="Où reprendre : donné par « suivant ».")] = "",
    nombre: Count = USUAL,
) -> Any:
    found = directory.Town.objects.filter(insee_code__gt=apres)
    if departement:
        found = found.filter(department_code=departement)
    keys = list(found.order_by("insee_code").values_list("pk", flat=True)[: nombre + 1])
    return page_of(request, town_rows(directory.Town.objects.filter(pk__in=keys)), nombre, "insee")


@api.get("/communes/{insee}", response={200: Town, **UNKNOWN}, summary="Une commune", tags=["Lieux et catégories"])
def town(request: HttpRequest, insee: str) -> Any:
    return _one(list(town_rows(directory.Town.objects.filter(insee_code=insee.replace("\0", "")))))


@api.get("/categories", response={200: list[Category], **BAD}, summary="Les catégories", tags=["Lieux et catégories"])
def categories(request: HttpRequest) -> Any:
    return list(category_rows())


@api.get("/marches", response={200: Paged[Market], **BAD}, summary="Les marchés", tags=["Marchés"])
def markets(
    request: HttpRequest,
    commune: TownCode = "",
    departement: DepartmentCode = "",
    jour: Annotated[int | None, Query(None, ge=1, le=7, description="1, lundi, à 7, dimanche.")] = None,
    apres: Cursor = 0,
    nombre: Count = USUAL,
) -> Any:
    found = directory.Market.objects.filter(_placed(commune, departement, ""), pk__gt=apres).select_related("town")
    if jour is not None:
        found = found.filter(weekday=jour - 1)
    rows = [
        {
            "id": market.pk,
            "commune_insee": market.town.insee_code,
            "commune": market.town.name,
            "jour": market.weekday + 1,
            "debut": f"{market.opens:%H:%M}",
            "fin": f"{market.closes:%H:%M}",
            "lieu": market.place,
            "note": market.note,
            "source": market.source,
        }
        for market in found.order_by("pk")[: nombre + 1]
    ]
    return page_of(request, rows, nombre, "id")


@api.exception_handler(ValidationError)
def not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    names = ", ".join(sorted({str(part["loc"][-1]) for part in error.errors}))
    return fault(400, "parametre_illisible", f"Ne se lit pas : {names}.", f"Cannot be read: {names}.")


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return fault(404, "inconnu", "Rien ici, ou plus rien.", "Nothing here, or nothing any more.")


def _placed(commune: str, department: str, path: str) -> Q:
    condition = Q()
    if commune:
        code = commune.replace("\0", "")
        condition &= Q(**{f"{path}town__insee_code": code}) | Q(**{f"{path}town__parent__insee_code": code})
    if department:
        condition &= Q(**{f"{path}town__department_code": department.replace("\0", "")})
    return condition


def _entries(kind: Kind, words: str) -> QuerySet:
    """Return the ids of what the words find, by the terms of the site's own search."""
    entries = IndexedEntry.objects.filter(kind=kind.value, deleted=False)
    query = f"vector @@ plainto_tsquery('{TEXT_CONFIGURATION}', %s)"
    return entries.extra(where=[query], params=[indexed(words.replace("\0", " "))]).values("object_id")


def _in_reach(moment: datetime) -> datetime | None:
    """Return an aware moment, None for one of which the search knows no opening hours."""
    aware = moment if timezone.is_aware(moment) else moment.replace(tzinfo=PARIS)
    now = database_clock.now()
    return aware if now - timedelta(days=1) <= aware <= last_moment(now) else None


def _not_in_reach() -> HttpResponse:
    return fault(
        400, "moment_trop_loin", "« ouvert_a » va d’hier à sept jours.", "“ouvert_a” reaches from yesterday to a week."
    )


def _merchants(found: QuerySet, number: int) -> list[dict[str, Any]]:
    columns = (*MERCHANT_COLUMNS, "opening_hours", "confirmed_on", "labels", "sells", "is_sealed")
    rows = with_standing(found).order_by("pk").values_list(*columns, named=True)[:number]
    return [
        {
            **merchant_row(row),
            "horaires": row.opening_hours,
            "horaires_confirmes_le": row.confirmed_on,
            "labels": row.labels,
        }
        for row in rows
    ]


def _products(found: Any, number: int) -> list[dict[str, Any]]:
    rows = [CardRow._make(row) for row in card_rows(found.order_by("pk"))[:number]]
    return [
        {
            "id": card.pk,
            "nom": card.title,
            "commercant_id": row.merchant,
            "prix": card.price,
            "conditionnement": card.unit,
            "disponible": card.is_available,
            "vendu_en_ligne": card.sells,
            "url": absolute(card.url),
        }
        for row, card in zip(rows, product_cards(rows), strict=True)
    ]


def _one(rows: list[dict[str, Any]]) -> dict[str, Any]:
    if not rows:
        raise Http404
    return rows[0]
