"""The page that an application asks for: a draft, until the application is accepted."""

from typing import Any

from django.core.exceptions import ValidationError

from directory.bulk import add_merchants
from directory.models import Category, DirectoryPage, MerchantPage, Town
from directory.vetting.kinds import OPEN_STEPS
from directory.vetting.models import Application

COPIED = ("title", "street", "postal_code", "latitude", "longitude", "phone", "website", "opening_hours", "story")
TAKEN = "Ce SIRET a déjà une fiche sur le portail : demandez à la tenir."
UNPLACED = "Choisissez une commune de la région."
UNSORTED = "Choisissez la catégorie où vos clients vous chercheront."


def draft_of(application: Application) -> MerchantPage:
    """Store the page that an application declares, or the newer text of it, and return it. Raises ValidationError.

    declared: values of MerchantPage by field, the category by its slug, the town by its INSEE code.
    """
    values = _values(application.declared)
    if (page := application.merchant or _left_over(application)) is None:
        page = MerchantPage(siret=application.siret, source=MerchantPage.Source.MERCHANT, live=False)
        _fill(page, values)
        [page] = add_merchants([page], DirectoryPage.objects.get(), data=lambda _: {"application": application.number})
    elif not page.live:
        page = page.get_latest_revision_as_object()
        _fill(page, values)
        page.save_revision(clean=False)
        page.save()
    return page


def _left_over(application: Application) -> MerchantPage | None:
    """Return a draft of that SIRET that nobody keeps: imported, or of an application that was not accepted."""
    page = MerchantPage.objects.filter(siret=application.siret).first()
    if page is None:
        return None
    others = Application.objects.filter(merchant=page).exclude(pk=application.pk)
    if page.live or page.accesses.exists() or others.filter(state__in=OPEN_STEPS).exists():
        raise ValidationError(TAKEN)
    others.update(merchant=None)
    return page


def _values(declared: dict[str, Any]) -> dict[str, Any]:
    town = Town.objects.filter(insee_code=declared.get("town") or "").first()
    category = Category.objects.filter(slug=declared.get("category") or "").first()
    if town is None or category is None:
        raise ValidationError(UNPLACED if town is None else UNSORTED)
    copied = {name: declared[name] for name in COPIED if declared.get(name) not in (None, "")}
    return {**copied, "email": declared.get("email") or "", "town": town, "category": category}


def _fill(page: MerchantPage, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(page, name, value)
    page.clean_fields(exclude=["siret", "path", "depth", "slug", "content_type", "locale", "draft_title"])
