"""What a shopper fills in."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.mail import EmailMessage

from portal.models import User
from portal.phone import PhoneFormField
from shop.baskets import MOST, BasketGroup
from shop.delivery import address
from shop.delivery.choosing import Delivery, not_served
from shop.payments import providers
from shop.purchases import Contact

ADULTS_ONLY = "L’alcool ne se vend qu’aux majeurs : cochez la case si vous avez 18 ans, ou retirez-le du panier."
WHOLE_ADDRESS = "Écrivez l’adresse en entier, par exemple camille@exemple.fr."


class AddForm(forms.Form):
    """How many of an article go into the basket."""

    quantite = forms.IntegerField(min_value=1, max_value=MOST, initial=1)


class BackInStockForm(forms.Form):
    """Who wants to be told when an article is for sale again; sent to search/alerts, which checks it."""

    email = forms.EmailField(
        label="Votre adresse e-mail", max_length=254, widget=forms.EmailInput({"autocomplete": "email"})
    )
    article = forms.IntegerField(widget=forms.HiddenInput)


class CheckoutForm(address.AddressFields):
    """Who collects, where to what is delivered, and how they pay."""

    name = forms.CharField(
        label="Nom et prénom",
        max_length=120,
        error_messages={"required": "Écrivez votre nom, le commerçant vous le demandera."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label="Courriel",
        max_length=254,
        help_text="Pour la confirmation et les codes de vos commandes.",
        error_messages={
            "required": "Écrivez votre adresse, vous y recevrez les codes.",
            "invalid": WHOLE_ADDRESS,
            "max_length": "Cette adresse est trop longue : 254 caractères au plus.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = PhoneFormField(
        foreign=True,
        label="Téléphone",
        help_text="Seulement si un commerçant doit vous prévenir.",
        error_messages={"required": "Écrivez votre numéro, par exemple 06 39 98 21 40."},
    )
    note = forms.CharField(
        label="Un mot pour les commerçants",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    payment = forms.ChoiceField(
        label="Paiement",
        choices=lambda: [(provider.code, provider.label) for provider in providers().values()],
        error_messages={
            "required": "Choisissez comment vous payez.",
            "invalid_choice": "Choisissez comment vous payez.",
        },
    )

    adult = forms.BooleanField(
        label="Je déclare avoir 18 ans ou plus",
        required=False,
        help_text="Votre commande contient de l’alcool : le commerçant vous demandera une pièce d’identité.",
        error_messages={"required": ADULTS_ONLY},
    )

    field_order = ("name", "email", "phone", *address.FIELDS)

    def __init__(
        self, *args: Any, has_alcohol: bool = False, delivered: Sequence[BasketGroup] = (), **kwargs: Any
    ) -> None:
        """has_alcohol: whether something in the basket is sold to adults only. delivered: what is brought, if any."""
        super().__init__(*args, **kwargs)
        self.delivered = delivered
        if not delivered:
            for name in address.FIELDS:
                del self.fields[name]
        self.fields["adult"].required = has_alcohol
        if not has_alcohol:
            del self.fields["adult"]

    def clean_email(self) -> Any:
        """Refuse what no e-mail can be written to: the order could never be confirmed."""
        email = self.cleaned_data["email"]
        try:
            EmailMessage(to=[email]).message()
        except ValueError as error:  # a domain that has no form in ASCII
            raise forms.ValidationError(WHOLE_ADDRESS) from error
        return email

    def clean(self) -> dict[str, Any]:
        """Find the town of the address, and refuse it where a merchant does not come."""
        said = super().clean() or self.cleaned_data
        if not self.delivered or any(name not in said for name in address.FIELDS):
            return said
        is_round = any(group.way and group.way.rounds for group in self.delivered)
        try:
            found = address.address_of(said, is_of_the_region=is_round)
        except forms.ValidationError as error:
            self.add_error("delivery_postal_code" if error.code == "postal_code" else "delivery_town", error)
            return said
        for fault in not_served(self.delivered, found.place):
            self.add_error("delivery_town", fault)
        return said | {"address": found}

    @property
    def delivery(self) -> Delivery | None:
        """Who brings what where, once the form is valid; None where all is collected."""
        if not self.delivered:
            return None
        kinds = {group.merchant: group.way.kind for group in self.delivered if group.way}
        return Delivery(kinds, self.cleaned_data["address"])

    @property
    def contact(self) -> Contact:
        """The buyer, once the form is valid."""
        said = {name: self.cleaned_data[name] for name in ("name", "email", "phone", "note")}
        return Contact(**said, is_adult=self.cleaned_data.get("adult", False))


class ProfileForm(forms.ModelForm):
    """What shoppers say of themselves; their e-mail address and password change on allauth's pages."""

    class Meta:
        model = User
        fields = ("first_name", "last_name")
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
        }
