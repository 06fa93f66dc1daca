"""Hours that shops of a category often keep: a start for the merchant's own, never published unread.

In OpenStreetMap's format. Written by us, from general knowledge.
"""

from directory.models import Category

SHOP = "Tu-Sa 09:30-12:30,14:00-19:00"
FOOD_SHOP = "Tu-Sa 08:30-12:30,15:00-19:00; Su 08:30-12:30"
RESTAURANT = "Tu-Sa 12:00-14:00,19:00-21:30"
FARM = "Fr 16:00-19:00; Sa 09:00-12:00"
WORKSHOP = "Mo-Fr 08:00-12:00,13:30-18:00"
BY_CATEGORY = {
    "boulangerie-patisserie": "Tu-Sa 06:30-13:00,15:30-19:00; Su 06:30-12:30",
    "epicerie-superette": "Mo-Sa 08:00-12:30,15:00-19:30; Su 08:30-12:30",
    "caviste": "Tu-Sa 10:00-12:30,15:00-19:30",
    "vigneron": "Mo-Sa 10:00-12:00,14:00-18:00",
    "marche-local": "Sa 08:00-12:30",
    "restauration-rapide": "Mo-Sa 11:30-14:00,18:30-21:30",
    "pizzeria": "Tu-Su 12:00-14:00,18:30-22:00",
    "bar-cafe": "Mo-Sa 07:00-20:00",
    "salon-de-the": "Tu-Sa 10:00-18:30",
    "coiffeur": "Tu-Fr 09:00-12:00,14:00-18:30; Sa 09:00-17:00",
    "barbier": "Tu-Sa 09:30-12:30,14:00-19:00",
    "pharmacie": "Mo-Fr 08:30-12:30,14:00-19:30; Sa 08:30-12:30",
    "opticien": "Tu-Sa 09:30-12:30,14:00-19:00",
    "presse-tabac": "Mo-Sa 06:30-12:30,14:30-19:00; Su 07:30-12:00",
    "veterinaire": "Mo-Fr 09:00-12:00,14:00-19:00; Sa 09:00-12:00",
    "fleuriste": "Tu-Sa 09:00-12:30,14:30-19:00; Su 09:00-12:30",
    "garage-auto": "Mo-Fr 08:00-12:00,14:00-18:30",
}
BY_GROUP = {
    "alimentation": FOOD_SHOP,
    "producteurs": FARM,
    "restauration": RESTAURANT,
    "mode": SHOP,
    "maison": SHOP,
    "artisanat-art": "We-Sa 10:00-12:00,14:00-18:00",
    "beaute": "Tu-Sa 09:30-12:00,14:00-19:00",
    "sante": "Mo-Fr 09:00-12:30,14:00-19:00",
    "culture-loisirs": "Tu-Sa 10:00-12:30,14:00-19:00",
    "fleurs-animaux": "Tu-Sa 09:00-12:00,14:00-19:00",
    "services": "Tu-Sa 09:00-12:00,14:00-18:30",
    "batiment-auto": WORKSHOP,
}


def usual_hours(category: Category) -> str:
    """Return the hours to start from, as opening_hours text."""
    group = category.parent.slug if category.parent else category.slug
    return BY_CATEGORY.get(category.slug) or BY_GROUP.get(group, SHOP)
