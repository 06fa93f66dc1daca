"""The form of a merchant's page in the merchant's space."""

from dataclasses import replace

from django import forms
from django.http import QueryDict
from django.utils import timezone

from directory import hours
from directory.hours import Day
from directory.models import MerchantPage
from directory.space import closures, week
from directory.space.changes import last_change, week_in_words
from directory.space.closures_form import (
    CLOSURE_PREFIX,
    ClosuresFormMixin,
    closure_fields,
    comparable,
    row_names,
    rows_sent,
)
from directory.space.hours_form import HoursFormMixin, hours_fields, hours_initial
from portal.concurrent_edits import LastChange, Part
from portal.concurrent_form import ConcurrentEditsMixin
from portal.models import User
from portal.phone import PhoneFormField
from portal.rich_text import is_plain, to_plain, to_rich
from portal.website import WebsiteFormField

SERVICES = ("delivers", "delivery_note", "step_free", "labels")  # shown under « Services et labels », in this order
STORED_IN = {"week": "opening_hours", "closures": "opening_hours"}  # the field of the page, where it has another name


class ProfileForm(ConcurrentEditsMixin, HoursFormMixin, ClosuresFormMixin, forms.ModelForm):
    """What a manager may change.

    Name, address, category, town and SIRET are absent on purpose: they were vetted, so changing one means vetting
    again. The form writes to a draft: bind it to the page's latest revision, never to the live page.
    """

    story = forms.CharField(
        label="Votre histoire",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Ce que vous faites, ce qu’on ne trouve que chez vous. Une ligne vide sépare deux paragraphes.",
    )
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
        fields = ("story", "phone", "email", "website", *SERVICES)
        help_texts = {
            "delivers": "Par vos propres moyens : le portail ne vend pas de livraison.",
            "labels": "Seulement ceux que vous pouvez prouver : la Région vous demandera le certificat.",
        }

    def __init__(self, data: QueryDict | None, *, instance: MerchantPage, sender: User) -> None:
        self.sender, self.edits = sender, f"merchant:{instance.pk}"
        super().__init__(data, instance=instance)
        self.stored = {name: getattr(instance, name) for name in (*self.Meta.fields, "opening_hours")}
        self.stored_hours = closures.split(instance.opening_hours)
        self.stored_closures = closures.to_come(self.stored_hours.closures, timezone.localdate())
        self.stored_week = week.read(self.stored_hours.usual)
        self.initial["story"] = to_plain(instance.story)
        self.fields |= hours_fields() | closure_fields(self.stored_closures, rows_sent(data or {}))
        if self.stored_week:
            self.initial.update(hours_initial(self.stored_week))

    def parts(self) -> dict[str, Part]:
        """The week is one value, and so are the closures; both are rules of the same text."""
        single = super().parts()
        rows = tuple(name for name in single if name.startswith(CLOSURE_PREFIX))
        hours = tuple(name for name in single if name not in (*rows, *self.Meta.fields))
        unsaid = "" if self.stored_week else self.stored_hours.usual
        return {name: single[name] for name in self.Meta.fields} | {
            "week": Part("Horaires de la semaine", hours, unsaid, "ces horaires ont été changés"),
            "closures": Part("Fermetures exceptionnelles", rows, changed="ces fermetures ont été changées"),
        }

    def values_as_one(self, name: str, values: list) -> list:
        if name != "closures":
            return values
        return comparable(values, timezone.localdate())

    def stored_in_words(self, name: str) -> str:
        if name == "week":
            return self.stored_hours.usual if self.stored_week is None else week_in_words(self.stored_week)
        if name == "closures":
            return "\n".join(closures.said_once(closure) for closure in self.stored_closures)
        return super().stored_in_words(name)

    def last_change(self, name: str) -> LastChange:
        return last_change(self.instance, STORED_IN.get(name, name), self.sender)

    @property
    def services(self) -> list[forms.BoundField]:
        """What the template shows by itself: a box named in the form but not shown would come back unticked."""
        return [self[name] for name in SERVICES]

    @property
    def has_styled_story(self) -> bool:
        """Whether changing the story here loses markup."""
        return not is_plain(self.stored["story"])

    @property
    def has_special_hours(self) -> bool:
        """Whether the stored week says more than the table can show; it stays until somebody fills it."""
        return bool(self.stored_hours.usual) and self.stored_week is None

    @property
    def special_week(self) -> list[Day]:
        """The coming week as the page shows it, for hours that the table can't show; [] if nobody can read them."""
        return hours.week(self.stored_hours.usual, timezone.localdate(), self.instance.place)

    @property
    def yearly_closures(self) -> list[str]:
        """When the shop is closed each year, in French; they stay."""
        return [closures.said(rule) for rule in self.stored_hours.yearly]

    def clean_story(self) -> str:
        plain = self.cleaned_data["story"].strip()
        return self.stored["story"] if plain == self.initial["story"] else to_rich(plain)

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        self.instance.opening_hours = self._opening_hours()
        return cleaned

    def _opening_hours(self) -> str:
        """Return the hours to keep: as they were written unless the form says something else."""
        filled, closed = self.clean_week(), self.clean_closures()
        if filled == self.stored_week and closed == self.stored_closures:
            return self.stored["opening_hours"]
        usual = self.stored_hours.usual if filled == self.stored_week else week.write(filled) if filled else ""
        if closed and not usual:
            self.add_error(row_names(1)[0], "Dites d’abord vos heures de la semaine, puis vos fermetures.")
        return replace(self.stored_hours, usual=usual, closures=closed).text

    def save_draft(self, author: User) -> bool:
        """Store what changed as a draft; the live page does not move until an editor approves.

        Hours that are written here are confirmed with the draft that holds them, unless somebody changed them while
        the form was open; a telephone number confirms nothing, nor does a form that was only looked at.
        author: the manager who made the change; recorded on the revision. Return whether anything had changed.
        """
        has_written_hours = self.instance.opening_hours != self.stored["opening_hours"]
        has_read_hours = not {"week", "closures"} & self.moved.keys()
        for name in set(self.Meta.fields) - self.touched:  # whatever cleaning made of it
            setattr(self.instance, name, self.stored[name])
        if all(getattr(self.instance, name) == value for name, value in self.stored.items()):
            return False
        if has_written_hours and has_read_hours:
            self.instance.confirmed_on = timezone.localdate()
        # The form has read what the merchant may change; a fault elsewhere is an editor's to mend and must not stop it.
        self.instance.save_revision(user=author, log_action=True, clean=False)
        return True
