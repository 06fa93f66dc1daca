"""The forms of the desk in a procedure against a merchant."""

from typing import Any

from django import forms

from directory.vetting.acts import NO_REASONS
from directory.vetting.desk.forms import LONGEST
from directory.vetting.sanctions.kinds import HEARING_DAYS, LONGEST_DAYS, TEMPORARY, Measure, Outcome, Rule, Urgency

DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
WITH_HEARING = ("", "Aucune : le commerçant répond d’abord")
DAYS_WANTED = "Écrivez la durée en jours."


def _text(label: str, rows: int = 4, *, required: str = "", most: int = LONGEST, help_text: str = "") -> Any:
    return forms.CharField(
        label=label,
        max_length=most,
        required=bool(required),
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": required},
        help_text=help_text,
    )


class OpenForm(forms.Form):
    """What is held against a merchant; with an urgency that is proved, decided at once."""

    measure = forms.ChoiceField(label="Mesure envisagée", choices=Measure.choices)
    rule = forms.ChoiceField(label="Règle", choices=Rule.choices)
    facts = _text("Les faits", required="Écrivez les faits, datés : le commerçant les lit.")
    grievance = _text("Ce qui est reproché", required="Écrivez ce qui est reproché : le commerçant y répond.")
    notice = forms.CharField(
        label="Signalement à l’origine", required=False, max_length=12, help_text="Son numéro, par exemple S-00042."
    )
    answer_days = forms.IntegerField(
        label="Jours pour répondre", min_value=HEARING_DAYS, max_value=90, initial=HEARING_DAYS,
        error_messages={"min_value": f"Laissez au moins {HEARING_DAYS} jours.", "required": DAYS_WANTED},
    )  # fmt: skip
    urgency = forms.ChoiceField(
        label="Urgence", required=False,
        choices=[WITH_HEARING, *((one.value, one.label) for one in Urgency if one != Urgency.REPEATED)],
        help_text="Une urgence établie permet de décider sans attendre ; le commerçant répond après.",
    )  # fmt: skip
    proof = _text("Ce qui établit l’urgence", 2, most=1000)
    days = forms.IntegerField(
        label="Durée en urgence, en jours", required=False, min_value=1, max_value=LONGEST_DAYS,
        help_text="Pour un masquage ou une suspension, quinze jours au plus.",
    )  # fmt: skip


class HearForm(forms.Form):
    """The hearing that the merchant asked for."""

    day = forms.DateField(label="Entendu le", widget=DAY, error_messages={"required": "Écrivez le jour."})
    minutes = _text("Compte rendu", required="Écrivez ce qui a été dit, ou que la personne n’est pas venue.")


class ImposeForm(forms.Form):
    """The decision. measure: what was announced; only what it needs is asked."""

    reasons = _text(
        "Motifs de la décision", 6, required=NO_REASONS,
        help_text="Répondez aux observations reçues. Ne nommez personne qui a signalé.",
    )  # fmt: skip
    days = forms.IntegerField(
        label="Durée, en jours", min_value=1, max_value=LONGEST_DAYS, error_messages={"required": DAYS_WANTED}
    )
    urgency = forms.ChoiceField(
        label="Sans préavis de trente jours", required=False, choices=[("", "Avec le préavis"), *Urgency.choices]
    )
    proof = _text("Ce qui l’établit", 2, most=1000)

    def __init__(self, *args: Any, measure: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if measure not in TEMPORARY:
            del self.fields["days"]
        if measure != Measure.END:
            del self.fields["urgency"], self.fields["proof"]


class AnswerForm(forms.Form):
    """The answer to an appeal."""

    outcome = forms.ChoiceField(label="Issue", choices=Outcome.choices)
    reasons = _text("Motifs de la réponse", 6, required=NO_REASONS)
