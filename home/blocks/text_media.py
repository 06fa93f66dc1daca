"""« Raconter »: words, pictures, films."""

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from django.utils.html import strip_tags
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

from home.blocks import samples
from home.blocks.base import TELL, LibraryBlock, filled, gone, title_block
from portal import picture_sizes
from portal.document_kinds import fault_of_stored
from portal.pictures import read_sizes, renditions_of

FILM_TYPES = {".mp4": "video/mp4", ".webm": "video/webm"}
CAPTIONS_TYPE = ".vtt"


def heading_block() -> blocks.CharBlock:
    return blocks.CharBlock(
        label="Intertitre",
        icon="title",
        group=TELL,
        form_classname="title",
        max_length=120,
        template="home/blocks/heading.html",
        help_text="Annonce la partie qui suit, en quelques mots.",
        preview_value="Six heures du matin, le four est chaud",
    )


def text_block() -> blocks.RichTextBlock:
    return blocks.RichTextBlock(
        label="Texte",
        icon="pilcrow",
        group=TELL,
        features=["h3", "bold", "italic", "ol", "ul", "link", "document-link"],
        max_length=8000,
        help_text="Des paragraphes courts, un par idée. Les liens disent où ils mènent.",
        preview_value="<p>Le levain a levé toute la nuit. À six heures, <b>Maud</b> façonne les derniers pains.</p>",
    )


class PictureBlock(LibraryBlock):
    """A picture in the text."""

    image = ImageBlock(label="Image", label_format="{alt_text}")
    caption = blocks.CharBlock(label="Légende", required=False, max_length=200)

    class Meta:
        label = "Image"
        label_format = "{caption}"
        icon = "image"
        group = TELL
        template = "home/blocks/picture.html"
        description = "Une image et sa légende. Décrivez-la pour ceux qui ne la voient pas."

        @staticmethod
        def preview_value() -> dict:
            return {"image": next(iter(samples.pictures(1)), None), "caption": "La légende, sous l’image."}

    def faults(self, value: blocks.StructValue, stored: Mapping[str, Any]) -> Iterator[str]:
        yield from gone(filled(stored.get("image")) - bool(value["image"]), "l’image n’existe plus", "")


class QuoteBlock(LibraryBlock):
    """What somebody said."""

    text = blocks.TextBlock(label="Citation", rows=2, max_length=400, help_text="Sans guillemets : la page les met.")
    author = blocks.CharBlock(label="Qui parle", required=False, max_length=120)

    class Meta:
        label = "Citation"
        label_format = "{author}"
        icon = "openquote"
        group = TELL
        template = "home/blocks/quote.html"
        description = "Une phrase que quelqu’un a dite, en grand."
        preview_value = {"text": "Je préfère perdre une vente qu’un client.", "author": "Maud, boulangère"}


class GalleryBlock(LibraryBlock):
    """Pictures side by side."""

    title = title_block()
    pictures = blocks.ListBlock(ImageBlock(label="Image"), label="Images", min_num=2, max_num=8)

    class Meta:
        label = "Galerie"
        label_format = "{title}"
        icon = "image"
        group = TELL
        template = "home/blocks/gallery.html"
        description = "Deux à huit images côte à côte, chacune avec sa description."

        @staticmethod
        def preview_value() -> dict:
            return {"title": "Le marché en images", "pictures": samples.pictures(3)}

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        pictures = [picture for picture in value["pictures"] if picture]
        read_sizes(pictures, picture_sizes.IN_TEXT)
        return super().get_context(value, parent_context) | {"pictures": pictures}

    def faults(self, value: blocks.StructValue, stored: Mapping[str, Any]) -> Iterator[str]:
        missing = filled(stored.get("pictures")) - sum(picture is not None for picture in value["pictures"])
        yield from gone(missing, "une image n’existe plus", "{} images n’existent plus")


class VideoBlock(LibraryBlock):
    """A film of ours: no other site is called, and nothing is loaded before it is asked for."""

    title = title_block()
    film = DocumentChooserBlock(label="Film", help_text="Un fichier MP4 ou WebM de 50 Mo au plus.")
    poster = ImageChooserBlock(label="Image d’attente")
    captions = DocumentChooserBlock(
        label="Sous-titres", required=False, help_text="Un fichier .vtt, en français, bruits utiles compris."
    )
    transcript = blocks.RichTextBlock(
        label="Transcription",
        required=False,
        features=["bold", "ul"],
        max_length=12000,
        help_text="Tout ce qui se dit et se voit. Obligatoire sans sous-titres.",
    )

    class Meta:
        label = "Vidéo"
        label_format = "{title}"
        icon = "media"
        group = TELL
        template = "home/blocks/video.html"
        description = "Un film court, servi par le portail, avec ses sous-titres ou sa transcription."

        @staticmethod
        def preview_value() -> dict:
            return {
                "title": "Une nuit au fournil",
                "film": samples.document("fournil.mp4"),
                "poster": next(iter(samples.pictures(1)), None),
                "captions": None,
                "transcript": "<p>Maud pétrit. « Le levain a vingt ans. »</p>",
            }

    def mistakes(self, value: Any) -> Iterator[tuple[str, str]]:
        if value["film"] and _extension(value["film"]) not in FILM_TYPES:
            yield "film", "Choisissez un fichier MP4 ou WebM."
        elif value["film"] and not _is_film(value["film"]):
            yield "film", "Ce fichier n’est pas un film, malgré son nom : choisissez-en un autre."
        if value["captions"] and _extension(value["captions"]) != CAPTIONS_TYPE:
            yield "captions", "Choisissez un fichier de sous-titres, qui finit par .vtt."
        if not value["captions"] and not strip_tags(value["transcript"].source or "").strip():
            yield "transcript", "Ajoutez des sous-titres, ou écrivez ce qui se dit et se voit."

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        posters = renditions_of(value["poster"], picture_sizes.IN_TEXT) if value["poster"] else []
        return super().get_context(value, parent_context) | {
            "type": FILM_TYPES[_extension(value["film"])] if _is_film(value["film"]) else "",
            "poster": posters[-1].url if posters else "",
        }

    def faults(self, value: blocks.StructValue, stored: Mapping[str, Any]) -> Iterator[str]:
        yield from gone(filled(stored.get("film")) - bool(value["film"]), "le film n’existe plus", "")
        if value["film"] and not _is_film(value["film"]):
            yield "le fichier du film n’en est pas un : le bloc ne s’affiche pas"


def _is_film(document: Any) -> bool:
    """Return whether a document is a film: some that were stored before files were looked at only have its name."""
    if _extension(document) not in FILM_TYPES:
        return False
    try:
        return document.pk == samples.UNSTORED or not fault_of_stored(document.file.name)
    except OSError:
        return False


def _extension(document: Any) -> str:
    return PurePath(document.file.name).suffix.lower() if document else ""
