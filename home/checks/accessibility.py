"""Wagtail's accessibility checker, in the preview of every page."""

from typing import ClassVar

from wagtail.admin.userbar import ContentCheckerItem


class ContentChecker(ContentCheckerItem):
    """Wagtail's own rules, and those an editor's words or pictures can break on our pages; contrast among them.

    Only what editors write is looked at: the rest of the page is ours, and `make audit` looks at it.
    """

    axe_include: ClassVar = ["main"]
    axe_run_only: ClassVar = [
        *ContentCheckerItem.axe_run_only,
        "color-contrast",
        "image-alt",
        "image-redundant-alt",
        "link-in-text-block",
        "list",
        "video-caption",
    ]
    axe_messages: ClassVar = {
        **ContentCheckerItem.axe_messages,
        "color-contrast": {
            "error_name": "Texte peu lisible sur ce fond",
            "help_text": "Choisissez une image plus calme, ou ôtez le texte posé dessus.",
        },
        "image-alt": {"error_name": "Image sans description", "help_text": "Décrivez ce que l’image montre."},
        "image-redundant-alt": {
            "error_name": "La description répète le texte voisin",
            "help_text": "Dites ce que l’image ajoute, ou déclarez-la décorative.",
        },
        "link-in-text-block": {
            "error_name": "Lien que rien ne distingue du texte",
            "help_text": "Reprenez la mise en forme du lien.",
        },
        "list": {"error_name": "Liste mal formée", "help_text": "Refaites la liste avec le bouton de liste."},
        "video-caption": {
            "error_name": "Vidéo sans sous-titres",
            "help_text": "Ajoutez un fichier .vtt, ou la transcription.",
        },
    }
