"""The checkout: one page, one button."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from portal import database_clock
from portal.client_address import client_address
from shop import baskets, shown
from shop.baskets import BasketGroup
from shop.collection import choosing
from shop.delivery import choosing as delivering
from shop.forms import CheckoutForm
from shop.limits import TooMuch, check_size
from shop.middleware import ShopRequest
from shop.models import Purchase
from shop.payments import providers
from shop.purchases import Basket, BasketChanged, place_purchase
from shop.stock import OutOfStock
from shop.views.purchases import CONTACT, open_for

BINDING = "commander"  # the name of the one button that orders
CHECKED = (
    "Tout est bien rempli, et rien n’est encore commandé. Relisez vos retraits et le total, puis appuyez sur "
    "« Commander avec obligation de paiement »."
)
OLD_PAGE = "Cette page n’était plus à jour : relisez vos retraits et le total, puis commandez."
BASKET_CHANGED = "Votre panier a changé pendant ce temps : vérifiez-le."
SLOT_GONE = "Un créneau vient d’être pris : vérifiez quand vous viendrez, puis commandez."
REFUSED = 409


@never_cache
def checkout(request: ShopRequest) -> HttpResponse:
    """Name, e-mail, telephone, then the button that binds. Everything is checked again inside `place`.

    Each merchant's part has its time to come, the soonest unless another is chosen; a button shows another day's times.

    Only that button orders (C. conso. art. L221-14). A browser takes Enter in a field for a press of the form's first
    button: that one checks what was typed and shows the whole again.

    The form carries, signed, the basket it showed. A second click, come after the first one was served, finds that
    basket's purchase instead of an empty new basket. A basket that is not what was shown, line by line and to the cent,
    is shown again with what changed, and not bought.
    """
    seen = shown.read(request.POST.get("panier", ""))
    done = _already_bought(seen)
    if done:
        return _show(request, done)

    groups, told = baskets.reconciled(request.basket)
    told = told or _too_many_lines(groups)
    binds = BINDING in request.POST
    groups, told, choices = _parts(request, groups, told, seen, binds)
    form = _form(request, groups)
    can_order = form.is_bound and not told and bool(groups) and form.is_valid()
    if can_order and (blocked := [choice.told for choice in choices if choice.is_blocked]):
        told, can_order = blocked, False
    if can_order and not binds:
        messages.info(request, CHECKED)
    elif can_order:
        try:
            purchase = place_purchase(
                request.basket,
                form.contact,
                providers()[form.cleaned_data["payment"]],
                user=request.user if request.user.is_authenticated else None,
                visitor=client_address(request),
                seen=seen,
                times=choosing.wanted_of(choices),
                delivery=form.delivery,
            )
        except TooMuch as refusal:
            told = [str(refusal)]
        except (BasketChanged, OutOfStock, choosing.SlotGone) as lost:
            request.basket.reset_offer_applications()
            groups, told = baskets.reconciled(request.basket)
            groups, told, choices = _parts(request, groups, told, seen, binds)
            told = told or [SLOT_GONE if isinstance(lost, choosing.SlotGone) else BASKET_CHANGED]
        else:
            return _show(request, purchase)

    if not groups and (done := _already_bought(seen)):  # the first of two clicks was served meanwhile
        return _show(request, done)
    for sentence in told:
        messages.warning(request, sentence)
    if not groups:
        if request.method == "POST":
            request.session[CONTACT] = {name: request.POST.get(name, "")[:500] for name in form.fields}
        return redirect("basket:summary")
    status = REFUSED if told and request.method == "POST" else 200
    return _page(request, form, list(zip(groups, choices, strict=True)), status)


def _parts(
    request: ShopRequest, groups: list[BasketGroup], told: list[str], seen: Any, binds: bool
) -> tuple[list[BasketGroup], list[str], list[choosing.Choice]]:
    """Return each merchant's part as it is brought, what is to be told, and when each can be had.

    seen: what the page showed whose button binds. Who has just chosen another way has not chosen a time of it yet.
    """
    posted = request.POST.dict()
    chosen = delivering.choose(groups, posted)
    posted.pop(choosing.name_of(delivering.pressed_merchant(posted)), None)
    groups = [group for group, _ in chosen]
    told = told + [way.changed for _, way in chosen if way.changed]
    if binds:
        told += _changed(groups, seen, told)
    choices = choosing.choices(groups, database_clock.now(), posted, binds and not told)
    for choice, (_, way) in zip(choices, chosen, strict=True):
        choice.way = way
    if request.method == "POST":
        told += [choice.changed for choice in choices if choice.changed]
    return groups, told, choices


def _page(request: ShopRequest, form: CheckoutForm, parts: list[Any], status: int) -> HttpResponse:
    """parts: list of (BasketGroup, Choice)."""
    groups = [group for group, _ in parts]
    total = baskets.total(groups)
    return render(
        request,
        "shop/checkout.html",
        {
            "form": form,
            "parts": parts,
            "providers": providers().values(),
            "chosen": form["payment"].value() or next(iter(providers())),
            "basket_key": shown.of(request.basket.pk, groups).signed(),
            "rows": [
                *(row for group in groups for row in baskets.rows(group)),
                *({"label": share.label, "amount": share.amount} for share in baskets.vat_shares(groups)),
                *baskets.at_most_rows(groups),
            ],
            "total": {"label": _due(groups) + (", environ" if baskets.at_most(groups) else ""), "amount": total},
            "is_delivered": any(group.way for group in groups),
        },
        status=status,
    )


def _too_many_lines(groups: list[BasketGroup]) -> list[str]:
    try:
        check_size(sum(len(group.lines) for group in groups))
    except TooMuch as refusal:
        return [str(refusal)]
    return []


def _due(groups: list[BasketGroup]) -> str:
    """Return what stands before the total: when it is paid."""
    brought = [group.way for group in groups if group.way]
    if any(way.rounds is None for way in brought):
        return "Total TTC"
    if not brought:
        return "À payer au retrait"
    return "À payer à la livraison" if len(brought) == len(groups) else "À payer au retrait et à la livraison"


def _changed(groups: list[BasketGroup], seen: Any, told: list[str]) -> list[str]:
    """Return what else than is told already differs from what the page showed, a French sentence each."""
    if not groups:
        return []
    if seen is None:
        return [OLD_PAGE]
    found = seen.differences(groups)
    return [sentence for title, sentence in found.items() if not any(f"« {title} »" in known for known in told)]


def _already_bought(seen: Any) -> Any:
    """Return the purchase already made of the basket that this form showed, or None."""
    return Purchase.objects.filter(basket=seen.basket).first() if seen else None


def _show(request: ShopRequest, purchase: Any) -> HttpResponse:
    """Leave this browser an empty basket, and show it the purchase."""
    request.session.pop(CONTACT, None)
    request.basket = Basket()
    return open_for(request, purchase)


def _form(request: ShopRequest, groups: list[BasketGroup]) -> CheckoutForm:
    """Return the form: what was typed is kept, and not yet judged, when a button has but shown other times or ways."""
    asked: dict[str, Any] = {
        "has_alcohol": baskets.has_alcohol(groups),
        "delivered": [group for group in groups if group.way],
    }
    if request.method != "POST":
        return CheckoutForm(initial=_initial(request), **asked)
    if choosing.PRESSED_DAY in request.POST or delivering.PRESSED_WAY in request.POST:
        return CheckoutForm(initial=request.POST.dict(), **asked)
    return CheckoutForm(request.POST, **asked)


def _initial(request: HttpRequest) -> dict[str, str]:
    if CONTACT in request.session:
        return request.session[CONTACT]
    if request.user.is_authenticated:
        return {"name": request.user.get_full_name(), "email": request.user.email}
    return {}
