"""Mandates: a town hall or a chamber acts for a merchant until a day, and each act is noted « par X pour Y »."""

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from directory.emails import send
from directory.models import MerchantManager
from directory.people.models import Role
from directory.people.signing import mandate_of
from directory.vetting import journal
from directory.vetting.journal import Act

SPACE = "/espace/"


class NoteMandatedActs:
    """Middleware: note in the journal what is done in a merchant's space by a mandate.

    Every form of the space is sent by POST and, when it was done, leads on: one that comes back with faults did
    nothing. The mandate is looked for before the act, which may end it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        self.note(request, response)
        return response

    def process_view(self, request: HttpRequest, view: object, args: tuple, kwargs: dict) -> None:
        merchant = kwargs.get("pk")
        if request.method != "POST" or not request.path_info.startswith(SPACE) or not isinstance(merchant, int):
            return
        if request.user.is_authenticated:
            request.mandate = mandate_of(request.user, merchant)  # type: ignore[attr-defined]

    def note(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """Note the act, if it was one by a mandate and was done."""
        mandate = getattr(request, "mandate", None)
        if mandate is None or not 300 <= response.status_code < 400 or request.resolver_match is None:
            return
        facts = {"agency": mandate.agency, "form": request.resolver_match.view_name}
        journal.note(
            Act.ACTED,
            mandate.user,
            merchant=mandate.merchant_id,
            on_behalf_of=mandate.merchant.title,
            **facts,
        )


def end(today: date) -> int:
    """Take away the mandates whose last day is over, which opened nothing any more; return how many."""
    over = MerchantManager.objects.filter(role=Role.MANDATE, until__lt=today).values_list("pk", flat=True)
    return sum(_end(pk, today) for pk in list(over))


@transaction.atomic
def _end(pk: int, today: date) -> bool:
    held = MerchantManager.objects.select_for_update(of=("self",)).select_related("merchant", "user")
    access = held.filter(pk=pk, role=Role.MANDATE, until__lt=today).first()
    if access is None:
        return False
    journal.note(Act.ACCESS_WITHDRAWN, None, merchant=access.merchant_id, account=access.user_id, role=access.role)
    owners = access.merchant.accesses.filter(role=Role.OWNER, user__is_active=True).select_related("user")
    addresses = [access.user.email, *(owner.user.email for owner in owners)]
    for address in addresses:
        send(
            f"Fin du mandat : {access.merchant.title}",
            "directory/people/emails/mandate_ended.txt",
            address,
            {"access": access},
        )
    access.delete()
    return True
