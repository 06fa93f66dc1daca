"""The form in which editors write a merchant's page."""

from copy import copy
from typing import Any

from django import forms
from django.utils.functional import cached_property

from portal.concurrent_edits import Outcome, merge
from portal.numbers import FrenchDecimalField
from portal.page_form import PortalPageForm
from portal.typography import no_break

APPROVE = "approve"  # the act of directory.review_task

# What merchants change at once (directory/space/): as a sentence says it, and its value where there is none.
AT_ONCE = {
    "opening_hours": ("ses horaires", "aucun horaire"),
    "phone": ("son téléphone", "aucun numéro"),
    "email": ("son adresse e-mail", "aucune adresse"),
    "website": ("son site internet", "aucun site"),
}
CHANGED_MEANWHILE = (
    "Le commerce a changé {what} pendant que cette page était ouverte. En ligne : « {stored} ». "
    "De votre main : « {typed} ». Écrivez ce qui est juste, puis enregistrez de nouveau."
)
DECIMALS = 15  # what a float keeps: a position is given back as it was pasted


class DegreesField(FrenchDecimalField):
    """A latitude or a longitude, with a comma or a point; its value is a float."""

    default_error_messages = {"invalid": "Écrivez des degrés, par exemple 44,7354."}

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        """most: the limit, in degrees, on both sides of zero."""
        kwargs |= {"min_value": -most, "max_value": most, "decimal_places": DECIMALS, "has_thousands": False}
        super().__init__(required=False, help_text="Degrés, WGS 84.", **kwargs)

    def clean(self, value: Any) -> float | None:
        number = super().clean(value)
        return None if number is None else float(number)

    def has_changed(self, initial: float | None, data: str | None) -> bool:
        try:
            return self.clean(data) != initial
        except forms.ValidationError:
            return True


class MerchantPageForm(PortalPageForm):
    """Positions are read as the French write them; a text that nobody touched is no change.

    Merchants change some fields at once (directory/space/at_once.py), also while an editor has this form open: what the
    form showed of them goes with it, so that what its author did not touch is never written back.
    """

    latitude = DegreesField(label="Latitude", most=90)
    longitude = DegreesField(label="Longitude", most=180)
    data: Any  # Django's; what was sent, or {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = {name: getattr(self.instance, name) for name in AT_ONCE}
        self.shown = dict(self.stored)
        for name, stored in self.stored.items():
            hidden = f"{name}_shown"
            self.fields[hidden] = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
            self.initial[hidden] = stored
            if self.is_bound and (sent := self.add_prefix(hidden)) in self.data:
                self.shown[name] = self.data[sent]  # the form is sent back with what is stored now
                self.data = self.data.copy()
                self.data[sent] = stored

    def clean_opening_hours(self) -> str:
        return self._of_both("opening_hours")

    def clean_phone(self) -> str:
        return self._of_both("phone")

    def clean_email(self) -> str:
        return self._of_both("email")

    def clean_website(self) -> str:
        return self._of_both("website")

    def _of_both(self, name: str) -> str:
        """Return what to store of a field. What both the form's author and the merchant changed is asked about."""
        typed, stored = self.cleaned_data[name], self.stored[name]
        if self._is_as_shown(name):
            return stored
        if merge(shown=self.shown[name], typed=typed, stored=stored) is Outcome.CONFLICT:
            what, none = AT_ONCE[name]
            told = CHANGED_MEANWHILE.format(what=what, stored=stored or none, typed=typed or none)
            raise forms.ValidationError(no_break(told))
        return typed

    def _is_as_shown(self, name: str) -> bool:
        """Return whether a field was sent as the form showed it, and something else is stored by now."""
        typed = (self.data.get(self.add_prefix(name)) or "").strip()
        return self.shown[name] != self.stored[name] and typed == self.shown[name]

    def clean(self) -> dict[str, Any]:
        """A draft may be of anybody; a page that is published, scheduled or approved, of a vetted merchant alone."""
        cleaned = super().clean()
        approves = self.data.get("workflow-action-name") == APPROVE
        if ("action-publish" in self.data or approves) and "siret" in cleaned:
            page = copy(self.instance)
            page.siret = cleaned["siret"]
            for fault in page.publication_faults():
                self.add_error(None, no_break(fault))
        return cleaned

    @cached_property
    def changed_data(self) -> list[str]:
        """Wagtail saves a revision of what changed, and a page under review with another revision is read again."""
        changed = [name for name in super().changed_data if not name.endswith("_shown")]
        changed = [name for name in changed if name not in AT_ONCE or not self._is_as_shown(name)]
        if "story" in changed:
            area = self.fields["story"].widget
            sent = self._widget_data_value(area, self.add_prefix("story"))
            if not area.says_another(self.initial.get("story"), sent):
                return [name for name in changed if name != "story"]
        return changed
