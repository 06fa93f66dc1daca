"""Who may decide of merchants in the admin."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

MAY_DECIDE = "directory.change_application"


def only_those_who_decide(request: HttpRequest) -> None:
    """Raise PermissionDenied for everybody else."""
    if not request.user.has_perm(MAY_DECIDE):
        raise PermissionDenied
