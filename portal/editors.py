"""The editors' group, who is told what waits for it, and, for migrations, how it is given rights."""

from collections.abc import Iterator
from typing import Any

import structlog
from django.contrib.auth import get_user_model
from django.db.migrations import RunPython

EDITORS = "Rédaction"
ACTIONS = ("add", "change", "delete", "view")

log = structlog.get_logger(__name__)


def addresses_to_notify(about: str) -> list[str]:
    """Return the e-mail addresses of whoever can act on what waits: the editors, or, while there are none, superusers.

    about: names the e-mail in the log when there is nobody at all.
    """
    active = get_user_model()._default_manager.filter(is_active=True).order_by("pk")
    for people in (active.filter(groups__name=EDITORS), active.filter(is_superuser=True)):
        if addresses := list(people.values_list("email", flat=True)):
            return addresses
    log.warning("email_without_recipient", template=about)
    return []


# (app label, model, codename, what the permission says when it must be made)
Right = tuple[str, str, str, str]


def rights(app_label: str, model: str, named: str, actions: tuple[str, ...] = ACTIONS) -> Iterator[Right]:
    """Yield the rights to do these things to the rows of a model. named: as its permissions name it."""
    for action in actions:
        yield app_label, model, f"{action}_{model}", f"Can {action} {named}"


def permission(apps: Any, app_label: str, model: str, codename: str, label: str) -> Any:
    """Return a permission: migrations run before Django makes them, so one that is missing is made here.

    By its content type's key: going backwards, Django may give the two models from different states.
    """
    content_type, _ = apps.get_model("contenttypes.ContentType").objects.get_or_create(app_label=app_label, model=model)
    found, _ = apps.get_model("auth.Permission").objects.get_or_create(
        content_type_id=content_type.pk, codename=codename, defaults={"name": label}
    )
    return found


def grant(*wanted: Right) -> RunPython:
    """Return the operation that gives the group these rights, and takes them back."""

    def of_group(apps: Any) -> Any:
        return apps.get_model("auth.Group").objects.get(name=EDITORS).permissions

    def give(apps: Any, schema_editor: Any) -> None:
        of_group(apps).add(*(permission(apps, *right) for right in wanted))

    def take_back(apps: Any, schema_editor: Any) -> None:
        of_group(apps).remove(*(permission(apps, *right) for right in wanted))

    return RunPython(give, take_back)
