"""The form behind « Signaler »."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings

from home.reports.complaints import EMPTY
from home.reports.models import Notice


class ComplaintForm(forms.Form):
    """What one side has to say against a decision."""

    text = forms.CharField(
        label="Pourquoi vous contestez cette décision",
        max_length=3000,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": EMPTY},
        help_text="Une autre personne que celle qui a décidé la lit et vous répond. C’est gratuit.",
    )


class NoticeForm(forms.ModelForm):
    """A report. The name and e-mail may stay empty for child abuse alone, as the law has it (DSA art. 16, 2, c)."""

    reason = forms.ChoiceField(label="Que se passe-t-il ?", choices=Notice.Reason.choices, widget=forms.RadioSelect)
    good_faith = forms.BooleanField(label="Je suis de bonne foi : à ma connaissance, ce que je signale est exact")

    class Meta:
        model = Notice
        fields = ["page", "where", "reason", "details", "name", "email"]
        labels = {
            "page": "Page concernée",
            "where": "Où exactement, sur cette page",
            "details": "Expliquez-nous",
            "name": "Votre nom",
            "email": "Votre adresse e-mail",
        }
        help_texts = {
            "page": "Son adresse sur ce site.",
            "where": "Une photo, une phrase, un article, un prix. Vide si toute la page est en cause.",
            "details": "Ce qui ne va pas, où, et comment vous le savez.",
            "email": "Pour l’accusé de réception et notre décision. Le commerçant ne la verra pas.",
        }
        widgets = {
            "details": forms.Textarea({"rows": 6}),
            "name": forms.TextInput({"autocomplete": "name"}),
            "email": forms.EmailInput({"autocomplete": "email"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "email"):
            self.fields[name].required = self.data.get("reason") != Notice.Reason.CHILD_ABUSE

    def clean_page(self) -> str:
        """Take a whole address of ours, or a path."""
        typed = self.cleaned_data["page"].strip()
        path = typed.removeprefix(settings.SITE_URL)
        if not path.startswith("/") or urlsplit(path).netloc:
            raise forms.ValidationError(f"Donnez une adresse de ce site, qui commence par {settings.SITE_URL}/.")
        return path
