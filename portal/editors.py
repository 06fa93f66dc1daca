"""The editors' group, and, for migrations, how it is given rights."""

from collections.abc import Iterator

from django.db.migrations import RunPython

EDITORS = "Rédaction"
ACTIONS = ("add", "change", "delete", "view")

# (app label, model, codename, what the permission says when it must be made)
Right = tuple[str, str, str, str]


def rights(app_label: str, model: str, named: str, actions: tuple[str, ...] = ACTIONS) -> Iterator[Right]:
    """Yield the rights to do these things to the rows of a model. named: as its permissions name it."""
    for action in actions:
        yield app_label, model, f"{action}_{model}", f"Can {action} {named}"


def permission(apps, app_label: str, model: str, codename: str, label: str):
    """Return a permission: migrations run before Django makes them, so one that is missing is made here."""
    content_type, _ = apps.get_model("contenttypes.ContentType").objects.get_or_create(app_label=app_label, model=model)
    found, _ = apps.get_model("auth.Permission").objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": label}
    )
    return found


def grant(*wanted: Right) -> RunPython:
    """Return the operation that gives the group these rights, and takes them back."""

    def of_group(apps):
        return apps.get_model("auth.Group").objects.get(name=EDITORS).permissions

    def give(apps, schema_editor):
        of_group(apps).add(*(permission(apps, *right) for right in wanted))

    def take_back(apps, schema_editor):
        of_group(apps).remove(*(permission(apps, *right) for right in wanted))

    return RunPython(give, take_back)
