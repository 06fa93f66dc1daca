"""Recalls of articles, and who is written to about each (règlements (UE) 2022/2065, art. 32, et 2023/988, art. 22)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse

from portal.triggers import one_line, refuse
from portal.watch import Note, watched


class Recall(models.Model):
    """One article that is not to be used any more: asked for by its merchant, decided by staff.

    While it is asked for or published, the article is off sale (shop/migrations/0018_recalls.py). title, seller,
    identifier: as they were, since the article and the shop may go and the notice stays. slug: "" until published.
    """

    class State(models.TextChoices):
        ASKED = "demande", "demandé par le commerçant"
        PUBLISHED = "publie", "publié"
        DISMISSED = "ecarte", "écarté"

    product = models.ForeignKey("catalogue.Product", models.SET_NULL, null=True, related_name="recalls")
    storefront = models.ForeignKey("shop.Storefront", models.SET_NULL, null=True, related_name="+")
    title = models.CharField("article", max_length=255)
    seller = models.CharField("vendeur", max_length=300)
    identifier = models.CharField("modèle, type ou lot", max_length=80, blank=True)
    slug = models.SlugField("adresse", max_length=80, blank=True, default="")
    reason = models.TextField("motif", max_length=1000)
    risk = models.TextField("risque", max_length=1000)
    what_to_do = models.TextField("que faire", max_length=1000)
    official_link = models.URLField("avis officiel", max_length=300, blank=True)
    state = models.CharField("état", max_length=8, choices=State)
    asked_at = models.DateTimeField("demandé le", db_default=Now())
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField("décidé le", null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answer = models.TextField("pourquoi il est écarté", max_length=1000, blank=True, default="")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "rappel"
        ordering = ("-decided_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["product"], condition=models.Q(state__in=["demande", "publie"]), name="one_recall_an_article"
            ),
            models.UniqueConstraint(fields=["slug"], condition=~models.Q(slug=""), name="one_notice_an_address"),
            models.CheckConstraint(
                name="recalls_tell_why_the_risk_and_what_to_do",
                condition=~models.Q(reason="") & ~models.Q(risk="") & ~models.Q(what_to_do=""),
            ),
            models.CheckConstraint(
                name="decided_recalls_have_a_moment",
                condition=models.Q(state="demande", decided_at=None)
                | models.Q(state="publie", decided_at__isnull=False) & ~models.Q(slug="")
                | models.Q(state="ecarte", decided_at__isnull=False) & ~models.Q(answer=""),
            ),
        ]
        triggers = [
            *watched(Note("select 'recalls' from changed")),
            pgtrigger.Trigger(
                name="notices_are_kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=one_line(f"""
                    if old.state = 'publie' and (tg_op = 'DELETE' or (to_jsonb(new) - '{{product_id, storefront_id,
                        asked_by_id, decided_by_id}}'::text[]) <> (to_jsonb(old) - '{{product_id, storefront_id,
                        asked_by_id, decided_by_id}}'::text[]))
                    then {refuse("notices_are_kept", "recall % is published", "old.id")} end if;
                    if tg_op = 'DELETE' then return old; end if;
                    return new;
                """),
            ),
        ]

    def __str__(self) -> str:
        return f"Rappel : {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("recall", args=[self.slug])


class RecallLetter(models.Model):
    """Whom a recall concerns: one purchase, and the e-mail about it. It holds no address: that is the purchase's.

    units: bought. refused: of these, taken out of the order. unreached_at: since when it is known that no e-mail
    arrives: there is no address, or its server refuses for days.
    """

    recall = models.ForeignKey(Recall, models.CASCADE, related_name="letters")
    purchase = models.ForeignKey("shop.Purchase", models.CASCADE, related_name="+")
    units = models.PositiveIntegerField("unités")
    refused = models.PositiveIntegerField("retirées de la commande", default=0)
    sent_at = models.DateTimeField("écrit le", null=True)
    unreached_at = models.DateTimeField("sans réponse depuis le", null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "lettre de rappel"
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["recall", "purchase"], name="one_letter_a_purchase")]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(sent_at=None, unreached_at=None), name="recall_letters_to_send"
            )
        ]

    def __str__(self) -> str:
        return f"{self.recall_id}: {self.purchase_id}"
