"""A shop in the back office: whether it sells, what is missing, who keeps it; staff pauses it and lets it go on."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from portal.dates import date_format
from portal.typography import no_break
from shop import answering, emails, opening
from shop.backoffice.rights import may, require
from shop.models import MerchantOrder, Storefront

PAUSED, RESUMED = "shop.pause", "shop.resume"  # in Wagtail's log
MOST_SHOWN = 20


class PauseForm(forms.Form):
    """Until when nothing of the shop is sold, and why: its people read both."""

    until = forms.DateField(
        label="De retour le",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Choisissez le jour du retour.",
            "invalid": "Écrivez une date, par exemple 30/11/2026.",
        },
    )
    reason = forms.CharField(
        label="Pourquoi",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text="Les personnes qui tiennent la boutique le lisent dans un courriel.",
        error_messages={"required": "Écrivez pourquoi : les personnes qui tiennent la boutique le lisent."},
    )

    def clean_until(self) -> object:
        day = self.cleaned_data["until"]
        if not opening.may_return(day):
            raise forms.ValidationError("Choisissez un jour après aujourd’hui, dans un an au plus.")
        return day


@require_http_methods(["GET", "HEAD", "POST"])
def shop(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one shop; pause it with a reason, or end the pause."""
    require(request, Storefront)
    found = get_object_or_404(Storefront.objects.select_related("merchant__town"), pk=pk)
    form = PauseForm()
    if request.method == "POST":
        require(request, Storefront, "change")
        if request.POST.get("faire") == "reprendre":
            opening.resume(found)
            log(found, RESUMED, user=request.user)
            messages.success(
                request, no_break("La pause est finie : la boutique vend de nouveau si rien ne lui manque.")
            )
            return redirect(request.path)
        form = PauseForm(request.POST)
        if form.is_valid():
            _pause(request, found, form.cleaned_data["until"], form.cleaned_data["reason"])
            return redirect(request.path)
    waiting = MerchantOrder.objects.filter(storefront=found).confirmed().select_related("order", "purchase")
    context = {
        "page_title": found.merchant.title,
        "storefront": found,
        "merchant": found.merchant,
        "state": state(found),
        "steps": opening.steps(found),
        "managers": found.merchant.managers.order_by("last_name", "pk"),
        "answers": answering.told(found.answer_minutes),
        "orders": waiting.order_by("-pk")[:MOST_SHOWN],
        "may_act": may(request.user, Storefront, "change"),
        "form": form,
        "journal": ModelLogEntry.objects.for_instance(found).select_related("user").order_by("-timestamp")[:MOST_SHOWN],
    }
    return render(request, "shop/backoffice/shop.html", context)


def state(found: Storefront) -> str:
    """Return whether a shop sells, in a few words."""
    if found.paused_until:
        return f"en pause jusqu’au {date_format(found.paused_until, 'j F Y')}"
    if found.sells:
        return "vend"
    return "ne vend pas" if found.opened_at else "pas encore ouverte"


def _pause(request: HttpRequest, found: Storefront, until: object, reason: str) -> None:
    opening.pause(found, until)  # type: ignore[arg-type]
    log(found, PAUSED, user=request.user, data={"until": str(until), "reason": reason})
    emails.tell_paused(found, until, reason)  # type: ignore[arg-type]
    messages.success(request, no_break("La boutique est en pause ; les personnes qui la tiennent sont prévenues."))
