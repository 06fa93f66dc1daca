"""What is told of a recall: asked of merchants and of staff alike."""

from django import forms

from shop.recalls.models import Recall

TOLD = ("reason", "risk", "what_to_do", "official_link")


class RecallForm(forms.Form):
    """Why, the risk, what to do, and the official notice if there is one."""

    reason = forms.CharField(
        label="Pourquoi l’article est-il rappelé ?",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text="Par exemple : présence de listeria dans le lot 2026-31.",
        error_messages={"required": "Écrivez pourquoi l’article est rappelé."},
    )
    risk = forms.CharField(
        label="Quel est le risque ?",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text="Ce qui peut arriver à qui le mange ou s’en sert. Pas de « précaution » ni de « volontaire ».",
        error_messages={"required": "Écrivez le risque : c’est ce que l’acheteur doit savoir."},
    )
    what_to_do = forms.CharField(
        label="Que doit faire l’acheteur ?",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text="Ne plus s’en servir, le rapporter, être remboursé : où, jusqu’à quand.",
        error_messages={"required": "Écrivez ce que l’acheteur doit faire."},
    )
    official_link = forms.URLField(
        label="Avis officiel (RappelConso)",
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text="L’adresse de la fiche sur rappel.conso.gouv.fr, si elle existe.",
        error_messages={"invalid": "Écrivez une adresse entière, comme https://rappel.conso.gouv.fr/fiche-rappel/1."},
    )

    @staticmethod
    def of(recall: Recall) -> dict[str, str]:
        return {name: getattr(recall, name) for name in TOLD}

    @property
    def told(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in TOLD}
