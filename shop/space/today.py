"""What one merchant has to do today: where logging in leads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Min, Q, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from oscar.core.loading import get_model

from directory import hours
from directory.models import MerchantPage
from directory.space.navigation import links
from directory.space.reviews import review
from portal import database_clock
from portal.dates import date_format
from shop import terms
from shop.collection.words import since
from shop.enquiries.models import Enquiry
from shop.messages.models import Message
from shop.models import Storefront
from shop.products import MERCHANT
from shop.space.products import AVAILABLE
from shop.storefronts import TermsAcceptance
from shop.waiting import counted, waiting_orders
from shop.withdrawal.models import OPEN, Withdrawal
from shop.wording import written_moment

Product = get_model("catalogue", "Product")

DAYS_AHEAD = 14
ANSWERED_WITHIN = timedelta(days=30)
NAMED = 3  # articles of a kind that are named, the others are counted


@dataclass(frozen=True)
class Task:
    """One thing to do. title: what waits; words: more of it, or ""; url, action: the one tap that leads there."""

    title: str
    words: str
    url: str
    action: str
    icon: str


@never_cache
@login_required
@require_safe
def today(request: HttpRequest, pk: int) -> HttpResponse:
    """All that waits for the merchant, and the next two weeks as visitors read them; a fixed number of queries."""
    managed = MerchantPage.objects.managed_by(request.user).with_place().select_related("storefront")
    merchant = get_object_or_404(managed.prefetch_workflow_states().prefetch_related("answers"), pk=pk)
    now, day = database_clock.now(), timezone.localdate()
    asked = terms.unaccepted(TermsAcceptance.objects.filter(storefront__merchant=merchant))
    if any(version.in_force_on <= day for version in asked):
        return redirect("new_terms", pk)
    context = {
        "merchant": merchant,
        "links": links(merchant, "today"),
        "review": review(merchant),
        "hours_url": reverse("space:hours", args=[pk]),
        "state": hours.state(merchant.opening_hours, now, merchant.place) if merchant.live else None,
        "today": day,
        "tasks": [*_terms_to_come(merchant, asked)] + [task for kind in KINDS for task in kind(merchant, day)],
        "days": hours.days_ahead(merchant.opening_hours, day, DAYS_AHEAD, merchant.place),
        "confirmation": hours.confirmation(merchant.confirmed_on, day),
        "is_confirmed": hours.is_confirmed(merchant.confirmed_on, day),
        "has_others": MerchantPage.objects.managed_by(request.user).exclude(pk=pk).exists(),
    }
    return render(request, "shop/space/today.html", context)


def _terms_to_come(merchant: MerchantPage, asked: list[terms.TermsVersion]) -> Iterator[Task]:
    if asked:
        words = f"Elles s’appliquent à partir du {date_format(asked[0].in_force_on, 'j F Y')}."
        url = reverse("new_terms", args=[merchant.pk])
        yield Task("De nouvelles conditions à accepter", words, url, "Lire ce qui change", "edit")


def orders_to_prepare(merchant: MerchantPage, day: date) -> Iterator[Task]:
    url = reverse("merchant_orders", args=[merchant.pk])
    for waiting in waiting_orders([merchant.pk]):
        if count := waiting["received"]:
            words = f"La première avant la fin du {_day(waiting['first'])}." if waiting["first"] else ""
            words = _coming(waiting["first_slot"]) or words
            yield Task(f"{counted(count, 'commande')} à préparer", words, url, "Voir les commandes", "package")
        if count := waiting["ready"]:
            title = f"{counted(count, 'commande')} {'attend son client' if count == 1 else 'attendent leur client'}"
            yield Task(title, "", f"{url}?etat=pretes", "Voir celles qui sont prêtes", "collect")


def rehearsal(merchant: MerchantPage, day: date) -> Iterator[Task]:
    storefront: Storefront | None = getattr(merchant, "storefront", None)
    if storefront and (code := storefront.rehearsal_code):
        url = reverse("merchant_orders", args=[merchant.pk])
        yield Task("Une commande d’essai vous attend", f"Son code : {code}.", url, "Dire qu’elle est prête", "package")


def withdrawals(merchant: MerchantPage, day: date) -> Iterator[Task]:
    """What buyers gave up and is to be refunded, the law's last day first."""
    waiting = Withdrawal.objects.filter(merchant_order__storefront__merchant=merchant, state__in=OPEN, refund__gt=0)
    found = waiting.aggregate(count=Count("pk"), first=Min("refund_by"))
    if count := found["count"]:
        words = f"Avant la fin du {_day(found['first'])}." if found["first"] else ""
        if found["first"] and found["first"] < day:
            words = f"Le délai de la loi est passé depuis le {_day(found['first'])}."
        title = f"{counted(count, 'rétractation')} à rembourser"
        yield Task(title, words, reverse("merchant_withdrawals", args=[merchant.pk]), "Rembourser", "package")


def unanswered(merchant: MerchantPage, day: date) -> Iterator[Task]:
    """What somebody wrote and waits for: requests without a purchase; orders of which the buyer wrote last, within the
    month in which one may still write about them. One query for both.
    """
    since = timezone.now() - ANSWERED_WITHIN
    last = Message.objects.filter(merchant_order__storefront__merchant=merchant, at__gte=since)
    last = last.order_by("merchant_order", "-pk").distinct("merchant_order")
    rows = Message.objects.filter(pk__in=last.values("pk"), author=Message.Author.BUYER)
    asked = Enquiry.objects.open().filter(merchant=merchant).values_list(Value(""), "answer_by", "pk")
    found = list(rows.values_list("merchant_order__order__number", "at", "pk").union(asked, all=True))
    if messages := sorted((at, pk, number) for number, at, pk in found if number):
        url = reverse("merchant_messages", args=[merchant.pk, messages[0][2]])
        if len(messages) == 1:
            yield Task("1 message d’un client sans réponse", "", url, "Lire et répondre", "mail")
        else:
            title = f"{len(messages)} messages de clients sans réponse"
            yield Task(title, "Le plus ancien d’abord.", url, "Lire et répondre", "mail")
    if ends := sorted(answer_by for number, answer_by, _ in found if not number):
        title = (
            f"{counted(len(ends), 'demande')} sans achat {'attend' if len(ends) == 1 else 'attendent'} votre réponse"
        )
        words = f"{'Avant' if len(ends) == 1 else 'La première avant'} le {written_moment(ends[0])}."
        yield Task(title, words, reverse("merchant_enquiries", args=[merchant.pk]), "Lire et répondre", "mail")


def articles(merchant: MerchantPage, day: date) -> Iterator[Task]:
    """What is offered and cannot be bought: sold out, or without what the law wants told."""
    offered = Product.objects.filter(**{MERCHANT: merchant}, is_public=True)
    sold_out = Q(details__may_be_sold=True) & Q(available__lte=0)
    unsaid = Q(details__may_be_sold=False)
    rows = offered.annotate(available=AVAILABLE).filter(sold_out | unsaid).order_by("title", "pk")
    names: dict[bool, list[str]] = {True: [], False: []}
    for title, may_be_sold in rows.values_list("title", "details__may_be_sold"):
        names[may_be_sold].append(title)
    url = reverse("merchant_products", args=[merchant.pk])
    if found := names[True]:
        title = f"{counted(len(found), 'article')} {'épuisé' if len(found) == 1 else 'épuisés'}"
        yield Task(title, _named(found), f"{url}?etat=epuises", "Mettre le stock à jour", "label")
    if found := names[False]:
        title = (
            f"{counted(len(found), 'article')} à compléter avant de pouvoir {'le' if len(found) == 1 else 'les'} vendre"
        )
        yield Task(title, _named(found), f"{url}?etat=incomplets", "Compléter", "warning")


def page(merchant: MerchantPage, day: date) -> Iterator[Task]:
    """A draft that nobody has sent yet, or that the Region sent back."""
    url = reverse("space:profile", args=[merchant.pk])
    state = review(merchant)
    if state.kind == "refused":
        yield Task("Votre fiche est à revoir", state.comment, url, "Lire la réponse et corriger", "edit")
    elif state.kind == "draft":
        words = "Vos changements sont gardés ; la Région ne les a pas encore reçus."
        yield Task("Votre fiche a un brouillon", words, url, "Relire et envoyer", "edit")


# Who adds something that waits for merchants adds its function here; each makes one query at most.
KINDS: tuple[Callable[[MerchantPage, date], Iterator[Task]], ...] = (
    orders_to_prepare,
    withdrawals,
    unanswered,
    rehearsal,
    articles,
    page,
)


def _coming(start: datetime | None) -> str:
    """Return when the first buyer comes, or ""."""
    if start is None:
        return ""
    now = database_clock.now()
    return "Un client au moins l’attend déjà." if start <= now else f"Le premier client vient {since(start, now)}."


def _named(titles: list[str]) -> str:
    rest = len(titles) - NAMED
    more = f" et {counted(rest, 'autre')}" if rest > 0 else ""
    return f"{', '.join(titles[:NAMED])}{more}."


def _day(day: date) -> str:
    return date_format(day, "l j F")
