"""A merchant reads requests, answers them, and says which are taken."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from directory.models import MerchantPage
from directory.space.navigation import links
from shop.enquiries import answers
from shop.enquiries.asking import kinds_taken
from shop.enquiries.forms import AnswerForm, SettingForm
from shop.enquiries.models import Enquiry, EnquirySetting
from shop.enquiries.wording import days
from shop.wording import written_day

PAGE_SIZE = 20


@never_cache
@login_required
@require_safe
def listed(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _own(request, pk))


@never_cache
@login_required
@require_POST
def answer(request: HttpRequest, pk: int, enquiry_pk: int) -> HttpResponse:
    merchant = _own(request, pk)
    enquiry = get_object_or_404(Enquiry.objects.told().filter(merchant=merchant), pk=enquiry_pk)
    form = AnswerForm(request.POST, enquiry=enquiry)
    if not form.is_valid():
        return _page(request, merchant, refused=form)
    said = form.cleaned_data
    if answers.answer(enquiry, said["reponse"], said["reply"].strip(), said.get("kept_until")):
        messages.success(request, f"Votre réponse part vers {enquiry.name} par e-mail.")
    else:
        messages.error(request, "Cette demande a déjà une réponse, ou a été retirée : rien n’a été envoyé.")
    return redirect("merchant_enquiries", pk)


@never_cache
@login_required
@require_POST
def change_setting(request: HttpRequest, pk: int) -> HttpResponse:
    merchant = _own(request, pk)
    form = SettingForm(request.POST, instance=EnquirySetting(merchant=merchant))
    if form.is_valid():
        EnquirySetting.objects.update_or_create(merchant=merchant, defaults=form.cleaned_data)
        messages.success(request, "C’est enregistré : votre page publique le montre.")
    return redirect("merchant_enquiries", pk)


def _own(request: HttpRequest, pk: int) -> MerchantPage:
    own: MerchantPage = get_object_or_404(MerchantPage.objects.managed_by(request.user), pk=pk)
    return own


def _page(request: HttpRequest, merchant: MerchantPage, refused: AnswerForm | None = None) -> HttpResponse:
    """refused: an answer that cannot be taken as it is."""
    waiting = Enquiry.objects.filter(
        merchant=merchant, state__in=(Enquiry.State.SENT, Enquiry.State.UNANSWERED)
    ).order_by("answer_by", "pk")
    over = Enquiry.objects.told().filter(merchant=merchant).exclude(pk__in=waiting.values("pk"))
    page = Paginator(over.order_by("-confirmed_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    stored = EnquirySetting.objects.filter(merchant=merchant).first()
    context = {
        "merchant": merchant,
        "space_links": links(merchant, "orders"),
        "waiting": [_told(enquiry, refused) for enquiry in waiting],
        "page": page,
        "rows": [_told(enquiry) for enquiry in page],
        "setting": SettingForm(instance=stored or EnquirySetting(merchant=merchant)),
        "sells": not kinds_taken(merchant) and hasattr(merchant, "storefront") and bool(merchant.storefront.opened_at),
    }
    return render(request, "shop/enquiries/space.html", context)


def _told(enquiry: Enquiry, refused: AnswerForm | None = None) -> dict[str, Any]:
    form = None
    if enquiry.can_be_answered:
        is_refused = refused is not None and refused.enquiry.pk == enquiry.pk
        form = refused if is_refused else AnswerForm(enquiry=enquiry)
    return {
        "enquiry": enquiry,
        "form": form,
        "asked": written_day(localtime(enquiry.made_at).date()),
        **days(enquiry),
    }
