"""A visitor asks a merchant, confirms it, sees the answer."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory.models import MerchantPage
from portal.client_address import client_address
from portal.same_origin import same_origin_required
from shop.buyers import is_verified
from shop.enquiries import asking
from shop.enquiries.forms import EnquiryForm
from shop.enquiries.models import UNCONFIRMED, Enquiry, Kind
from shop.enquiries.wording import days
from shop.pickup import address

GONE, TOO_MANY = 410, 429


@never_cache
@same_origin_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str, kind: Kind) -> HttpResponse:
    """The form. Of an address that nobody has proved, the answer never tells whether the request is new."""
    merchant = get_object_or_404(MerchantPage.objects.live().with_place(), slug=slug)
    if kind not in asking.kinds_taken(merchant):
        return _not_taken(request, merchant)
    user = request.user if request.user.is_authenticated else None
    initial = {"name": user.get_full_name(), "email": user.email} if user else {}
    form = EnquiryForm(request.POST if request.method == "POST" else None, kind=kind, initial=initial)
    status = 200
    if form.is_valid():
        said = form.cleaned_data
        is_proved = is_verified(user, said["email"])
        try:
            enquiry = asking.ask(merchant, kind, said, client_address(request), is_proved)
        except asking.NotTaken:
            return _not_taken(request, merchant)
        except asking.TooMany as error:
            form.add_error(None, str(error))
            status = TOO_MANY
        else:
            if is_proved:
                return redirect(enquiry.link)
            context = {"merchant": merchant, "email": said["email"], "days": UNCONFIRMED.days}
            return render(request, "shop/enquiries/asked.html", context)
    context = {"merchant": merchant, "form": form, "is_call": kind == Kind.CALL}
    return render(request, "shop/enquiries/ask.html", context, status=status)


@never_cache
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Where the links of the e-mails lead: a button to confirm or take back, as programs that read mail press none."""
    return _page(request, Enquiry.objects.signed(token))


@same_origin_required
@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    enquiry = Enquiry.objects.signed(token)
    if enquiry is None:
        return _page(request, None)
    try:
        asking.confirm(enquiry)
    except asking.NotTaken:
        return _not_taken(request, enquiry.merchant)
    except asking.TooMany as error:
        return _page(request, enquiry, str(error))
    return redirect("enquiry", token)


@same_origin_required
@require_POST
def give_up(request: HttpRequest, token: str) -> HttpResponse:
    enquiry = Enquiry.objects.signed(token)
    if enquiry is not None:
        asking.give_up(enquiry)
    return redirect("enquiry", token)


def by_kind(kind: Kind) -> Any:
    """Return the form's view for one kind of request."""

    def view(request: HttpRequest, slug: str) -> HttpResponse:
        answered: HttpResponse = ask(request, slug, kind)
        return answered

    view.csrf_exempt = True  # type: ignore[attr-defined]  # same_origin_required looks at where it comes from
    return view


def ask_path(merchant: MerchantPage, kind: Kind) -> str:
    return reverse("ask_to_reserve" if kind == Kind.RESERVE else "ask_to_be_called", args=[merchant.slug])


def _not_taken(request: HttpRequest, merchant: MerchantPage) -> HttpResponse:
    if not merchant.live:
        raise Http404
    return render(request, "shop/enquiries/not_taken.html", {"merchant": merchant}, status=GONE)


def _page(request: HttpRequest, enquiry: Enquiry | None, refusal: str = "") -> HttpResponse:
    context: dict[str, Any] = {"enquiry": enquiry, "refusal": refusal}
    if enquiry:
        context |= {
            "merchant": enquiry.merchant,
            "address": address(enquiry.merchant),
            **days(enquiry),
            "days": UNCONFIRMED.days,
        }
    status = TOO_MANY if refusal else 200 if enquiry else GONE
    return render(request, "shop/enquiries/enquiry.html", context, status=status)
