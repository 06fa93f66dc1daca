"""What a merchant writes in a procedure."""

from django import forms

from directory.vetting.sanctions.answers import EMPTY

LONGEST = 5000


class ObservationForm(forms.Form):
    text = forms.CharField(
        label="Vos observations",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": EMPTY},
        help_text="Les faits, votre explication, ce que vous avez changé. Une personne les lit avant de décider.",
    )
    wants_hearing = forms.BooleanField(label="Je demande à être entendu, seul ou assisté", required=False)


class AppealForm(forms.Form):
    text = forms.CharField(
        label="Pourquoi vous contestez cette décision",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": "Écrivez pourquoi vous contestez cette décision."},
        help_text="Une autre personne que celle qui a décidé la lit et vous répond.",
    )
