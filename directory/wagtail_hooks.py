"""What the directory adds to Wagtail's admin."""

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from directory.choosers import category_chooser, town_chooser


@hooks.register("register_admin_viewset")
def register_choosers() -> list[ViewSet]:
    return [town_chooser, category_chooser]
