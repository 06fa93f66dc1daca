"""Retention: what is deleted, after how long. One table for `manage.py purge` and for the privacy page."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.timezone import localdate
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision

from directory.audience import models as audience
from directory.models import MerchantManager
from directory.people import access
from directory.people.models import AccessRequest, Invitation
from directory.vetting.documents import retention as documents
from directory.vetting.emptying import empty_applications
from directory.vetting.kinds import OPEN_STEPS, Step
from directory.vetting.models import Application
from directory.vetting.sanctions import retention as sanctions
from directory.vetting.termination import retention as terminations
from home.closing.models import ClosingLetter
from home.closing.phases import Kind
from home.reports.models import Notice
from portal import job_reports, kept_uploads, mail, rate_limits
from portal.models import Consultation, KeptUpload, PersonalDataCopy, QueuedMail, RateCount, User
from portal.privacy import unused
from portal.privacy.erasure import erase_accounts
from portal.purge import Purge
from search.alerts import models as alerts
from search.alerts.models import Alert
from shop import product_imports, pseudonyms, purging
from shop.enquiries import models as enquiries
from shop.enquiries.models import Enquiry
from shop.leaving import models as archives
from shop.models import Message, Purchase, RecallLetter, Review
from shop.recalls import acts as recalls

DAY = timedelta(days=1)


def _sessions(before: datetime, now: datetime) -> QuerySet:
    return Session.objects.filter(expire_date__lt=now)  # each holds the end of its own term


def _unconfirmed_accounts(before: datetime, now: datetime) -> QuerySet:
    """Return the accounts that somebody opened and nobody confirmed: none of staff, merchants and buyers."""
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(
        Exists(addresses),  # accounts that the Region makes have none
        ~Exists(addresses.filter(verified=True)),
        ~Exists(MerchantManager.objects.filter(user=OuterRef("pk"))),
        ~Exists(Purchase.objects.filter(user=OuterRef("pk"))),
        date_joined__lt=before,
        last_login=None,
        is_staff=False,
        is_superuser=False,
        groups=None,
    )


def unused_since(moment: datetime) -> QuerySet:
    """Return the accounts with which nobody has logged in or ordered since then: none of staff and of merchants."""
    return User.objects.filter(
        Q(last_login__lt=moment) | Q(last_login=None),
        ~Exists(MerchantManager.objects.filter(user=OuterRef("pk"))),
        ~Exists(Application.objects.filter(applicant=OuterRef("pk"), state__in=OPEN_STEPS)),
        ~Exists(Purchase.objects.filter(user=OuterRef("pk"), placed_at__gte=moment)),
        date_joined__lt=moment,
        is_staff=False,
        is_superuser=False,
        groups=None,
    )


def _unused_accounts(before: datetime, now: datetime) -> QuerySet:
    return unused_since(before).filter(warned_at__lt=now - unused.NOTICE)


def _decided_applications(before: datetime, now: datetime) -> QuerySet:
    decided = Application.objects.filter(state__in=(Step.REFUSED, Step.WITHDRAWN), changed_at__lt=before)
    return decided.exclude(declared={}, found={}, signals=[], applicant=None)


def _replaced_revisions(before: datetime, now: datetime) -> QuerySet:
    """Return the versions of pages that are older than the one online."""
    newer = Page.objects.annotate(number=Cast("pk", CharField())).filter(
        number=OuterRef("object_id"), live_revision__gt=OuterRef("pk"), latest_revision__gt=OuterRef("pk")
    )
    return Revision.page_revisions.filter(Exists(newer), created_at__lt=before, approved_go_live_at=None)


def _without_author(entries: QuerySet) -> int:
    return entries.update(user=None)


PURGES = (
    Purge("sessions", "une session de navigation", timedelta(seconds=settings.SESSION_COOKIE_AGE),
          "sa dernière utilisation, au plus", _sessions),
    Purge("guest baskets", "un panier sans compte", 30 * DAY, "le dernier article ajouté", purging.guest_baskets),
    Purge("account baskets", "le panier d’un compte", 183 * DAY, "le dernier article ajouté",
          purging.account_baskets),
    Purge("ordered baskets", "un panier commandé (la commande, elle, reste)", 30 * DAY, "la commande",
          purging.ordered_baskets),
    Purge("unconfirmed purchases", "une commande que personne n’a confirmée : nom, e-mail, téléphone, articles",
          7 * DAY, "la fin de la réservation", purging.unconfirmed_purchases, purging.delete_purchases),
    Purge("unconfirmed accounts", "un compte dont l’adresse n’a jamais été confirmée", 30 * DAY,
          "l’inscription", _unconfirmed_accounts),
    Purge("draft applications", "un dossier d’inscription que vous n’avez pas envoyé", 183 * DAY,
          "votre dernière saisie",
          lambda before, now: Application.objects.filter(state=Step.DRAFT, changed_at__lt=before)),
    Purge("unused accounts", "un compte qui ne sert plus, un mois après un e-mail d’avertissement", unused.UNUSED,
          "la dernière connexion ou commande", _unused_accounts, erase_accounts),
    Purge("handed over purchases", "vos nom, e-mail et téléphone dans une commande remise (articles et prix restent)",
          pseudonyms.GUARANTEE, "le retrait", pseudonyms.handed_over, pseudonyms.pseudonymise),
    Purge("cancelled purchases", "vos nom, e-mail et téléphone dans une commande annulée",
          pseudonyms.NOTHING_HANDED_OVER, "l’annulation", pseudonyms.never_handed_over, pseudonyms.pseudonymise),
    Purge("accounts", "une commande, comme pièce comptable", pseudonyms.ACCOUNTS, "la commande",
          pseudonyms.accounts_over, purging.delete_purchases),
    Purge("decided applications", "un dossier d’inscription refusé ou retiré (la décision reste)", 365 * DAY,
          "la décision", _decided_applications, empty_applications),
    Purge("sanctions", "une procédure contre un commerce, votre réponse et la décision", sanctions.KEPT, "la décision",
          sanctions.over, sanctions.delete),
    Purge("terminations", "la demande de fermer la page d’un commerce", sanctions.KEPT, "la demande",
          terminations.over),
    Purge("documents", "une pièce justificative chiffrée", documents.KEPT,
          "la fin du contrat, le refus ou le retrait du dossier", documents.over, documents.delete),
    Purge("access requests", "une demande pour tenir la page d’un commerce", 365 * DAY, "la réponse",
          lambda before, now: AccessRequest.objects.filter(answered_at__lt=before)),
    Purge("invitations", "une invitation à tenir la page d’un commerce", access.VALID,
          "l’envoi", lambda before, now: Invitation.objects.filter(expires_at__lt=now)),
    Purge("unconfirmed alerts", "une alerte que personne n’a confirmée", alerts.UNCONFIRMED, "la demande",
          lambda before, now: Alert.objects.waiting().filter(made_at__lt=before)),
    Purge("alerts", "une alerte confirmée, si aucun commerce n’arrive avant", alerts.KEPT, "la demande",
          lambda before, now: Alert.objects.filter(made_at__lt=before)),
    Purge("notices", "un signalement", 730 * DAY, "notre décision",
          lambda before, now: Notice.objects.exclude(state=Notice.State.NEW).filter(decided_at__lt=before)),
    Purge("closing letters", "une annonce de fermeture du portail", 365 * DAY, "la fermeture, ou son annulation",
          lambda before, now: ClosingLetter.objects.filter(
              Q(plan__ended_at__lt=before) | Q(plan__ended_at=None, plan__kind=Kind.CLOSING, plan__day__lt=before))),
    Purge("recall letters", "le fait que vous avez acheté un article rappelé, et que nous vous l’avons écrit",
          recalls.KEPT, "le rappel", lambda before, now: RecallLetter.objects.filter(recall__decided_at__lt=before)),
    Purge("messages", "un message entre un client et un commerçant sur une commande", 365 * DAY, "son envoi",
          lambda before, now: Message.objects.filter(at__lt=before)),
    Purge("unconfirmed enquiries", "une demande à un commerce que personne n’a confirmée", enquiries.UNCONFIRMED,
          "la demande", lambda before, now: Enquiry.objects.waiting().filter(made_at__lt=before)),
    Purge("enquiries", "une demande sans achat à un commerce, et sa réponse", enquiries.KEPT, "la demande",
          lambda before, now: Enquiry.objects.filter(made_at__lt=before)),
    Purge("reviews", "un avis sur un commerce, sa note et la réponse", 3 * 365 * DAY, "son écriture",
          lambda before, now: Review.objects.filter(written_at__lt=before)),
    Purge("e-mails", "un e-mail que nous vous écrivons, effacé dès l’envoi", mail.KEPT,
          "son écriture, s’il ne peut pas partir", lambda before, now: QueuedMail.objects.filter(made_at__lt=before)),
    Purge("jobs", "une tâche de fond qui a échoué : des numéros, aucun nom", job_reports.KEPT, "l’échec",
          lambda before, now: job_reports.ended(before), job_reports.delete),
    Purge("merchant archives", "le fichier de tout ce qu’un commerce emporte", archives.KEPT, "la demande",
          lambda before, now: archives.MerchantArchive.objects.filter(asked_at__lt=before)),
    Purge("audience", "combien de fois la page d’un commerce a été vue une semaine, sans savoir par qui", audience.KEPT,
          "la semaine", lambda before, now: audience.AudienceWeek.objects.filter(week__lt=localdate(before))),
    Purge("revisions", "une version remplacée d’une page", 730 * DAY, "son écriture", _replaced_revisions),
    Purge("page history", "votre nom dans l’historique d’une page", 730 * DAY, "la modification",
          lambda before, now: PageLogEntry.objects.filter(user__isnull=False, timestamp__lt=before), _without_author),
    Purge("office history", "votre nom dans l’historique de l’administration", 730 * DAY, "la modification",
          lambda before, now: ModelLogEntry.objects.filter(user__isnull=False, timestamp__lt=before), _without_author),
    Purge("consultations", "qui, de l’équipe, a ouvert vos données", 365 * DAY, "la consultation",
          lambda before, now: Consultation.objects.filter(at__lt=before)),
    Purge("copies", "la copie de vos données que vous avez demandée", 7 * DAY, "la demande",
          lambda before, now: PersonalDataCopy.objects.filter(asked_at__lt=before)),
    Purge("product imports", "un fichier d’articles qu’un commerçant a importé", product_imports.UNDONE_FOR,
          "son envoi", lambda before, now: product_imports.over(before)),
    Purge("uploads", "une photo d’un formulaire à corriger", kept_uploads.KEPT_FOR, "l’envoi",
          lambda before, now: KeptUpload.objects.filter(kept_at__lt=before)),
    Purge("counters", "un compteur d’essais, sous une empreinte chiffrée", rate_limits.LONGEST_PERIOD,
          "le premier essai", lambda before, now: RateCount.objects.filter(started_at__lt=before)),
)  # fmt: skip
