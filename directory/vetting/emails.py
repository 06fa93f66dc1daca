"""E-mails of the Region about an application, queued in the transaction of the act that they tell of."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from directory.siret import grouped
from directory.vetting.models import Application
from portal.editors import addresses_to_notify

SUBJECTS = {
    "submitted": "Dossier {} : nous l’avons reçu",
    "resumed": "Dossier {} : vos compléments sont arrivés",
    "asked": "Dossier {} : il manque quelque chose",
    "refused": "Dossier {} : notre décision",
    "accepted": "Dossier {} : bienvenue sur le portail",
}


def acknowledge(application: Application) -> None:
    """Acknowledge receipt with the service and the term. Source: CRPA, articles L112-3 and R112-5."""
    _send("submitted", application)


def tell_resumed(application: Application) -> None:
    _send("resumed", application)


def ask(application: Application) -> None:
    _send("asked", application)


def refuse(application: Application) -> None:
    """Tell reasons, who decided and the remedies. Source: CRPA, articles L211-2 and L212-1; CJA, article R421-1."""
    _send("refused", application)


def accept(application: Application) -> None:
    _send("accepted", application)


def tell_term(application: Application, days: int) -> None:
    """Tell the editors that an application has waited so many days."""
    if not (to := addresses_to_notify("application_term")) or application.due_on is None:
        return
    link = f"{settings.SITE_URL}{reverse('vetting:application', args=[application.number])}"
    EmailMessage(
        f"Dossier {application.number} : {days} jours sans décision",
        f"Bonjour,\n\nLe dossier {application.number} attend une décision depuis {days} jours. Le délai légal finit le "
        f"{application.due_on:%d/%m/%Y}.\n\nLe traiter : {link}\n\nJ’achète dans ma région\n",
        to=to,
    ).send()


def _send(kind: str, application: Application) -> None:
    if application.applicant is None or not application.applicant.is_active:
        return
    context = {
        "kind": kind,
        "name": application.applicant.first_name,
        "number": application.number,
        "siret": grouped(application.siret),
        "title": application.merchant.title if application.merchant else "",
        "page": application.merchant.full_url if application.merchant else "",
        "due_on": application.due_on,
        "sent_at": application.submitted_at,
        "reasons": application.reasons,
        "decider": application.decider,
        "address": _address(application),
        "space": f"{settings.SITE_URL}{reverse('space:home')}",
        "site": settings.SITE_URL,
    }
    EmailMessage(
        SUBJECTS[kind].format(application.number),
        render_to_string("directory/emails/application.txt", context),
        to=[application.applicant.email],
        headers={"Auto-Submitted": "auto-generated"},
    ).send()


def _address(application: Application) -> str:
    """Return where the applicant reads their application."""
    return f"{settings.SITE_URL}{reverse('joining:status', args=[application.number])}"
