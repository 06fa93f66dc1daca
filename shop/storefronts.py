"""The shop of one merchant: whether it is open, what the law wants to be said of it, and its pause."""

from datetime import date
from typing import Any

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.db.models.signals import post_delete
from django.dispatch import receiver

from portal.triggers import one_line, refuse
from shop import watched
from shop.alcohol import Licence
from shop.collection.rules import OF_SHOPS, CollectionRules


class VatRegime(models.TextChoices):
    NORMAL = "normal", "Je facture la TVA"
    EXEMPT = "franchise", "Franchise en base : TVA non applicable, art. 293 B du CGI"


# A shop opens by its steps once who sells has a name, a telephone and an e-mail. What was open before stays open, and
# stands in the staff's list until it is told.
SELLERS_ARE_NAMED = pgtrigger.Trigger(
    name="sellers_are_named",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func=one_line(f"""
        if new.opened_at is not null and not new.skipped_steps and (tg_op = 'INSERT' or old.opened_at is null) and (
            new.legal_name = '' or new.legal_form = '' or not exists (select from directory_merchantpage
            where page_ptr_id = new.merchant_id and phone <> '' and email <> ''))
        then {refuse("sellers_are_named", "shop % has no seller that can be reached", "new.id")} end if;
        return new;
    """),
)


class LegalForm(models.TextChoices):
    SOLE_TRADER = "ei", "Entrepreneur individuel (EI)"
    EURL = "eurl", "EURL"
    SARL = "sarl", "SARL"
    SASU = "sasu", "SASU"
    SAS = "sas", "SAS"
    SA = "sa", "SA"
    PARTNERSHIP = "snc", "SNC"
    COOPERATIVE = "coop", "Coopérative (SCOP, SCIC, SCA)"
    FARM = "agricole", "Société agricole (EARL, GAEC, SCEA)"
    ASSOCIATION = "asso", "Association"
    OTHER = "autre", "Une autre forme"


class Storefront(CollectionRules):
    """One shop: whose page it belongs to, and the Oscar partner that sells for it.

    Its steps of opening, in docs/orders.md: terms (TermsAcceptance), VAT, mediator, rehearsal.
    """

    merchant = models.OneToOneField(
        "directory.MerchantPage", models.CASCADE, verbose_name="commerçant", related_name="storefront"
    )
    partner = models.OneToOneField("partner.Partner", models.PROTECT, related_name="storefront")
    # Written by the database alone (migration 0004): open, not paused, with opening hours and an active manager.
    sells = models.BooleanField("peut vendre", db_default=False, editable=False)

    opened_at = models.DateTimeField("ouverte le", null=True, blank=True, editable=False)
    # Opened before there were steps, or by the demo: it sells, and its page says what is missing.
    skipped_steps = models.BooleanField("ouverte sans les étapes", default=False, editable=False)
    paused_until = models.DateField("en pause, de retour le", null=True, blank=True)

    vat_regime = models.CharField("régime de TVA", max_length=9, choices=VatRegime, blank=True)
    # The regime above holds from this day on; before it, the one below. None: it always held.
    vat_regime_since = models.DateField("depuis le", null=True, blank=True)
    vat_regime_before = models.CharField(max_length=9, choices=VatRegime, blank=True, editable=False)

    # Who sells, as the register of companies knows them (règlement (UE) 2022/2065, art. 30).
    legal_name = models.CharField("raison sociale", max_length=120, blank=True, default="", db_default="")
    legal_form = models.CharField(
        "forme juridique", max_length=8, choices=LegalForm, blank=True, default="", db_default=""
    )

    mediator_name = models.CharField("nom du médiateur", max_length=120, blank=True)
    mediator_address = models.CharField("son adresse postale", max_length=200, blank=True)
    mediator_site = models.URLField("son site internet", max_length=200, blank=True)

    alcohol_licence = models.CharField("licence de vente d’alcool", max_length=10, choices=Licence, blank=True)
    alcohol_licence_number = models.CharField("numéro du récépissé", max_length=60, blank=True)
    alcohol_licence_at = models.DateTimeField("déclarée le", null=True, blank=True, editable=False)

    # Half of its last orders were answered within so many opening minutes, rounded (shop/answering.py); None: too few.
    answer_minutes = models.PositiveIntegerField("répond en", null=True, blank=True, editable=False)

    rehearsal_code = models.CharField(max_length=8, blank=True, editable=False)  # of the fake order that waits
    rehearsed_at = models.DateTimeField("répétition faite le", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "boutique"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opened_at=None)
                | models.Q(skipped_steps=True)
                | ~models.Q(vat_regime="")
                & ~models.Q(mediator_name="")
                & ~models.Q(mediator_address="")
                & ~models.Q(mediator_site="")
                & models.Q(rehearsed_at__isnull=False),
                name="opens_after_its_steps",
            ),
            *OF_SHOPS,
            models.CheckConstraint(
                condition=models.Q(alcohol_licence="", alcohol_licence_number="", alcohol_licence_at=None)
                | ~models.Q(alcohol_licence="")
                & ~models.Q(alcohol_licence_number="")
                & models.Q(alcohol_licence_at__isnull=False),
                name="a_licence_has_its_number",
            ),
        ]
        triggers = [
            SELLERS_ARE_NAMED,
            *watched.STOREFRONT,
            *watched.PRODUCTS,
            *watched.FILED,
            *watched.PICTURES,
            *watched.STOCK,
        ]

    def __str__(self) -> str:
        return self.merchant.title

    @property
    def seller(self) -> str:
        """Who sells, "Au Pain doré, SARL": the legal name and form, or the page's title where nobody has said."""
        if not self.legal_name:
            return self.merchant.title
        form = LegalForm(self.legal_form).label if self.legal_form not in ("", LegalForm.OTHER) else ""
        return ", ".join(filter(None, [self.legal_name, form]))

    def is_vat_exempt(self, day: date) -> bool:
        """Return whether prices hold no VAT on a day: "franchise en base"."""
        return is_vat_exempt(self.vat_regime, self.vat_regime_since, self.vat_regime_before, day)


def is_vat_exempt(regime: str | None, since: date | None, before: str | None, day: date) -> bool:
    """Return what ``Storefront.is_vat_exempt`` does, of its three columns."""
    return (regime if since is None or day >= since else before) == VatRegime.EXEMPT


@receiver(post_delete, sender=Storefront)
def _take_articles_along(instance: Storefront, **kwargs: Any) -> None:
    """Delete what nobody else sold, and its partner in Oscar: what has no seller could be seen and never bought."""
    stock = apps.get_model("partner", "StockRecord").objects
    elsewhere = stock.exclude(partner_id=instance.partner_id).values("product")
    own = stock.filter(partner_id=instance.partner_id).values("product")
    apps.get_model("catalogue", "Product").objects.filter(pk__in=own).exclude(pk__in=elsewhere).delete()
    apps.get_model("partner", "Partner").objects.filter(pk=instance.partner_id).delete()


class TermsAcceptance(models.Model):
    """One manager's « j’accepte » for one shop: the version of the terms, and the hash of its very text."""

    storefront = models.ForeignKey(Storefront, models.CASCADE, related_name="acceptances")
    version = models.CharField("version", max_length=10)
    sha256 = models.CharField("empreinte du texte", max_length=64)
    at = models.DateTimeField("acceptée le", db_default=Now())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "acceptation des conditions"
        verbose_name_plural = "acceptations des conditions"
        constraints = [models.UniqueConstraint(fields=["storefront", "sha256"], name="terms_accepted_once")]
        triggers = [
            pgtrigger.Trigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    if new.by_id is null and to_jsonb(new) - 'by_id' = to_jsonb(old) - 'by_id' then return new; end if;
                    raise exception 'What was accepted is never rewritten.'
                        using errcode = 'check_violation', constraint = 'acceptance_is_kept';
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.storefront_id}: {self.version}"
