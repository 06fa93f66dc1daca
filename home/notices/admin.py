"""Reports in Wagtail's admin."""

from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from home.notices.models import Notice


class NoticeViewSet(ModelViewSet):
    """What people report: read, decide, keep. Nothing is added or deleted here."""

    model = Notice
    name = "notices"
    icon = "warning"
    menu_label = "Signalements"
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    list_display = ["number", "page", "reason", "made_at", "state"]
    list_filter = ["state", "reason"]
    search_fields = ["page", "details", "email"]
    panels = [
        MultiFieldPanel(
            [FieldPanel(name, read_only=True) for name in ("page", "reason", "details", "name", "email")],
            heading="Ce qu’on nous signale",
        ),
        MultiFieldPanel(["state", "answer"], heading="Ce que nous décidons"),
    ]


notices = NoticeViewSet("notices")
