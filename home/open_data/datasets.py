"""The datasets: what is told of merchants, towns and categories to whoever copies it.

Only what a page shows everybody, of who is online now. Telephone numbers and e-mail addresses stay on the pages: nobody
needs them in bulk but those who would write to all (CRPA, article L312-1-2; COMPLIANCE, OD-1).
"""

from collections.abc import Iterator
from datetime import date, datetime
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.timezone import localtime

from directory.models import Category, Check, MerchantPage, Town, Vetting
from directory.siret import STORED
from directory.vetting.kinds import REQUIRED, Kind, Means, Result, State
from home.open_data.columns import Column, Dataset, Row
from portal import database_clock
from portal.addresses import path_of
from portal.jsonld import absolute
from shop.models import Storefront

CHUNK = 2_000  # rows read at once
INSEE = r"^[0-9][0-9AB][0-9]{3}$"
MERCHANT_COLUMNS = (
    "pk", "siret", "title", "category__slug", "town__insee_code", "town__name", "street", "postal_code", "latitude",
    "longitude", "website", "delivers", "step_free", "url_path", "first_published_at", "last_published_at", "source",
)  # fmt: skip


def merchant_rows(merchants: Any = None) -> Iterator[Row]:
    """Yield a row for each merchant whom others may copy; merchants: a narrower set. One query."""
    found = with_standing(MerchantPage.objects.reusable() if merchants is None else merchants)
    columns = found.order_by("pk").values_list(*MERCHANT_COLUMNS, "sells", "is_sealed", named=True)
    return map(merchant_row, columns.iterator(chunk_size=CHUNK))


def with_standing(merchants: QuerySet) -> QuerySet:
    """Tell of each whether it sells online and is « Local vérifié »: a person has decided so, and all is in force."""
    decided = Vetting.objects.filter(merchant=OuterRef("pk"), state=State.VERIFIED)
    every = [Exists(in_force(kind=kind, merchant=OuterRef("pk"))) for kind in REQUIRED]
    selling = Storefront.objects.filter(merchant=OuterRef("pk"), sells=True)
    return merchants.annotate(sells=Exists(selling), is_sealed=reduce(and_, every, Exists(decided)))


def in_force(**conditions: Any) -> QuerySet:
    """Return the checks that prove something today: the latest of their kind, of the SIRET that the merchant has now.

    As directory/vetting/trail.py tells it on the page.
    """
    today = database_clock.today()
    newer = Check.objects.filter(merchant=OuterRef("merchant"), siret=OuterRef("siret"), kind=OuterRef("kind"))
    newer = newer.filter(Q(day__gt=OuterRef("day")) | Q(day=OuterRef("day"), pk__gt=OuterRef("pk")))
    return Check.objects.filter(
        Q(expires_on=None) | Q(expires_on__gte=today),
        ~Exists(newer),
        siret=Coalesce(F("merchant__siret"), Value("")),
        result=Result.PASSED,
        **conditions,
    )


def merchant_row(row: Any) -> Row:
    return {
        "id": row.pk,
        "siret": row.siret or "",
        "nom": row.title,
        "categorie": row.category__slug,
        "commune_insee": row.town__insee_code,
        "commune": row.town__name,
        "adresse": row.street,
        "code_postal": row.postal_code,
        "latitude": row.latitude,
        "longitude": row.longitude,
        "site_internet": row.website,
        "livre": row.delivers,
        "plain_pied": row.step_free,
        "vend_en_ligne": row.sells,
        "local_verifie": row.is_sealed,
        "fictif": row.source == MerchantPage.Source.SYNTHETIC,
        "url": absolute(path_of(row.url_path)),
        "en_ligne_depuis": day_of(row.first_published_at),
        "date_maj": day_of(row.last_published_at),
    }


def day_of(moment: datetime | None) -> date | None:
    return localtime(moment).date() if moment else None


def hours_rows() -> Iterator[Row]:
    known = MerchantPage.objects.reusable().exclude(opening_hours="").order_by("pk")
    for pk, hours, confirmed_on in known.values_list("pk", "opening_hours", "confirmed_on").iterator(chunk_size=CHUNK):
        yield {"commercant_id": pk, "horaires": hours, "confirmes_le": confirmed_on}


def label_rows() -> Iterator[Row]:
    """Yield a row a label of a merchant, with the documents in force that the Region has read, if any."""
    proofs = in_force(kind=Kind.DOCUMENTS).order_by("day").values_list("merchant", "source", "day", "expires_on")
    proved = {merchant: rest for merchant, *rest in proofs.iterator(chunk_size=CHUNK)}
    merchants = MerchantPage.objects.reusable().exclude(labels=[]).order_by("pk").values_list("pk", "labels")
    for pk, labels in merchants.iterator(chunk_size=CHUNK):
        means, day, until = proved.get(pk, (None, None, None))
        for label in labels:
            yield {
                "commercant_id": pk,
                "label": label,
                "intitule": str(MerchantPage.Label(label).label),
                "preuve": str(Means(means).label) if means else "",
                "preuve_du": day,
                "preuve_jusqu_au": until,
            }


def check_rows() -> Iterator[Row]:
    checks = in_force(merchant__in=MerchantPage.objects.reusable()).order_by("merchant", "kind")
    columns = checks.values_list("merchant", "kind", "source", "day", "expires_on")
    for merchant, kind, means, day, until in columns.iterator(chunk_size=CHUNK):
        yield {
            "commercant_id": merchant,
            "controle": kind,
            "intitule": str(Kind(kind).label),
            "moyen": str(Means(means).label),
            "fait_le": day,
            "valable_jusqu_au": until,
        }


def town_rows(towns: Any = None) -> Iterator[Row]:
    """Yield a row a town, with how many merchants it has whom others may copy; two queries."""
    counts = MerchantPage.objects.reusable().count_by_town()
    found = Town.objects.select_related("parent") if towns is None else towns.select_related("parent")
    for town in found.order_by("insee_code").iterator(chunk_size=CHUNK):
        yield {
            "insee": town.insee_code,
            "nom": town.name,
            "commune_mere": town.parent.insee_code if town.parent else "",
            "departement": town.department_code,
            "departement_nom": town.department_name,
            "codes_postaux": town.postal_codes,
            "population": town.population,
            "intercommunalite": town.epci_code,
            "latitude": town.latitude,
            "longitude": town.longitude,
            "commercants": counts[town.pk],
            "url": absolute(town.get_absolute_url()),
        }


def category_rows() -> Iterator[Row]:
    """Yield a row a category, those at the top too; two queries."""
    counted = MerchantPage.objects.reusable().order_by().values_list("category").annotate(count=Count("pk"))
    counts = dict(counted)
    for category in Category.objects.select_related("parent").order_by("position"):
        yield {
            "code": category.slug,
            "nom": category.name,
            "rayon": category.parent.slug if category.parent else "",
            "codes_naf": category.naf_codes,
            "commercants": counts.get(category.pk, 0),
            "url": absolute(category.get_absolute_url()),
        }


_ID = Column("commercant_id", "integer", "Identifiant du commerçant, celui du fichier « commercants ».")
_OF_MERCHANTS = {"commercant_id": ("commercants", "id")}
_LATITUDE = Column("latitude", "number", "Degrés, WGS 84.", {"minimum": -90, "maximum": 90})
_LONGITUDE = Column("longitude", "number", "Degrés, WGS 84.", {"minimum": -180, "maximum": 180})

DATASETS = (
    Dataset(
        "commercants",
        "Les commerçants en ligne",
        "Commerçants, artisans et producteurs dont la page est publiée aujourd’hui.",
        (
            Column("id", "integer", "Identifiant sur le portail ; il ne change jamais.", {"required": True}),
            Column("siret", "string", "SIRET de l’établissement ; vide pour un commerce fictif.", {"pattern": STORED}),
            Column("nom", "string", "Nom ou enseigne, comme sur sa page.", {"required": True}),
            Column("categorie", "string", "Code de la catégorie, celui du fichier « categories ».", {"required": True}),
            Column("commune_insee", "string", "Code INSEE de la commune, ou de l’arrondissement municipal.",
                   {"required": True, "pattern": INSEE}),
            Column("commune", "string", "Nom de la commune."),
            Column("adresse", "string", "Numéro et rue."),
            Column("code_postal", "string", "Code postal.", {"pattern": r"^[0-9]{5}$"}),
            _LATITUDE,
            _LONGITUDE,
            Column("site_internet", "string", "Site du commerce."),
            Column("livre", "boolean", "Déclare livrer à domicile par ses propres moyens."),
            Column("plain_pied", "boolean", "Déclare un accès de plain-pied ; faux veut aussi dire « non déclaré »."),
            Column("vend_en_ligne", "boolean", "Prend aujourd’hui des commandes sur le portail."),
            Column("local_verifie", "boolean", "Porte aujourd’hui le signe « Local vérifié »."),
            Column("fictif", "boolean", "Commerce inventé pour une démonstration."),
            Column("url", "string", "Adresse de sa page.", {"required": True}),
            Column("en_ligne_depuis", "date", "Jour de la première publication."),
            Column("date_maj", "date", "Jour de la dernière publication de sa page."),
        ),
        merchant_rows,
        ("id",),
        {"categorie": ("categories", "code"), "commune_insee": ("communes", "insee")},
        point=True,
    ),
    Dataset(
        "horaires",
        "Leurs horaires d’ouverture",
        "Horaires au format opening_hours d’OpenStreetMap, heure de Paris. Un commerce sans ligne n’en a pas donné.",
        (
            _ID,
            Column("horaires", "string", "Format opening_hours d’OpenStreetMap.", {"required": True}),
            Column("confirmes_le", "date", "Dernier jour où le commerce a dit qu’ils sont justes."),
        ),
        hours_rows,
        ("commercant_id",),
        _OF_MERCHANTS,
    ),
    Dataset(
        "labels",
        "Leurs labels, et ce qui les prouve",
        "Une ligne par label d’un commerçant. La preuve est la pièce que la Région a lue et qui vaut encore ; vide, "
        "aucune n’est au dossier aujourd’hui.",
        (
            _ID,
            Column("label", "string", "Code du label.", {"enum": [str(label) for label in MerchantPage.Label.values]}),
            Column("intitule", "string", "Nom du label."),
            Column("preuve", "string", "Comment la Région l’a contrôlé."),
            Column("preuve_du", "date", "Jour du contrôle."),
            Column("preuve_jusqu_au", "date", "Dernier jour où ce contrôle vaut."),
        ),
        label_rows,
        ("commercant_id", "label"),
        _OF_MERCHANTS,
    ),
    Dataset(
        "verifications",
        "Ce que la Région a vérifié",
        "Une ligne par contrôle réussi et encore valable, comme sur la page « vérification » de chaque commerçant.",
        (
            _ID,
            Column("controle", "string", "Code du contrôle.", {"enum": [str(kind) for kind in Kind.values]}),
            Column("intitule", "string", "Ce qui a été contrôlé."),
            Column("moyen", "string", "Comment."),
            Column("fait_le", "date", "Jour du contrôle."),
            Column("valable_jusqu_au", "date", "Dernier jour où il vaut ; vide : sans terme."),
        ),
        check_rows,
        ("commercant_id", "controle"),
        _OF_MERCHANTS,
    ),
    Dataset(
        "communes",
        "Les communes de la région",
        "Toutes les communes et les arrondissements municipaux, d’après le code officiel géographique de l’INSEE.",
        (
            Column("insee", "string", "Code INSEE.", {"required": True, "pattern": INSEE}),
            Column("nom", "string", "Nom.", {"required": True}),
            Column("commune_mere", "string", "D’un arrondissement, le code INSEE de sa commune."),
            Column("departement", "string", "Code du département."),
            Column("departement_nom", "string", "Nom du département."),
            Column("codes_postaux", "array", "Codes postaux : une liste, en JSON dans le CSV."),
            Column("population", "integer", "Population municipale."),
            Column("intercommunalite", "string", "SIREN de l’intercommunalité."),
            _LATITUDE,
            _LONGITUDE,
            Column("commercants", "integer", "Combien de commerçants du fichier y sont, arrondissements compris."),
            Column("url", "string", "Adresse de sa page."),
        ),
        town_rows,
        ("insee",),
        point=True,
    ),
    Dataset(
        "categories",
        "Les catégories de commerces",
        "Rayons et catégories du portail, avec les codes d’activité (NAF) qui y mènent.",
        (
            Column("code", "string", "Code de la catégorie.", {"required": True}),
            Column("nom", "string", "Nom.", {"required": True}),
            Column("rayon", "string", "Code du rayon où elle est rangée ; vide pour un rayon."),
            Column("codes_naf", "array", "Codes NAF : une liste, en JSON dans le CSV."),
            Column("commercants", "integer", "Combien de commerçants du fichier sont dans cette catégorie même."),
            Column("url", "string", "Adresse de sa page."),
        ),
        category_rows,
        ("code",),
    ),
)  # fmt: skip
BY_NAME = {dataset.name: dataset for dataset in DATASETS}
