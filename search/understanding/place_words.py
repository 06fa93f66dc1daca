"""Words that people put around the name of a place, folded; and what they write instead of a name."""

import re

from django.conf import settings

from search.understanding.normalize import words_of

OF = frozenset(["d", "de", "des", "du"])
NEARBY = frozenset(
    words_of(
        "abords alentours autour coin cote environs loin pres proche proches proximite rayon secteur vers voisinage"
    )
)
# What stands before a name, and after it, without being of it. A name that begins or ends so is looked up before.
BEFORE = frozenset(
    words_of(
        "a agglo agglomeration arrondissement au aux berges bord bords bourg canton centre chef chez commune "
        "communaute communes cote dans dep departement dept deux dpt en entre est gare grand grande habite habitons "
        "hopital hypercentre j je juste l la le les lieu livraison mairie marche metropole moi moins non nord ouest "
        "par pas pays prefecture quartier region rive rives sous sud suis sur tout toute trop un urbaine ville village "
        "zone"
    )
).union(OF, NEARBY, ["j'habite"])
AFTER = frozenset(
    words_of(
        "agglo agglomeration alentours arrondissement bas bourg centre commune departement environs est et fr france "
        "gare haut hypercentre intra la le metropole metropolitaine muros nord ouest prefecture proximite region sa "
        "ses sud svp tgv village ville"
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

_REGION = {frozenset(name.split()) for name in (*settings.REGION.also, "partout", "importe ou")}
_REGION_FILLERS = frozenset(words_of("dans de en entiere l la le ma n notre tout toute"))
_REGION_FRAME = frozenset(["region", "france", "metropolitaine"])

# Where the visitor stands, folded: what says « near », what says « me », how far; and what alone says it.
_CLOSE = (
    r"(?:(?:tout |juste |pas trop |le |la |au |dans )?(?:plus )?"
    r"(?:pres|proche|autour|a cote|pas(?: trop)? loin|non loin|(?:a )?proximite(?: immediate)?"
    r"|(?:aux |les )?(?:alentours|environs)|a (?:deux|2|quelques|3|trois) pas)(?: possible)?)"
)
_MINE = (
    r"(?:position|localisation|domicile|quartier|adresse|maison|travail|bureau|ville|commune|village|rue|coin|secteur)"
)
_ME = rf"(?:(?:chez )?(?:moi|nous|vous)|ici|(?:ma|mon|notre) {_MINE}(?: actuelle)?)"
_FAR = (
    r"(?:(?:(?:a|dans|sur|moins de|un rayon de) )*\d{1,3} ?(?:kms?|kilometres?|m|metres?|mn|min|minutes?)"
    r"(?: (?:a pied|a velo|en voiture|en bus|a la ronde|maximum|max))?)"
)
_NEAR_ME = rf"(?:(?:{_FAR} )?(?:{_CLOSE} )?(?:de |d )?(?:chez (?:moi|nous)|{_ME}))"
_WITHOUT_ME = (
    r"a proximite(?: immediate)?|aux alentours|dans les environs|(?:juste )?a cote|pas (?:trop )?loin|tout pres"
    r"|a (?:deux|2|quelques) pas|(?:le |la )?plus proche|(?:par |d )?ici|dans le (?:coin|quartier|secteur)"
    r"|du (?:coin|quartier)"
)
_HERE = re.compile(
    rf"{_NEAR_ME}|{_WITHOUT_ME}|{_CLOSE}|{_FAR}(?: autour)?|pre?t de chez (?:moi|nous)|juste ici|ici meme|dans {_ME}"
    rf"|(?:{_CLOSE} (?:de |d )?)?(?:la|le) {_MINE}(?: actuelle)?|a la maison"
    r"|(?:la )?ou (?:je suis|j habite|nous sommes)"
    r"|position (?:actuelle|gps)|geolocalisation|(?:me |m )?(?:geo)?localise[rz](?: moi)?|near me"
)
_AROUND_ME = rf"(?:(?:{_FAR} )?{_CLOSE}|{_FAR}) (?:de |d )?{_ME}"
_SAID_LAST = rf"{_AROUND_ME}|{_WITHOUT_ME}|chez (?:moi|nous)|dans (?:ma|mon|notre) {_MINE}"
_IN_QUESTION = re.compile(rf"^{_AROUND_ME}(?= |$)|^(?:{_WITHOUT_ME}|chez (?:moi|nous))$|(?<= )(?:{_SAID_LAST})$")


def is_whole_region(words: list[str] | frozenset[str]) -> bool:
    """Return whether words mean all of the region: « toute la région », « Auvergne-Rhône-Alpes, France »."""
    said = set(words) - _REGION_FILLERS
    return bool(said) and (said <= _REGION_FRAME or said - _REGION_FRAME in _REGION)


def is_here(line: str) -> bool:
    """Return whether folded words mean where the visitor stands: « pres de chez moi », « ici »."""
    return bool(_HERE.fullmatch(line))


def here_in(line: str) -> re.Match | None:
    """Find what a folded question says of the visitor's surroundings, before what is looked for or after it."""
    return _IN_QUESTION.search(line)
