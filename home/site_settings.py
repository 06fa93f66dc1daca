"""Site settings: menus, announcement, contact, legal data.

Every page shows some of it, with its partners and the plan to close it, if any: a process reads all of that in one
query, now and then.
"""

from collections.abc import Iterable
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList, TabbedInterface
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from directory.siret import grouped, written_siret
from home import watched
from home.blocks.links import (
    ADDRESS,
    ADDRESS_HELP,
    TWO_TARGETS,
    WRONG,
    FooterBlocks,
    LinkBlock,
    LinkValue,
    MenuBlocks,
)
from home.checks.settings_form import SiteSettingsForm
from home.closing.announced import announced_plans, phase_of, plan_of
from home.closing.models import ClosingPlan
from home.closing.phases import Plan
from home.snippets import Partner, PartnerLink, partner_links, partner_rows
from portal import picture_sizes
from portal.addresses import path_of
from portal.fields import PhoneField, StreamField
from portal.page_cache import site_generation

MENU = [
    ("Commerçants", "/commercants/"),
    ("Communes", "/commerces/"),
    ("Histoires", "/histoires/"),
    ("Vendre ici", "/espace/"),
]
FOOTER = [
    (
        "Acheter",
        [
            ("Rechercher", "/recherche/"),
            ("Tous les commerçants", "/commercants/"),
            ("Toutes les communes", "/commerces/"),
            ("Tous les métiers", "/metiers/"),
            ("Histoires de comptoir", "/histoires/"),
        ],
    ),
    ("Vendre", [("Espace commerçant", "/espace/"), ("Mon compte", "/compte/connexion/")]),
    (
        "Comprendre",
        [
            ("Comment les résultats sont classés", "/classement/"),
            ("Signaler un problème", "/signaler/"),
            ("Contacter une personne", "/mentions-legales/#contact"),
        ],
    ),
]

OBLIGATORY = FOOTER[-1][1]  # where the law wants them found: reports (DSA, article 16), ranking (P2B), a contact


def original_menu() -> list[tuple]:
    return [("link", {"label": label, "url": url}) for label, url in MENU]


def original_footer() -> list[tuple]:
    return [
        ("column", {"title": title, "links": [{"label": label, "url": url} for label, url in links]})
        for title, links in FOOTER
    ]


@register_setting(icon="info-circle", order=0)
class SiteSettings(BaseGenericSetting):
    """One row. What only the Region knows starts empty: the legal notice says so rather than guess."""

    menu = StreamField(
        MenuBlocks(), verbose_name="menu principal", max_num=6, default=original_menu, blank=True,
        help_text="Six liens au plus, en haut de toutes les pages. Sans lien, le menu d’origine revient.",
    )  # fmt: skip
    footer = StreamField(
        FooterBlocks(), verbose_name="pied de page", max_num=4, default=original_footer, blank=True,
        help_text="Quatre colonnes au plus. Les pages légales s’y ajoutent d’elles-mêmes.",
    )  # fmt: skip
    announcement = models.CharField(
        "annonce", max_length=160, blank=True, help_text="Une phrase en haut de toutes les pages. Vide : pas d’annonce."
    )
    announcement_page = models.ForeignKey(
        "wagtailcore.Page", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="page de l’annonce",
        help_text="Le lien la suit quand elle change d’adresse, et disparaît avec elle.",
    )  # fmt: skip
    announcement_link = models.CharField(
        "ou une adresse",
        max_length=200,
        blank=True,
        validators=[RegexValidator(ADDRESS, WRONG)],
        help_text=ADDRESS_HELP,
    )
    announcement_from = models.DateTimeField("à partir du", null=True, blank=True)
    announcement_until = models.DateTimeField("jusqu’au", null=True, blank=True)
    social_picture = models.ForeignKey(
        "portal.Picture", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="image de partage",
        help_text="Montrée quand on partage une page qui n’a pas la sienne. 1 200 × 630 pixels au moins. "
        "Vide : la carte de la région.",
    )  # fmt: skip
    email = models.EmailField("adresse e-mail de contact", default="bonjour@jachete.example")
    phone = PhoneField("téléphone de contact", blank=True)
    publisher = models.CharField(
        "éditeur", max_length=120, blank=True, help_text="Vide : la Région dont le portail est celui."
    )
    address = models.CharField("adresse de l’éditeur", max_length=200, blank=True)
    siret = models.CharField("SIRET de l’éditeur", max_length=18, blank=True)
    director = models.CharField("directeur de la publication", max_length=120, blank=True)
    host = models.TextField(
        "hébergeur", blank=True, help_text="Nom, adresse et téléphone : la loi les demande dans les mentions légales."
    )
    data_officer = models.EmailField("délégué à la protection des données", default="dpo@jachete.example")
    select_related = ("social_picture", "announcement_page")
    base_form_class = SiteSettingsForm
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("announcement"),
                    FieldPanel("announcement_page"),
                    FieldPanel("announcement_link"),
                    FieldRowPanel(["announcement_from", "announcement_until"]),
                    FieldPanel("social_picture"),
                ],
                heading="Annonce et partage",
            ),
            ObjectList(["menu", "footer"], heading="Menus"),
            ObjectList(
                [
                    FieldRowPanel(["email", "phone"]),
                    *map(FieldPanel, ("data_officer", "publisher", "address", "siret", "director", "host")),
                ],
                heading="Contact et mentions légales",
            ),
        ]
    )

    class Meta:
        app_label = "home"
        verbose_name = "informations du site"
        permissions = (("close_portal", "Peut fermer le portail"),)
        triggers = watched.SITE_SETTINGS

    @classmethod
    def base_queryset(cls) -> models.QuerySet:
        return (
            super()
            .base_queryset()
            .annotate(partner_rows=ArraySubquery(partner_rows()), closing_row=models.Subquery(announced_plans()[:1]))
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the settings. An emptied menu begins again with the first one, which editors then see and add to."""
        if not self.menu:
            self.menu = original_menu()  # type: ignore[assignment]
        if not self.footer:
            self.footer = original_footer()  # type: ignore[assignment]
        super().save(*args, **kwargs)

    def clean(self) -> None:
        start, end = self.announcement_from, self.announcement_until
        if start and end and end <= start:
            raise ValidationError({"announcement_until": "La fin vient avant le début. Corrigez l’une des deux."})
        if self.announcement_page_id and self.announcement_link:
            raise ValidationError({"announcement_link": TWO_TARGETS})
        try:
            self.siret = grouped(written_siret(self.siret))
        except ValidationError as error:
            raise ValidationError({"siret": error.messages}) from error

    @property
    def publisher_name(self) -> str:
        return self.publisher or settings.REGION.institution

    @property
    def is_announced(self) -> bool:
        """Whether the announcement is to be shown now."""
        now = timezone.now()
        begun = self.announcement_from is None or self.announcement_from <= now
        lasting = self.announcement_until is None or now < self.announcement_until
        return bool(self.announcement) and begun and lasting

    @property
    def announcement_address(self) -> str:
        """Where the announcement leads, "" for nowhere: its page was withdrawn, or it has no link."""
        if page := self.announcement_page:
            return path_of(page.url_path) if page.live else ""
        return self.announcement_link

    @property
    def closing(self) -> Plan | None:
        """The plan to close or to pause the portal that is announced, if any; a pause is none once it is over."""
        return self._announced if phase_of(self._announced) else None

    @cached_property
    def _announced(self) -> Plan | None:
        return plan_of(self.closing_row)

    @cached_property
    def menu_links(self) -> list[tuple[str, str]]:
        """(label, address) of each link of the main menu; without those whose page was withdrawn."""
        return self._links[0] or MENU

    @cached_property
    def footer_columns(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        """(title, ((label, address), …)) of each column of the footer; what must be there stands in the last."""
        titles = [column["value"]["title"] for column in self.footer.raw_data]
        columns = list(zip(titles, self._links[1:], strict=True))
        columns = [(title, links) for title, links in columns if links] or FOOTER
        there = {address for _, links in columns for _, address in links}
        *others, (title, links) = columns
        missing = [link for link in OBLIGATORY if link[1] not in there]
        return (*((title, tuple(links)) for title, links in others), (title, (*links, *missing)))

    @cached_property
    def _links(self) -> list[list[tuple[str, str]]]:
        """(label, address) of the menu's links, then of each column's: the pages of all are read in one query."""
        groups = [[link["value"] for link in self.menu.raw_data]]
        # A link of a column is stored as itself, or since it can be moved, as the value of an item.
        groups += [[link.get("value", link) for link in column["value"]["links"]] for column in self.footer.raw_data]
        values = iter(LinkBlock().bulk_to_python([link for group in groups for link in group]))
        return [_shown(islice(values, len(group))) for group in groups]

    @cached_property
    def partners(self) -> tuple[PartnerLink, ...]:
        return partner_links(self.partner_rows)

    @cached_property
    def social_picture_url(self) -> str:
        """The address of the editors' own social picture, "" without one."""
        return self.social_picture.get_rendition(picture_sizes.SOCIAL).full_url if self.social_picture else ""


def _shown(values: Iterable[LinkValue]) -> list[tuple[str, str]]:
    return [(value["label"], value.address) for value in values if value["label"] and value.address]


def site_settings() -> SiteSettings:
    """Return the settings; asked on every page, they are read from the database now and then."""
    return _read(site_generation())


@lru_cache(maxsize=1)
def _read(moment: tuple[int, float]) -> SiteSettings:
    stored = SiteSettings.base_queryset().first()
    if stored is None:
        stored = SiteSettings()
        stored.partner_rows = [partner["row"] for partner in partner_rows()]
        stored.closing_row = next((plan["row"] for plan in announced_plans()), None)
    return stored


@receiver([post_save, post_delete], sender=SiteSettings)
@receiver([post_save, post_delete], sender=Partner)
@receiver([post_save, post_delete], sender=ClosingPlan)
def _forget(**signal: Any) -> None:
    _read.cache_clear()
