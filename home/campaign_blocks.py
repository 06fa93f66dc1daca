"""What an editor can put in a campaign page besides what a story holds."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from directory.models import MerchantPage
from home.blocks import StoryBlocks, TownChooserBlock
from home.cards import story_cards

STORIES = 3
ADDRESS = r"^(/(?!/)|https://|mailto:|tel:)"  # a page of ours, or a whole address
ADDRESS_HELP = "Une page du site (/histoires/) ou une adresse complète (https://…)."


def link_block(**options) -> blocks.RegexBlock:
    """Return a field for an address, of ours or of another site."""
    wrong = {"invalid": "Commencez par / pour une page du site, ou par https://."}
    return blocks.RegexBlock(regex=ADDRESS, error_messages=wrong, help_text=ADDRESS_HELP, max_length=300, **options)


class FiguresBlock(blocks.StructBlock):
    """Two to four figures, each with what it counts."""

    title = blocks.CharBlock(label="Titre", max_length=80)
    figures = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("value", blocks.CharBlock(label="Chiffre", max_length=12)),
                ("label", blocks.CharBlock(label="Ce qu’il compte", max_length=80)),
            ],
            label_format="{value} {label}",
        ),
        label="Chiffres",
        min_num=2,
        max_num=4,
    )

    class Meta:
        label = "Chiffres clés"
        label_format = "{title}"
        icon = "order"
        group = "Expliquer"
        template = "home/blocks/figures.html"
        description = "Deux à quatre chiffres en grand. Dites d’où ils viennent dans le texte."
        preview_value = {
            "title": "Le marché en chiffres",
            "figures": [
                {"value": "110", "label": "étals le samedi"},
                {"value": "34", "label": "producteurs de la vallée"},
            ],
        }


class StepsBlock(blocks.StructBlock):
    """What happens, in order."""

    title = blocks.CharBlock(label="Titre", max_length=80)
    steps = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(label="Étape", max_length=60)),
                ("text", blocks.TextBlock(label="Texte", rows=2, max_length=240)),
            ],
            label_format="{title}",
        ),
        label="Étapes",
        min_num=2,
        max_num=6,
    )

    class Meta:
        label = "Étapes"
        label_format = "{title}"
        icon = "list-ol"
        group = "Expliquer"
        template = "home/blocks/steps.html"
        description = "Ce qu’il faut faire, dans l’ordre, en deux à six étapes."
        preview_value = {
            "title": "Comment participer",
            "steps": [
                {"title": "Choisissez", "text": "Un article chez un commerçant de votre commune."},
                {"title": "Retirez", "text": "À la boutique, quand elle est ouverte."},
            ],
        }


class QuestionsBlock(blocks.StructBlock):
    """Questions that people ask, each answer folded under it."""

    title = blocks.CharBlock(label="Titre", max_length=80, default="Questions fréquentes")
    questions = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("question", blocks.CharBlock(label="Question", max_length=140)),
                ("answer", blocks.RichTextBlock(label="Réponse", features=["bold", "ul", "link"], max_length=1200)),
            ],
            label_format="{question}",
        ),
        label="Questions",
        min_num=1,
        max_num=12,
    )

    class Meta:
        label = "Questions et réponses"
        label_format = "{title}"
        icon = "help"
        group = "Expliquer"
        template = "home/blocks/questions.html"
        description = "Les questions restent visibles, chaque réponse s’ouvre d’un geste."
        preview_value = {
            "title": "Questions fréquentes",
            "questions": [
                {"question": "Faut-il payer en ligne ?", "answer": "<p>Non. Vous payez à la boutique, au retrait.</p>"}
            ],
        }


class DownloadBlock(blocks.StructBlock):
    """A file to take away."""

    document = DocumentChooserBlock(label="Document")
    title = blocks.CharBlock(label="Titre", max_length=100, help_text="Ce que le fichier contient.")

    class Meta:
        label = "Document à télécharger"
        label_format = "{title}"
        icon = "download"
        group = "Agir"
        template = "home/blocks/download.html"
        description = "Le type et le poids du fichier s’affichent d’eux-mêmes. Préférez un PDF accessible."


class CallToActionBlock(blocks.StructBlock):
    """One thing to do next."""

    title = blocks.CharBlock(label="Titre", max_length=80)
    text = blocks.TextBlock(label="Texte", rows=2, max_length=240, required=False)
    button = blocks.CharBlock(label="Bouton", max_length=40, help_text="Un verbe : « Voir les marchés ».")
    link = link_block(label="Lien")

    class Meta:
        label = "Appel à l’action"
        label_format = "{title}"
        icon = "arrow-right"
        group = "Agir"
        template = "home/blocks/call_to_action.html"
        description = "Une chose à faire, une seule."
        preview_value = {
            "title": "Trouvez le marché d’à côté",
            "text": "Jours, heures et étals de votre commune.",
            "button": "Voir les communes",
            "link": "/commerces/",
        }


class SearchBlock(blocks.StructBlock):
    """The search box, already filled in."""

    title = blocks.CharBlock(label="Titre", max_length=80, default="Trouvez près de chez vous")
    words = blocks.CharBlock(label="Mots cherchés", max_length=60, required=False, help_text="Par exemple : fromage.")
    town = TownChooserBlock(label="Commune", required=False)

    class Meta:
        label = "Recherche"
        label_format = "{title}"
        icon = "search"
        group = "Agir"
        template = "home/blocks/search.html"
        description = "La recherche du portail, avec des mots et une commune proposés. Une seule par page."
        preview_value = {"title": "Trouvez un fromager", "words": "fromage", "town": None}


class TownBlock(blocks.StructBlock):
    """A town: how many merchants it has, and the way to its page."""

    town = TownChooserBlock(label="Commune")
    text = blocks.TextBlock(label="Texte", rows=2, max_length=240, required=False)

    class Meta:
        label = "Commune"
        label_format = "{town}"
        icon = "site"
        group = "Vitrine"
        template = "home/blocks/town.html"
        description = "Une commune, le nombre de ses commerces en ligne ce jour, et le lien vers sa page."

    def get_context(self, value, parent_context=None):
        count = MerchantPage.objects.live().in_town(value["town"]).count() if value["town"] else 0
        return super().get_context(value, parent_context) | {"count": count}


class StoriesBlock(blocks.StructBlock):
    """Stories an editor chose."""

    title = blocks.CharBlock(label="Titre", max_length=80)
    stories = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="home.StoryPage", label="Histoire"),
        label="Histoires",
        min_num=1,
        max_num=STORIES,
        help_text="Une histoire retirée disparaît d’elle-même.",
    )

    class Meta:
        label = "Histoires choisies"
        label_format = "{title}"
        icon = "doc-full"
        group = "Vitrine"
        template = "home/blocks/stories.html"
        description = "Une à trois histoires, avec leur image."

    def get_context(self, value, parent_context=None):
        live = [page.specific for page in value["stories"] if page and page.live]
        return super().get_context(value, parent_context) | {"cards": story_cards(live)}


class GalleryBlock(blocks.StructBlock):
    """Pictures side by side."""

    title = blocks.CharBlock(label="Titre", max_length=80)
    pictures = blocks.ListBlock(ImageBlock(label="Image"), label="Images", min_num=2, max_num=8)

    class Meta:
        label = "Galerie"
        label_format = "{title}"
        icon = "image"
        group = "Raconter"
        template = "home/blocks/gallery.html"
        description = "Deux à huit images, chacune avec sa description."


class EventBlock(blocks.StructBlock):
    """One date."""

    title = blocks.CharBlock(label="Quoi", max_length=100)
    start = blocks.DateTimeBlock(label="Début")
    end = blocks.DateTimeBlock(label="Fin")
    place = blocks.CharBlock(label="Où", max_length=160)

    class Meta:
        label = "Date"
        label_format = "{title}"

    def clean(self, value):
        cleaned = super().clean(value)
        if cleaned["end"] <= cleaned["start"]:
            fault = ValidationError("La fin vient avant le début : corrigez l’une des deux.")
            raise blocks.StructBlockValidationError(block_errors={"end": fault})
        return cleaned


class EventsBlock(blocks.StructBlock):
    """Dates to come, each of which goes into a calendar."""

    title = blocks.CharBlock(label="Titre", max_length=80)
    events = blocks.ListBlock(EventBlock(), label="Dates", min_num=1, max_num=12)

    class Meta:
        label = "Agenda"
        label_format = "{title}"
        icon = "calendar"
        group = "Agir"
        template = "home/blocks/events.html"
        description = "Des dates que l’on ajoute à son agenda. Une date passée disparaît d’elle-même."
        preview_value = {
            "title": "Les marchés de Noël",
            "events": [
                {
                    "title": "Marché de Die",
                    "start": datetime(2040, 12, 8, 9, tzinfo=timezone.get_default_timezone()),
                    "end": datetime(2040, 12, 8, 18, tzinfo=timezone.get_default_timezone()),
                    "place": "Place de la République, Die",
                }
            ],
        }

    def get_context(self, value, parent_context=None):
        page = (parent_context or {}).get("page")
        now = timezone.now()
        events = [
            {
                **event.value,
                "hours": f"{_clock(event.value['start'])} – {_clock(event.value['end'])}",
                "calendar": f"/agenda/{page.pk}/{event.id}.ics" if page else "",
            }
            for event in value["events"].bound_blocks
            if event.value["end"] > now
        ]
        return super().get_context(value, parent_context) | {"events": events}


class CampaignBlocks(StoryBlocks):
    """The body of a campaign page: all that a story holds, and more."""

    gallery = GalleryBlock()
    town = TownBlock()
    stories = StoriesBlock()
    figures = FiguresBlock()
    steps = StepsBlock()
    questions = QuestionsBlock()
    events = EventsBlock()
    search = SearchBlock()
    download = DownloadBlock()
    call_to_action = CallToActionBlock()

    class Meta:
        block_counts = {
            **{name: {"max_num": 4} for name in ("merchant_cards", "merchants_around", "product_cards")},
            "search": {"max_num": 1},
            "events": {"max_num": 1},
        }


def _clock(moment: datetime) -> str:
    """Return a time as the French write it: "9 h", "18 h 30"."""
    here = timezone.localtime(moment)
    return f"{here.hour}\u00a0h\u00a0{here:%M}" if here.minute else f"{here.hour}\u00a0h"
