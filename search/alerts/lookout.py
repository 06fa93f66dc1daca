"""What the worker does each minute: who has arrived is told of."""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Coalesce

from directory.models import MerchantPage
from search.alerts.emails import send_back, send_match
from search.alerts.models import Alert
from search.answer import answer
from search.query import Kind
from search.understanding import gazetteer
from shop.products import on_sale

BATCH = 200  # alerts a pass: each costs a search
SETTLED = timedelta(minutes=2)  # by then a published page can be found
MOST_FOUND = 100

log = structlog.get_logger(__name__)


def notify_matches(now: datetime) -> int:
    """Tell those whose search finds a merchant published since they asked; return how many were told.

    The search is the visitors' own, opened to the neighbours like theirs, but nobody stands in for whom they want. It
    is only repeated after a merchant has been published, and an alert is deleted with the e-mail that fulfils it.
    """
    newest = MerchantPage.objects.live().filter(first_published_at__lte=now - SETTLED)
    last = newest.aggregate(last=Max("first_published_at"))["last"]
    if last is None:
        return 0
    told = 0
    for alert in Alert.objects.confirmed().filter(product=None, searched_at__lt=last).order_by("searched_at")[:BATCH]:
        with transaction.atomic():
            if arrived := _arrived(alert):
                send_match(alert, arrived)
                alert.delete()
                told += 1
            else:
                Alert.objects.filter(pk=alert.pk).update(searched_at=last)
    if told:
        log.info("search_alerts_told", told=told)
    return told


def notify_back() -> int:
    """Tell those whose article is for sale again, and forget them; return how many were told."""
    for_sale = on_sale(stockrecords__num_in_stock__gt=Coalesce("stockrecords__num_allocated", 0))
    due = Alert.objects.confirmed().filter(product__in=for_sale.order_by().values("pk"))
    told = 0
    for alert in due.select_related("product").order_by("pk")[:BATCH]:
        with transaction.atomic():
            if Alert.objects.select_for_update(skip_locked=True).filter(pk=alert.pk).first() is not None:
                send_back(alert)
                Alert.objects.filter(pk=alert.pk).delete()
                told += 1
    if told:
        log.info("back_in_stock_told", told=told)
    return told


def _arrived(alert: Alert) -> list[MerchantPage]:
    known = gazetteer.current()
    asked = replace(alert.query(known), related=(), size=MOST_FOUND)
    found = answer(known, asked, Kind.MERCHANT).results[Kind.MERCHANT]
    pages = MerchantPage.objects.live().filter(
        pk__in=[hit.entry.id for hit in found.hits], first_published_at__gt=alert.made_at
    )
    return list(pages.select_related("town").order_by("-first_published_at")[:3])
