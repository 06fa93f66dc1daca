"""What the Region fills in once for the whole site: who publishes it, whom to call, what to announce."""

from functools import lru_cache
from time import monotonic

from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

FRESH = 30  # seconds that a process may show what another process has changed since


@register_setting(icon="info-circle")
class SiteFacts(BaseGenericSetting):
    """One row. What only the Region knows starts empty: the legal notice says so rather than guess."""

    announcement = models.CharField(
        "annonce", max_length=160, blank=True, help_text="Une phrase en haut de toutes les pages. Vide : pas d’annonce."
    )
    announcement_link = models.CharField(
        "lien de l’annonce", max_length=200, blank=True, help_text="Une adresse du site, par exemple /histoires/."
    )
    email = models.EmailField("adresse e-mail de contact", default="bonjour@jachete.example")
    phone = models.CharField("téléphone de contact", max_length=20, blank=True)
    publisher = models.CharField("éditeur", max_length=120, default="Région Auvergne-Rhône-Alpes")
    address = models.CharField("adresse de l’éditeur", max_length=200, blank=True)
    siret = models.CharField("SIRET de l’éditeur", max_length=18, blank=True)
    director = models.CharField("directeur de la publication", max_length=120, blank=True)
    host = models.TextField(
        "hébergeur", blank=True, help_text="Nom, adresse et téléphone : la loi les demande dans les mentions légales."
    )
    data_officer = models.EmailField("délégué à la protection des données", default="dpo@jachete.example")

    panels = [
        MultiFieldPanel(["announcement", "announcement_link"], heading="Bandeau d’annonce"),
        MultiFieldPanel([FieldRowPanel(["email", "phone"]), FieldPanel("data_officer")], heading="Contact"),
        MultiFieldPanel(["publisher", "address", "siret", "director", "host"], heading="Mentions légales"),
    ]

    class Meta:
        app_label = "home"
        verbose_name = "informations du site"

    def save(self, *args, **kwargs) -> None:
        super().save(*args, **kwargs)
        _read.cache_clear()


def site_facts() -> SiteFacts:
    """Return the facts; asked on every page, they are read from the database every FRESH seconds."""
    return _read(monotonic() // FRESH)


@lru_cache(maxsize=1)
def _read(moment: float) -> SiteFacts:
    return SiteFacts.objects.first() or SiteFacts()
