"""The towns around a merchant."""

from directory.geography import distance
from directory.models import Town
from shop.delivery.models import MOST_TOWNS


def towns_around(point: tuple[float, float], own: Town, kilometres: int) -> set[str]:
    """Return the INSEE codes of a town and of those whose middle is nearer than that, without arrondissements."""
    whole = Town.objects.filter(parent=None)
    near = whole.nearest(point).values_list("insee_code", "latitude", "longitude")[:MOST_TOWNS]
    found = {code for code, *where in near if distance(point, (where[0], where[1])) < kilometres}
    return found | {own.parent.insee_code if own.parent else own.insee_code}
