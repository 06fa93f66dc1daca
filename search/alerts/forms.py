"""The form of « Prévenez-moi »."""

from datetime import timedelta

from django import forms

from portal import database_clock
from search import gazetteer
from search.alerts.models import MOST_AN_HOUR, MOST_CONFIRMED, MOST_WAITING, Alert
from search.heading import where_asked
from search.links import Address
from search.parse import Unreadable, parse
from search.query import Within
from search.words import LONGEST_TEXT

HOUR = timedelta(hours=1)


class AlertForm(forms.Form):
    """An e-mail address, and the search it goes with, in the search's own parameters."""

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

    @classmethod
    def of(cls, address: Address) -> "AlertForm":
        """Return the empty form for a search."""
        return cls(initial={"q": address.what, "ou": address.where, "categorie": address.category})

    def clean(self) -> dict:
        super().clean()
        data = self.cleaned_data
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
        }
        return data

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        alerts = Alert.objects.filter(email=email)
        if alerts.waiting().count() >= MOST_WAITING:
            raise forms.ValidationError(
                "Des alertes attendent déjà votre accord : suivez d’abord les liens des e-mails reçus."
            )
        if alerts.confirmed().count() >= MOST_CONFIRMED:
            raise forms.ValidationError(
                f"Cette adresse suit déjà {MOST_CONFIRMED} recherches. Arrêtez-en une par le lien d’un de nos e-mails."
            )
        if Alert.objects.waiting().filter(made_at__gt=database_clock.now() - HOUR).count() >= MOST_AN_HOUR:
            raise forms.ValidationError("Trop de demandes arrivent en ce moment. Réessayez dans une heure.")
        return email

    def save(self) -> Alert | None:
        """Return the new alert, or None if that very one exists already."""
        now = database_clock.now()
        alert, is_new = Alert.objects.get_or_create(
            email=self.cleaned_data["email"],
            **self.cleaned_data["asked"],
            defaults={"made_at": now, "searched_at": now},
        )
        return alert if is_new else None
