"""Who made what the fictional shops sell, and its warnings: invented, as is the rest."""

from datetime import timedelta
from random import Random
from typing import Any

from django.utils.timezone import localdate

from home.demo.wording import names
from portal.slugs import slug_of
from shop.facts import Stream, usual_exemption, usual_stream

MADE_BY_SELLERS = {
    "ceramiste-potier", "coutelier", "ebeniste-bois", "verrier-bijoux", "textile-soie", "savonnerie-cosmetique",
    "bijouterie",
}  # fmt: skip
WARNINGS = {
    "jouets-jeux": "Ne convient pas aux enfants de moins de 36 mois : petits éléments.",
    "coutelier": "Lame tranchante : à tenir hors de portée des enfants.",
    "savonnerie-cosmetique": "Éviter le contact avec les yeux ; rincer à l’eau claire.",
    "parfumerie": "Inflammable : tenir loin d’une flamme. Ne pas vaporiser vers les yeux.",
    "bricolage-quincaillerie": "Porter des gants et des lunettes de protection ; lire la notice.",
    "cycles": "Vérifier les freins et la pression des pneus avant chaque sortie ; porter un casque.",
}
TIME_TO_COMPLETE = timedelta(days=60)


def safety_facts(category: str, reference: str, random: Random, *, is_drawn: bool) -> dict[str, Any]:
    """Return who made an article that is no food, and what the law wants told of it. is_drawn: it has a picture."""
    if usual_exemption(category):
        return {}
    stream = usual_stream(category) or Stream.NONE
    maker, town = random.choice(names()["makers"])
    own = category in MADE_BY_SELLERS
    return {
        "maker_is_seller": own,
        "maker_name": "" if own else maker,
        "maker_address": "" if own else f"{random.randint(2, 48)} rue des Ateliers, {town}",
        "maker_contact": "" if own else f"contact@{slug_of(maker)}.example",
        "identifier": f"Modèle {reference}",
        "warnings": WARNINGS.get(category, ""),
        "no_warnings": category not in WARNINGS,
        "epr_stream": stream,
        "epr_idu": "" if stream == Stream.NONE else f"FR0000{random.randint(10, 99)}_{stream}DEMO",
        # No drawing shows some of them: they stand in the list of what is to be completed.
        "facts_due_on": None if is_drawn else localdate() + TIME_TO_COMPLETE,
    }
