"""How people word wishes, on folded words joined by spaces. Each pattern begins and ends at a word."""

import re

from search.understanding.normalize import fold, words_of

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
OF_A_DAY = frozenset(["du", "de", "des"])  # « le marché du samedi » is a name
# What « pas » and « sans » go with without refusing anything: « pas loin », « pas cher ».
REFUSES_NOTHING = frozenset(
    words_of("cher chere chers cheres loin trop tres plus mal a au aux encore seulement rdv rendez si grand grande")
)
# What « hors » goes with without refusing anything.
OUTSIDE_OF_NOTHING = frozenset(words_of("d eau oeuvre saison sol norme normes taxe taxes service bord piste pair jeu"))
STEPS = frozenset(words_of("deux trois quelques cent dix mille du le a un chaque"))
HEADS = frozenset(
    words_of(
        "bar boucherie cuisine ouvert plat plats poisson repas restaurant restaurants resto restos traiteur viande vin "
        "vins"
    )
)

_GLUE = r"(?:(?:et|mais|qui|est|sont|soit|soient|aussi|plutot|si possible) )*"
_OPEN = r"(?P<open>(?:encore |deja )?(?:ouvertes?|ouverts?|ouvre|ouvrent|ouverture)(?: (?:encore|aussi|meme))?)"
_PART = r"matinee|matin|midi|apres midi|aprem|soiree|soir|nuit"
_HOUR = r"\d{1,2} ?h(?:eures?)?(?: ?\d{2})?"
_AT = rf"(?:(?:a partir de|a|apres|avant|jusqu a|des|vers|entre|jusque) )(?P<hour>{_HOUR})(?: (?:et|a) {_HOUR})?"
_WHEN = (
    rf"(?P<now>maintenant|en ce moment|actuellement|tout de suite|a cette heure)"
    rf"|(?:(?:le|ce|les|pour|chaque|tous les) )?(?P<day>{'|'.join(DAYS)}|week end|weekend)s?(?: prochain)?"
    rf"(?: (?:en |le |au )?(?P<day_part>{_PART}))?(?: (?:{_AT}|(?P<day_hour>{_HOUR})))?"
    rf"|(?P<soon>aujourd hui|demain)(?: (?:en |le )?(?P<soon_part>{_PART}))?"
    rf"(?: {_AT.replace('<hour>', '<soon_hour>')})?"
    rf"|(?:ce|cet|cette) (?P<this>{_PART})(?: {_AT.replace('<hour>', '<this_hour>')})?"
    rf"|{_AT.replace('<hour>', '<alone_hour>')}"
)
_WHEN_OPEN = (
    rf"(?:tard |(?P<early>tot |de bonne heure ))?(?:le|la|en|a|entre) (?P<part>{_PART})(?: et deux)?"
    r"|(?P<late>tard)|(?P<soonest>tot|de bonne heure)|(?P<always>7j ?7|7 jours? 7|24h? ?24h?|non stop)"
)
MONTHS_SAID = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
               "novembre", "décembre")  # fmt: skip
MONTHS = tuple(map(fold, MONTHS_SAID))
# « ouvert le 11 novembre », « pour le 14 juillet »
DATE = re.compile(
    rf"\b{_GLUE}(?:{_OPEN} )?(?:pour |jusqu au )?(?:le|ce) (?P<date>\d{{1,2}}|1er) (?P<month>{'|'.join(MONTHS)})\b"
)
# With « ouvert » any moment is one; without, only what cannot be anything else.
OPENING = re.compile(
    rf"\b{_GLUE}(?:{_OPEN} (?:{_WHEN}|{_WHEN_OPEN})"
    rf"|(?:{re.sub('[?]P<', '?P<x_', _WHEN)})|{_OPEN.replace('<open>', '<open_alone>')})(?! (?:france|sud))"
    r"(?: sans (?:fermer|fermeture|interruption|coupure|pause)(?: (?:a|le|entre) midi(?: et deux)?)?)?\b"
)

_N = r"\d{1,4}"
_EUROS = r"(?:euros?|eur|e)"
_EACH = (
    r"(?: (?:le|la|les|l|du|au|par|un|une) ?(?:kilo|kg|piece|litre|unite|personne|bouteille|metre|lot|cent grammes))?"
)
_MEASURES = r"(?! ?(?:km|kilometres?|m|mn|min|minutes?|ans|g|kg|cl|l|personnes?|pouces|jours?|h)\b)"
PRICES = tuple(
    re.compile(rf"\b(?:(?:ai|avons|mets|mettre|veux) )?{pattern}\b{_MEASURES}{_EACH}")
    for pattern in (
        rf"(?:a |au prix )?(?:entre|de) (?P<low>{_N})(?: {_EUROS})? (?:et|a) (?P<high>{_N}) {_EUROS}",
        rf"(?:(?:a|pour) )?(?:moins de|pas plus de|maximum|max|au plus|inferieure? a|en dessous de|sous(?: les)?"
        rf"|budget(?: de)?|dans les|jusqu a) (?P<high>{_N})(?: {_EUROS})?(?: max(?:imum)?)?",
        rf"(?:(?:a|pour) )?(?:plus de|a partir de|au dessus de|minimum|au moins) (?P<low>{_N}) {_EUROS}",
        rf"(?:(?:a|pour|autour de|environ|vers|de) )?(?P<high>{_N}) {_EUROS}(?: (?:max(?:imum)?|ou moins|environ))?",
    )
)
CHEAP = re.compile(
    rf"\b{_GLUE}(?:(?:pas|peu|pas trop|moins) (?:cher|chere|chers|cheres)|(?:a )?(?:petits?|bas) prix|pas onereux"
    r"|bon marche(?= |$)|abordables?|economiques?|(?:pour |avec |a )?(?:(?:un|mon|des) )?(?:tout )?petits? budgets?"
    r"|premiers? prix|(?:a )?bons? prix|discount)\b"
)

_HOME = r"(?:a domicile|chez (?:moi|nous|soi)|a la maison|chez vous)"
_CHAIR = r"(?:fauteuils?(?: roulants?)?|pmr|handicapee?s?|poussettes?|personnes? (?:a mobilite reduite|handicapees?))"
SERVICES = {
    "delivers": re.compile(
        rf"\b{_GLUE}(?:(?:en |avec |a |la |service de )?livraisons?(?: (?:{_HOME}|gratuite|rapide|possible))?"
        rf"|(?:(?:se )?faire )?livrer(?: {_HOME})?|livree?s? {_HOME}|livrees?|(?<=qui )livre(?:nt)?(?: {_HOME})?)\b"
    ),
    "collect": re.compile(
        rf"\b{_GLUE}(?:(?:avec |en |a )?retrait(?! colis| argent| d argent| permis)"
        r"(?: (?:en |au )?(?:boutique|magasin|sur place|commerce))?"
        r"|(?:a )?retirer(?: (?:en |au )?(?:boutique|magasin|sur place))?(?! argent| colis)|click (?:and |et )?collect"
        r"|(?:a )?command(?:er|e|able) en ligne|a venir chercher|(?<=[a-z] )(?:en )?drive(?! in))\b"
    ),
    "step_free": re.compile(
        rf"\b{_GLUE}(?:(?:de |en )?plain pied|(?:accessibles?|acces(?:sibilite)?|adaptee?s?)(?: (?:aux?|en|pour|a))?"
        rf"(?: (?:les|un|une|des|personnes? en))?(?: {_CHAIR})"
        r"|accessibles?|sans marches?|pmr|(?:en|avec (?:un|mon)) fauteuil(?: roulant)?"
        r"|avec (?:(?:une|la|ma) )?poussettes?(?: possible)?)\b"
    ),
}
# « magasin bio » is a trade; « légumes bio » wishes a label.
LABEL = re.compile(
    r"(?<!magasin )(?<!magasins )(?<!epicerie )(?<!supermarche )(?<!superette )(?<!boutique )(?<!marche )(?<=.)"
    r"\b(?:(?:label|labellisee?s?|certifiee?s?|en) )?(?P<label>bio|biologiques?|aop|aoc|igp)\b"
)
