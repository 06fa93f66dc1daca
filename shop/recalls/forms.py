"""What is told of a recall: asked of merchants and of staff alike."""

from django import forms

from shop.recalls.models import Recall

TOLD = ("reason", "risk", "what_to_do", "official_link")


def _told(label: str, help_text: str, required: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=help_text,
        error_messages={"required": required},
    )


class RecallForm(forms.Form):
    """Why, the risk, what to do, and the official notice if there is one."""

    reason = _told(
        "Pourquoi l’article est-il rappelé ?",
        "Par exemple : présence de listeria dans le lot 2026-31.",
        "Écrivez pourquoi l’article est rappelé.",
    )
    risk = _told(
        "Quel est le risque ?",
        "Ce qui peut arriver à qui le mange ou s’en sert. Pas de « précaution » ni de « volontaire ».",
        "Écrivez le risque : c’est ce que l’acheteur doit savoir.",
    )
    what_to_do = _told(
        "Que doit faire l’acheteur ?",
        "Ne plus s’en servir, le rapporter, être remboursé : où, jusqu’à quand.",
        "Écrivez ce que l’acheteur doit faire.",
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
