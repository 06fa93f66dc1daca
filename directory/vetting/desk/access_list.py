"""Who keeps which merchant's page, in Wagtail's admin: access given and withdrawn."""

from typing import ClassVar

from wagtail.admin.views.generic import CreateView, DeleteView
from wagtail.admin.viewsets.model import ModelViewSet

from directory.models import MerchantManager
from directory.vetting import journal


class GiveAccessView(CreateView):
    def save_instance(self) -> MerchantManager:
        access = super().save_instance()
        journal.note(journal.Act.ACCESS_GIVEN, self.request.user, merchant=access.merchant_id, account=access.user_id)
        return access


class WithdrawAccessView(DeleteView):
    def delete_action(self) -> None:
        access = self.object
        journal.note(
            journal.Act.ACCESS_WITHDRAWN, self.request.user, merchant=access.merchant_id, account=access.user_id
        )
        super().delete_action()


class AccessViewSet(ModelViewSet):
    """Who may keep which merchant's page: given and withdrawn, never altered."""

    model = MerchantManager
    add_view_class = GiveAccessView
    delete_view_class = WithdrawAccessView
    form_fields: ClassVar = ["merchant", "user", "role", "agency", "until"]
    list_display: ClassVar = ["merchant", "user", "role", "agency", "until", "since"]
    search_fields: ClassVar = ["merchant__title", "user__email", "user__last_name"]
    icon = "key"
    menu_label = "Accès des gérants"
    inspect_view_enabled = False
    copy_view_enabled = False
