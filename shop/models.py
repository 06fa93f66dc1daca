"""Our own tables beside Oscar's: product details, purchases; storefronts and histories stand in modules of their own.

No column is ever added to one of Oscar's models: its migrations would then be ours to merge at each of its versions.
"""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.signing import Signer
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Lower, Now
from django.db.models.lookups import GreaterThanOrEqual
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from directory.querysets import keeps
from portal import database_clock, jobs, picture_names
from portal.fields import CodesField
from portal.oscar_settings import ORDER_CANCELLED, ORDER_READY, ORDER_RECEIVED, ORDER_TO_CONFIRM
from shop import alcohol, order_totals, watched
from shop.allergens import LONGEST_QUESTION, Allergen, question, words
from shop.collection.rules import NEVER_OVERBOOKED, OF_ARTICLES, OF_ORDERS, Weekday, slot_index
from shop.collection.slots import Slot, slot_between
from shop.delivery import guards
from shop.delivery.models import DeliveryMethod, Kind
from shop.enquiries.models import Enquiry, EnquirySetting
from shop.facts import ASKED, CONSTRAINTS, TOLD, SafetyFacts, lacking
from shop.leaving.models import MerchantArchive
from shop.messages.models import Message
from shop.order_history import OrderEvent
from shop.price_history import OF_PROMOTIONS, STRIKES, PriceChange
from shop.product_imports import ProductImport
from shop.recalls.models import Recall, RecallLetter
from shop.receipts.models import Receipt, ReceiptCounter, ReceiptMandate
from shop.reviews.models import Review, ReviewOptOut
from shop.storefronts import Storefront, TermsAcceptance
from shop.substitution.models import Substitution
from shop.terms import TermsVersion
from shop.vat import CENT
from shop.weighing.models import WeighedLine
from shop.withdrawal.exceptions import Exceptions
from shop.withdrawal.models import ExceptedLine, Withdrawal, WithdrawnLine

# What promotions alone write of an article's details, and the database.
OF_PROMOTION = {"promotion_from", "promotion_until", "price_after", "struck_price"}


class ProductDetails(SafetyFacts):
    """What French law and shoppers want to know of a product, beyond Oscar's columns.

    ``may_be_sold`` is worked out by the database from the rest, so that no form, import or query can put
    food on sale whose allergens are unknown, or whose name contradicts what is said of them. Whoever changes a
    product's name otherwise than by ``save()`` calls ``look_over``.
    """

    class VatRate(models.TextChoices):
        """Rates in force in metropolitan France (CGI art. 278, 278-0 bis, 279, 281 quater)."""

        STANDARD = "20", "20 %"
        INTERMEDIATE = "10", "10 %"
        REDUCED = "5.5", "5,5 %"
        SUPER_REDUCED = "2.1", "2,1 %"

    class Measure(models.TextChoices):
        KILOGRAM = "kg", "le kilo"
        LITRE = "l", "le litre"
        PIECE = "piece", "la pièce"

    product = models.OneToOneField("catalogue.Product", models.CASCADE, related_name="details")
    vat_rate = models.CharField("taux de TVA", max_length=4, choices=VatRate, default=VatRate.STANDARD)
    unit = models.CharField("vendu par", max_length=40, help_text="Par exemple : 500 g, bouteille de 75 cl, la pièce.")
    measure = models.CharField("prix ramené à", max_length=5, choices=Measure, default=Measure.PIECE)
    quantity = models.DecimalField(
        "quantité",
        max_digits=12,
        decimal_places=6,  # a milligram of what is sold by the kilo
        default=1,
        validators=[MinValueValidator(Decimal("0.000001"), "Écrivez une quantité plus grande que zéro.")],
        help_text="En kilos ou en litres, pour le prix à l’unité de mesure : 0,5 pour 500 g.",
    )
    # Sold by weight: each piece is weighed when it is prepared, ``quantity`` is what one weighs about, and the stock's
    # price is that of one such piece, written by the database (shop/weighing/).
    price_per_kilo = models.DecimalField(
        "vendu au poids : prix TTC du kilo",
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(CENT, "Écrivez un prix plus grand que zéro.")],
        help_text="Pour ce qui se pèse à la préparation, comme une part de fromage ou un rôti. Écrivez aussi ce que "
        "pèse une pièce environ : son prix en est tiré. Vide : le prix est le même pour chaque pièce.",
    )
    label = models.CharField("label", max_length=20, blank=True, help_text="AOP, IGP, AB…")
    is_food = models.BooleanField("se mange ou se boit", null=True, default=None)  # None: nobody has said
    allergens_known = models.BooleanField("j’ai vérifié les quatorze allergènes", default=False)
    allergens = CodesField(
        models.CharField(max_length=20, choices=Allergen), verbose_name="contient", default=list, blank=True
    )
    traces = CodesField(
        models.CharField(max_length=20, choices=Allergen),
        verbose_name="peut contenir des traces de",
        default=list,
        blank=True,
    )
    # When it can be collected, beyond the shop's own rules (docs/collection.md).
    lead_hours = models.PositiveSmallIntegerField("sur commande, en heures", default=0, db_default=0)
    only_on = CodesField(
        models.CharField(max_length=8, choices=Weekday), verbose_name="seulement le", default=list, blank=True
    )

    withdrawal_exception = models.CharField(
        "peut-on le rendre ?",
        max_length=10,
        choices=[("", "Oui : le client a quatorze jours après l’avoir reçu"), *Exceptions.choices],
        blank=True,
        default="",
        help_text="Les exceptions sont celles de la loi (art. L221-28), et dites au client avant l’achat. "
        "Une confiture ou un vin n’en est pas une. Pour un nouvel article, laissé tel quel, c’est son nom qui décide.",
    )

    is_alcohol = models.BooleanField("boisson de plus de 1,2 % d’alcool", null=True, default=None)  # None: unsaid
    # Written by the database alone (migration 0010): a drink with alcohol, at a shop that has declared its licence.
    is_licensed = models.BooleanField(db_default=False, editable=False)

    # A promotion (docs/promotions.md): since when and until which day the price is lower, and what it is again after.
    promotion_from = models.DateTimeField("en promotion depuis le", null=True, blank=True, editable=False)
    promotion_until = models.DateField("en promotion jusqu’au", null=True, blank=True, editable=False)
    price_after = models.DecimalField(
        "prix après la promotion", max_digits=12, decimal_places=2, null=True, blank=True, editable=False
    )
    # Written by the database alone (shop/price_history.py); None: nothing may be struck.
    struck_price = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True, editable=False)

    # What the article's name makes us ask, "" for nothing, and the question to which the merchant said « yes »: another
    # name or answer makes another question.
    question = models.CharField("question", max_length=LONGEST_QUESTION, blank=True, default="", editable=False)
    confirmed = models.CharField("confirmé", max_length=LONGEST_QUESTION, blank=True, default="", editable=False)
    may_be_sold = models.GeneratedField(
        expression=models.Case(
            models.When(is_recalled=True, then=False),
            models.When(~models.Q(question="") & ~models.Q(question=models.F("confirmed")), then=False),
            models.When(is_alcohol=True, is_licensed=False, then=False),
            models.When(models.Q(is_food=False) & (models.Q(facts_due_on__isnull=False) | TOLD), then=True),
            models.When(is_food=False, then=False),
            models.When(is_alcohol=None, then=False),
            models.When(is_food=True, allergens_known=True, then=True),
            default=False,
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = "fiche produit"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(is_food=False) | models.Q(allergens=[], traces=[]), name="only_food_has_allergens"
            ),
            models.CheckConstraint(
                condition=models.Q(price_per_kilo=None)
                | models.Q(measure="kg", price_per_kilo__gt=0)
                & models.Q(
                    GreaterThanOrEqual(
                        models.F("price_per_kilo") * models.F("quantity"), models.Value(Decimal("0.005"))
                    )
                ),
                name="what_is_weighed_has_a_price",
            ),
            *OF_ARTICLES,
            *OF_PROMOTIONS,
            *CONSTRAINTS,
        ]
        triggers = [*watched.DETAILS, STRIKES]

    def save(self, **kwargs: Any) -> None:
        """Store it; what others may have ended meanwhile, only where ``update_fields`` names it."""
        self.question = self.asked(self.product.title, self.product.description)
        if not self._state.adding and kwargs.get("update_fields") is None:
            kept = OF_PROMOTION | {"facts_due_on"}
            written = {field.name for field in self._meta.concrete_fields if not (field.primary_key or field.generated)}
            kwargs["update_fields"] = written - kept
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "question"}
        super().save(**kwargs)

    @property
    def allergens_told(self) -> str:
        """What a shopper reads, "" of what is no food."""
        return words(self.allergens_known, self.allergens, self.traces) if self.is_food else ""

    @property
    def missing(self) -> str:
        """What keeps the article from being sold, told to its merchant, or ""."""
        if self.is_recalled:
            return "Rappelé : il ne se vend plus"
        if self.is_food is None:
            return "Dites s’il se mange ou se boit : complétez pour vendre"
        if self.is_food and not self.allergens_known:
            return "Il manque les allergènes : complétez pour vendre"
        if self.is_food and self.is_alcohol is None:
            return "Dites s’il contient de l’alcool : complétez pour vendre"
        if self.is_alcohol and not self.is_licensed:
            return "Déclarez votre licence dans « Ma boutique » : sans elle, l’alcool ne se vend pas"
        if self.is_food is False and self.facts_due_on is None and (gaps := lacking(vars(self))):
            return f"Il manque {ASKED[gaps[0]]} : complétez pour vendre"
        return "" if self.question in ("", self.confirmed) else f"À confirmer pour vendre : {self.question}"

    def asked(self, title: str, description: str) -> str:
        """Return what a name and description make us ask of these answers (see ``asked_of``)."""
        answered = self.allergens if self.allergens_known or not self.is_food else None
        if answered is None:
            return ""
        return asked_of(title, description, self.is_food, answered, self.is_alcohol)


def asked_of(
    title: str, description: str, is_food: bool | None, contained: Collection[str], is_alcohol: bool | None
) -> str:
    """Return what to ask a merchant whose answers an article's name contradicts, or "" (shop.allergens, alcohol)."""
    asked = (question(title, description, is_food, contained), alcohol.question(title, is_alcohol if is_food else None))
    return " ".join(filter(None, asked))[:LONGEST_QUESTION]


def look_over(product: Any) -> None:
    """Ask again what a product's name and description make us ask, after they or its details changed."""
    details = ProductDetails.objects.filter(product=product).first()
    if details is not None and details.question != (asked := details.asked(product.title, product.description)):
        ProductDetails.objects.filter(pk=details.pk).update(question=asked)


@receiver(post_save, sender="catalogue.ProductImage")
def _have_sizes_made(instance: Any, **kwargs: Any) -> None:
    """Have the worker make the sizes of a product picture that waits for them."""
    if picture_names.is_waiting(instance.original.name):
        jobs.wake("size_pictures", jobs.PICTURES)


@receiver(post_save, sender="directory.Category")
def _mirror_category(instance: Any, **kwargs: Any) -> None:
    """Keep Oscar's tree what the directory's is: nobody edits it."""
    from shop.categories import mirror

    if not kwargs["raw"]:
        mirror([instance.parent, instance] if instance.parent else [instance])


@receiver(post_save, sender="catalogue.Product")
def _look_over_saved(instance: Any, **kwargs: Any) -> None:
    if not kwargs["raw"]:
        look_over(instance)


__all__ = [
    "DeliveryMethod",
    "Enquiry",
    "EnquirySetting",
    "ExceptedLine",
    "MerchantArchive",
    "MerchantOrder",
    "Message",
    "OrderEvent",
    "PriceChange",
    "ProductDetails",
    "ProductImport",
    "Purchase",
    "Recall",
    "RecallLetter",
    "Receipt",
    "ReceiptCounter",
    "ReceiptMandate",
    "Review",
    "ReviewOptOut",
    "Storefront",
    "Substitution",
    "TermsAcceptance",
    "TermsVersion",
    "WeighedLine",
    "Withdrawal",
    "WithdrawnLine",
]

WAITING = (ORDER_TO_CONFIRM, ORDER_RECEIVED, ORDER_READY)  # orders whose goods are promised and not yet gone
TO_PREPARE = (ORDER_RECEIVED,)  # of these, those whose merchants have not made them ready


class PurchaseQuerySet(models.QuerySet):
    def of(self, user: Any) -> "PurchaseQuerySet":
        """Return what ``user`` bought: logged in, or as a guest with an address that is verified as the user's *now*.

        Nothing is copied: a guest's purchase follows its e-mail address to the account that proves to have it, whether
        the account came first or the purchase. What a stranger placed in another's name and nobody confirmed stays out.
        """
        verified = user.emailaddress_set.filter(verified=True).values_list("email", flat=True)
        own = models.Q(user=user)
        as_guest = models.Q(user=None, address__in=[email.lower() for email in verified])
        is_serious = models.Q(confirmed_at__isnull=False) | models.Q(confirm_by__gt=database_clock.now())
        return self.annotate(address=Lower("email")).filter(own | as_guest & is_serious)

    def open(self) -> "PurchaseQuerySet":
        """Return those of which something waits to be confirmed, prepared or collected."""
        waiting = MerchantOrder.objects.filter(purchase=models.OuterRef("pk"), order__status__in=WAITING)
        return self.filter(models.Exists(waiting))

    def with_orders(self) -> "PurchaseQuerySet":
        """Load each merchant's order, its lines, and where it is collected."""
        return self.prefetch_related(
            models.Prefetch("merchant_orders", MerchantOrder.objects.with_details().order_by("pk"))
        )

    def with_tickets(self) -> "PurchaseQuerySet":
        """Load what the page of a purchase shows: each merchant's order, with its history."""
        return self.prefetch_related(
            models.Prefetch(
                "merchant_orders", MerchantOrder.objects.with_tickets().prefetch_related("receipts").order_by("pk")
            )
        )


class Purchase(models.Model):
    """One checkout: everything a shopper bought at once, with one order for each merchant.

    ``basket`` is the idempotency key: a double click finds the purchase already made. It goes with the buyer's account;
    the purchase stays, as the law on accounts asks (C. com. art. L123-22).
    """

    number = models.CharField("numéro", max_length=12, unique=True)
    basket = models.OneToOneField("basket.Basket", models.SET_NULL, null=True, related_name="purchase")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="purchases")
    name = models.CharField("nom", max_length=120)
    email = models.EmailField("adresse e-mail")
    phone = models.CharField("téléphone", max_length=20)
    note = models.TextField("mot pour les commerçants", max_length=500, blank=True)
    # Where what is delivered goes; "" where all is collected, and the INSEE code of a parcel's town beyond the region.
    delivery_street = models.CharField("adresse de livraison", max_length=200, blank=True, default="", db_default="")
    delivery_postal_code = models.CharField("code postal", max_length=5, blank=True, default="", db_default="")
    delivery_town = models.CharField("commune", max_length=80, blank=True, default="", db_default="")
    delivery_insee = models.CharField(max_length=5, blank=True, default="", db_default="", editable=False)
    placed_at = models.DateTimeField("date", db_default=Now())
    confirm_by = models.DateTimeField("à confirmer avant", null=True, blank=True)
    confirmed_at = models.DateTimeField("confirmée le", null=True, blank=True)
    # By e-mail, with the standard form; never: the right lasts a year more (shop/withdrawal/period.py).
    told_of_withdrawal_at = models.DateTimeField("rétractation expliquée le", null=True, blank=True, editable=False)
    adult_declared_at = models.DateTimeField("majorité déclarée le", null=True, blank=True)  # None: nothing asked it
    # What limits are counted by: shop/buyers.py writes them.
    email_key = models.CharField(max_length=254, default="", editable=False)
    phone_key = models.CharField(max_length=20, default="", editable=False)
    visitor_key = models.CharField(
        max_length=64, default="", blank=True, editable=False
    )  # empty once confirmed or over
    review_asked_at = models.DateTimeField("avis demandé le", null=True, blank=True, editable=False)
    # Since when nothing in it names anybody; it stays for the accounts (shop/personal_data.py).
    pseudonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PurchaseQuerySet.as_manager()

    class Meta:
        verbose_name = "achat"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_at__isnull=False) | models.Q(confirm_by__isnull=False),
                name="confirmed_or_to_confirm",
            ),
            models.CheckConstraint(
                condition=models.Q(pseudonymised_at=None)
                | models.Q(name="", email="", phone="", note="", email_key="", phone_key="", visitor_key="", user=None)
                & models.Q(delivery_street="", delivery_postal_code="", delivery_town="", delivery_insee=""),
                name="pseudonymised_purchases_name_nobody",
            ),
        ]
        indexes = [
            models.Index(Lower("email"), name="guest_purchase_by_address", condition=models.Q(user=None)),
            models.Index(fields=["email_key"], name="purchase_by_email_key"),
            models.Index(fields=["phone_key"], name="purchase_by_phone_key"),
            models.Index(fields=["visitor_key"], name="purchase_by_visitor_key", condition=~models.Q(visitor_key="")),
            models.Index(fields=["confirm_by"], name="purchase_to_confirm", condition=models.Q(confirmed_at=None)),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("checkout:thank-you", args=[self.number])

    @property
    def delivery_address(self) -> str:
        """Where it is delivered, on one line: "4 rue des Fossés, 26150 Die"; "" where nothing is."""
        town = f"{self.delivery_postal_code} {self.delivery_town}"
        return f"{self.delivery_street}, {town}" if self.delivery_street else ""

    @property
    def key(self) -> str:
        """What opens this purchase's page to whoever got it by e-mail."""
        return Signer(salt="shop.purchase").signature(self.number)

    @property
    def link(self) -> str:
        """The absolute address for an e-mail."""
        return f"{settings.SITE_URL}{self.get_absolute_url()}?cle={self.key}"

    @property
    def calendar_link(self) -> str:
        """The absolute address of its times in a calendar file."""
        return f"{settings.SITE_URL}{reverse('checkout:calendar', args=[self.number])}?cle={self.key}"

    @property
    def is_named_and_confirmed(self) -> bool:
        """Whether there is a buyer whom its merchants know of."""
        return self.confirmed_at is not None and self.pseudonymised_at is None

    def is_opened_by(self, key: str) -> bool:
        return constant_time_compare(key, self.key)

    @property
    def confirmation_key(self) -> str:
        """What confirms this purchase; only the e-mail to its address tells it."""
        return Signer(salt="shop.purchase.confirmation").signature(self.number)

    @property
    def confirmation_link(self) -> str:
        return f"{settings.SITE_URL}{reverse('checkout:confirm', args=[self.number])}?cle={self.confirmation_key}"

    def is_confirmed_by(self, key: str) -> bool:
        return constant_time_compare(key, self.confirmation_key)

    @property
    def withdrawal_key(self) -> str:
        """What opens « Renoncer au contrat ici » for this purchase, and nothing else of it."""
        return Signer(salt="shop.purchase.withdrawal").signature(self.number)

    @property
    def withdrawal_path(self) -> str:
        return f"{reverse('withdrawal:declare', args=[self.number])}?cle={self.withdrawal_key}"

    def is_withdrawn_by(self, key: str) -> bool:
        return constant_time_compare(key, self.withdrawal_key)

    def is_held(self, now: datetime) -> bool:
        """Return whether its link can still confirm it."""
        return self.confirmed_at is None and self.confirm_by is not None and now < self.confirm_by

    @property
    def total(self) -> Decimal:
        """Euros, VAT included, without the orders that were cancelled."""
        orders = [merchant_order.order for merchant_order in self.merchant_orders.all()]
        return sum((order.total_incl_tax for order in orders if order.status != ORDER_CANCELLED), Decimal(0))


class MerchantOrderQuerySet(models.QuerySet):
    def with_details(self) -> "MerchantOrderQuerySet":
        """Load the order, its lines, and the merchant with the town."""
        lines = models.Prefetch("order__lines", apps.get_model("order", "Line").objects.select_related("weighed"))
        return self.select_related("order", "purchase", "storefront__merchant__town").prefetch_related(lines)

    def with_tickets(self) -> "MerchantOrderQuerySet":
        """Load what a ticket shows: the details, the history and the review."""
        history = models.Prefetch("events", OrderEvent.objects.select_related("by"))
        return self.with_details().select_related("review").prefetch_related(history, "substitutions")

    def confirmed(self) -> "MerchantOrderQuerySet":
        """Return those that merchants know of."""
        return self.filter(purchase__confirmed_at__isnull=False)

    def managed_by(self, user: Any) -> "MerchantOrderQuerySet":
        return self.filter(keeps(user, "storefront__merchant__accesses__"))

    def unanswered(self) -> "MerchantOrderQuerySet":
        """Return those that wait for a first word of their merchant."""
        return self.filter(order__status=ORDER_RECEIVED, answered_at=None)


class MerchantOrder(models.Model):
    """The part of a purchase that one merchant prepares: an Oscar order, whose it is, and its collection code."""

    class Cancelled(models.TextChoices):
        MERCHANT = "commercant", "annulée par le commerçant"
        STAFF = "equipe", "annulée par l’équipe du portail"
        BUYER = "acheteur", "annulée par l’acheteur"
        UNCONFIRMED = "confirmation", "non confirmée à temps"
        GIVEN_UP = "abandon", "abandonnée avant d’être confirmée"
        CLOSED = "fermee", "boutique fermée avant la confirmation"
        UNANSWERED = "reponse", "restée sans réponse du commerçant"
        UNPREPARED = "preparation", "non préparée à temps"
        UNCOLLECTED = "retrait", "non retirée à temps"
        WITHDRAWN = "retractee", "l’acheteur y a renoncé"

    order = models.OneToOneField("order.Order", models.CASCADE, related_name="merchant_order")
    purchase = models.ForeignKey(Purchase, models.CASCADE, related_name="merchant_orders")
    storefront = models.ForeignKey(Storefront, models.PROTECT, related_name="merchant_orders")
    collection_code = models.CharField("code de retrait", max_length=8)
    delivery = models.CharField("livraison", max_length=8, choices=Kind, blank=True, default="", db_default="")
    # Told to both when the order gets there; the clock keeps them (shop/deadlines.py). Both days inclusive.
    # The clock of who has not answered, set once the buyer has confirmed (shop/answering.py). None: it does not run.
    remind_from = models.DateTimeField("à rappeler au commerçant dès", null=True, blank=True)
    call_from = models.DateTimeField("à appeler dès", null=True, blank=True)
    answer_by = models.DateTimeField("à accepter avant", null=True, blank=True)
    answered_at = models.DateTimeField("première réponse le", null=True, blank=True)
    answer_reminded_at = models.DateTimeField("rappel de répondre le", null=True, blank=True)
    prepare_by = models.DateField("à préparer jusqu’au", null=True, blank=True)
    collect_by = models.DateField("à retirer jusqu’au", null=True, blank=True)
    # When the buyer comes, or the round that brings it; None: the merchant says when. docs/collection.md, delivery.md
    collect_from = models.DateTimeField("retrait à partir de", null=True, blank=True)
    collect_until = models.DateTimeField("retrait jusqu’à", null=True, blank=True)
    # Another time that the merchant proposes and the buyer has not answered.
    proposed_from = models.DateTimeField("proposé à partir de", null=True, blank=True)
    proposed_until = models.DateTimeField("proposé jusqu’à", null=True, blank=True)
    reminded_at = models.DateTimeField("rappel envoyé le", null=True, blank=True)
    merchant_reminded_at = models.DateTimeField("rappel au commerçant le", null=True, blank=True)
    # Written by the database alone (migration 0010): something that is still to be collected is a drink with alcohol.
    has_alcohol = models.BooleanField(db_default=False, editable=False)
    identity_checked_at = models.DateTimeField("identité contrôlée le", null=True, blank=True)
    cancelled_because = models.CharField("motif d’annulation", max_length=12, choices=Cancelled, blank=True)

    objects = MerchantOrderQuerySet.as_manager()

    class Meta:
        verbose_name = "commande d’un commerçant"
        verbose_name_plural = "commandes des commerçants"
        constraints = [
            models.UniqueConstraint(fields=["purchase", "storefront"], name="one_order_a_merchant"),
            *OF_ORDERS,
        ]
        indexes = [
            slot_index(),
            models.Index(fields=["answer_by"], name="order_to_answer", condition=models.Q(answered_at=None)),
        ]
        triggers = [*order_totals.TRIGGERS, NEVER_OVERBOOKED, *guards.TRIGGERS, *watched.SLOTS]

    @property
    def slot(self) -> Slot | None:
        """When the buyer comes, or the round passes, if that is agreed."""
        return slot_between(self.collect_from, self.collect_until)

    @property
    def proposal(self) -> Slot | None:
        """Another time that the buyer has not answered yet."""
        return slot_between(self.proposed_from, self.proposed_until)
