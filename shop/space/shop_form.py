"""What a merchant fills in to open a shop, and the day on which a pause ends."""

from typing import Any

from django import forms
from django.utils.timezone import localdate

from portal import database_clock
from portal.concurrent_form import ConcurrentEditsMixin
from portal.website import WebsiteFormField
from shop import opening
from shop.alcohol import Licence
from shop.storefronts import LegalForm, Storefront, VatRegime

LICENCE = ("alcohol_licence", "alcohol_licence_number")
MEDIATOR = ("mediator_name", "mediator_address", "mediator_site")


class ShopForm(ConcurrentEditsMixin, forms.Form):
    """Who sells, VAT regime and consumer mediator."""

    legal_name = forms.CharField(
        label="Raison sociale",
        max_length=120,
        help_text="Comme au registre des entreprises ; votre prénom et votre nom si vous êtes entrepreneur individuel.",
        widget=forms.TextInput({"autocomplete": "organization"}),
        error_messages={"required": "Écrivez la raison sociale de votre entreprise : vos clients achètent à elle."},
    )
    legal_form = forms.ChoiceField(
        label="Forme juridique",
        choices=[("", "À choisir"), *LegalForm.choices],
        error_messages={"required": "Choisissez la forme juridique de votre entreprise."},
    )
    vat_regime = forms.ChoiceField(
        label="Votre TVA",
        choices=VatRegime.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez votre régime de TVA : il est écrit à côté de vos prix.",
            "invalid_choice": "Choisissez l’un des deux régimes.",
        },
    )
    vat_regime_since = forms.DateField(
        label="Ce régime vaut depuis le",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Vide s’il n’a jamais changé. Un jour à venir convient : vos prix suivront ce jour-là.",
        error_messages={"invalid": "Écrivez un jour, par exemple 01/01/2027."},
    )
    mediator_name = forms.CharField(
        label="Nom du médiateur",
        max_length=120,
        widget=forms.TextInput({"autocomplete": "off"}),  # not the merchant's own
        error_messages={
            "required": "Écrivez le nom de votre médiateur : la loi demande à tout commerçant d’en avoir un."
        },
    )
    mediator_address = forms.CharField(
        label="Son adresse postale",
        max_length=200,
        error_messages={"required": "Écrivez l’adresse postale de votre médiateur."},
    )
    mediator_site = WebsiteFormField(
        label="Son site internet",
        max_length=200,
        error_messages={"required": "Écrivez le site de votre médiateur."},
    )

    alcohol_licence = forms.ChoiceField(
        label="Votre licence de vente d’alcool",
        choices=[("", "Je ne vends pas d’alcool"), *Licence.choices],
        required=False,
    )
    alcohol_licence_number = forms.CharField(
        label="Numéro ou date du récépissé",
        max_length=60,
        required=False,
        help_text="Tel qu’il figure sur le récépissé de la mairie ; pour un récoltant, le numéro d’exploitation.",
    )

    def __init__(self, storefront: Storefront, data: Any = None) -> None:
        self.storefront = storefront
        self.edits = f"shop:{storefront.merchant_id}"
        names = ("legal_name", "legal_form", "vat_regime", "vat_regime_since", *MEDIATOR, *LICENCE)
        super().__init__(data, initial={name: getattr(storefront, name) for name in names})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("alcohol_licence") and not cleaned.get("alcohol_licence_number"):
            self.add_error("alcohol_licence_number", "Écrivez le numéro ou la date de votre récépissé.")
        if not cleaned.get("alcohol_licence"):
            cleaned["alcohol_licence_number"] = ""
        return cleaned

    def save(self) -> None:
        """Store what was touched; a regime that changes keeps today's, for the days before it begins."""
        for name in sorted(self.touched):  # the regime before the day since when it holds
            value = self.cleaned_data[name]
            if name == "vat_regime" and self.storefront.vat_regime:
                is_exempt = self.storefront.is_vat_exempt(localdate())
                self.storefront.vat_regime_before = VatRegime.EXEMPT if is_exempt else VatRegime.NORMAL
            setattr(self.storefront, name, value)
        shop = self.storefront
        if not shop.alcohol_licence:
            shop.alcohol_licence_number, shop.alcohol_licence_at = "", None
        elif set(LICENCE) & self.touched or shop.alcohol_licence_at is None:
            shop.alcohol_licence_at = database_clock.now()
        shop.save()


class PauseForm(forms.Form):
    """The day on which the shop sells again."""

    retour = forms.DateField(
        label="De retour le",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Écrivez le jour de votre retour : les clients le liront.",
            "invalid": "Écrivez un jour, par exemple 24/12/2026.",
        },
    )

    def clean_retour(self) -> Any:
        day = self.cleaned_data["retour"]
        if not opening.may_return(day):
            raise forms.ValidationError(
                f"Choisissez un jour après aujourd’hui ({localdate():%d/%m/%Y}), d’ici un an au plus."
            )
        return day
