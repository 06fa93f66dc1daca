"""A visitor's request to a merchant, and which requests a merchant takes."""

from datetime import timedelta
from typing import Any

import pgtrigger
from django.core import signing
from django.db import models
from django.db.models import Q
from django.urls import reverse

from portal.triggers import one_line, refuse
from portal.watch import Note, watched
from shop.buyers import email_key, phone_key

UNCONFIRMED = timedelta(days=7)
KEPT = timedelta(days=60)
LONGEST = 500  # characters of what is wanted, and of a reply
_SALT = "shop.enquiries"

# The condition of docs/requests.md, « Who takes them », on a merchant: {0}, its number; {1}, a kind. In SQL: the
# trigger and the page of the merchant ask the very same.
TAKEN = """
    exists (
        select from directory_merchantmanager access
        join portal_user person on person.id = access.user_id and person.is_active
        join wagtailcore_page page on page.id = access.merchant_id and page.live
        where access.merchant_id = {0}
            and (access.until is null or access.until >= (now() at time zone 'Europe/Paris')::date)
    )
    and not exists (select from shop_storefront shop where shop.merchant_id = {0} and shop.opened_at is not null)
    and not exists (
        select from shop_enquirysetting setting where setting.merchant_id = {0}
            and not case {1} when 'appel' then setting.takes_calls else setting.takes_reservations end
    )
"""
OF_ACCESSES = watched(Note("select 'page:' || merchant_id from changed"), table="directory_merchantmanager")


class Kind(models.TextChoices):
    RESERVE = "reserver", "réserver sans acheter"
    CALL = "appel", "être rappelé"


class EnquirySetting(models.Model):
    """Which requests a merchant takes. None stored: both."""

    merchant = models.OneToOneField(
        "directory.MerchantPage", models.CASCADE, primary_key=True, related_name="enquiry_setting"
    )
    takes_reservations = models.BooleanField("prend des demandes de mise de côté", default=True)
    takes_calls = models.BooleanField("rappelle qui le demande", default=True)

    class Meta:
        app_label = "shop"
        verbose_name = "réglage des demandes"
        triggers = [*watched(Note("select 'page:' || merchant_id from changed")), *OF_ACCESSES]


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def waiting(self) -> "EnquiryQuerySet":
        return self.filter(state=Enquiry.State.WAITING)

    def open(self) -> "EnquiryQuerySet":
        """Those that the merchant knows of and has not answered in time."""
        return self.filter(state=Enquiry.State.SENT)

    def told(self) -> "EnquiryQuerySet":
        """Those that the merchant has been told of."""
        return self.exclude(state=Enquiry.State.WAITING)

    def signed(self, token: str) -> "Enquiry | None":
        """Return the request of a link that we sent, or None."""
        try:
            key = signing.loads(token, salt=_SALT)
        except signing.BadSignature:
            return None
        return self.select_related("merchant__town").filter(pk=key).first()


class Enquiry(models.Model):
    """One request. wanted: what to put aside, or what the call is about; when: when the visitor comes or is reached.

    answer_by, remind_from: set once confirmed. kept_until: the last day on which it is put aside, of a « oui ».
    """

    class State(models.TextChoices):
        WAITING = "a_confirmer", "à confirmer"
        SENT = "envoyee", "envoyée"
        YES = "oui", "oui"
        NO = "non", "non"
        WORD = "mot", "réponse écrite"
        UNANSWERED = "sans_reponse", "sans réponse"
        GIVEN_UP = "retiree", "retirée"

    merchant = models.ForeignKey("directory.MerchantPage", models.CASCADE, related_name="enquiries")
    kind = models.CharField("demande", max_length=8, choices=Kind)
    state = models.CharField("état", max_length=12, choices=State, default=State.WAITING)
    name = models.CharField("nom", max_length=120)
    email = models.EmailField("e-mail")
    email_key = models.CharField(max_length=254, editable=False)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    phone_key = models.CharField(max_length=20, blank=True, editable=False)
    wanted = models.TextField("ce qui est demandé", max_length=LONGEST)
    when = models.CharField("quand", max_length=120, blank=True)
    made_at = models.DateTimeField("demandée le")
    confirmed_at = models.DateTimeField("confirmée le", null=True)
    remind_from = models.DateTimeField("à rappeler dès", null=True)
    reminded_at = models.DateTimeField("rappelée le", null=True)
    answer_by = models.DateTimeField("réponse attendue avant", null=True)
    answered_at = models.DateTimeField("répondue le", null=True)
    kept_until = models.DateField("mis de côté jusqu’au", null=True)
    reply = models.TextField("réponse", max_length=LONGEST, blank=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        app_label = "shop"
        verbose_name = "demande sans achat"
        verbose_name_plural = "demandes sans achat"
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=Kind.CALL) | ~Q(phone="") & ~Q(when=""), name="who_is_called_says_where_and_when"
            ),
            models.CheckConstraint(
                condition=Q(state="a_confirmer", confirmed_at=None, answered_at=None)
                | ~Q(state="a_confirmer") & Q(confirmed_at__isnull=False, answer_by__isnull=False),
                name="nobody_is_told_of_what_is_unconfirmed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["oui", "non", "mot"]) | Q(answered_at__isnull=False),
                name="an_answer_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(kept_until=None) & ~Q(kind=Kind.RESERVE, state="oui")
                | Q(kind=Kind.RESERVE, kept_until__isnull=False, state__in=["oui", "retiree"]),
                name="what_is_put_aside_has_its_day",
            ),
            models.CheckConstraint(condition=~Q(state="mot") | ~Q(reply=""), name="a_written_answer_has_words"),
        ]
        indexes = [
            models.Index(fields=["merchant", "state"], name="enquiry_of_merchant"),
            models.Index(fields=["email_key"], name="enquiry_by_mailbox"),
            models.Index(fields=["made_at"], name="enquiry_by_age"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="somebody_answers",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("confirmed_at"),
                func=one_line(f"""
                    if new.state in ('a_confirmer', 'envoyee') and not ({TAKEN.format("new.merchant_id", "new.kind")})
                    then {refuse("enquiries_are_answered", "Nobody would answer this request.")} end if;
                    return new;
                """),
            )
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email_key, self.phone_key = email_key(self.email), phone_key(self.phone)
        super().save(*args, **kwargs)

    @property
    def link(self) -> str:
        """The path of its page, which only its e-mails hold."""
        return reverse("enquiry", args=[signing.dumps(self.pk, salt=_SALT)])

    @property
    def is_call(self) -> bool:
        return self.kind == Kind.CALL

    @property
    def can_be_answered(self) -> bool:
        return self.state in (self.State.SENT, self.State.UNANSWERED)
