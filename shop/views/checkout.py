"""The checkout, one page, and the page that thanks."""

from django.contrib import messages
from django.core import signing
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from directory import hours
from directory.cards import known
from shop import baskets, vat
from shop.forms import CheckoutForm
from shop.models import Purchase
from shop.orders import buyer_ticket, vat_lines
from shop.payments import providers
from shop.purchases import Basket, BasketChanged, place
from shop.stock import OutOfStock

SALT = "shop.checkout"
BINDING = "commander"  # the name of the one button that orders
CHECKED = (
    "Tout est bien rempli, et rien n’est encore commandé. Relisez vos retraits et le total, puis appuyez sur "
    "« Commander avec obligation de paiement »."
)
OPENED = "purchases"  # session key: numbers of the purchases made in this browser
CONTACT = "checkout_contact"  # session key: what was typed, kept while the basket is being mended
REFUSED = 409


@never_cache
def checkout(request):
    """Name, e-mail, telephone, then the button that binds. Everything is checked again inside `place`.

    Only that button orders (C. conso. art. L221-14). A browser takes Enter in a field for a press of the form's first
    button: that one checks what was typed and shows the whole again.

    The form carries the signed id of the basket it showed: a second click, come after the first one was served, finds
    that basket's purchase instead of an empty new basket.
    """
    done = _already_bought(request)
    if done:
        return _thank(request, done)

    told = baskets.settle(request.basket)
    form = CheckoutForm(request.POST) if request.method == "POST" else CheckoutForm(initial=_initial(request))
    can_order = request.method == "POST" and not told and not request.basket.is_empty and form.is_valid()
    if can_order and BINDING not in request.POST:
        messages.info(request, CHECKED)
    elif can_order:
        try:
            purchase = place(
                request.basket,
                form.contact,
                providers()[form.cleaned_data["payment"]],
                user=request.user if request.user.is_authenticated else None,
            )
        except (BasketChanged, OutOfStock):
            request.basket.reset_offer_applications()
            told = baskets.settle(request.basket) or ["Votre panier a changé pendant ce temps : vérifiez-le."]
        else:
            return _thank(request, purchase)

    for sentence in told:
        messages.warning(request, sentence)
    if request.basket.is_empty:
        if request.method == "POST":
            request.session[CONTACT] = {name: request.POST.get(name, "")[:500] for name in form.fields}
        return redirect("basket:summary")
    return _page(request, form, status=REFUSED if told and request.method == "POST" else 200)


@never_cache
@require_safe
def thanks(request, number):
    """A purchase with its codes, for the browser that made it, its owner, or the link of the e-mail."""
    purchase = get_object_or_404(Purchase.objects.with_orders(), number=number)
    is_known = number in request.session.get(OPENED, []) or purchase.is_opened_by(request.GET.get("cle", ""))
    if not is_known and not (request.user.is_authenticated and purchase.user_id == request.user.pk):
        raise Http404
    parts = list(purchase.merchant_orders.all())
    return render(
        request,
        "shop/thanks.html",
        {
            "purchase": purchase,
            "tickets": [(buyer_ticket(part), part.storefront.merchant) for part in parts],
            "shares": vat.shares(vat_lines(parts)),
        },
    )


def _page(request, form, status):
    groups = baskets.groups(request.basket)
    now = localtime()
    total = baskets.total(groups)
    return render(
        request,
        "shop/checkout.html",
        {
            "form": form,
            "groups": [(group, known(hours.state(group.opening_hours, now, group.place))) for group in groups],
            "providers": providers().values(),
            "chosen": form["payment"].value() or next(iter(providers())),
            "basket_key": signing.dumps(request.basket.pk, salt=SALT),
            "rows": [
                *({"label": group.title, "amount": group.subtotal} for group in groups),
                *({"label": f"dont TVA {share.percent}", "amount": share.tax} for share in baskets.vat_shares(groups)),
            ],
            "total": {"label": "À payer", "amount": total},
        },
        status=status,
    )


def _already_bought(request):
    """Return the purchase already made of the basket that this form showed, or None."""
    try:
        basket_id = signing.loads(request.POST.get("panier", ""), salt=SALT)
    except signing.BadSignature:
        return None
    return Purchase.objects.filter(basket=basket_id).first()


def _thank(request, purchase):
    """Let this browser see the purchase, leave it an empty basket, and go there by GET."""
    request.session[OPENED] = [*request.session.get(OPENED, []), purchase.number][-20:]
    request.session.pop(CONTACT, None)
    request.basket = Basket()
    response = redirect(purchase)
    response.status_code = 303
    return response


def _initial(request):
    if CONTACT in request.session:
        return request.session[CONTACT]
    if request.user.is_authenticated:
        return {"name": request.user.get_full_name(), "email": request.user.email}
    return {}
