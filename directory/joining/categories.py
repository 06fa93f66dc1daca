"""The categories an applicant chooses from: those that the NAF code proposes first, then all, by group."""

from directory.models import Category
from directory.vetting.naf import Naf

Choices = list[tuple[str, str | list[tuple[str, str]]]]


def category_choices(naf: Naf | None) -> Choices:
    """Return the choices of a select, grouped; a slug stands in one group only."""
    groups: dict[str, list[tuple[str, str]]] = {}
    names: dict[str, str] = {}
    for category in Category.objects.filter(parent__isnull=False).select_related("parent").order_by("position"):
        assert category.parent
        groups.setdefault(category.parent.name, []).append((category.slug, category.name))
        names[category.slug] = category.name
    proposed = [(slug, names[slug]) for slug in (naf.categories if naf else ()) if slug in names]
    first: Choices = [("Proposées d’après votre activité au registre", proposed)] if proposed else []
    taken = {slug for slug, _ in proposed}
    rest: Choices = [(group, [one for one in some if one[0] not in taken]) for group, some in groups.items()]
    return [("", "Choisissez"), *first, *rest]
