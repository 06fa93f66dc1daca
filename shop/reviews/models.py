"""Reviews, and who wants to be asked for none."""

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from portal.oscar_settings import ORDER_COLLECTED
from portal.tagged import Tagged
from portal.watch import Note, watched

SHORTEST, LONGEST = 10, 1500  # characters of a review
LONGEST_NAME = 40
LONGEST_REPLY = 1000
SHOWN_FROM = 3  # published reviews from which an average is told


class Refused(models.TextChoices):
    """Why a review is not shown. None of them is its mark: who complains and who praises are read alike."""

    INSULT = "injure", "Il insulte, menace ou accuse quelqu’un sans preuve"
    PERSON = "personne", "Il donne le nom ou les coordonnées d’une personne"
    ELSEWHERE = "sujet", "Il parle d’autre chose que de cette commande"
    ADVERTISING = "publicite", "Il fait de la publicité"
    UNLAWFUL = "illegal", "La loi l’interdit"
    UNREADABLE = "illisible", "On ne peut pas le comprendre"
    OTHER = "autre", "Une autre raison"


class ReviewQuerySet(Tagged):
    def published(self) -> "ReviewQuerySet":
        return self.filter(state=Review.State.PUBLISHED)

    def of_merchant(self, merchant: int) -> "ReviewQuerySet":
        """Return the reviews of a merchant's page, the latest first; its page is told when one comes or goes."""
        own = self.filter(merchant_order__storefront__merchant=merchant).told_by(f"page:{merchant}")
        return own.order_by("-published_at", "-pk")


class Review(models.Model):
    """What the buyer of one handed-over order says of it: one an order, and nobody rewrites what is shown.

    experienced_on: the day of the hand-over. first_name and text: "" once their author is erased. published_at: when
    it was first shown. decided_by: who of the Region's staff read it last.
    """

    class State(models.TextChoices):
        WAITING = "attente", "à relire"
        PUBLISHED = "publie", "publié"
        REFUSED = "refuse", "refusé"
        WITHDRAWN = "retire", "retiré"

    merchant_order = models.OneToOneField("shop.MerchantOrder", models.CASCADE, related_name="review")
    mark = models.PositiveSmallIntegerField("note", validators=[MinValueValidator(1), MaxValueValidator(5)])
    text = models.TextField("avis", max_length=LONGEST)
    first_name = models.CharField("prénom", max_length=LONGEST_NAME)
    experienced_on = models.DateField("jour de la remise")
    written_at = models.DateTimeField("écrit le")
    state = models.CharField("état", max_length=7, choices=State, default=State.WAITING)
    decided_at = models.DateTimeField("relu le", null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField("publié le", null=True)
    reason = models.CharField("motif", max_length=9, choices=Refused, blank=True, default="")
    words = models.CharField("précision", max_length=300, blank=True, default="")
    reply = models.TextField("réponse du commerçant", max_length=LONGEST_REPLY, blank=True, default="")
    replied_at = models.DateTimeField("répondu le", null=True)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        app_label = "shop"
        verbose_name = "avis"
        verbose_name_plural = "avis"
        ordering = ("pk",)
        indexes = [
            models.Index(fields=["written_at"], name="review_by_moment"),
            models.Index(fields=["written_at"], name="review_to_read", condition=models.Q(state="attente")),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(mark__range=(1, 5)), name="a_mark_from_one_to_five"),
            models.CheckConstraint(
                condition=models.Q(state="attente") | models.Q(state="retire") | models.Q(decided_at__isnull=False),
                name="somebody_has_read_it",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="refuse") | ~models.Q(reason=""), name="a_review_is_refused_with_a_reason"
            ),
            models.CheckConstraint(
                condition=~models.Q(reason="autre") | ~models.Q(words=""), name="another_reason_of_refusal_is_told"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="publie") | models.Q(published_at__isnull=False), name="shown_since_a_moment"
            ),
            models.CheckConstraint(
                condition=models.Q(reply="") | models.Q(replied_at__isnull=False), name="replied_at_a_moment"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="of_handed_over_orders",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    if not exists (
                        select from shop_merchantorder part join order_order placed on placed.id = part.order_id
                        where part.id = new.merchant_order_id and placed.status = '{ORDER_COLLECTED}'
                    ) then
                        raise exception 'Order % was not handed over.', new.merchant_order_id
                            using errcode = 'check_violation', constraint = 'only_who_collected_reviews';
                    end if;
                    return new;
                """,
            ),
            # A refused one may be written anew, and is read again; names and texts may be emptied, nothing else moves.
            pgtrigger.Trigger(
                name="never_rewritten",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    if (new.state = old.state or (old.state, new.state) in (('attente', 'publie'),
                            ('attente', 'refuse'), ('attente', 'retire'), ('refuse', 'attente'), ('refuse', 'publie'),
                            ('refuse', 'retire'), ('publie', 'retire'), ('retire', 'publie')))
                        and (old.state = 'refuse' and new.state = 'attente'
                            or new.text in (old.text, '') and new.first_name in (old.first_name, '')
                            and new.mark = old.mark and new.written_at = old.written_at)
                        and (old.replied_at is null or new.replied_at = old.replied_at and new.reply in (old.reply, ''))
                        and (old.published_at is null or new.published_at = old.published_at)
                        and new.merchant_order_id = old.merchant_order_id
                        and new.experienced_on = old.experienced_on
                    then return new; end if;
                    raise exception 'A review is never rewritten, and replied to once.'
                        using errcode = 'check_violation', constraint = 'reviews_are_kept';
                """,
            ),
            *watched(
                Note(
                    "select 'page:' || storefront.merchant_id from changed join shop_merchantorder part on part.id = "
                    "changed.merchant_order_id join shop_storefront storefront on storefront.id = part.storefront_id"
                )
            ),
        ]

    def __str__(self) -> str:
        return f"Avis {self.pk}"

    @property
    def told_reason(self) -> str:
        """Why it is not shown, in one line, or ""."""
        label = "" if self.reason in ("", Refused.OTHER) else str(Refused(self.reason).label)
        return f"{label} ({self.words})" if label and self.words else label or self.words


class ReviewOptOut(models.Model):
    """A mailbox that asked to be asked for no review. key: a keyed hash of the address (shop/reviews/asking.py)."""

    key = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField("demandé le")

    class Meta:
        app_label = "shop"
        verbose_name = "adresse à qui ne plus demander d’avis"
        verbose_name_plural = "adresses à qui ne plus demander d’avis"
