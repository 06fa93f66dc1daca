"""The forms of the desk: a check, a decision on an application, one on a merchant."""

from datetime import date

from django import forms
from django.utils import timezone

from directory.vetting.acts import NO_REASONS
from directory.vetting.kinds import Kind, Means, Result

AUTOMATIC = (Means.REGISTER, Means.STOCK, Means.BODACC, Means.SIGNED)  # what a machine records
BY_HAND = [(means.value, means.label) for means in Means if means not in (*AUTOMATIC, Means.FICTION)]
LONGEST = 3000
CHANGED = "Ce dossier a changé pendant que vous le lisiez : relisez-le, puis décidez."


class CheckForm(forms.Form):
    """One check that a person made. The note stays here; all the rest may be read by everybody."""

    kind = forms.ChoiceField(label="Ce qui est contrôlé", choices=Kind.choices)
    source = forms.ChoiceField(label="Comment", choices=BY_HAND)
    result = forms.ChoiceField(label="Résultat", choices=Result.choices)
    day = forms.DateField(
        label="Le",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Écrivez une date, par exemple 30/11/2026."},
    )
    note = forms.CharField(
        label="Note interne", required=False, max_length=1000, widget=forms.Textarea({"rows": 2}),
        help_text="Jamais publiée. Ne recopiez pas une pièce d’identité.",
    )  # fmt: skip

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError("Ce jour n’est pas encore venu : écrivez celui du contrôle.")
        return day


class ReasonsForm(forms.Form):
    """Reasons that somebody is sent. seen: the state of what they are about when the page was shown."""

    reasons = forms.CharField(
        label="Motifs", max_length=LONGEST, widget=forms.Textarea({"rows": 6}), error_messages={"required": NO_REASONS}
    )
