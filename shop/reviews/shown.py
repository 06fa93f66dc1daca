"""Reviews as everybody reads them on a merchant's page: the latest first, whatever their marks."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.paginator import Page
from django.db.models import Avg, Count
from django.http import HttpRequest
from django.utils.timezone import localtime

from directory.models import MerchantPage
from portal.dates import date_format
from portal.dependencies import depends_on
from portal.memory import memoized
from portal.pagination import page_of
from shop.models import Review
from shop.reviews.models import SHOWN_FROM

ON_MERCHANT_PAGE = 3
PAGE_SIZE = 20
NOBODY = "Un client"


@dataclass(frozen=True)
class Summary:
    """How many reviews are shown. average: of their marks, to a tenth; None while they are fewer than SHOWN_FROM."""

    count: int
    average: Decimal | None

    @property
    def told(self) -> str:
        """Return "4,6 sur 5, 12 avis", "2 avis", or "" without any."""
        if self.average is None:
            return f"{self.count} avis" if self.count else ""
        return f"{str(self.average).replace('.', ',')} sur 5, {self.count} avis"


@dataclass(frozen=True)
class Shown:
    """What components/review.html shows."""

    pk: int
    mark: int
    text: str
    author: str
    experienced: str
    published: str
    reply: str
    replied: str


@memoized
def summary(merchant: int) -> Summary:
    """Return what a merchant's reviews come to; one query."""
    depends_on("page", merchant)
    found = Review.objects.published().of_merchant(merchant).order_by().aggregate(count=Count("pk"), mean=Avg("mark"))
    count = found["count"]
    if count < SHOWN_FROM:
        return Summary(count, None)
    return Summary(count, Decimal(str(found["mean"])).quantize(Decimal("0.1"), ROUND_HALF_UP))


@memoized
def latest(merchant: int, start: int = 0, many: int = ON_MERCHANT_PAGE) -> tuple[Shown, ...]:
    """Return a merchant's published reviews from the start-th on; one query."""
    depends_on("page", merchant)
    return tuple(shown(review) for review in Review.objects.published().of_merchant(merchant)[start : start + many])


def page_of_reviews(request: HttpRequest, merchant: MerchantPage) -> tuple[Page, tuple[Shown, ...]]:
    """Return the page of the list that ?page= asks for; raise Http404 beyond the last."""
    page = page_of(request, range(summary(merchant.pk).count), PAGE_SIZE)
    return page, latest(merchant.pk, (page.number - 1) * PAGE_SIZE, PAGE_SIZE)


def list_path(merchant: MerchantPage) -> str:
    return f"{merchant.public_path}avis/"


def shown(review: Any) -> Shown:
    return Shown(
        pk=review.pk,
        mark=review.mark,
        text=review.text,
        author=review.first_name or NOBODY,
        experienced=date_format(review.experienced_on, "j F Y"),
        published=date_format(localtime(review.published_at), "j F Y"),
        reply=review.reply,
        replied=date_format(localtime(review.replied_at), "j F Y") if review.replied_at else "",
    )
