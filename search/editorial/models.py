"""Synonyms and promoted answers. A trigger tells the processes that hold them in memory of every change."""

from collections.abc import Iterable
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.models import Page

from directory.models import Category, MerchantPage
from portal.periods import PERIOD_PANEL, Period, PeriodQuerySet
from search.words import SHOPPING_WORDS, SMALL_WORDS, words_of

LONGEST_PHRASE = 5  # words of a synonym that the search looks up together


class Synonym(models.Model):
    """Words that people type for a category, beside those it came with."""

    phrase = models.CharField("ce que les gens tapent", max_length=60, unique=True)
    category = models.ForeignKey(Category, models.CASCADE, verbose_name="catégorie qu’ils cherchent", related_name="+")

    wagtail_reference_index_ignore = True

    panels = [
        FieldPanel("phrase", help_text="Un mot ou quelques-uns, sans commune : « pain de campagne »."),
        FieldPanel("category"),
    ]

    class Meta:
        app_label = "regional_search"
        verbose_name = "synonyme"
        ordering = ["phrase"]

    def __str__(self) -> str:
        return f"{self.phrase} → {self.category}"

    def clean(self) -> None:
        words = [word for word in words_of(self.phrase) if word not in SMALL_WORDS | SHOPPING_WORDS]
        if not words:
            raise ValidationError({"phrase": "Écrivez au moins un mot qui dit ce qu’on cherche, comme « baguette »."})
        if len(words) > LONGEST_PHRASE:
            raise ValidationError({"phrase": f"Gardez {LONGEST_PHRASE} mots au plus : ceux que les gens tapent."})


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
    for category_id, phrase in Synonym.objects.values_list("category_id", "phrase"):
        by_id[category_id].synonyms = [*by_id[category_id].synonyms, phrase]
    return categories
