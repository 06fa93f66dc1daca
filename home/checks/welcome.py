"""The editor's welcome page in the admin: tasks, and what is waiting."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail.models import TaskState

from directory.models import MerchantPage
from home.models import CampaignPage, HomePage, StoryIndexPage
from home.reports.models import Notice
from home.site_settings import SiteSettings


@dataclass(frozen=True)
class Job:
    """One thing to do. count: how many wait, None where nothing does."""

    label: str
    url: str
    count: int | None = None


class Welcome(Component):
    """The editor's tasks on top of the admin's front page; each only if they may do it."""

    name = "welcome"
    order = 50
    template_name = "home/checks/welcome.html"

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        user = parent_context["request"].user
        return {"name": user.get_short_name(), "jobs": list(self._jobs(user))}

    def _jobs(self, user: Any) -> Iterator[Job]:
        waiting, reviews = TaskState.objects.reviewable_by(user), reverse("wagtailadmin_reports:workflow")
        merchants = waiting.filter(workflow_state__content_type__model=MerchantPage._meta.model_name).count()
        yield Job("Relire les fiches des commerçants", reviews, merchants)
        if others := waiting.count() - merchants:
            yield Job("Relire les histoires", reviews, others)
        if user.has_perm("home.change_notice"):
            waiting = Notice.objects.filter(state=Notice.State.NEW).count()
            yield Job("Traiter les signalements", reverse("notices:index"), waiting)
        yield Job("Revoir ce qui vieillit", reverse("to_review"))
        if (stories := StoryIndexPage.objects.first()) and stories.permissions_for_user(user).can_add_subpage():
            yield Job("Écrire une histoire", reverse("wagtailadmin_pages:add", args=("home", "storypage", stories.pk)))
        if (home := HomePage.objects.first()) and home.permissions_for_user(user).can_add_subpage():
            model = CampaignPage._meta.model_name
            yield Job("Monter une campagne", reverse("wagtailadmin_pages:add", args=("home", model, home.pk)))
        if user.has_perm("home.add_spotlight"):
            yield Job("Mettre un commerçant en lumière", reverse("spotlights:add"))
        if user.has_perm("home.change_sitesettings"):
            yield Job(
                "Annoncer quelque chose", reverse("wagtailsettings:edit", args=("home", SiteSettings._meta.model_name))
            )
