"""The form of an invitation."""

from django import forms

from directory.people.models import Role


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
        ],
        initial=Role.HELPER,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un rôle."},
    )
