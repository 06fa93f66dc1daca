"""The links on top of every page of one merchant's space."""

from django.urls import reverse

from directory.models import MerchantPage


def links(merchant: MerchantPage, current: str) -> list[dict]:
    """Return the links for components/space_nav.html.

    current: "profile" or "preview", the page being shown.
    """
    pages = [("profile", "Ma fiche", "edit"), ("preview", "Aperçu", "eye")]
    return [
        {"label": label, "url": reverse(f"space:{name}", args=[merchant.pk]), "icon": icon, "current": name == current}
        for name, label, icon in pages
    ]
