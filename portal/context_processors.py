"""What every page of the portal needs to know about itself."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the page's own absolute address without its query, as ``canonical_url``."""
    return {"canonical_url": f"{settings.SITE_URL}{request.path}"}
