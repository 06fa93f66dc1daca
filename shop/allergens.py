"""The fourteen allergens that must be told before a sale of food, and what a merchant says of them.

Regulation (EU) 1169/2011, annex II, and article 44 for what is not prepacked. Not having said is not « none »: the page
then tells the shopper to ask.
"""

from django.db import models

FOOD = {"alimentation", "producteurs", "restauration"}  # top categories whose merchants sell what one eats or drinks
UNSAID = "Le commerçant ne les a pas encore indiqués : demandez-lui avant d’acheter."
NONE = "Aucun des quatorze allergènes à déclaration obligatoire."


class Allergen(models.TextChoices):
    GLUTEN = "gluten", "Gluten (céréales)"
    CRUSTACEANS = "crustaces", "Crustacés"
    EGGS = "oeufs", "Œufs"
    FISH = "poissons", "Poissons"
    PEANUTS = "arachides", "Arachides"
    SOYBEANS = "soja", "Soja"
    MILK = "lait", "Lait"
    NUTS = "fruits-a-coque", "Fruits à coque"
    CELERY = "celeri", "Céleri"
    MUSTARD = "moutarde", "Moutarde"
    SESAME = "sesame", "Sésame"
    SULPHITES = "sulfites", "Sulfites"
    LUPIN = "lupin", "Lupin"
    MOLLUSCS = "mollusques", "Mollusques"


def words(known: bool, contained: list[str], traces: list[str]) -> str:
    """Return what a shopper reads. known: the merchant went through the list; contained, traces: codes of Allergen."""
    if not known:
        return UNSAID
    told = []
    if contained:
        told.append(f"Contient : {_names(contained)}.")
    if traces:
        told.append(f"Peut contenir des traces : {_names(traces)}.")
    return " ".join(told) or NONE


def _names(codes: list[str]) -> str:
    return ", ".join(allergen.label.lower() for allergen in Allergen if allergen in codes)
