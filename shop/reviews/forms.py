"""What buyers, merchants and staff type about a review."""

from typing import Any

from django import forms

from shop.models import Review
from shop.reviews.models import LONGEST, LONGEST_NAME, LONGEST_REPLY, SHORTEST, Refused

MARKS = (
    ("5", "5, très content"),
    ("4", "4, content"),
    ("3", "3, correct"),
    ("2", "2, déçu"),
    ("1", "1, très déçu"),
)


class ReviewForm(forms.Form):
    mark = forms.TypedChoiceField(
        label="Votre note sur 5",
        choices=MARKS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une note, de 1 à 5."},
    )
    text = forms.CharField(
        label="Votre avis",
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 6}),
        help_text="Ce que vous avez acheté, comment vous avez été servi. Ne nommez personne.",
        error_messages={
            "required": "Écrivez votre avis, en une phrase au moins.",
            "min_length": "Écrivez une phrase au moins : votre note seule n’aide personne.",
            "max_length": f"Cet avis est trop long : {LONGEST} caractères au plus.",
        },
    )
    first_name = forms.CharField(
        label="Prénom montré à côté de votre avis",
        max_length=LONGEST_NAME,
        widget=forms.TextInput({"autocomplete": "given-name"}),
        help_text="Un surnom convient aussi. Rien d’autre de vous n’est montré.",
        error_messages={
            "required": "Écrivez un prénom ou un surnom.",
            "max_length": f"Écrivez un prénom seul : {LONGEST_NAME} caractères au plus.",
        },
    )

    def clean_first_name(self) -> str:
        typed = " ".join(str(self.cleaned_data["first_name"]).split())
        if "@" in typed or sum(character.isdigit() for character in typed) > 3:
            raise forms.ValidationError("Écrivez un prénom seul, sans adresse ni numéro : tout le monde le lira.")
        return typed


class ReplyForm(forms.Form):
    text = forms.CharField(
        label="Votre réponse, publique",
        min_length=SHORTEST,
        max_length=LONGEST_REPLY,
        widget=forms.Textarea({"rows": 4}),
        help_text="Une seule par avis : elle ne se modifie pas. Ne dites rien qui permette de reconnaître le client.",
        error_messages={
            "required": "Écrivez votre réponse.",
            "min_length": "Écrivez une phrase au moins.",
            "max_length": f"Cette réponse est trop longue : {LONGEST_REPLY} caractères au plus.",
        },
    )


class RefusalForm(forms.Form):
    """Why a review is not shown: its author reads it."""

    reason = forms.ChoiceField(
        label="Pourquoi",
        choices=[("", "Choisir"), *Refused.choices],
        error_messages={"required": "Choisissez pourquoi : son auteur le lira."},
    )
    words = forms.CharField(
        label="Précision pour son auteur",
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="Quelle phrase, comment la changer.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["words"] = " ".join(cleaned.get("words", "").split())
        if cleaned.get("reason") == Refused.OTHER and not cleaned["words"] and "words" not in self.errors:
            self.add_error("words", "Écrivez quelle est cette autre raison : son auteur la lira.")
        return cleaned


def first_name_of(name: str) -> str:
    """Return what is proposed as the name beside a review: "Camille" of "Camille Moulin"."""
    return (name.split() or [""])[0][:LONGEST_NAME]


def initial(review: Review | None, name: str) -> dict[str, Any]:
    """Return what the form holds at first: a refused review as it was, else the buyer's first name."""
    if review is None:
        return {"first_name": first_name_of(name)}
    return {"mark": str(review.mark), "text": review.text, "first_name": review.first_name}
