"""What every page of the portal needs to know about itself."""

from django.conf import settings


def site(request):
    """Return the page's own absolute address without its query, as ``canonical_url``."""
    return {"canonical_url": f"{settings.SITE_URL}{request.path}"}
