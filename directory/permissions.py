"""What nobody does to a merchant's page by Wagtail's own acts, forms, lists and API alike; a superuser neither."""

from directory.vetting.kinds import OPEN_STEPS, State
from directory.vetting.models import Application, Vetting
from portal.pages import PortalPermissions


class MerchantPermissions(PortalPermissions):
    """A merchant goes offline by a decision with its reasons (directory/vetting/sanctions/), never by a click."""

    def can_unpublish(self) -> bool:
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return self._is_nobody_s() and super().can_delete(ignore_bulk)

    def _is_nobody_s(self) -> bool:
        """Return whether nobody has ever read the page and nobody waits for it, or its contract is over."""
        page = self.page
        if page.live or Application.objects.filter(merchant=page.pk, state__in=OPEN_STEPS).exists():
            return False
        return page.first_published_at is None or Vetting.objects.filter(merchant=page.pk, state=State.CLOSED).exists()
