"""The plan in the admin: proposed, signed by somebody else, withdrawn; who could not be written to."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from wagtail.admin.widgets import AdminDateInput

from home.closing import acts, letters
from home.closing.models import ClosingPlan
from home.closing.phases import Ground, Kind

PERMISSION = "home.close_portal"
SHOWN = 200
DONE = {
    "proposer": "Plan proposé : rien n’est encore annoncé. Une autre personne doit le signer.",
    "signer": "Plan signé et annoncé : les commerçants et les clients reçoivent un e-mail.",
    "retirer": "Plan retiré : le portail est ouvert.",
}


class PlanForm(forms.ModelForm):
    """What is proposed; a day too early comes back with the first one that is possible."""

    ground = forms.ChoiceField(
        label="Exception au préavis de 30 jours",
        choices=[("", "aucune"), *((ground.value, ground.label) for ground in Ground if ground != Ground.FORMER)],
        required=False,
    )

    class Meta:
        model = ClosingPlan
        fields = ("kind", "day", "back_on", "reason", "ground", "proof")
        widgets = {"day": AdminDateInput, "back_on": AdminDateInput}
        help_texts = {
            "day": "Fermeture : les pages se lisent encore 30 jours, et plus rien ne se commande dès 15 jours avant. "
            "Pause : plus rien ne se commande à partir de ce jour.",
            "back_on": "Seulement pour une pause ; vide si le jour n’est pas connu.",
            "reason": "Affiché sur toutes les pages et dans les e-mails.",
            "proof": "Pour une exception : la décision, le constat, avec sa date.",
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind, day, back_on = cleaned.get("kind"), cleaned.get("day"), cleaned.get("back_on")
        if cleaned.get("ground") and not cleaned.get("proof"):
            self.add_error("proof", "Écrivez ce qui établit l’exception : la décision, le constat, avec sa date.")
        if cleaned.get("ground") and kind == Kind.PAUSE:
            self.add_error("ground", "Une pause n’a pas de préavis : laissez « aucune ».")
        if back_on and kind == Kind.CLOSING:
            self.add_error("back_on", "Une fermeture ne finit pas : choisissez « pause », ou videz ce champ.")
        elif back_on and day and back_on <= day:
            self.add_error("back_on", "Le retour vient après le premier jour de la pause.")
        return cleaned


@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """Show the plan that is open, or the form of a new one; act on it. Raises PermissionDenied."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    form = PlanForm(request.POST if "proposer" in request.POST else None)
    if request.method == "POST" and (done := _done(request, form)):
        messages.success(request, DONE[done])
        return redirect("closing_plan")
    plan = acts.current()
    context = {
        "page_title": "Fermeture du portail",
        "form": form,
        "plan": plan,
        "may_sign": plan and not plan.announced_on and plan.proposed_by_id != request.user.pk,
        "letters": plan.letters.count() if plan else 0,
        "waiting": plan.letters.filter(sent_at=None).count() if plan else 0,
        "unreached": letters.unreached(plan)[:SHOWN] if plan else (),
        "past": ClosingPlan.objects.exclude(ended_at=None)[:20],
    }
    return render(request, "home/closing/desk.html", context)


def _done(request: HttpRequest, form: PlanForm) -> str:
    """Do what a button asks; return its name, or "" where the page now says why not."""
    user: Any = request.user
    if "proposer" in request.POST:
        if not form.is_valid():
            return ""
        try:
            acts.propose(form.save(commit=False), user)
        except ValidationError as error:
            form.add_error(None, error)
            return ""
        return "proposer"
    number = request.POST.get("plan", "")
    act, done = (acts.sign, "signer") if "signer" in request.POST else (acts.withdraw, "retirer")
    try:
        act(int(number) if number.isdecimal() and len(number) < 10 else 0, user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return ""
    return done
