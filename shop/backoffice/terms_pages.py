"""Publishing a version of the terms, for who may: it is never changed or withdrawn after."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from portal import database_clock
from portal.typography import no_break
from shop import terms
from shop.terms import NOTICE_DAYS, Audience, TermsVersion, Urgency

PERMISSION = "shop.add_termsversion"


class TermsForm(forms.ModelForm):
    """A new version: for whom, from which day, its text."""

    urgency = forms.ChoiceField(
        label="Sans préavis, parce que",
        choices=[("", f"Non : {NOTICE_DAYS} jours au moins"), *Urgency.choices],
        required=False,
    )

    class Meta:
        model = TermsVersion
        fields = ("audience", "in_force_on", "text", "urgency", "urgency_proof")
        widgets = {
            "in_force_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "text": forms.Textarea({"rows": 20}),
            "urgency_proof": forms.Textarea({"rows": 3}),
        }

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        day, audience = said.get("in_force_on"), said.get("audience")
        if day is None or audience is None:
            return said
        first = database_clock.today() + timedelta(days=NOTICE_DAYS)
        if not said.get("urgency") and day < first:
            self.add_error(
                "in_force_on",
                f"La loi demande {NOTICE_DAYS} jours : le {first:%d/%m/%Y} au plus tôt.",
            )
        if said.get("urgency") and not said.get("urgency_proof"):
            self.add_error("urgency_proof", "Écrivez ce qui dispense du préavis : les commerçants le lisent.")
        last = terms.newest(audience)
        if last and day <= last.in_force_on:
            self.add_error("in_force_on", f"Choisissez un jour après la dernière ({last.in_force_on:%d/%m/%Y}).")
        if last and said.get("text", "").replace("\r\n", "\n").strip() == last.text.strip():
            self.add_error("text", "Ce texte est celui de la dernière version : changez-le d’abord.")
        return said

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")


@require_http_methods(["GET", "HEAD", "POST"])
def versions(request: HttpRequest) -> HttpResponse:
    """All versions, and the form of the next one."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    last = terms.newest(Audience.MERCHANTS)
    first = database_clock.today() + timedelta(days=NOTICE_DAYS)
    initial = {"audience": Audience.MERCHANTS, "text": last.text if last else "", "in_force_on": first}
    form = TermsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.instance.published_by = request.user
        try:
            with transaction.atomic():
                terms.publish(form.instance)
        except IntegrityError:
            form.add_error(None, "Refusée : un collègue vient d’en publier une, ou le délai manque.")
        else:
            messages.success(request, no_break("Version publiée ; les commerçants sont prévenus par e-mail."))
            return redirect("terms_versions")
    context = {"page_title": "Conditions", "form": form, "versions": TermsVersion.objects.all()}
    return render(request, "shop/backoffice/terms.html", context)
