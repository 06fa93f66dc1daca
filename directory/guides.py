"""Town guides: what editors write at the top of a town's page."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField

from directory import watched


class TownGuide(models.Model):
    """What an editor tells of a town and its shops."""

    town = models.OneToOneField("directory.Town", models.CASCADE, verbose_name="commune", related_name="guide")
    text = RichTextField(
        "texte",
        features=["bold", "link"],
        max_length=1200,
        help_text="Trois ou quatre phrases, en haut de la page de la commune : où sont les commerces, quand venir.",
    )

    wagtail_reference_index_ignore = True

    panels = [FieldPanel("town"), FieldPanel("text")]

    class Meta:
        verbose_name = "mot sur une commune"
        verbose_name_plural = "mots sur les communes"
        ordering = ["town__name"]
        triggers = watched.GUIDE

    def __str__(self) -> str:
        return self.town.name
