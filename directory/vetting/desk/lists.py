"""What the lists of vetting in Wagtail's admin share: they show, and what they show is decided elsewhere."""

from datetime import date, datetime
from typing import Any, ClassVar

from django.urls import URLPattern, path
from django.utils import timezone
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from directory.hours import written_date


class DecidedElsewhere(ModelPermissionPolicy):
    """Nobody, not even a superuser, adds, edits or deletes these in the admin's own forms."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        if action in ("add", "change", "delete"):
            return False
        return any(super(DecidedElsewhere, self).user_has_permission(user, known) for known in ("view", "change"))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


def written(day: date | datetime | None) -> str:
    """Return a day in words, "" for none: Wagtail's columns say « il y a 0 minute » of one to come."""
    if day is None:
        return ""
    return written_date(timezone.localdate(day) if isinstance(day, datetime) else day)


class ListViewSet(ModelViewSet):
    """A list alone: what it shows is changed elsewhere."""

    copy_view_enabled = False
    inspect_view_enabled = False
    exclude_form_fields: ClassVar[list[str]] = ["state"]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]


class ListView(IndexView):
    """A list whose rows lead to a page of ours."""

    any_permission_required: ClassVar = ["view"]

    def get_edit_url(self, instance: Any) -> str | None:
        return None
