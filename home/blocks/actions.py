"""« Agir »: search, dates, files, and the one thing to do next."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from directory.hours import clock
from home.blocks import samples
from home.blocks.base import ACT, CheckedStructBlock, LibraryBlock, filled, gone, title_block
from home.blocks.links import LinkValue, TargetBlock, page_target, product_target, typed_target
from home.blocks.listings import TownChooserBlock
from portal.dates import date_format

YEARS = range(2000, 2200)  # of a date; "0026" is a slip of the keyboard, and too early for some time zones


class SearchBlock(LibraryBlock):
    """The search box, already filled in."""

    title = title_block(default="Trouvez près de chez vous")
    words = blocks.CharBlock(label="Mots cherchés", max_length=60, required=False, help_text="Par exemple : fromage.")
    town = TownChooserBlock(label="Commune", required=False)

    class Meta:
        label = "Recherche"
        label_format = "{title}"
        icon = "search"
        group = ACT
        template = "home/blocks/search.html"
        description = "La recherche du portail, avec des mots et une commune proposés. Une seule par page."
        preview_value = {"title": "Trouvez un fromager", "words": "fromage", "town": None}


class DownloadBlock(LibraryBlock):
    """A file to take away."""

    document = DocumentChooserBlock(label="Document")
    title = blocks.CharBlock(label="Titre", max_length=100, help_text="Ce que le fichier contient.")

    class Meta:
        label = "Document à télécharger"
        label_format = "{title}"
        icon = "download"
        group = ACT
        template = "home/blocks/download.html"
        description = "Le type et le poids du fichier s’affichent d’eux-mêmes. Préférez un PDF accessible."

        @staticmethod
        def preview_value() -> dict:
            return {"title": "Le guide des marchés du département", "document": samples.document("guide.pdf")}

    def faults(self, value: blocks.StructValue, stored: Mapping[str, Any]) -> Iterator[str]:
        yield from gone(filled(stored.get("document")) - bool(value["document"]), "le document n’existe plus", "")


class CallToActionBlock(TargetBlock, LibraryBlock):
    """One thing to do next."""

    title = title_block()
    text = blocks.TextBlock(label="Texte", rows=2, max_length=240, required=False)
    button = blocks.CharBlock(label="Bouton", max_length=40, help_text="Un verbe : « Voir les marchés ».")
    page = page_target()
    product = product_target()
    link = typed_target()

    class Meta:
        label = "Appel à l’action"
        label_format = "{title}"
        icon = "arrow-right"
        group = ACT
        template = "home/blocks/call_to_action.html"
        description = "Une chose à faire, une seule."
        value_class = LinkValue
        preview_value = {
            "title": "Trouvez le marché d’à côté",
            "text": "Jours, heures et étals de votre commune.",
            "button": "Voir les communes",
            "link": "/commerces/",
        }


class EventBlock(CheckedStructBlock):
    """One date."""

    title = blocks.CharBlock(label="Quoi", max_length=100)
    start = blocks.DateTimeBlock(label="Début")
    end = blocks.DateTimeBlock(label="Fin")
    place = blocks.CharBlock(label="Où", max_length=160)

    class Meta:
        label = "Date"
        label_format = "{title}"

    def mistakes(self, value: Any) -> Iterator[tuple[str, str]]:
        start, end = value["start"], value["end"]
        for name in ("start", "end"):
            if isinstance(value[name], datetime) and value[name].year not in YEARS:
                yield name, "Vérifiez l’année."
        if isinstance(start, datetime) and isinstance(end, datetime) and end <= start:
            yield "end", "La fin vient avant le début : corrigez l’une des deux."


class EventsBlock(LibraryBlock):
    """Dates to come, each of which goes into a calendar."""

    title = title_block()
    events = blocks.ListBlock(EventBlock(), label="Dates", min_num=1, max_num=12)

    class Meta:
        label = "Agenda"
        label_format = "{title}"
        icon = "calendar"
        group = ACT
        template = "home/blocks/events.html"
        description = "Des dates que l’on ajoute à son agenda. Une date passée disparaît d’elle-même."
        preview_value = {
            "title": "Les marchés de Noël",
            "events": [
                {
                    "title": "Marché du centre",
                    "start": datetime(2040, 12, 8, 9, tzinfo=timezone.get_default_timezone()),
                    "end": datetime(2040, 12, 8, 18, tzinfo=timezone.get_default_timezone()),
                    "place": "Place de la République",
                }
            ],
        }

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        page = (parent_context or {}).get("page")
        now = timezone.now()
        events = [
            {
                **event.value,
                "hours": _hours(event.value["start"], event.value["end"]),
                "calendar": f"/agenda/{page.pk}/{event.id}.ics" if page else "",
            }
            for event in value["events"].bound_blocks
            if is_dated(event.value) and event.value["end"] > now
        ]
        return super().get_context(value, parent_context) | {"events": events}

    def faults(self, value: blocks.StructValue, stored: Mapping[str, Any]) -> Iterator[str]:
        now = timezone.now()
        past = sum(is_dated(event) and event["end"] <= now for event in value["events"])
        yield from gone(past, "une date est passée", "{} dates sont passées")


def is_dated(event: blocks.StructValue) -> bool:
    """Return whether it says from when to when, in years that calendars know: a draft may not."""
    return all(isinstance(event[name], datetime) and event[name].year in YEARS for name in ("start", "end"))


def _hours(start: datetime, end: datetime) -> str:
    """Return "9 h – 18 h 30", or "de 20 h au dimanche 9 décembre, 2 h" when it ends on another day."""
    start, end = timezone.localtime(start), timezone.localtime(end)
    if start.date() == end.date():
        return f"{clock(start.time())} – {clock(end.time())}"
    return f"de {clock(start.time())} au {date_format(end, 'l j F')}, {clock(end.time())}"
