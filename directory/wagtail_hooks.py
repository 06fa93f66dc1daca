"""What the directory adds to Wagtail's admin."""

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import LogActionRegistry

from directory.choosers import category_chooser, town_chooser, user_chooser
from directory.importing.merging import ACTION
from directory.models import MerchantManager


class AccessViewSet(ModelViewSet):
    """Who may keep which merchant's page."""

    model = MerchantManager
    form_fields = ["merchant", "user"]
    list_display = ["merchant", "user", "since"]
    search_fields = ["merchant__title", "user__email", "user__last_name"]
    icon = "key"
    menu_label = "Accès des gérants"
    add_to_admin_menu = True
    inspect_view_enabled = False
    copy_view_enabled = False


@hooks.register("register_admin_viewset")
def register_choosers() -> list[ViewSet]:
    return [town_chooser, category_chooser, user_chooser, AccessViewSet("merchant_accesses")]


@hooks.register("register_log_actions")
def name_the_import(actions: LogActionRegistry) -> None:
    actions.register_action(ACTION, "Importer", "Importé d’un fichier")
