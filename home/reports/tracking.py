"""The page on which one side follows a report: a signed link, which names the report and the side, and nothing else."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from home.reports.models import Complaint, Notice

SALT = "home.reports.tracking"
Side = Complaint.Side


@dataclass(frozen=True)
class Follower:
    """Who follows a report: the one who sent it, or the merchant whom it is about."""

    notice: Notice
    side: Side


def path_of(notice: Notice, side: Side) -> str:
    return reverse("notice_status", args=[signing.dumps([notice.pk, str(side)], salt=SALT)])


def link_of(notice: Notice, side: Side) -> str:
    """Return the whole address, for e-mails."""
    return f"{settings.SITE_URL}{path_of(notice, side)}"


def follower_of(token: str) -> Follower | None:
    """Return who follows what by a link; None for one that is forged, or whose report was deleted in its time."""
    try:
        number, side = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    notice = Notice.objects.filter(pk=number).first()
    return Follower(notice, Side(side)) if notice else None
