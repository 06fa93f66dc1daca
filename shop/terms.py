"""The terms that merchants accept and those of the portal, version by version: none changes once it is published.

A new version takes effect fifteen days after it is published at the earliest (règlement (UE) 2019/1150, art. 3, 2),
unless a law or a danger forbids to wait; the database refuses anything else. Who keeps a
shop is told by e-mail at once.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from hashlib import sha256
from typing import Any

import pgtrigger
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse

from portal import database_clock, jobs
from portal.triggers import one_line, refuse
from portal.watch import Note, watched

NOTICE_DAYS = 15
FIRST = "premiere"


class Audience(models.TextChoices):
    MERCHANTS = "commercants", "Commerçants"
    VISITORS = "visiteurs", "Visiteurs et acheteurs"


class Urgency(models.TextChoices):
    """Why a version need not be told fifteen days before (article 3, 4)."""

    LAW = "loi", "une obligation légale ne laisse pas ce délai"
    DANGER = "danger", "un danger imprévu et imminent : fraude, intrusion, sécurité"


class TermsVersion(models.Model):
    """One version. version: its first day, "2026-12-01", as acceptances keep it. told: e-mails written."""

    audience = models.CharField("pour qui", max_length=11, choices=Audience)
    version = models.CharField("version", max_length=10)
    text = models.TextField("texte")
    in_force_on = models.DateField("s’applique dès le")
    published_at = models.DateTimeField("publiée le", db_default=Now())
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    urgency = models.CharField("sans préavis", max_length=8, choices=Urgency, blank=True, default="")
    urgency_proof = models.TextField("ce qui l’établit", max_length=1000, blank=True, default="")
    told_at = models.DateTimeField("annoncée le", null=True)
    told = models.PositiveIntegerField("e-mails écrits", default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "version des conditions"
        ordering = ("-in_force_on", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["audience", "version"], name="one_version_a_first_day"),
            models.CheckConstraint(name="terms_have_a_text", condition=~models.Q(text="")),
            models.CheckConstraint(
                name="haste_is_proved",
                condition=models.Q(urgency__in=["", FIRST]) | ~models.Q(urgency_proof=""),
            ),
        ]
        triggers = [
            *watched(Note("select 'terms' from changed")),
            pgtrigger.Trigger(
                name="fifteen_days_of_notice",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=one_line(f"""
                    if exists (select from shop_termsversion where audience = new.audience
                        and (new.urgency = '{FIRST}' or in_force_on >= new.in_force_on)) or new.urgency = ''
                        and new.in_force_on < (new.published_at at time zone 'Europe/Paris')::date + {NOTICE_DAYS}
                        or new.published_at > now() + interval '1 minute'
                        or new.published_at < now() - interval '1 minute' and new.urgency <> '{FIRST}'
                    then {refuse("fifteen_days_of_notice", "version % comes too early", "new.version")} end if;
                    return new;
                """),
            ),
            pgtrigger.Trigger(
                name="published_terms_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=one_line(f"""
                    if tg_op = 'DELETE' or to_jsonb(new) - '{{published_by_id, told_at, told}}'::text[]
                        <> to_jsonb(old) - '{{published_by_id, told_at, told}}'::text[]
                    then {refuse("published_terms_stay", "version % is published", "old.version")} end if;
                    return new;
                """),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_audience_display()}, {self.version}"

    @property
    def sha256(self) -> str:
        return sha256(self.text.encode()).hexdigest()

    @property
    def paragraphs(self) -> list[str]:
        return [part.strip() for part in self.text.split("\n\n") if part.strip()]


class Change(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of two versions laid together."""

    change: Change
    text: str


def in_force(audience: str = Audience.MERCHANTS) -> TermsVersion | None:
    """Return the version that applies today, before the first day of all the first one; None where there is none."""
    found = TermsVersion.objects.filter(audience=audience)
    return found.filter(in_force_on__lte=database_clock.today()).first() or found.last()


def newest(audience: str = Audience.MERCHANTS) -> TermsVersion | None:
    """Return the last version that was published, in force or not yet."""
    return TermsVersion.objects.filter(audience=audience).first()


def before(version: TermsVersion) -> TermsVersion | None:
    older = TermsVersion.objects.filter(audience=version.audience, in_force_on__lt=version.in_force_on)
    return older.first()


def changes(old: TermsVersion, new: TermsVersion) -> list[Paragraph]:
    """Return both texts, paragraph by paragraph: what went stands before what took its place."""
    former, latter = old.paragraphs, new.paragraphs
    told: list[Paragraph] = []
    for kind, i, j, k, m in SequenceMatcher(None, former, latter, autojunk=False).get_opcodes():
        if kind == "equal":
            told += [Paragraph(Change.SAME, text) for text in latter[k:m]]
        else:
            told += [Paragraph(Change.REMOVED, text) for text in former[i:j]]
            told += [Paragraph(Change.ADDED, text) for text in latter[k:m]]
    return told


def unaccepted(accepted: models.QuerySet) -> list[TermsVersion]:
    """Return the merchants' versions that are newer than all that these acceptances are of, the newest first.

    accepted: of one shop. Of a shop that has accepted none, none: it is asked by its steps of opening. One query.
    """
    own = TermsVersion.objects.filter(models.Exists(accepted), audience=Audience.MERCHANTS)
    return list(own.exclude(models.Exists(accepted.filter(version__gte=models.OuterRef("version")))))


def address_of(version: TermsVersion) -> str:
    name = "merchant_terms_version" if version.audience == Audience.MERCHANTS else "visitor_terms_version"
    return reverse(name, args=[version.version])


@transaction.atomic
def publish(version: TermsVersion) -> TermsVersion:
    """Publish a version, and have those whom it binds told. Raises IntegrityError where the law's notice is short."""
    version.version = f"{version.in_force_on:%Y-%m-%d}"
    version.save(force_insert=True)
    if version.audience == Audience.MERCHANTS:
        jobs.defer("tell_of_terms", jobs.CLOCK, version_id=version.pk)
    return version


@transaction.atomic
def tell(version_id: int, addresses: Any) -> int:
    """Write to these addresses that a version is published, once; return to how many. A job."""
    version = TermsVersion.objects.select_for_update().get(pk=version_id)
    if version.told_at is not None:
        return 0
    found = sorted(set(addresses))
    context = {
        "version": version,
        "link": f"{settings.SITE_URL}{address_of(version)}",
        "site_url": settings.SITE_URL,
        "space": f"{settings.SITE_URL}/espace/",
    }
    subject = f"Nouvelles conditions à partir du {version.in_force_on:%d/%m/%Y}"
    for address in found:
        EmailMessage(subject, render_to_string("shop/emails/new_terms.txt", context), to=[address]).send()
    version.told_at, version.told = database_clock.now(), len(found)
    version.save(update_fields=["told_at", "told"])
    return len(found)
