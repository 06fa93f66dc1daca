"""What a merchant says of when their orders are collected, and what it comes to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from django import forms

from portal.concurrent_form import ConcurrentEditsMixin
from portal.numbers import FrenchIntegerField
from shop.collection import words
from shop.collection.offers import has_hours, offers, taken_of
from shop.collection.rules import COLUMNS, FARTHEST, MOST_PLACES, SlotLength, Weekday, rules_of
from shop.collection.slots import Rules, Slot
from shop.storefronts import Storefront

SHOWN_DAYS = 5
LEADS = {
    0: "aucun",
    30: "une demi-heure",
    60: "une heure",
    120: "deux heures",
    240: "une demi-journée (4 heures)",
    480: "une journée (8 heures)",
    960: "deux journées (16 heures)",
    1440: "trois journées (24 heures)",
}


@dataclass(frozen=True)
class DayOfSlots:
    """What can be chosen on one day. told: "samedi 5 décembre : de 10 h à 18 h 30, 17 créneaux"."""

    told: str


class CollectionForm(ConcurrentEditsMixin, forms.Form):
    """A shop's rules of collection, in the words of its merchant."""

    collection_lead = forms.TypedChoiceField(
        label="Combien de temps vous faut-il pour préparer une commande ?",
        coerce=int,
        help_text="En heures d’ouverture : avec deux heures, ce qui est commandé une heure avant la fermeture est prêt "
        "une heure après l’ouverture suivante.",
    )
    collection_cutoff = forms.TimeField(
        label="Faut-il commander la veille ? Jusqu’à quelle heure ?",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Vide : on peut commander pour le jour même.",
        error_messages={"invalid": "Écrivez une heure, par exemple 17:00, ou rien."},
    )
    slot_minutes = forms.TypedChoiceField(
        label="Un créneau de retrait dure", coerce=int, choices=[(value, label) for value, label in SlotLength.choices]
    )
    slot_places = FrenchIntegerField(
        label="Combien de commandes par créneau ?",
        min_value=1,
        max_value=MOST_PLACES,
        help_text="Pour ne pas voir tout le monde arriver en même temps.",
    )
    collection_ahead = FrenchIntegerField(
        label="Combien de jours à l’avance peut-on choisir ?", min_value=1, max_value=FARTHEST
    )
    collection_days_off = forms.MultipleChoiceField(
        label="Jours sans retrait, même si vous êtes ouvert",
        required=False,
        choices=Weekday.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, storefront: Storefront, now: datetime, data: Any = None) -> None:
        self.storefront, self.now = storefront, now
        self.edits = f"collection:{storefront.merchant_id}"
        super().__init__(data, initial={name: getattr(storefront, name) for name in COLUMNS})
        leads = {storefront.collection_lead: self._own_lead()} | LEADS
        self.fields["collection_lead"].choices = sorted(leads.items())  # type: ignore[attr-defined]
        self.taken = taken_of([storefront.merchant_id], now)[storefront.merchant_id] if storefront.merchant_id else []

    def clean(self) -> dict:
        """Refuse what leaves no time at all in the hours of the shop."""
        said = super().clean() or self.cleaned_data
        merchant = self.storefront.merchant
        if (
            all(name in said for name in COLUMNS)
            and has_hours(merchant.opening_hours, merchant.place, self.now)
            and next(self._offers(self._rules()), None) is None
        ):
            raise forms.ValidationError(
                "Avec ces réglages, personne ne pourrait rien retirer dans vos horaires : laissez au moins un jour "
                "d’ouverture, ou un délai plus court."
            )
        return said

    def next_days(self) -> list[DayOfSlots]:
        """Return the next days on which one could collect, by what was typed, else by what is stored."""
        rules = self._rules() if self.is_bound and self.is_valid() else self.storefront.rules
        days = groupby(self._offers(rules), key=lambda slot: slot.start.date())
        return [_told_of(list(slots)) for _, slots in islice(days, SHOWN_DAYS)]

    def save(self) -> None:
        """Store what was touched."""
        for name in self.touched:
            setattr(self.storefront, name, self.cleaned_data[name])
        self.storefront.save(update_fields=sorted(self.touched) or None)

    def _rules(self) -> Rules:
        return rules_of(*(self.cleaned_data[name] for name in COLUMNS))

    def _offers(self, rules: Rules) -> Iterator[Slot]:
        merchant = self.storefront.merchant
        return offers(merchant.opening_hours, merchant.place, self.now, rules, self.taken)

    def _own_lead(self) -> str:
        hours, minutes = divmod(self.storefront.collection_lead, 60)
        return f"{hours} h {minutes:02}" if minutes else f"{hours} heures"


def _told_of(slots: list[Slot]) -> DayOfSlots:
    first, last = slots[0], slots[-1]
    count = "un créneau" if len(slots) == 1 else f"{len(slots)} créneaux"
    span = Slot(first.start, last.end)
    return DayOfSlots(f"{words.written_day(first.start.date())} : {words.hours(span)}, {count}")
