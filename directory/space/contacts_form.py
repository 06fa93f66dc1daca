"""Telephone, e-mail and site in the merchant's space: online at once, whatever review is under way."""

from typing import Any

from django import forms

from directory.models import MerchantPage
from directory.space.changes import last_change
from portal.concurrent_edits import LastChange
from portal.concurrent_form import ConcurrentEditsMixin
from portal.models import User
from portal.phone import PhoneFormField
from portal.website import WebsiteFormField


class ContactsForm(ConcurrentEditsMixin, forms.ModelForm):
    """How a merchant is reached. Bind it to the page that is stored, whose row is locked: not to a draft."""

    phone = PhoneFormField(label="Téléphone", required=False)
    email = forms.EmailField(
        label="Adresse e-mail publique",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "Écrivez une adresse entière, par exemple bonjour@mon-commerce.fr."},
    )
    website = WebsiteFormField(label="Site internet", required=False, max_length=200)

    class Meta:
        model = MerchantPage
        fields = ("phone", "email", "website")

    def __init__(self, data: Any, *, instance: MerchantPage, sender: User) -> None:
        self.sender, self.edits = sender, f"contacts:{instance.pk}"
        super().__init__(data, instance=instance)
        self.stored = {name: getattr(instance, name) for name in self.Meta.fields}

    def last_change(self, name: str) -> LastChange:
        return last_change(self.instance, name, self.sender)

    @property
    def changes(self) -> dict[str, str]:
        """What was typed and is not what is stored, by field."""
        typed = {name: self.cleaned_data[name] or "" for name in self.touched if name in self.stored}
        return {name: value for name, value in typed.items() if value != self.stored[name]}
