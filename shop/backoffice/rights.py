"""Who enters the shops' back office: « Responsables de boutiques », a group that a migration makes."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from shop.models import MerchantOrder, Message, ProductDetails, Recall, Review, Storefront, Withdrawal


class ActedOnElsewhere(ModelPermissionPolicy):
    """Nobody, not even a superuser, adds, edits or deletes these in the admin's own forms: our pages act on them."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        if action in ("add", "change", "delete"):
            return False
        return any(super(ActedOnElsewhere, self).user_has_permission(user, known) for known in ("view", "change"))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


for model in (MerchantOrder, Message, ProductDetails, Recall, Review, Storefront, Withdrawal):
    register_permission_policy(model, ActedOnElsewhere(model))


def require(request: HttpRequest, model: Any, action: str = "view") -> None:
    """Raise PermissionDenied unless the visitor may do this to these rows: 403, or the admin's own refusal."""
    if not may(request.user, model, action):
        raise PermissionDenied


def may(user: Any, model: Any, action: str) -> bool:
    name = model._meta.model_name
    return user.has_perm(f"shop.{action}_{name}") or (action == "view" and user.has_perm(f"shop.change_{name}"))
