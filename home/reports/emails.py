"""E-mails about reports. What the form was given is never mailed: the address may belong to somebody else.

Editors are the exception: their e-mail names the pages, which only they can open from it.
"""

from collections.abc import Collection, Iterable
from itertools import groupby

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import Resolver404, resolve, reverse

from directory.models import MerchantPage
from home.reports.models import Complaint, Notice
from home.reports.tracking import Side, link_of
from portal.editors import addresses_to_notify

BEYOND = (
    "Vous pouvez aussi saisir un organe de règlement extrajudiciaire certifié, ou le tribunal administratif dans les "
    "deux mois."
)
MOST_LISTED = 30  # reports in one e-mail to the editors

log = structlog.get_logger(__name__)


def acknowledge(notice: Notice, with_page: bool) -> None:
    """Tell the sender that the report is here. with_page: only where the address is known to be theirs."""
    page = f"Page signalée : {settings.SITE_URL}{notice.page}\n\n" if with_page else ""
    _send(
        f"Nous avons reçu votre signalement {notice.number}",
        f"Nous avons reçu un signalement avec votre adresse e-mail. Il porte le numéro {notice.number}.\n\n{page}"
        "Une personne le lit et vous répond, avec sa décision et les recours possibles.\n"
        f"Où il en est : {link_of(notice, Side.SENDER)}\n"
        f"Rappelez le numéro {notice.number} si vous nous écrivez.\n\n"
        "Vous n’avez rien signalé ? Quelqu’un s’est trompé d’adresse : vous n’avez rien à faire.",
        [notice.email],
    )


def send_digest(notices: Collection[Notice]) -> None:
    """Tell the editors what waits for them."""
    if not notices or not (to := addresses_to_notify("reports")):
        return
    notices = sorted(notices, key=lambda notice: (not notice.is_trusted, notice.pk))
    lines = [_line(notice) for notice in notices[:MOST_LISTED]]
    if len(notices) > MOST_LISTED:
        lines.append(f"… et {len(notices) - MOST_LISTED} autres.")
    count = len(notices)
    link = f"{settings.SITE_URL}{reverse('notices:index')}?state={Notice.State.NEW}"
    _send(
        "Un signalement à traiter" if count == 1 else f"{count} signalements à traiter",
        "\n".join(["Depuis le dernier message, on nous signale :", *lines, "", f"Les traiter : {link}"]),
        to,
    )


def _line(notice: Notice) -> str:
    whose = "signaleur de confiance, " if notice.is_trusted else ""
    return f"- {notice.number}, {whose}{notice.get_reason_display().lower()} : {settings.SITE_URL}{notice.page}"


def notify_senders(notices: Iterable[Notice]) -> None:
    """Tell each sender what was decided, in one e-mail. The notices were decided alike."""
    with_address = sorted((notice for notice in notices if notice.email), key=lambda notice: notice.email.lower())
    for _, group in groupby(with_address, key=lambda notice: notice.email.lower()):
        _notify_sender(list(group))


def notify_merchants(notices: Iterable[Notice]) -> None:
    """Tell each merchant of whose page a report was upheld, or is no longer; who reported is not told."""
    upheld = Notice.State.UPHELD
    for notice in notices:
        if upheld in (notice.state, notice.told_state) and (merchant := merchant_of(notice.page)):
            _notify_merchant(notice, merchant)


def merchant_of(page: str) -> MerchantPage | None:
    """Return whose page or product stands at an address of ours, None where it is nobody's."""
    try:
        found = resolve(page.partition("?")[0].partition("#")[0])
    except Resolver404:
        return None
    if "slug" in found.kwargs and found.url_name in ("merchant", "products_of_merchant"):
        return MerchantPage.objects.filter(slug=found.kwargs["slug"]).first()
    if found.view_name == "catalogue:detail":
        product = found.kwargs["pk"]
        return MerchantPage.objects.filter(storefront__partner__stockrecords__product=product).first()
    return None


def _notify_sender(notices: list[Notice]) -> None:
    first = notices[0]
    numbers = ", ".join(notice.number for notice in notices)
    plural = len(notices) > 1
    state = Notice.State(first.state).label
    said = f"{state}s" if plural and first.state != Notice.State.SET_ASIDE else state
    again = "Cette décision remplace celle que nous vous avions écrite.\n\n" if first.told_state else ""
    _send(
        f"Notre décision sur {'vos signalements' if plural else 'votre signalement'} {numbers}",
        f"{'Vos signalements' if plural else 'Votre signalement'} {numbers} : {said}.\n\n{again}"
        f"Les raisons :\n{first.answer}\n\nUne personne a décidé, pas un programme.\n\n"
        f"{_remedies(link_of(notice, Side.SENDER) for notice in notices)}",
        [first.email],
    )


def _notify_merchant(notice: Notice, merchant: MerchantPage) -> None:
    to = [address for address in _of_merchant(merchant) if address]
    if not to:
        log.warning("email_without_recipient", template="notice_merchant")
        return
    is_upheld = notice.state == Notice.State.UPHELD
    told = (
        "Un visiteur nous a signalé un problème sur votre page, et nous retenons son signalement."
        if is_upheld
        else "Nous revenons sur notre décision : le signalement de votre page n’est plus retenu."
    )
    page = f"{settings.SITE_URL}{merchant.public_path}"
    _send(
        f"Signalement {notice.number} de « {merchant.title} » : {'retenu' if is_upheld else 'plus retenu'}",
        f"{told}\n\nPage : {page}\nMotif : {notice.get_reason_display().lower()}\n\n"
        f"Les raisons :\n{notice.answer}\n\nUne personne a décidé, pas un programme.\n\n"
        f"{_remedies([link_of(notice, Side.MERCHANT)])}",
        to,
    )


def tell_of_complaint(complaint: Complaint) -> None:
    """Tell the editors, one of whom did not decide, that a decision is contested."""
    if not (to := addresses_to_notify("complaint")):
        return
    link = f"{settings.SITE_URL}{reverse('complaints:edit', args=[complaint.pk])}"
    number, side = complaint.notice.number, complaint.get_side_display()
    _send(
        f"Réclamation sur le signalement {number}",
        f"Notre décision sur le signalement {number} est contestée par {side}. Une autre personne que celle qui a "
        f"décidé répond.\n\nLire et répondre : {link}",
        to,
    )


def answer_complaint(complaint: Complaint) -> None:
    """Tell who contested a decision what another person answers."""
    notice = complaint.notice
    merchant = merchant_of(notice.page)
    to = [notice.email] if complaint.side == Side.SENDER else (_of_merchant(merchant) if merchant else [])
    if not (to := [address for address in to if address]):
        return
    again = (
        "Le signalement est décidé de nouveau : vous lirez cette décision à la même adresse.\n\n"
        if complaint.outcome == Complaint.Outcome.OVERTURNED
        else ""
    )
    _send(
        f"Réponse à votre réclamation, signalement {notice.number}",
        f"Une autre personne a examiné votre réclamation : {complaint.get_outcome_display()}.\n\n{complaint.answer}\n\n"
        f"{again}{BEYOND}\n\nLe suivi : {link_of(notice, Side(complaint.side))}",
        to,
    )


def _of_merchant(merchant: MerchantPage) -> list[str]:
    to = list(merchant.managers.filter(is_active=True).values_list("email", flat=True))
    return to or [merchant.email]


def _remedies(links: Iterable[str]) -> str:
    where = "\n".join(links)
    return (
        "Vous n’êtes pas d’accord ? Vous avez six mois pour contester cette décision, gratuitement ; une autre "
        f"personne vous répond :\n{where}\n\n{BEYOND}\n"
        f"Vos recours : {settings.SITE_URL}{reverse('terms')}#reclamations"
    )


def _send(subject: str, text: str, to: list[str]) -> None:
    EmailMessage(subject, f"Bonjour,\n\n{text}\n\nJ’achète dans ma région\n{settings.SITE_URL}\n", to=to).send()
