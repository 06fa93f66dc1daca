"""What is told when a superuser changes the account of somebody else in Wagtail's admin."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.http import HttpRequest
from wagtail import hooks

from portal.models import User


@hooks.register("before_edit_user")
def keep_what_was(request: HttpRequest, user: User) -> None:
    before = User.objects.get(pk=user.pk)
    request.account_before = (before.email, before.password)  # type: ignore[attr-defined]


@hooks.register("after_edit_user")
def tell_what_changed(request: HttpRequest, user: User) -> None:
    """Tell the old address of a new one, which the next login asks to confirm, and the account of a new password."""
    email, password = request.account_before  # type: ignore[attr-defined]
    adapter = get_adapter()
    if user.email.casefold() != email.casefold():
        EmailAddress.objects.filter(user=user).delete()
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
        told = {"from_email": email, "to_email": user.email}
        adapter.send_notification_mail("account/email/email_changed", user, told, email=email)
    if user.password != password:
        adapter.send_notification_mail("account/email/password_changed", user, email=user.email)
