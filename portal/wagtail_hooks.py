"""What the portal adds to Wagtail's admin: the report on jobs; what is told when a superuser changes an account."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from portal import jobs_admin
from portal.models import User
from portal.privacy.admin import consultations, erase_account, erase_accounts_of_list


class JobsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(jobs_admin.VIEW)


@hooks.register("register_admin_urls")
def jobs_urls() -> list[URLPattern]:
    return [
        path("reports/consultations/", consultations, name="consultations"),
        path("reports/taches/", jobs_admin.report, name="jobs_report"),
        path("reports/taches/<int:job_id>/relancer/", jobs_admin.run_again, name="run_job_again"),
        path("reports/taches/<int:job_id>/effacer/", jobs_admin.forget, name="forget_job"),
    ]


@hooks.register("register_reports_menu_item")
def jobs_menu_item() -> MenuItem:
    return JobsMenuItem("Tâches de fond", reverse("jobs_report"), icon_name="rotate", order=1030)


class ConsultationsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.is_superuser


@hooks.register("register_reports_menu_item")
def consultations_menu_item() -> MenuItem:
    return ConsultationsMenuItem("Consultations", reverse("consultations"), icon_name="view", order=1050)


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


hooks.register("before_delete_user", erase_account, order=100)  # once the others had their say
hooks.register("before_bulk_action", erase_accounts_of_list, order=100)
