"""Synonyms and promoted answers. A trigger tells the processes that hold them in memory of every change."""

from collections.abc import Iterable
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel, HelpPanel, PageChooserPanel
from wagtail.models import Page

from directory.models import Category, MerchantPage
from portal.periods import PERIOD_PANEL, Period, PeriodQuerySet
from portal.watch import Note, watched
from search.understanding.lexicon import LONGEST_PHRASE
from search.understanding.normalize import words_of
from search.understanding.synonyms import key

SYNONYM_OF_NOTHING = "Choisissez une catégorie ou écrivez d’autres mots : au moins l’un des deux."


class Synonym(models.Model):
    """Words that people type for a category, beside those it came with, or for other words, or for both."""

    phrase = models.CharField("ce que les gens tapent", max_length=60, unique=True)
    category = models.ForeignKey(
        Category, models.CASCADE, verbose_name="catégorie qu’ils cherchent", related_name="+", null=True, blank=True
    )
    meaning = models.CharField(
        "mots qui veulent dire la même chose", max_length=60, blank=True, default="", db_default=""
    )

    wagtail_reference_index_ignore = True

    panels = [
        HelpPanel(
            "Dites ce que ces mots désignent : une catégorie, d’autres mots, ou les deux. "
            "Les recherches en tiennent compte dès l’enregistrement."
        ),
        FieldPanel("phrase", help_text="Un mot ou quelques-uns, sans commune : « pain de campagne »."),
        FieldPanel("category", help_text="Ses commerçants et leurs produits remontent dans les résultats."),
        FieldPanel(
            "meaning",
            help_text="Sans commune : « beignets » pour « bugnes ». Qui tape « bugnes » trouve aussi ce qui contient "
            "« beignets ». Pour l’inverse, ajoutez un second synonyme.",
        ),
    ]

    class Meta:
        app_label = "regional_search"
        verbose_name = "synonyme"
        ordering = ["phrase"]
        constraints = [
            models.CheckConstraint(
                name="synonym_means_something",
                condition=models.Q(category__isnull=False) | ~models.Q(meaning=""),
                violation_error_message=SYNONYM_OF_NOTHING,
            )
        ]
        triggers = watched(Note("select 'vocabulary' from changed"))

    def __str__(self) -> str:
        meant = [f"« {self.meaning} »"] if self.meaning else []
        return f"{self.phrase} → {', '.join([*map(str, filter(None, [self.category])), *meant])}"

    def clean(self) -> None:
        mistakes = {}
        if mistake := _mistake(self.phrase):
            mistakes["phrase"] = mistake
        if self.meaning and (mistake := _mistake(self.meaning)):
            mistakes["meaning"] = mistake
        elif self.meaning and key(self.meaning) == key(self.phrase):
            mistakes["meaning"] = "Ce sont les mots que les gens tapent déjà. Écrivez-en d’autres."
        if mistakes:
            raise ValidationError(mistakes)


def _mistake(phrase: str) -> str:
    words = key(phrase)
    if not words:
        return "Écrivez au moins un mot qui dit ce qu’on cherche, comme « baguette »."
    if len(words) > LONGEST_PHRASE:
        return f"Gardez {LONGEST_PHRASE} mots au plus : ceux qui disent ce qu’on cherche."
    return ""


class PromotedAnswerQuerySet(PeriodQuerySet):
    def shown_on(self, day: date) -> "PromotedAnswerQuerySet":
        """Keep those of that day whose page is public."""
        return self.of_day(day).filter(page__live=True).select_related("page")


class PromotedAnswer(Period):
    """An editorial page shown above the results of some words, always labelled; never a merchant's."""

    title = models.CharField("titre", max_length=80)
    text = models.CharField("texte", max_length=200, blank=True)
    page = models.ForeignKey(
        Page, models.CASCADE, verbose_name="page", related_name="+", help_text="Une page de la rédaction."
    )
    phrases = ArrayField(
        models.CharField(max_length=60),
        verbose_name="mots tapés",
        help_text="Séparés par des virgules : « marché de noël, cadeau ». La réponse s’affiche quand tous les mots "
        "de l’un d’eux sont tapés.",
    )

    objects = PromotedAnswerQuerySet.as_manager()

    panels = [
        FieldPanel("title"),
        FieldPanel("text"),
        PageChooserPanel("page"),
        FieldPanel("phrases"),
        PERIOD_PANEL,
    ]

    class Meta:
        app_label = "regional_search"
        verbose_name = "réponse de la rédaction"
        verbose_name_plural = "réponses de la rédaction"
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.page_id and issubclass(self.page.specific_class, MerchantPage):
            message = (
                "Un commerçant ne peut pas être mis en avant. Choisissez une histoire ou une page de la rédaction."
            )
            raise ValidationError({"page": message})
        if empty := [phrase for phrase in self.phrases or () if not words_of(phrase)]:
            raise ValidationError({"phrases": f"« {empty[0]} » ne contient aucun mot. Retirez-le."})
        super().clean()


def with_synonyms(categories: Iterable[Category]) -> list[Category]:
    """Return the categories, each with the editors' synonyms after its own."""
    categories = list(categories)
    by_id = {category.pk: category for category in categories}
    said = Synonym.objects.filter(category__isnull=False).values_list("category_id", "phrase")
    for category_id, phrase in said:
        by_id[category_id].synonyms = [*by_id[category_id].synonyms, phrase]
    return categories


def meanings() -> list[tuple[str, str]]:
    """Return (what people type, the words that mean the same) of the editors' synonyms that have such words."""
    return list(Synonym.objects.exclude(meaning="").values_list("phrase", "meaning"))
