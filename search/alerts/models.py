"""Who wants to be told, of what."""

from datetime import timedelta
from typing import Any

from django.core import signing
from django.db import models
from django.urls import reverse

from search.links import Address
from search.query import Query
from search.understanding.gazetteer import Gazetteer
from search.understanding.parse import parse
from shop.buyers import email_key

UNCONFIRMED = timedelta(days=7)  # an address that nobody confirms is kept
KEPT = timedelta(days=183)  # any other, unless the merchant arrives before
MOST_WAITING = 3  # unconfirmed alerts a mailbox may have, whatever tags its addresses bear
MOST_CONFIRMED = 20

_SALT = "search.alerts"


class AlertQuerySet(models.QuerySet["Alert"]):
    def waiting(self) -> "AlertQuerySet":
        return self.filter(confirmed_at=None)

    def confirmed(self) -> "AlertQuerySet":
        return self.exclude(confirmed_at=None)

    def signed(self, token: str) -> "Alert | None":
        """Return the alert of a link that we sent, or None."""
        try:
            key = signing.loads(token, salt=_SALT)
        except signing.BadSignature:
            return None
        return self.filter(pk=key).first()


class Alert(models.Model):
    """One search that found nobody, or an article that is sold out, and the e-mail address to tell when that changes.

    Nothing else is known of its owner. product: the article; None of a search.
    what: as typed, without the place. category: a slug. place: an INSEE or department code. Each may be "".
    confirmed_at: when the link in the first e-mail was followed; until then nobody is told anything.
    searched_at: merchants published up to then were looked at. email_key: the mailbox, which limits are counted by.
    """

    email = models.EmailField()
    email_key = models.CharField(max_length=254, editable=False)
    what = models.CharField(max_length=200)
    category = models.CharField(max_length=60)
    place = models.CharField(max_length=5)
    product = models.ForeignKey("catalogue.Product", models.CASCADE, null=True, related_name="+")
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    searched_at = models.DateTimeField()

    objects = AlertQuerySet.as_manager()

    class Meta:
        app_label = "regional_search"
        verbose_name = "alerte"
        constraints = [
            models.UniqueConstraint(
                fields=["email", "what", "category", "place"],
                name="one_alert_a_search",
                condition=models.Q(product=None),
            ),
            models.UniqueConstraint(fields=["email", "product"], name="one_alert_an_article"),
        ]
        indexes = [
            models.Index(fields=["made_at"], name="alert_by_age"),
            models.Index(fields=["email_key"], name="alert_by_mailbox"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email_key = email_key(self.email)
        super().save(*args, **kwargs)

    @property
    def link(self) -> str:
        """Where it is confirmed and ended: an address that only its e-mails hold."""
        return reverse("regional_search:alert", args=[signing.dumps(self.pk, salt=_SALT)])

    def url(self, known: Gazetteer) -> str:
        """Return where to look oneself: the article, or the search."""
        return str(self.product.get_absolute_url()) if self.product else self.address(known).url

    def address(self, known: Gazetteer) -> Address:
        """Return the search it repeats, as a page's address."""
        place = known.places.get(self.place) or known.departments.get(self.place)
        return Address(what=self.what, where=place.label if place else "", category=self.category)

    def query(self, known: Gazetteer) -> Query:
        """Return what it looks for, read again."""
        address = self.address(known)
        return parse(known, address.what, address.where, address.category).query
