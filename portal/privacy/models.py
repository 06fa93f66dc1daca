"""Copies of a person's data, erasures done, what staff opened, and when each kind of data was last purged."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class PersonalDataCopy(models.Model):
    """A copy of all that is kept of one person, asked for by an account or by the link sent to an address.

    email: of whom, and where the link goes. content: a ZIP; None until the job has made it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    email = models.EmailField()
    asked_at = models.DateTimeField(db_default=Now(), db_index=True)
    made_at = models.DateTimeField(null=True)
    content = models.BinaryField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "portal"


class ErasureRecord(models.Model):
    """That somebody was erased, and what became of how many rows; it names nobody.

    way: how it was asked for. outcome: the number of rows by holding.
    """

    class Way(models.TextChoices):
        ACCOUNT = "compte", "depuis le compte"
        LINK = "lien", "par le lien d’un e-mail"
        OFFICE = "equipe", "par l’administration"
        TERM = "terme", "compte inutilisé"

    way = models.CharField("demandé", max_length=6, choices=Way)
    at = models.DateTimeField("fait le", db_default=Now())
    outcome = models.JSONField("résultat", default=dict)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "portal"
        ordering = ["-at", "-pk"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]


class Consultation(models.Model):
    """One time that somebody of the staff opened or exported personal data in the office. Rows are only added.

    holdings: names of the register's lines, separated by commas. path: of the page, without its query.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="par", null=True, related_name="+")
    at = models.DateTimeField("le", db_default=Now(), db_index=True)
    path = models.CharField("page", max_length=300)
    holdings = models.CharField("données", max_length=300)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "portal"
        verbose_name = "consultation de données personnelles"
        verbose_name_plural = "consultations de données personnelles"
        ordering = ["-at", "-pk"]
        triggers = [
            pgtrigger.Trigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    if new.by_id is null and to_jsonb(new) - 'by_id' = to_jsonb(old) - 'by_id' then return new; end if;
                    raise exception 'What staff opened is never rewritten.'
                        using errcode = 'check_violation', constraint = 'consultations_are_kept';
                """,
            )
        ]


class PurgeReport(models.Model):
    """When one kind of data (portal.purge.Purge) was last purged, and of how many rows since it is known."""

    kind = models.CharField(max_length=60, unique=True)
    ran_at = models.DateTimeField()
    rows = models.PositiveBigIntegerField(default=0)

    class Meta:
        app_label = "portal"
