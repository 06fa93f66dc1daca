"""The form of « Prévenez-moi »."""

from datetime import timedelta
from typing import Any

from django import forms

from portal import database_clock, rate_limits
from portal.client_address import UNKNOWN
from portal.rate_limits import Limit
from search.alerts.models import MOST_CONFIRMED, MOST_WAITING, Alert
from search.heading import where_asked
from search.links import Address
from search.query import Within
from search.understanding import gazetteer
from search.understanding.normalize import LONGEST_TEXT
from search.understanding.parse import Unreadable, parse
from shop.buyers import email_key
from shop.products import displayed, stock_of
from shop.wording import written_hour

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BY_VISITOR = Limit("alerts of a visitor", 10, HOUR)
ALL_TOGETHER = Limit("alerts", 300, HOUR)
CONFIRMATIONS = Limit("alert confirmations to an address", 1, DAY)


class AlertForm(forms.Form):
    """An e-mail address, and the search it goes with, in the search's own parameters, or an article's number."""

    email = forms.EmailField(
        label="Votre adresse e-mail",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": "Écrivez votre adresse e-mail : c’est là que nous vous préviendrons.",
            "invalid": "Cette adresse e-mail n’est pas complète. Écrivez-la comme nom@exemple.fr.",
        },
    )
    q = forms.CharField(max_length=LONGEST_TEXT, required=False, widget=forms.HiddenInput)
    ou = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    categorie = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    article = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, address: Address) -> "AlertForm":
        """Return the empty form for a search."""
        return cls(initial={"q": address.what, "ou": address.where, "categorie": address.category})

    def clean(self) -> dict:
        super().clean()
        data = self.cleaned_data
        if "article" in self.errors or data.get("article"):
            data["asked"] = {"what": "", "category": "", "place": "", "product": self._sold_out(data.get("article"))}
            return data
        try:
            reading = parse(gazetteer.current(), data.get("q", ""), data.get("ou", ""), data.get("categorie", ""))
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from error
        if reading.unknown_place:
            raise forms.ValidationError(
                f"Nous ne connaissons pas « {reading.unknown_place} ». Refaites la recherche avec une commune ou un "
                "code postal."
            )
        if reading.is_unplaced:
            title = where_asked(reading)["title"] + ("" if reading.near_me else ".")
            raise forms.ValidationError(
                f"{title} Refaites la recherche avec une commune de la région ou un code postal."
            )
        query = reading.query
        if not (query.words or query.category):
            raise forms.ValidationError("Cherchez d’abord un commerce ou un produit : nous saurons quoi guetter.")
        place = query.place if query.within != Within.ANYWHERE else None
        data["asked"] = {
            "what": reading.what,
            "category": query.category,
            "place": (place.insee_code or place.department_code) if place else "",
            "product": None,
        }
        return data

    def _sold_out(self, pk: int | None) -> Any:
        """Return the article of that number, if it is shown and there is none left."""
        product = displayed(pk=pk).first() if pk else None
        if product is None:
            raise forms.ValidationError("Cet article n’est plus présenté : cherchez-en un autre.")
        if stock_of(product).net_stock_level > 0:
            raise forms.ValidationError("Cet article est de nouveau en vente : rechargez sa page pour l’acheter.")
        return product

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def refusal(self, visitor: str) -> str:
        """Count a request; return why it is one too many, or "". In the transaction of ``save``: nobody overtakes.

        visitor: the network address, as portal.client_address tells it.
        """
        mailbox = email_key(self.cleaned_data["email"])
        if visitor != UNKNOWN and (again := rate_limits.take(BY_VISITOR, visitor)):
            return f"Trop de demandes sont parties de votre connexion. Réessayez après {written_hour(again)}."
        rate_limits.wait_for_turn("alerts", mailbox)
        alerts = Alert.objects.filter(email_key=mailbox)
        if alerts.waiting().count() >= MOST_WAITING:
            return "Des alertes attendent déjà votre accord\u00a0: ouvrez d’abord le lien de l’e-mail reçu."
        if alerts.confirmed().count() >= MOST_CONFIRMED:
            return (
                f"Cette adresse suit déjà {MOST_CONFIRMED} recherches. Arrêtez-en une par le lien d’un de nos e-mails."
            )
        if rate_limits.take(ALL_TOGETHER, rate_limits.EVERYBODY):
            return "Trop de demandes arrivent en ce moment. Réessayez dans une heure."
        return ""

    def save(self) -> Alert | None:
        """Return the new alert if an e-mail must ask for its confirmation; None if that very one exists already.

        None too if its address was asked today: that e-mail's link shows and confirms all that waits for the address.
        """
        now, email = database_clock.now(), self.cleaned_data["email"]
        alert, is_new = Alert.objects.get_or_create(
            email=email, **self.cleaned_data["asked"], defaults={"made_at": now, "searched_at": now}
        )
        return alert if is_new and not rate_limits.take(CONFIRMATIONS, email) else None
