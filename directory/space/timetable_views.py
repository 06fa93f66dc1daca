"""The page on which a merchant keeps opening hours: online as soon as they were read back and confirmed."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.models import Page

from directory.models import MerchantPage
from directory.space.at_once import put_online
from directory.space.changes import tell_moved
from directory.space.closures_form import CLOSURE_PREFIX, MAX_ROWS, OPENING_PREFIX, rows_sent
from directory.space.hours_form import DAYS, NAMES, hour_names
from directory.space.navigation import links
from directory.space.seasons_form import MAX_SEASONS, SEASON_PREFIX, seasons_sent
from directory.space.timetable_form import TimetableForm
from portal.models import User

DAYS_AHEAD = 14
MORE_ROWS = {"fermeture": CLOSURE_PREFIX, "ouverture": OPENING_PREFIX}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def timetable(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of opening hours. « Relire » says them in words, « Mettre en ligne » keeps them; the other buttons add
    rows or copy a day, and keep nothing."""
    user = cast(User, request.user)  # login_required: nobody else comes here
    merchant = get_object_or_404(MerchantPage.objects.managed_by(user).with_place(), pk=pk)
    if request.method == "POST":  # one at a time, and before what is stored is read
        Page.objects.select_for_update().get(pk=pk)
        merchant.refresh_from_db()
    asked = request.POST.get("faire", "relire")
    is_only_shown = request.method == "POST" and asked not in ("relire", "publier")
    data = _with_more(request.POST, asked) if is_only_shown else request.POST or None
    form = TimetableForm(data, page=merchant, sender=user)
    is_read_back = False
    if is_only_shown:
        form.show_unchecked()
    elif request.method == "POST" and form.is_valid():
        if asked == "publier":
            return _publish(request, merchant, form, user)
        is_read_back = True
    context = {
        "merchant": merchant,
        "links": links(merchant, "hours"),
        "form": form,
        "copied": NAMES,
        "targets": [(day, NAMES[day]) for day in DAYS],
        "is_read_back": is_read_back,
        "days": form.days_ahead(timezone.localdate(), DAYS_AHEAD) if is_read_back else [],
        "may_add_season": len(form.season_rows()) < MAX_SEASONS,
    }
    return render(request, "directory/space/timetable.html", context)


def _publish(request: HttpRequest, merchant: MerchantPage, form: TimetableForm, user: User) -> HttpResponse:
    if form.opening_hours == merchant.opening_hours:
        messages.info(request, "Rien n’a changé : vos horaires sont déjà en ligne tels quels.")
    else:
        # Whoever wrote beside others' changes, unseen until now, has confirmed no more than what was written.
        today = {} if form.moved else {"confirmed_on": timezone.localdate()}
        put_online(merchant, user, opening_hours=form.opening_hours, **today)
        where = "en ligne" if merchant.live else "enregistrés ; ils seront en ligne avec votre fiche"
        messages.success(request, f"Vos horaires sont {where}.")
    tell_moved(request, form)
    return redirect("merchant_today", merchant.pk)


def _with_more(sent: QueryDict, asked: str) -> QueryDict:
    """Return what was typed with one more row, or with one day's hours copied to others."""
    data = sent.copy()
    if asked == "copier":
        _copy(data)
    elif asked == "saison" and (number := seasons_sent(data) + 1) <= MAX_SEASONS:
        data[f"{SEASON_PREFIX}{number}_du_jour"] = ""
    elif asked in MORE_ROWS and (number := rows_sent(data, MORE_ROWS[asked]) + 1) <= MAX_ROWS:
        data[f"{MORE_ROWS[asked]}{number}_du"] = ""
    return data


def _copy(data: QueryDict) -> None:
    source = data.get("copier_de", "")
    if source not in DAYS:
        return
    ends = ["ferme", *(name.removeprefix(f"{source}_") for names in hour_names(source) for name in names)]
    for day in set(data.getlist("copier_sur")) & set(DAYS) - {source}:
        for end in ends:
            data.pop(f"{day}_{end}", None)
            if value := data.get(f"{source}_{end}"):
                data[f"{day}_{end}"] = value
    data.pop("copier_sur", None)
