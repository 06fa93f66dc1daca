"""Vetting in Wagtail's admin: its lists and texts, under one heading."""

from typing import ClassVar

from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from directory.vetting.desk.access_list import AccessViewSet
from directory.vetting.desk.application_list import ApplicationViewSet
from directory.vetting.desk.merchant_list import JournalViewSet, VettingViewSet
from directory.vetting.desk.sanction_list import SanctionViewSet
from directory.vetting.models import ReasonTemplate


class ReasonTemplateViewSet(ModelViewSet):
    """Texts for asking and refusing."""

    model = ReasonTemplate
    form_fields: ClassVar = ["use", "title", "text"]
    list_display: ClassVar = ["title", "use"]
    icon = "doc-full"
    menu_label = "Motifs types"
    copy_view_enabled = False
    inspect_view_enabled = False


class Verifications(ViewSetGroup):
    """All of vetting, under one heading."""

    items = (
        ApplicationViewSet("vetting", url_prefix="verifications"),
        VettingViewSet("vettings", url_prefix="verifications/commercants"),
        SanctionViewSet("sanction_list", url_prefix="verifications/procedures"),
        AccessViewSet("merchant_accesses"),
        ReasonTemplateViewSet("reason_templates", url_prefix="verifications/motifs"),
        JournalViewSet("journal", url_prefix="verifications/journal"),
    )
    menu_label = "Vérifications"
    menu_icon = "clipboard-list"
