"""« Expliquer »: figures, steps, questions."""

from wagtail import blocks

from home.blocks.base import EXPLAIN, LibraryBlock, title_block


class FiguresBlock(LibraryBlock):
    """Two to four figures, each with what it counts."""

    title = title_block()
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
        group = EXPLAIN
        template = "home/blocks/figures.html"
        description = "Deux à quatre chiffres en grand. Dites d’où ils viennent dans le texte."
        preview_value = {
            "title": "Le marché en chiffres",
            "figures": [
                {"value": "110", "label": "étals le samedi"},
                {"value": "34", "label": "producteurs de la vallée"},
            ],
        }


class StepsBlock(LibraryBlock):
    """What happens, in order."""

    title = title_block()
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
        group = EXPLAIN
        template = "home/blocks/steps.html"
        description = "Ce qu’il faut faire, dans l’ordre, en deux à six étapes."
        preview_value = {
            "title": "Comment participer",
            "steps": [
                {"title": "Choisissez", "text": "Un article chez un commerçant de votre commune."},
                {"title": "Retirez", "text": "À la boutique, quand elle est ouverte."},
            ],
        }


class QuestionsBlock(LibraryBlock):
    """Questions that people ask, each answer folded under it."""

    title = title_block(default="Questions fréquentes")
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
        group = EXPLAIN
        template = "home/blocks/questions.html"
        description = "Les questions restent visibles, chaque réponse s’ouvre d’un geste."
        preview_value = {
            "title": "Questions fréquentes",
            "questions": [
                {"question": "Faut-il payer en ligne ?", "answer": "<p>Non. Vous payez à la boutique, au retrait.</p>"}
            ],
        }
