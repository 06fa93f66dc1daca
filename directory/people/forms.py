"""The form of an invitation."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from directory.people.access import Mandate
from directory.people.models import Role
from portal import grammar

LONGEST_MANDATE = timedelta(days=366)

EXAMPLE = f"Par exemple : Mairie {grammar.of(settings.REGION.example.town)}."


class InvitationForm(forms.Form):
    email = forms.EmailField(
        label="Adresse e-mail de la personne",
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("required", "invalid"), "Écrivez une adresse entière, par exemple lea@mon-commerce.fr."
        ),
    )
    role = forms.ChoiceField(
        label="Son rôle",
        choices=[
            (Role.HELPER, "Aide : tient la page, les produits et les commandes"),
            (Role.OWNER, "Responsable : peut aussi inviter et retirer des personnes"),
            (Role.MANDATE, "Mandataire : une mairie ou une chambre, jusqu’à un jour ; chacun de ses actes est noté"),
        ],
        initial=Role.HELPER,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un rôle."},
    )
    agency = forms.CharField(
        label="Pour un mandat : l’organisme",
        required=False,
        max_length=120,
        help_text=EXAMPLE,
    )
    until = forms.DateField(
        label="Pour un mandat : son dernier jour",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="Un an au plus.",
        error_messages={"invalid": "Écrivez une date, par exemple 30/06/2027."},
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("role") != Role.MANDATE:
            return told | {"agency": "", "until": None}
        today = timezone.localdate()
        if not told.get("agency"):
            self.add_error("agency", "Écrivez l’organisme qui agira pour vous.")
        if "until" in told and not (told["until"] and today < told["until"] <= today + LONGEST_MANDATE):
            self.add_error("until", "Écrivez le dernier jour du mandat : après aujourd’hui, dans un an au plus.")
        return told

    @property
    def mandate(self) -> Mandate | None:
        told = self.cleaned_data
        return Mandate(told["agency"], told["until"]) if told["role"] == Role.MANDATE else None
