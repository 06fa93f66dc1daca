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

CHANGED_MEANWHILE = (
    "Le commerce a changé ses horaires pendant que cette page était ouverte. Les siens, en ligne : « {} ». "
    "Les vôtres : « {} ». Écrivez ceux qui sont justes, puis enregistrez de nouveau."
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

    Merchants change their hours at once (directory/space/at_once.py), also while an editor has this form open: what the
    form showed goes with it, so that hours which its author did not touch are never written back.
    """

    latitude = DegreesField(label="Latitude", most=90)
    longitude = DegreesField(label="Longitude", most=180)
    data: Any  # Django's; what was sent, or {}
    hours_shown = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["hours_shown"] = self.stored_hours = self.instance.opening_hours
        if self.is_bound and (name := self.add_prefix("hours_shown")) in self.data:
            self.hours_shown = self.data[name]  # the form is sent back with what is stored now
            self.data = self.data.copy()
            self.data[name] = self.stored_hours
        else:
            self.hours_shown = self.stored_hours

    def clean_opening_hours(self) -> str:
        """Return the hours to store. Hours that both the form's author and the merchant changed are asked about."""
        typed: str = self.cleaned_data["opening_hours"]
        outcome = merge(shown=self.hours_shown, typed=typed, stored=self.stored_hours)
        if outcome is Outcome.UNTOUCHED:
            return self.stored_hours
        if outcome is Outcome.CONFLICT:
            raise forms.ValidationError(
                no_break(CHANGED_MEANWHILE.format(self.stored_hours or "aucun horaire", typed or "aucun horaire"))
            )
        return typed

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
        changed = [name for name in super().changed_data if name != "hours_shown"]
        if "opening_hours" in changed and self.hours_shown != self.stored_hours:
            typed = (self.data.get(self.add_prefix("opening_hours")) or "").strip()
            if typed == self.hours_shown:
                changed.remove("opening_hours")
        if "story" in changed:
            area = self.fields["story"].widget
            sent = self._widget_data_value(area, self.add_prefix("story"))
            if not area.says_another(self.initial.get("story"), sent):
                return [name for name in changed if name != "story"]
        return changed
