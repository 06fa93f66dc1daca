"""The forms of an application to join: the SIRET, the shop, its hours and what is certified."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from directory import hours
from directory.geography import distance
from directory.joining import terms
from directory.joining.categories import category_choices
from directory.joining.towns import town_named
from directory.models import MerchantPage
from directory.people.models import AccessRequest
from directory.rules import FARTHEST
from directory.siret import CHECKSUM, LONGEST_TYPED, typed_digits, written_siret
from directory.space import week
from directory.space.hours_form import HoursFormMixin, hours_fields, hours_initial
from directory.vetting import naf
from directory.vetting.located import town_of
from portal.phone import PhoneFormField

READ_AGAIN = "Je l’ai relu : c’est bien le SIRET de mon commerce."


class SiretForm(forms.Form):
    """The one number from which all the rest comes. A wrong checksum is asked about, and is no refusal for ever."""

    siret = forms.CharField(
        label="SIRET de votre commerce",
        max_length=LONGEST_TYPED,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
        help_text="14 chiffres, avec ou sans espaces. Il figure sur vos factures et votre extrait d’immatriculation.",
        error_messages={"required": "Écrivez les 14 chiffres du SIRET de votre commerce."},
    )
    confirmed = forms.BooleanField(label=READ_AGAIN, required=False)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.asks_to_confirm = False

    def clean_siret(self) -> str:
        typed = self.cleaned_data["siret"]
        try:
            return written_siret(typed)
        except ValidationError as error:
            if getattr(error, "code", "") != CHECKSUM:
                raise
            if self.is_confirmed:
                return typed_digits(typed)
            self.asks_to_confirm = True
            raise ValidationError(
                "Ces 14 chiffres ne vont pas ensemble : le dernier se calcule d’après les autres, et un chiffre est "
                "sans doute faux ou interverti. Relisez-les."
            ) from error

    @property
    def is_confirmed(self) -> bool:
        return bool(self.data.get("confirmed"))

    def ask_again(self, text: str, confirm: bool) -> None:
        """Tell what the register says against this number. confirm: whether they may go on, having read it again."""
        self.add_error("siret", text)
        self.asks_to_confirm = confirm


class ShopForm(forms.Form):
    """What the page says of the shop; prefilled as far as the register tells."""

    title = forms.CharField(
        label="Nom du commerce",
        max_length=120,
        help_text="Comme sur la devanture.",
        error_messages={"required": "Écrivez le nom que vos clients lisent sur la devanture."},
    )
    category = forms.ChoiceField(
        label="Catégorie",
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choisissez la catégorie où vos clients vous chercheront."
        ),
    )
    street = forms.CharField(
        label="Adresse",
        max_length=MerchantPage._meta.get_field("street").max_length,
        widget=forms.TextInput({"autocomplete": "street-address"}),
        help_text="Numéro et rue, ou lieu-dit.",
        error_messages={"required": "Écrivez où vos clients vous trouvent : le numéro et la rue, ou le lieu-dit."},
    )
    postal_code = forms.RegexField(
        r"^\s*[0-9]{2}\s?[0-9]{3}\s*$",
        label="Code postal",
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "postal-code"}),
        error_messages={
            "required": "Écrivez le code postal, par exemple 26000.",
            "invalid": "Un code postal compte cinq chiffres, par exemple 26000.",
        },
    )
    town = forms.CharField(
        label="Commune",
        max_length=80,
        widget=forms.TextInput({"autocomplete": "address-level2"}),
        error_messages={"required": "Écrivez le nom de la commune."},
    )
    phone = PhoneFormField(
        label="Téléphone du commerce",
        error_messages={"required": "Écrivez un numéro où vos clients, et nous, pouvons vous joindre."},
    )

    def __init__(self, data: QueryDict | None, *, declared: dict[str, Any], found: dict[str, Any]) -> None:
        super().__init__(data, initial={**declared, "town": declared.get("town_name", "")})
        self.naf = naf.known(found.get("naf", ""))
        self.fields["category"].choices = category_choices(self.naf)  # type: ignore[attr-defined]

    def clean_postal_code(self) -> str:
        return "".join(self.cleaned_data["postal_code"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "postal_code" in cleaned and "town" in cleaned:
            try:
                cleaned["town"] = town_named(cleaned["town"], cleaned["postal_code"])
            except ValidationError as error:
                self.add_error(error.code, error.message)
        return cleaned

    def declared(self, found: dict[str, Any]) -> dict[str, Any]:
        """Return what Application.declared is to hold. found: what the register said, for the position alone."""
        town = self.cleaned_data["town"]
        latitude, longitude = _position(found, town.pk)
        return {
            **{name: self.cleaned_data[name] for name in ("title", "category", "street", "postal_code", "phone")},
            "town": town.insee_code,
            "town_name": town.name,
            "latitude": latitude,
            "longitude": longitude,
        }


class OpeningForm(HoursFormMixin, forms.Form):
    """The week, and what is certified when the application is sent."""

    later = forms.BooleanField(
        label="Je donnerai mes horaires plus tard", required=False, help_text="Votre page dira qu’ils manquent encore."
    )
    remark = forms.CharField(
        label="Un mot pour la personne qui lira votre dossier",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text="Ce qui aide à comprendre votre activité : un atelier chez vous, des marchés, une ouverture à venir.",
    )
    certified = forms.BooleanField(label="Je certifie ce qui précède", required=False)

    def __init__(self, data: QueryDict | None, *, declared: dict[str, Any], usual: str, sends: bool) -> None:
        stored = declared.get("opening_hours")
        initial: dict[str, Any] = {"remark": declared.get("remark", ""), "later": stored == ""}
        shown = week.read(stored or usual)
        super().__init__(data, initial={**initial, **(hours_initial(shown) if shown else {})})
        self.fields |= hours_fields()
        self.sends, self.opening_hours = sends, ""
        self.terms = terms.TERMS

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("later"):
            for name in hours_fields():
                self.errors.pop(name, None)
        else:
            filled = self.clean_week()
            self.opening_hours = week.write(filled) if filled else ""
            if self.sends and not filled and not self.errors:
                self.add_error("lundi_1_de", "Donnez vos heures de la semaine, ou cochez « plus tard ».")
        if self.opening_hours and not self.errors:
            hours.validate_opening_hours(self.opening_hours)
        if self.sends and not cleaned.get("certified"):
            self.add_error("certified", "Lisez ces engagements, puis cochez la case : la loi les demande.")
        return cleaned

    def declared(self) -> dict[str, Any]:
        return {"opening_hours": self.opening_hours, "remark": self.cleaned_data["remark"].strip()}


class ClaimForm(forms.Form):
    """What somebody wants who finds their SIRET on a page of ours."""

    kind = forms.ChoiceField(
        label="Que souhaitez-vous ?",
        choices=AccessRequest.Kind,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites ce que vous souhaitez."},
    )
    text = forms.CharField(
        label="Qui êtes-vous pour ce commerce ?",
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text="La personne qui répond le lit. N’envoyez aucune pièce d’identité ici.",
        error_messages={"required": "Quelques mots suffisent : gérante depuis avril, salarié, repreneur…"},
    )


def _position(found: dict[str, Any], town_id: int) -> tuple[float | None, float | None]:
    """Return the register's position, (None, None) where it may not be told, or cannot be that of this town."""
    place = town_of(found.get("insee_code", ""))
    if place is None or place.pk != town_id or not found.get("is_diffusible"):
        return None, None
    latitude, longitude = found.get("latitude"), found.get("longitude")
    if latitude is None or longitude is None or distance(place.point, (latitude, longitude)) > FARTHEST:
        return None, None
    return latitude, longitude
