"""The form in which editors write a page of the portal, whatever its kind."""

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

from portal.addresses import TAKEN, is_reserved


class PortalPageForm(WagtailAdminPageForm):
    """Refuses an address where the page would never be shown, for drafts too: they would be announced by it."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "slug" in cleaned and not self.instance.stays and is_reserved(self.parent_page.url_path, cleaned["slug"]):
            self.add_error("slug", TAKEN)
        return cleaned
