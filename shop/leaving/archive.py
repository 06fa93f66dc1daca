"""The ZIP that a merchant takes along: open formats only, and articles that import again.

LISEZ-MOI.txt       what is in it
fiche.json          the page, articles and orders, as « mes données »
horaires.osm.txt    opening hours as OpenStreetMap writes them
horaires.ics        the openings of the year to come, for a calendar
articles.csv        what « Importer un fichier » reads
commandes.csv       one line an order
messages.json       what was written about orders
photos/             of the page and of the articles
"""

import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localtime, make_aware

from directory import hours
from directory.emails import send
from directory.models import MerchantPage, MerchantPicture
from portal import database_clock, jobs
from portal.calendar_files import CalendarEvent, calendar_file
from portal.models import User
from portal.spreadsheets import table
from shop.importing import exporting
from shop.leaving.models import KEPT, MerchantArchive
from shop.messages.models import Message
from shop.models import MerchantOrder, Storefront
from shop.products import MERCHANT, ProductImage
from shop.space.exports import data_of

AHEAD = timedelta(days=365)
ORDERS = ("Commande", "Passée le", "État", "Code", "Client", "Articles", "Total TTC")
READ_ME = """Ce que {title} emporte de « J’achète dans ma région », le {day}.

fiche.json        la fiche, les articles et les commandes, pour d’autres programmes
horaires.osm.txt  les horaires, au format d’OpenStreetMap
horaires.ics      les ouvertures des douze mois à venir, pour un agenda
articles.csv      les articles ; « Importer un fichier » les reprend
commandes.csv     les commandes, une par ligne
messages.json     les messages échangés sur les commandes
photos/           les photos de la page et des articles

Le nom et les coordonnées des clients suivent les mêmes règles qu’en ligne : ils s’effacent avec le temps.
"""


def ask(merchant: MerchantPage, user: User) -> None:
    """Have an archive made; its link goes to the asker. In the caller's transaction."""
    archive = MerchantArchive.objects.create(merchant=merchant, asked_by=user)
    jobs.defer("make_merchant_archive", jobs.CLOCK, archive_id=archive.pk)


@transaction.atomic
def make(archive_id: int) -> None:
    """Make an archive and send its link, unless that is done or the asker keeps the page no more."""
    waiting = MerchantArchive.objects.select_for_update(of=("self",)).select_related("asked_by")
    archive = waiting.filter(pk=archive_id, made_at=None).first()
    if archive is None:
        return
    merchant = MerchantPage.objects.managed_by(archive.asked_by).with_place().filter(pk=archive.merchant_id).first()
    if merchant is None:
        return
    archive.made_at = database_clock.now()
    archive.content = content_of(merchant, archive.made_at)
    archive.save(update_fields=["content", "made_at"])
    link = f"{settings.SITE_URL}{reverse('merchant_archive', args=[merchant.pk, archive.pk])}"
    context = {"merchant": merchant, "link": link, "days": KEPT.days}
    send(
        "Tout ce que vous avez sur le portail, en un fichier", "shop/leaving/ready.txt", archive.asked_by.email, context
    )


def content_of(merchant: MerchantPage, now: datetime) -> bytes:
    """Return the ZIP."""
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archived:
        archived.writestr("LISEZ-MOI.txt", READ_ME.format(title=merchant.title, day=f"{now:%d/%m/%Y}"))
        archived.writestr("fiche.json", _json(data_of(merchant)))
        archived.writestr("horaires.osm.txt", f"{merchant.opening_hours}\n")
        archived.writestr("horaires.ics", calendar_file(_openings(merchant, now), now))
        if storefront := Storefront.objects.filter(merchant=merchant).first():
            archived.writestr("articles.csv", exporting.csv_of(storefront))
            archived.writestr("commandes.csv", _orders(merchant))
            archived.writestr("messages.json", _json(list(_messages(merchant))))
        for name, stored in _pictures(merchant):
            if default_storage.exists(stored):
                with default_storage.open(stored) as picture:
                    archived.writestr(f"photos/{name}", picture.read(), ZIP_STORED)
    return file.getvalue()


def _json(content: Any) -> str:
    return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _openings(merchant: MerchantPage, now: datetime) -> Iterator[CalendarEvent]:
    where = f"{merchant.street}, {merchant.postal_code} {merchant.town.name}".removeprefix(", ")
    url = f"{settings.SITE_URL}{merchant.public_path}"
    first = localtime(now).replace(tzinfo=None)
    for start, end in hours.openings(merchant.opening_hours, first, first + AHEAD, merchant.place):
        uid, title = f"ouverture-{merchant.pk}-{start:%Y%m%dT%H%M}", f"{merchant.title}, ouvert"
        yield CalendarEvent(uid, title, make_aware(start), make_aware(end), where, url)


def _orders(merchant: MerchantPage) -> bytes:
    file = io.StringIO(newline="")
    rows = table(file)
    rows.writerow(ORDERS)
    own = MerchantOrder.objects.filter(storefront__merchant=merchant).confirmed().with_tickets().order_by("pk")
    for one in own.iterator(chunk_size=500):
        order = one.order
        lines = ", ".join(f"{line.quantity} × {line.title}" for line in order.lines.all() if line.quantity)
        total = f"{order.total_incl_tax:.2f}".replace(".", ",")
        placed = f"{one.purchase.placed_at:%d/%m/%Y}"
        rows.writerow([order.number, placed, order.status, one.collection_code, one.purchase.name, lines, total])
    return file.getvalue().encode("utf-8-sig")


def _messages(merchant: MerchantPage) -> Iterator[dict[str, Any]]:
    own = Message.objects.filter(merchant_order__storefront__merchant=merchant)
    told = own.order_by("pk").values_list("merchant_order__order__number", "at", "author", "text")
    for number, at, author, text in told:
        yield {"commande": number, "date": at, "de": author, "message": text}


def _pictures(merchant: MerchantPage) -> Iterator[tuple[str, str]]:
    """Yield the name in the archive and that in the storage."""
    own = MerchantPicture.objects.filter(merchant=merchant).order_by("sort_order", "pk")
    for number, stored in enumerate(own.values_list("image__file", flat=True), 1):
        yield f"page-{number}{PurePath(stored).suffix}", stored
    of_articles = ProductImage.objects.filter(**{f"product__{MERCHANT}": merchant}).order_by("product", "pk")
    for pk, slug, stored in of_articles.values_list("pk", "product__slug", "original"):
        yield f"article-{slug[:60]}-{pk}{PurePath(stored).suffix}", stored
