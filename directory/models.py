"""Towns, categories, and the merchants' public pages."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page, PageManager, PagePermissionTester
from wagtail.search import index

from directory import watched
from directory.accent_colors import accent
from directory.answers import Answer  # noqa: F401 - where Django looks for models
from directory.audience.models import AudienceWeek  # noqa: F401
from directory.cards import merchant_cards, town_path
from directory.freshness.models import HoursReminder  # noqa: F401
from directory.geography import NearestQuerySet, flat_point
from directory.guides import TownGuide  # noqa: F401
from directory.hours import Place, validate_opening_hours
from directory.markets import Market  # noqa: F401
from directory.page_forms import MerchantPageForm
from directory.people.models import AccessRequest, Invitation, Role, mandates_end  # noqa: F401
from directory.permissions import MerchantPermissions
from directory.profile import merchant_context
from directory.querysets import AccessQuerySet, MerchantQuerySet
from directory.review_task import MerchantReview  # noqa: F401
from directory.rules import EXPIRES, confirmation_fault, faults
from directory.siret import STORED as STORED_SIRET
from directory.siret import SiretField, grouped
from directory.vetting import guards
from directory.vetting.documents.models import Document  # noqa: F401
from directory.vetting.models import (  # noqa: F401
    Application,
    Check,
    JournalEntry,
    ReasonTemplate,
    Vetting,
)
from directory.vetting.rules import publication_faults
from directory.vetting.sanctions.models import Appeal, Observation, Sanction  # noqa: F401
from directory.vetting.sirene import StockEstablishment  # noqa: F401
from directory.vetting.termination.models import Termination  # noqa: F401
from portal.dependencies import depends_on
from portal.fields import CodesField, PhoneField
from portal.pages import PortalPage
from portal.pagination import canonical_url
from portal.phone import STORED_FRENCH
from portal.slugs import slug_of
from portal.tagged import Tagged
from portal.website import STORED as STORED_WEBSITE
from portal.website import WebsiteField

PAGE_SIZE = 24  # merchants in one page of a list


# As PostgreSQL and Python read them. Nothing in them may match a line end.
STORED_POSTAL_CODE = r"^[0-9]{5}$"
STORED_EMAIL = r"^[^@[:space:]]+@[^@[:space:]]+$"


class TownQuerySet(Tagged, NearestQuerySet):  # type: ignore[override]  # the stubs' managers
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Return one town, which a page that shows it depends on; of many, the whole site does."""
        town = super().get(*args, **kwargs)
        depends_on("town", town.pk)
        return town


class Town(models.Model):  # type: ignore[django-manager-missing]  # stubs don't see Wagtail's managers
    """A commune of the region, or an arrondissement of Lyon (its parent is the commune).

    Source: directory/data/towns.csv (INSEE's official code of 2026).
    """

    insee_code = models.CharField("code INSEE", max_length=5, unique=True)
    name = models.CharField("nom", max_length=80)
    slug = models.SlugField("adresse", max_length=80, unique=True)
    department_code = models.CharField("département", max_length=3, db_index=True)
    department_name = models.CharField("nom du département", max_length=40)
    postal_codes = ArrayField(models.CharField(max_length=5), verbose_name="codes postaux")
    population = models.PositiveIntegerField("population")
    latitude = models.FloatField("latitude", help_text="Degrés, WGS 84.")
    longitude = models.FloatField("longitude", help_text="Degrés, WGS 84.")
    epci_code = models.CharField("SIREN de l’intercommunalité", max_length=9, blank=True)
    epci_name = models.CharField("intercommunalité", max_length=120, blank=True)
    former_names = ArrayField(models.CharField(max_length=80), verbose_name="anciennes communes", default=list)
    parent = models.ForeignKey("self", models.PROTECT, verbose_name="commune", null=True, related_name="districts")

    objects = TownQuerySet.as_manager()
    wagtail_reference_index_ignore = True  # its merchants already say where they are used

    class Meta:
        verbose_name = "commune"
        ordering = ["name"]
        indexes = [
            GinIndex(fields=["postal_codes"], name="town_by_postal_code"),
            GistIndex(flat_point(models.F("latitude"), models.F("longitude")), name="town_by_position"),
        ]
        triggers = watched.TOWN

    def __str__(self) -> str:
        return f"{self.name} ({self.department_code})"

    def get_absolute_url(self) -> str:
        return town_path(self.slug)

    @property
    def point(self) -> tuple[float, float]:
        return self.latitude, self.longitude

    @property
    def change_tag(self) -> str:
        """What notes a change of the town; a memoized function that has it among its arguments depends on that."""
        return f"town:{self.pk}"


class Category(models.Model):  # type: ignore[django-manager-missing]
    """A shopper's category: 12 at the top, 94 below. Source: directory/data/categories.json, then the editors.

    Oscar's tree is a mirror of it (shop/categories.py), which nobody edits.
    """

    slug = models.SlugField("adresse", max_length=60, unique=True)
    name = models.CharField("nom", max_length=80)
    parent = models.ForeignKey("self", models.PROTECT, verbose_name="rayon", null=True, related_name="children")
    position = models.PositiveSmallIntegerField("rang")
    synonyms = ArrayField(models.CharField(max_length=60), verbose_name="synonymes", default=list)
    naf_codes = ArrayField(models.CharField(max_length=6), verbose_name="codes NAF", default=list)
    # What an editor has written, the file does not write over (directory/places.py).
    edited_at = models.DateTimeField("modifiée le", null=True, editable=False)

    wagtail_reference_index_ignore = True  # its merchants already say where it is used

    class Meta:
        verbose_name = "catégorie"
        ordering = ["position"]
        triggers = watched.CATEGORY

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/metiers/{self.slug}/"

    @property
    def accent(self) -> str:
        """The stall colour of its merchants."""
        return accent(self.position)


class DirectoryPage(PortalPage):
    """The root of all merchants, at /commercants/."""

    intro = models.CharField("introduction", max_length=250, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]

    stays = True
    parent_page_types = ["home.HomePage"]
    subpage_types = ["directory.MerchantPage"]
    max_count = 1

    class Meta:
        verbose_name = "annuaire des commerçants"
        triggers = watched.ROOT

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        from directory import listings  # which reads these models

        page, listed = listings.page_of_merchants(request)
        return super().get_context(request, *args, **kwargs) | {
            "merchants": merchant_cards(listed, timezone.localtime()),
            "page_obj": page,
            "categories": listings.categories_of_region(),
            "canonical_url": canonical_url(request, page),
        }


class MerchantPage(PortalPage):
    """A merchant's public profile; live once the portal has vetted it."""

    class Source(models.TextChoices):
        STAFF = "", "saisie par la Région"
        MERCHANT = "merchant", "inscription"
        IMPORT = "import", "import"
        SYNTHETIC = "synthetic-v1", "fictif, pour la démonstration"

    class Label(models.TextChoices):
        """What a certificate or a register proves; a closed list, so that nobody makes up a label."""

        BIO = "bio", "Agriculture biologique"
        AOP = "aop", "Produits AOP"
        IGP = "igp", "Produits IGP"
        ARTISAN = "artisan", "Artisan"

    siret = SiretField("SIRET", unique=True, null=True, blank=True)  # null: fictional merchants have none
    category = models.ForeignKey(Category, models.PROTECT, verbose_name="catégorie", related_name="merchants")
    town = models.ForeignKey(Town, models.PROTECT, verbose_name="commune", related_name="merchants")
    street = models.CharField("adresse", max_length=120, blank=True, help_text="Numéro et rue.")
    postal_code = models.CharField(
        "code postal",
        max_length=5,
        validators=[RegexValidator(STORED_POSTAL_CODE, "Un code postal compte cinq chiffres, par exemple 26000.")],
    )
    latitude = models.FloatField("latitude", null=True, blank=True, help_text="Degrés, WGS 84.")
    longitude = models.FloatField("longitude", null=True, blank=True, help_text="Degrés, WGS 84.")
    phone = PhoneField("téléphone", blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    website = WebsiteField("site internet", blank=True)
    opening_hours = models.CharField(
        "horaires",
        max_length=500,
        blank=True,
        validators=[validate_opening_hours],
        help_text="Au format OpenStreetMap, par exemple : Tu-Sa 08:00-12:30,15:00-19:00; PH off",
    )
    confirmed_on = models.DateField(
        "horaires confirmés le",
        null=True,
        blank=True,
        help_text="Dernier jour où le commerce a dit que ses horaires sont justes. La date la plus récente l’emporte.",
    )
    delivers = models.BooleanField(
        "livre à domicile", default=False, help_text="Par ses propres moyens : le portail ne vend pas de livraison."
    )
    delivery_note = models.CharField(
        "livraison : où, quand, à quel prix",
        max_length=120,
        blank=True,
        help_text="Par exemple : à vélo dans la commune, le mardi et le vendredi, gratuite dès 30 €.",
    )
    step_free = models.BooleanField(
        "accès de plain-pied",
        default=False,
        help_text="Ni marche ni ressaut de plus de 2 cm à l’entrée, ou une rampe toujours en place.",
    )
    labels = CodesField(
        models.CharField(max_length=10, choices=Label),
        verbose_name="labels",
        default=list,
        blank=True,
        help_text="Seulement ceux qu’un certificat ou un registre prouve.",
    )
    story = RichTextField("présentation", features=["h3", "bold", "italic", "ul", "link"], blank=True)
    managers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="MerchantManager", related_name="merchants", verbose_name="gérants"
    )
    source = models.CharField("origine de la fiche", max_length=20, choices=Source, default="", blank=True)

    objects = PageManager.from_queryset(MerchantQuerySet)()

    offline_comment = ""  # what those who keep the page are told when this very object is taken offline
    base_form_class = MerchantPageForm
    is_one = True  # an establishment, its SIRET and its orders
    parent_page_types = ["directory.DirectoryPage"]
    subpage_types: list[str] = []

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(["siret", "category"], heading="Activité"),
        MultiFieldPanel(
            ["street", FieldRowPanel(["postal_code", "town"]), FieldRowPanel(["latitude", "longitude"])], heading="Où"
        ),
        MultiFieldPanel(["phone", "email", "website", "opening_hours"], heading="Contact et horaires"),
        MultiFieldPanel(["confirmed_on", "delivers", "delivery_note", "step_free", "labels"], heading="Services"),
        FieldPanel("story"),
        InlinePanel("pictures", heading="Photos", label="Photo", max_num=8),
    ]
    search_fields = [*Page.search_fields, index.SearchField("siret"), index.AutocompleteField("words_to_find")]

    class Meta:
        verbose_name = "commerçant"
        verbose_name_plural = "commerçants"
        indexes = [GistIndex(flat_point(models.F("latitude"), models.F("longitude")), name="merchant_by_position")]
        constraints = [
            models.CheckConstraint(name="siret_of_14_digits", condition=models.Q(siret__regex=STORED_SIRET)),
            models.CheckConstraint(
                name="merchant_postal_code",
                condition=models.Q(postal_code__regex=STORED_POSTAL_CODE),
                violation_error_message="Un code postal compte cinq chiffres.",
            ),
            models.CheckConstraint(
                name="merchant_position_on_earth",
                condition=models.Q(latitude=None, longitude=None)
                | models.Q(latitude__isnull=False, latitude__range=(-90, 90))
                & models.Q(longitude__isnull=False, longitude__range=(-180, 180)),
                violation_error_message="Une position a une latitude et une longitude, en degrés.",
            ),
            models.CheckConstraint(
                name="merchant_phone_as_dialled",
                condition=models.Q(phone="") | models.Q(phone__regex=STORED_FRENCH),
                violation_error_message="Ce numéro de téléphone ne se lit pas.",
            ),
            models.CheckConstraint(
                name="merchant_website_is_one",
                condition=models.Q(website="") | models.Q(website__iregex=STORED_WEBSITE),
                violation_error_message="L’adresse du site commence par https://.",
            ),
            models.CheckConstraint(
                name="merchant_email_is_one",
                condition=models.Q(email="") | models.Q(email__regex=STORED_EMAIL),
                violation_error_message="Cette adresse e-mail n’est pas entière.",
            ),
        ]
        triggers = [*watched.MERCHANT, *watched.REVIEWS, *watched.RESTRICTIONS, *guards.OF_PAGES]

    @property
    def is_fictional(self) -> bool:
        return self.source == self.Source.SYNTHETIC

    @property
    def label_names(self) -> list[str]:
        return [label.label for label in self.Label if label in self.labels]

    @property
    def point(self) -> tuple[float, float]:
        """(latitude, longitude): the shop's own, else its town's."""
        if self.latitude is None or self.longitude is None:
            return self.town.point
        return self.latitude, self.longitude

    @property
    def place(self) -> Place:
        """Where the sun sets and schools are on holiday, for the opening hours."""
        return Place(self.town.department_code, *self.point)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Hold the page to ``directory.rules`` as well, but for the fields that a form leaves out."""
        told: dict[str, list] = {}
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            told = error.error_dict
        for name, fault in faults(self):
            if name not in (exclude or ()) and name not in told:
                told[name] = [ValidationError(fault)]
        if told:
            raise ValidationError(told)

    def publication_faults(self) -> list[str]:
        return [*([EXPIRES] if self.expire_at else []), *publication_faults([self]).values()]

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return MerchantPermissions(user, self)

    def confirm_hours(self, day: date) -> None:
        """Record that the hours online were right on that day; the page does not change, so nobody reviews it."""
        MerchantPage.objects.filter(pk=self.pk).update(confirmed_on=day)

    def with_content_json(self, content: dict[str, Any]) -> "MerchantPage":
        """Return the page of a revision; an older one never takes a confirmation back, none holds for the future."""
        page = super().with_content_json(content)
        told = (day for day in (self.confirmed_on, page.confirmed_on) if day and not confirmation_fault(day))
        page.confirmed_on = max(told, default=None)
        return page

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        return super().get_context(request, *args, **kwargs) | merchant_context(self, timezone.localtime())

    @property
    def words_to_find(self) -> str:
        """What editors find the merchant by, without accents, in either number: name, place, category, SIRET as typed.

        A word that is typed finds those that begin with it, so the plural finds both.
        """
        siret = self.siret or ""
        words = slug_of(f"{self.title} {self.town.name} {self.category.name} {self.street}").split("-")
        plurals = [f"{word}{ending}" for word in words if word.isalpha() and word[-1] not in "sxz" for ending in "sx"]
        singulars = [word[:-1] for word in words if len(word) > 3 and word[-1] in "sx"]
        return " ".join([*words, *plurals, *singulars, self.postal_code, siret, grouped(siret)]).rstrip()

    @classmethod
    def get_indexed_objects(cls) -> models.QuerySet:
        return super().get_indexed_objects().select_related("town", "category")

    def get_admin_display_title(self) -> str:
        """Name and town, in lists, choosers and messages of the admin: several bear one name."""
        title = super().get_admin_display_title()
        is_told_beside = getattr(self, "town_stands_beside", False)
        return f"{title}, {self.town.name}" if self.town_id and not is_told_beside else title

    @property
    def address_words(self) -> str:
        """Name and town: two bakeries of one name are common, in one town they are rare."""
        return f"{self.title} {self.town.name}" if self.town_id else self.title


class MerchantManager(models.Model):
    """The right of one person to keep one merchant's page; by a mandate (agency), until its last day.

    It stands outside the page on purpose: kept with the page's content, an old revision could give a former manager
    the access back.
    """

    merchant = models.ForeignKey(MerchantPage, models.CASCADE, verbose_name="commerçant", related_name="accesses")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="gérant", related_name="merchant_accesses"
    )
    role = models.CharField("rôle", max_length=10, choices=Role, default=Role.OWNER)
    agency = models.CharField(
        "organisme", max_length=120, blank=True, help_text="Pour un mandat : la mairie ou la chambre qui agit."
    )
    until = models.DateField("mandat jusqu’au", null=True, blank=True, help_text="Dernier jour, pour un mandat.")
    since = models.DateTimeField("depuis", auto_now_add=True)
    wants_digest = models.BooleanField("reçoit le résumé du lundi", default=True)
    digest_on = models.DateField("dernier résumé", null=True, editable=False)

    objects = AccessQuerySet.as_manager()

    class Meta:
        verbose_name = "accès d’un gérant"
        verbose_name_plural = "accès des gérants"
        constraints = [
            models.UniqueConstraint(fields=["merchant", "user"], name="one_access_a_person"),
            mandates_end("mandates_end"),
        ]

    def __str__(self) -> str:
        return f"{self.user.email} gère {self.merchant.title}"


class MerchantPicture(Orderable):
    """A picture of the shop on its page."""

    merchant = ParentalKey(MerchantPage, on_delete=models.CASCADE, related_name="pictures")
    image = models.ForeignKey("portal.Picture", models.CASCADE, verbose_name="photo", related_name="+")
    alt = models.CharField(
        "ce qu’on y voit",
        max_length=150,
        blank=True,
        default="",
        db_default="",
        help_text="Pour qui ne voit pas la photo : « La vitrine bleue, rue du Marché ». Vide : la description de la "
        "bibliothèque.",
    )

    panels = [FieldPanel("image"), FieldPanel("alt")]

    class Meta(Orderable.Meta):
        triggers = watched.MERCHANT_PICTURE
