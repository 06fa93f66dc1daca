"""The three screens that lead a merchant to an application: the SIRET, the shop, its hours and what is certified."""

from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from directory.joining import applications, terms
from directory.joining.forms import OpeningForm, ShopForm, SiretForm
from directory.joining.kept_typing import typed, typing_kept
from directory.joining.usual_hours import usual_hours
from directory.joining.verdict import verdict
from directory.models import Category
from directory.vetting import acts
from directory.vetting.models import Application
from directory.vetting.register import NOT_FOUND, look_up
from portal.models import User
from portal.rate_limits import Limit, take

LOOK_UPS = Limit("look-ups of an applicant", 30, timedelta(days=1))


@never_cache
@typing_kept
def start(request: HttpRequest) -> HttpResponse:
    """Screen 1: the SIRET. The register is asked, and a draft begun with what it says."""
    user = cast(User, request.user)
    data = typed(request)
    form = SiretForm(data)
    if request.method == "POST" and form.is_valid():
        siret = form.cleaned_data["siret"]
        if application := applications.open_one(user, siret):
            return redirect("joining:status", application.number)
        if merchant := applications.page_of(siret):
            if merchant.accesses.filter(user=user).exists():
                return redirect("space:profile", merchant.pk)
            return redirect("joining:taken", siret)
        if application := _begun(user, siret, form):
            return redirect("joining:shop", application.number)
    context = {"form": form, "applications": applications.of(user).order_by("-started_at")[:20]}
    return render(request, "directory/joining/start.html", context)


def _begun(user: User, siret: str, form: SiretForm) -> Application | None:
    """Return a new draft, or None where the form now says why there is none."""
    if take(LOOK_UPS, str(user.pk)):
        form.ask_again("Vous avez essayé beaucoup de numéros aujourd’hui. Reprenez demain, ou écrivez-nous.", False)
        return None
    answer = look_up(siret)
    told = verdict(siret, answer)
    if not told.may_go_on or (told.must_confirm and not form.is_confirmed):
        form.ask_again(told.text, told.must_confirm)
        return None
    return applications.begin(user, siret, answer)


@never_cache
@typing_kept
def shop(request: HttpRequest, number: str) -> HttpResponse:
    """Screen 2: the shop, as far as the register tells filled in already."""
    with transaction.atomic():
        application = _writable(request, number)
        sent = typed(request)
        form = ShopForm(
            sent or applications.typing(application, "commerce"),
            declared=application.declared,
            found=application.found,
        )
        if request.method == "POST":
            if form.is_valid():
                applications.keep(application, form.declared(application.found), "commerce")
                return redirect("joining:opening", number)
            applications.keep(application, {}, "commerce", request.POST)
    context = {"form": form, "application": application, "is_unknown": application.register_status == NOT_FOUND}
    return render(request, "directory/joining/shop.html", context)


@never_cache
@typing_kept
def opening(request: HttpRequest, number: str) -> HttpResponse:
    """Screen 3: the hours that shops of the category keep, to be made their own; what is certified; the sending."""
    with transaction.atomic():
        application = _writable(request, number)
        if not applications.is_complete(application):
            return redirect("joining:shop", number)
        category = Category.objects.select_related("parent").get(slug=application.declared["category"])
        sent = typed(request)
        form = OpeningForm(
            sent or applications.typing(application, "horaires"),
            declared=application.declared,
            usual=usual_hours(category),
            sends=sent is not None and "send" in sent,
        )
        if request.method == "POST":
            if form.is_valid():
                applications.keep(application, form.declared(), "horaires")
                if not form.sends or _sent(request, application, form):
                    return redirect("joining:status", number)
            else:
                applications.keep(application, {}, "horaires", request.POST)
    context = {"form": form, "application": application, "category": category}
    return render(request, "directory/joining/opening.html", context)


def _sent(request: HttpRequest, application: Application, form: OpeningForm) -> bool:
    """Send the application, with what was certified; return False where the form now says why it cannot be."""
    application.terms_version, application.terms_sha256 = terms.VERSION, terms.sha256()
    application.terms_accepted_at = timezone.now()
    application.save(update_fields=["terms_version", "terms_sha256", "terms_accepted_at"])
    try:
        acts.submit(application)
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))  # its fields are the page's, not the form's
        return False
    messages.success(request, "Merci. Votre dossier est déposé : une personne de la Région le lit et vous répond.")
    return True


def _writable(request: HttpRequest, number: str) -> Application:
    """Return the applicant's own application, locked, while they may write in it; 404 for everybody else."""
    mine = applications.of(cast(User, request.user)).select_for_update(of=("self",))
    return get_object_or_404(mine, number=number, state__in=applications.FILLED_IN)
