"""The links on top of every page of one merchant's space."""

from django.urls import reverse

from directory.models import MerchantPage

PAGES = {  # key: (name of its address, label, icon); the shop's addresses are known by name only
    "today": ("merchant_today", "Aujourd’hui", "star"),
    "orders": ("merchant_orders", "Commandes", "package"),
    "products": ("merchant_products", "Produits", "label"),
    "hours": ("space:hours", "Horaires", "calendar"),
    "shop": ("merchant_shop", "Boutique", "shop"),
    "profile": ("space:profile", "Ma fiche", "edit"),
    "preview": ("space:preview", "Aperçu", "eye"),
    "people": ("people:list", "Personnes", "user"),
}
# Shown to those of whom there are any.
DECISIONS = {"decisions": ("sanctions:list", "Décisions", "flag")}


def links(merchant: MerchantPage, current: str) -> list[dict]:
    """Return the links for components/space_nav.html. current: the key in PAGES of the page being shown."""
    pages = PAGES | DECISIONS if merchant.sanctions.exists() else PAGES
    return [
        {"label": label, "url": reverse(name, args=[merchant.pk]), "icon": icon, "current": key == current}
        for key, (name, label, icon) in pages.items()
    ]
