"""Describes what somebody else changed meanwhile, for the person who has the same form open."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest

from directory.hours import clock
from directory.models import MerchantManager, MerchantPage
from directory.space.hours_form import NAMES
from directory.space.week import Week
from portal.concurrent_edits import LastChange
from portal.concurrent_form import ConcurrentEditsMixin
from portal.models import User

MAX_REVISIONS = 20  # looked through for who wrote a value
MAX_WORDS = 40  # characters of a value that a message repeats


def name_of(author: User | None, merchant: MerchantPage, reader: User) -> str:
    """Return who changed something, as the reader may know: a manager by name, the Region's staff as the Region."""
    if author is None:
        return ""
    if author.pk == reader.pk:
        return "vous, dans une autre page"
    if MerchantManager.objects.filter(merchant=merchant.pk, user=author.pk).exists():
        return author.get_full_name() or author.email
    return "la Région"


def last_change(page: MerchantPage, field: str, reader: User) -> LastChange:
    """Return when, and by whom, the value that the latest revision has of a field was written; two queries."""
    revisions = list(page.revisions.select_related("user").order_by("-created_at", "-pk")[:MAX_REVISIONS])
    if not revisions:
        return LastChange()
    value = revisions[0].content.get(field)
    _, run = next(groupby(revisions, lambda revision: revision.content.get(field) == value))
    written = list(run)[-1]
    return LastChange(written.created_at, name_of(written.user, page, reader))


def tell_moved(request: HttpRequest, form: ConcurrentEditsMixin) -> None:
    """Say which values changed elsewhere while the form was open, and were not touched in it: they stand."""
    if not form.moved:
        return
    told = []
    for name, part in form.moved.items():
        value = form.stored_in_words(name)
        told.append(f"{part.label} ({value})" if value and len(value) <= MAX_WORDS else part.label)
    messages.info(
        request,
        f"Changé entre-temps par ailleurs, et gardé puisque vous n’y avez pas touché\u00a0: {', '.join(told)}.",
    )


def week_in_words(week: Week) -> str:
    """Return a week in French, a line for days that follow each other with the same hours."""
    lines = []
    days = zip(NAMES.values(), (*week.days, week.holidays), strict=True)
    for slots, run in groupby(((day, slots) for day, slots in days if slots is not None), lambda pair: pair[1]):
        names = [day for day, _ in run]
        title = names[0] if len(names) == 1 else f"{names[0]} à {names[-1].lower()}"
        hours = ", ".join(f"{clock(opening)} – {clock(closing)}" for opening, closing in slots)
        lines.append(f"{title}\u00a0: {hours or 'fermé'}")
    return "\n".join(lines)
