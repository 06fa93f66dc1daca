"""Keeps Django's and Wagtail's site records equal to SITE_URL."""

from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


def sync_sites(using: str, **kwargs: Any) -> None:
    """Give Wagtail's site and django.contrib.sites' the address of SITE_URL.

    Both write absolute addresses (Wagtail in the admin, Oscar in its e-mails), and neither reads settings.
    """
    from django.contrib.sites.models import Site as DjangoSite
    from wagtail.models import Site as WagtailSite

    url = urlsplit(settings.SITE_URL)
    port = url.port or (443 if url.scheme == "https" else 80)
    WagtailSite.objects.using(using).filter(is_default_site=True).update(hostname=url.hostname, port=port)
    WagtailSite.clear_site_root_paths_cache()
    DjangoSite.objects.using(using).update_or_create(
        pk=settings.SITE_ID, defaults={"domain": url.netloc, "name": settings.WAGTAIL_SITE_NAME}
    )


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = "accueil et histoires"

    def ready(self) -> None:
        post_migrate.connect(sync_sites, sender=self)
