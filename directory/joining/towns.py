"""The town that somebody writes with its postal code: any writing of its name, or of a commune that it has absorbed."""

from django.core.exceptions import ValidationError

from directory.models import Town
from directory.rules import postal_code_fault
from portal.slugs import slug_of

TOLD = 6  # names in an error


def town_named(name: str, postal_code: str) -> Town:
    """Return the town. Raise ValidationError, whose ``code`` names the field at fault, saying how to mend it.

    Several towns have one postal code, and a name may be that of several towns: both together tell one.
    """
    slug = _plain(name)
    of_the_code = list(Town.objects.filter(postal_codes__contains=[postal_code]).order_by("-population"))
    for names in (_own_names, _former_names):
        alike = [town for town in of_the_code if slug in names(town)]
        if alike:
            return alike[0]
    namesakes = [town for town in Town.objects.all() if slug in _own_names(town)]
    if len(namesakes) == 1:
        codes = ", ".join(namesakes[0].postal_codes)
        if not of_the_code and not postal_code_fault(postal_code, namesakes[0]):
            return namesakes[0]  # a CEDEX, which no list of towns holds
        raise ValidationError(f"Le code postal de {namesakes[0].name} est {codes}.", "postal_code")
    if not of_the_code:
        raise ValidationError(f"Aucune commune de la région n’a le code postal {postal_code}.", "postal_code")
    told = ", ".join(town.name for town in of_the_code[:TOLD])
    raise ValidationError(f"Les communes du {postal_code} sont : {told}. Écrivez l’une d’elles.", "town")


def _own_names(town: Town) -> set[str]:
    return {_plain(town.name)}


def _former_names(town: Town) -> set[str]:
    return {_plain(name) for name in town.former_names}


def _plain(name: str) -> str:
    """Return a name without accents, hyphens, and the ways in which Saint is shortened; no article in front."""
    words = slug_of(name).split("-")
    words = [{"st": "saint", "ste": "sainte"}.get(word, word) for word in words]
    if len(words) > 1 and words[0] in ("la", "le", "les", "l"):
        words = words[1:]
    return "-".join(word for word in words if word not in ("cedex", "arrondissement"))
