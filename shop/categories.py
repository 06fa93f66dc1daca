"""Oscar's category tree, kept as a mirror of the directory's."""

from django.db import transaction
from oscar.core.loading import get_model

from directory.models import Category

CatalogueCategory = get_model("catalogue", "Category")


def missing_categories() -> list[Category]:
    """Return the directory's categories that the shop does not have or calls otherwise, parents first."""
    names = dict(CatalogueCategory.objects.values_list("slug", "name"))
    tops = Category.objects.filter(parent=None)
    children = Category.objects.exclude(parent=None).select_related("parent")
    return [category for category in [*tops, *children] if names.get(category.slug) != category.name]


@transaction.atomic
def mirror(categories: list[Category]) -> None:
    """Give the shop these categories, under the same addresses and parents."""
    for category in categories:
        known = CatalogueCategory.objects.filter(slug=category.slug).first()
        if known is not None:
            known.name = category.name
            known.save()
        elif category.parent is None:
            CatalogueCategory.add_root(name=category.name, slug=category.slug)
        else:
            parent = CatalogueCategory.objects.get(slug=category.parent.slug)
            parent.add_child(name=category.name, slug=category.slug)
