"""Words that people put around the name of a place, folded; and what they write instead of a name."""

import re

from search.words import words_of

OF = frozenset(["d", "de", "des", "du"])
NEARBY = frozenset(
    words_of("abords alentours autour cote environs loin pres proche proches proximite rayon secteur vers voisinage")
)
# What stands before a name, and after it, without being of it. A name that begins or ends so is looked up before.
BEFORE = frozenset(
    words_of(
        "a agglo agglomeration arrondissement au aux bourg canton centre chef chez commune communaute "
        "communes dans dep departement dept dpt en est gare grand grande hopital hypercentre l la le les lieu "
        "mairie marche metropole moi moins nord ouest par pas pays prefecture quartier region sous sud sur tout "
        "toute un urbaine ville village zone"
    )
).union(OF, NEARBY)
AFTER = frozenset(
    words_of(
        "agglo agglomeration alentours arrondissement centre commune departement environs est et fr france "
        "gare hypercentre intra la metropole metropolitaine muros nord ouest prefecture proximite region sa "
        "ses sud tgv ville"
    )
)
STREETS = frozenset(
    words_of(
        "allee allees appartement appt av ave avenue bat batiment bd bis boulevard bvd chemin cite clos cours domaine "
        "escalier esplanade etage faubourg fbg hameau immeuble imp impasse lieudit lotissement mail montee passage pl "
        "place placette promenade quai residence rocade rond route rte rue ruelle sentier square ter traverse venelle "
        "villa voie za zac zi"
    )
)

_REGION = {
    frozenset(name.split())
    for name in ("auvergne rhone alpes", "rhone alpes", "auvergne", "aura", "ara", "partout", "importe ou")
}
_REGION_FILLERS = frozenset(words_of("dans de en entiere l la le n notre tout toute"))
_REGION_FRAME = frozenset(["region", "france", "metropolitaine"])

_HERE = re.compile(
    r"(?:tout )?(?:pres|proche|autour|a cote|pas loin|non loin|a proximite|aux alentours|aux environs)"
    r"(?: (?:de |d )?(?:chez )?(?:moi|nous|vous|ici|ma position|mon domicile|mon quartier|mon adresse|la maison))?"
    r"|chez (?:moi|nous)|(?:d |par |juste )?ici(?: meme)?|dans (?:le|mon) (?:coin|quartier|secteur)"
    r"|(?:ma|notre|la) (?:position|localisation|geolocalisation)(?: actuelle)?|(?:ma|notre) (?:ville|commune|rue)"
    r"|(?:mon|le) (?:coin|quartier|domicile|secteur)|(?:la )?ou (?:je suis|j habite|nous sommes)"
    r"|position actuelle|(?:le |la )?plus proche|a la maison|geolocalisation|me geolocaliser|near me"
)


def is_whole_region(words: list[str] | frozenset[str]) -> bool:
    """Tell whether words mean all of the region: « toute la région », « Auvergne-Rhône-Alpes, France »."""
    said = set(words) - _REGION_FILLERS
    return bool(said) and (said <= _REGION_FRAME or said - _REGION_FRAME in _REGION)


def is_here(line: str) -> bool:
    """Tell whether folded words mean where the visitor stands: « pres de chez moi », « ici »."""
    return bool(_HERE.fullmatch(line))
