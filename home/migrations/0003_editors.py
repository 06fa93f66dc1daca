"""Who keeps the portal's pages: the editors, and the review that a merchant's changes go through."""

from django.db import migrations

from portal.editors import EDITORS, permission, rights

REVIEW = "Relecture des fiches"

PAGES = [
    ("wagtailcore", "page", f"{action}_page", label)
    for action, label in [
        ("add", "Can add page"),
        ("change", "Can change page"),
        ("publish", "Publish any page"),
        ("lock", "Lock/unlock pages you've locked"),
        ("unlock", "Unlock any page"),
    ]
]
FILES = [
    *rights("wagtailimages", "image", "image", ("add", "change", "choose")),
    *rights("wagtaildocs", "document", "document", ("add", "change", "choose")),
]
ADMIN = [
    ("wagtailadmin", "admin", "access_admin", "Can access Wagtail admin"),
    *rights("wagtailredirects", "redirect", "redirect"),
]


def drop_the_defaults(apps):
    """Wagtail's own groups may edit the whole tree, and its workflow would stop the editors' stories too."""
    apps.get_model("wagtailcore.Workflow").objects.all().delete()
    apps.get_model("wagtailcore.Task").objects.all().delete()
    apps.get_model("auth.Group").objects.filter(name__in=["Editors", "Moderators"]).delete()


def create_editors(apps, schema_editor):
    # Undone and applied again on real data: the group, its people and the reviews under way stand as they were.
    if apps.get_model("auth.Group").objects.filter(name=EDITORS).exists():
        return
    drop_the_defaults(apps)
    editors = apps.get_model("auth.Group").objects.create(name=EDITORS)
    editors.permissions.set([permission(apps, *wanted) for wanted in ADMIN])

    home = apps.get_model("home.HomePage").objects.get()
    for wanted in PAGES:
        apps.get_model("wagtailcore.GroupPagePermission").objects.create(
            group=editors, page_id=home.pk, permission=permission(apps, *wanted)
        )
    root = apps.get_model("wagtailcore.Collection").objects.get(depth=1)
    for wanted in FILES:
        apps.get_model("wagtailcore.GroupCollectionPermission").objects.create(
            group=editors, collection=root, permission=permission(apps, *wanted)
        )
    create_review(apps, editors)


def create_review(apps, editors):
    """A merchant's change waits for one editor; it concerns the directory's pages alone."""
    GroupApprovalTask = apps.get_model("wagtailcore.GroupApprovalTask")
    content_type, _ = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label="wagtailcore", model="groupapprovaltask"
    )
    task = GroupApprovalTask.objects.create(name=EDITORS, content_type=content_type, active=True)
    task.groups.add(editors)
    workflow = apps.get_model("wagtailcore.Workflow").objects.create(name=REVIEW, active=True)
    apps.get_model("wagtailcore.WorkflowTask").objects.create(workflow=workflow, task=task, sort_order=0)
    directory = apps.get_model("directory.DirectoryPage").objects.get()
    apps.get_model("wagtailcore.WorkflowPage").objects.create(workflow=workflow, page_id=directory.pk)


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0002_site"),
        ("directory", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]
    operations = [migrations.RunPython(create_editors, migrations.RunPython.noop)]
