"""The messages about one order, as its buyer and its merchant see them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from directory.space.navigation import links
from portal.dates import date_format
from shop.messages import sending
from shop.messages.models import LONGEST, Message
from shop.models import MerchantOrder
from shop.views.purchases import may_see
from shop.wording import written_hour

Author = Message.Author
REPORT = "signaler"  # the name of the button that lets editors read
READS_REPORTS = "home.change_notice"  # the permission of those who decide of reports
TOO_MANY = 429


class MessageForm(forms.Form):
    text = forms.CharField(
        label="Votre message",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
        error_messages={
            "required": "Écrivez votre message.",
            "max_length": f"Ce message est trop long\u00a0: {LONGEST} caractères au plus.",
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def of_buyer(request: HttpRequest, number: str) -> HttpResponse:
    """For the buyer; and, once an exchange is reported, for editors, who only read it."""
    merchant_order = _order(number)
    key = request.GET.get("cle", "")
    is_buyer = merchant_order.purchase.is_opened_by(key) or may_see(request, merchant_order.purchase)
    if not is_buyer:
        return _for_editors(request, merchant_order)
    back = sending.buyer_path(merchant_order) + (f"?{urlencode({'cle': key})}" if key else "")
    return _page(request, merchant_order, Author.BUYER, back, {})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_merchant(request: HttpRequest, pk: int, number: str) -> HttpResponse:
    own = MerchantOrder.objects.managed_by(request.user).filter(storefront__merchant=pk)
    merchant_order = _order(number, own)
    merchant = merchant_order.storefront.merchant
    return _page(request, merchant_order, Author.MERCHANT, request.path, {"space_links": links(merchant, "orders")})


def _order(number: str, orders: Any = MerchantOrder.objects) -> MerchantOrder:
    found: MerchantOrder = get_object_or_404(
        orders.confirmed().with_details(), order__number=number, purchase__pseudonymised_at=None
    )
    return found


def _page(request: HttpRequest, merchant_order: MerchantOrder, author: str, back: str, more: dict) -> HttpResponse:
    form = MessageForm(request.POST if request.method == "POST" and REPORT not in request.POST else None)
    status = 200
    if REPORT in request.POST:
        sending.report(merchant_order)
        return redirect("/signaler/?" + urlencode({"page": sending.buyer_path(merchant_order)}))
    if request.method == "POST" and form.is_valid():
        by = request.user if request.user.is_authenticated else None
        try:
            sending.send(merchant_order, author, form.cleaned_data["text"].strip(), by)
            messages.success(request, "Votre message est envoyé.")
            return redirect(back)
        except sending.TooMany as error:
            status = TOO_MANY
            form.add_error(
                None,
                f"Vous avez envoyé {sending.LIMIT.most} messages en une heure. Celui-ci est gardé ci-dessous\u00a0: "
                f"envoyez-le après {written_hour(error.again)}.",
            )
    return render(request, "shop/messages/exchange.html", _context(merchant_order, author, form) | more, status=status)


def _for_editors(request: HttpRequest, merchant_order: MerchantOrder) -> HttpResponse:
    reported = merchant_order.messages.filter(reported_at__isnull=False).exists()
    if not reported or not request.user.has_perm(READS_REPORTS):
        raise Http404
    return render(request, "shop/messages/exchange.html", _context(merchant_order, "", None))


def _context(merchant_order: MerchantOrder, author: str, form: MessageForm | None) -> dict[str, Any]:
    """author: which side reads, "" for editors, who see what was reported alone."""
    merchant = merchant_order.storefront.merchant
    names = {Author.BUYER: merchant_order.purchase.name, Author.MERCHANT: merchant.title}
    written = merchant_order.messages.select_related("by")
    if not author:
        written = written.filter(reported_at__isnull=False)
    return {
        "merchant": merchant,
        "number": merchant_order.order.number,
        "code": merchant_order.collection_code,
        "other": "" if not author else names[Author.MERCHANT if author == Author.BUYER else Author.BUYER],
        "form": form,
        "space_links": [],
        "messages_told": [
            {
                "who": _who(message, author, names),
                "is_own": message.author == author,
                "when": _when(message),
                "text": message.text,
            }
            for message in written
        ],
    }


def _who(message: Message, reader: str, names: Any) -> str:
    if message.author != reader:
        return str(names[message.author])
    colleague = message.by.get_full_name() if message.by and reader == Author.MERCHANT else ""
    return colleague or "Vous"


def _when(message: Message) -> str:
    local = localtime(message.at)
    return f"{date_format(local, 'l j F')} à {written_hour(message.at)}"
