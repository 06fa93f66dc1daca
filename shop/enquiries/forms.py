"""What visitors ask, and what merchants answer."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localdate

from portal.phone import PhoneFormField
from shop.enquiries.answers import LONGEST_ASIDE
from shop.enquiries.models import LONGEST, Enquiry, EnquirySetting, Kind

State = Enquiry.State
TOO_LONG = f"Ce texte est trop long : {LONGEST} caractères au plus."
PROPOSED = timedelta(days=2)  # from today: until when something is put aside, as the form proposes


class EnquiryForm(forms.Form):
    """kind: what is asked, a Kind."""

    field_order = ("wanted", "when", "name", "email", "phone")  # as the page shows them, and what is to be put right
    name = forms.CharField(
        label="Nom et prénom",
        max_length=120,
        error_messages={"required": "Écrivez votre nom : le commerçant vous reconnaîtra."},
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label="Votre adresse e-mail",
        max_length=254,
        help_text="Pour confirmer votre demande et recevoir la réponse.",
        error_messages={
            "required": "Écrivez votre adresse e-mail : la réponse y arrive.",
            "invalid": "Écrivez l’adresse en entier, par exemple camille@exemple.fr.",
            "max_length": "Cette adresse est trop longue : 254 caractères au plus.",
        },
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    phone = PhoneFormField(
        foreign=True,
        required=False,
        label="Téléphone",
        error_messages={"required": "Écrivez le numéro à appeler, par exemple 06 39 98 21 40."},
    )
    wanted = forms.CharField(
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"max_length": TOO_LONG},
    )
    when = forms.CharField(max_length=120, error_messages={"max_length": "Écrivez-le en 120 caractères au plus."})

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted, when, phone = self.fields["wanted"], self.fields["when"], self.fields["phone"]
        if kind == Kind.CALL:
            phone.required, phone.widget.is_required = True, True
            wanted.label, when.label = "De quoi voulez-vous parler ?", "À quelles heures vous joindre ?"
            wanted.error_messages["required"] = "Écrivez en deux mots de quoi il s’agit."
            when.error_messages["required"] = "Écrivez quand on peut vous joindre, par exemple : en semaine après 18 h."
        else:
            phone.help_text = "Si le commerçant a une question."
            wanted.label, when.label = "Que faut-il mettre de côté ?", "Quand viendriez-vous ?"
            wanted.help_text = "Par exemple : deux pains de campagne, ou le livre vu en vitrine."
            wanted.error_messages["required"] = "Écrivez ce que vous voulez faire mettre de côté."
            when.error_messages["required"] = "Écrivez quand vous viendriez, par exemple : samedi matin."

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class AnswerForm(forms.Form):
    """A merchant's answer: its button, « reponse », is one of YES, NO and WORD."""

    reponse = forms.ChoiceField(choices=[(state, state) for state in (State.YES, State.NO, State.WORD)])
    kept_until = forms.DateField(
        label="Mis de côté jusqu’au",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Choisissez jusqu’à quel jour c’est mis de côté.",
            "invalid": "Choisissez un jour, par exemple 24/12/2026.",
        },
    )
    reply = forms.CharField(
        label="Un mot pour cette personne",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, data: Any = None, *, enquiry: Enquiry) -> None:
        today = localdate()
        super().__init__(data, auto_id=f"demande-{enquiry.pk}-%s", initial={"kept_until": today + PROPOSED})
        self.enquiry, self.today = enquiry, today
        if enquiry.is_call:
            del self.fields["kept_until"]
        else:
            self.fields["kept_until"].widget.attrs |= {"min": today, "max": today + LONGEST_ASIDE}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        state, until = cleaned.get("reponse"), cleaned.get("kept_until")
        if "reponse" in self.errors:
            del self.errors["reponse"]
            self.add_error(None, "Appuyez sur une des réponses.")
        if state == State.WORD and not cleaned.get("reply") and "reply" not in self.errors:
            self.add_error("reply", "Écrivez votre réponse, ou répondez par oui ou non.")
        if state != State.YES:
            self.errors.pop("kept_until", None)
        elif until:
            self._check_day(until)
        return cleaned

    def _check_day(self, until: date) -> None:
        if until < self.today:
            self.add_error("kept_until", "Ce jour est passé : choisissez aujourd’hui ou un jour à venir.")
        elif until > self.today + LONGEST_ASIDE:
            self.add_error("kept_until", f"Choisissez un jour des {LONGEST_ASIDE.days} prochains.")


class SettingForm(forms.ModelForm):
    class Meta:
        model = EnquirySetting
        fields = ("takes_reservations", "takes_calls")
        labels = {
            "takes_reservations": "« Réserver sans acheter » : on me demande de mettre de côté",
            "takes_calls": "« Appelez-moi » : on me demande de rappeler",
        }
