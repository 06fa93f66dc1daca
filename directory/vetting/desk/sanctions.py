"""The pages on which the Region leads a procedure against a merchant."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from wagtail.admin import messages

from directory.models import MerchantPage
from directory.vetting.desk.access import only_those_who_decide
from directory.vetting.desk.forms import ReasonsForm
from directory.vetting.desk.sanction_forms import AnswerForm, HearForm, ImposeForm, OpenForm
from directory.vetting.models import JournalEntry
from directory.vetting.sanctions import acts, answers
from directory.vetting.sanctions.kinds import Measure, Outcome, Rule, Stage, Urgency
from directory.vetting.sanctions.models import Sanction
from portal.models import User
from portal.typography import no_break

DONE = {
    "hear": "L’audition est notée.",
    "impose": "La décision est prise et envoyée aux responsables, avec ses motifs et ses recours.",
    "drop": "La procédure est close sans mesure ; les responsables sont prévenus.",
    "lift": "La mesure est levée. La page revient en ligne si ses contrôles sont en cours de validité.",
    "answer": "La réponse est envoyée aux responsables.",
}
Do = Callable[[dict[str, Any]], Any]
OPENED = "Les griefs sont envoyés aux responsables, qui répondent jusqu’au jour indiqué."


def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a procedure against a merchant, or decide at once in an urgency."""
    only_those_who_decide(request)
    merchant = get_object_or_404(MerchantPage.objects.select_related("town"), pk=pk)
    form = OpenForm(request.POST or None, initial={"notice": request.GET.get("signalement", "")[:12]})
    if request.method == "POST" and form.is_valid():
        try:
            sanction = _opened(merchant, cast(User, request.user), form.cleaned_data)
        except ValidationError as error:
            messages.error(request, no_break(" ".join(error.messages)))
        else:
            messages.success(request, no_break(DONE["impose"] if sanction.urgency else OPENED))
            return redirect("vetting:sanction", sanction.number)
    context = {"page_title": merchant.title, "merchant": merchant, "form": form}
    return render(request, "directory/vetting/sanction_new.html", context)


def _opened(merchant: MerchantPage, by: User, told: dict[str, Any]) -> Sanction:
    case = acts.Case(Measure(told["measure"]), Rule(told["rule"]), told["facts"], told["grievance"], told["notice"])
    if told["urgency"]:
        return acts.impose_at_once(merchant, by, case, Urgency(told["urgency"]), told["proof"], days=told["days"])
    return acts.open_hearing(merchant, by, case, told["answer_days"])


def one(request: HttpRequest, number: str) -> HttpResponse:
    """One procedure: what was sent, what the merchant answered, what may be done now."""
    only_those_who_decide(request)
    sanction = get_object_or_404(Sanction.objects.select_related("merchant", "appeal"), number=number)
    by = cast(User, request.user)
    act = request.POST.get("act", "")
    found = _possible(sanction, by, act, request.POST)
    if request.method == "POST" and act in found:
        form, do = found[act]
        if form.is_valid() and _is_done(request, lambda: do(form.cleaned_data)):
            messages.success(request, no_break(DONE[act]))
            return redirect(request.path)
    appeal = getattr(sanction, "appeal", None)
    context = {
        "page_title": f"Procédure {sanction.number}",
        "sanction": sanction,
        "observations": sanction.observations.all(),
        "appeal": appeal,
        "is_own_decision": bool(appeal and not appeal.outcome and not answers.may_answer(sanction, by)),
        "forms": {name: form for name, (form, _) in found.items()},
        "journal": JournalEntry.objects.filter(facts__decision=sanction.number).select_related("actor"),
    }
    return render(request, "directory/vetting/sanction.html", context)


def _possible(sanction: Sanction, by: User, act: str, data: QueryDict) -> dict[str, tuple[forms.Form, Do]]:
    """Return what this person may do now: a form, filled where it was sent, and what it does, by the act's name."""

    def sent(name: str) -> QueryDict | None:
        return data if act == name else None

    possible: dict[str, tuple[forms.Form, Do]] = {}
    if sanction.stage == Stage.HEARING:
        possible["hear"] = HearForm(sent("hear"), initial={"day": timezone.localdate()}), partial(_hear, sanction, by)
        possible["impose"] = ImposeForm(sent("impose"), measure=sanction.measure), partial(_impose, sanction, by)
        possible["drop"] = ReasonsForm(sent("drop")), lambda told: acts.drop(sanction, by, told["reasons"])
    if sanction.stage == Stage.IN_FORCE:
        possible["lift"] = ReasonsForm(sent("lift")), lambda told: acts.lift(sanction, by, told["reasons"])
    appeal = getattr(sanction, "appeal", None)
    if appeal and not appeal.outcome and answers.may_answer(sanction, by):
        possible["answer"] = AnswerForm(sent("answer")), partial(_answer, sanction, by)
    return possible


def _hear(sanction: Sanction, by: User, told: dict[str, Any]) -> None:
    acts.note_hearing(sanction, by, told["day"], told["minutes"])


def _impose(sanction: Sanction, by: User, told: dict[str, Any]) -> None:
    urgency, proof = told.get("urgency", ""), told.get("proof", "")
    acts.impose(sanction, by, told["reasons"], days=told.get("days"), urgency=urgency, proof=proof)


def _answer(sanction: Sanction, by: User, told: dict[str, Any]) -> None:
    answers.answer(sanction, by, Outcome(told["outcome"]), told["reasons"])


def _is_done(request: HttpRequest, act: Callable[[], Any]) -> bool:
    try:
        act()
    except ValidationError as error:
        messages.error(request, no_break(" ".join(error.messages)))
        return False
    return True
