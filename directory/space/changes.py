"""Describes what somebody else changed meanwhile, for the person who has the same form open."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest

from directory.models import MerchantManager, MerchantPage
from directory.space.at_once import last_change_at_once
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
    """Return when, and by whom, the value that the latest revision has of a field was written; three queries."""
    at_once, author = last_change_at_once(page, field)
    if at_once.at:
        return LastChange(at_once.at, name_of(author, page, reader))
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
