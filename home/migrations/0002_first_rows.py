"""What a portal begins with: its first pages and its site, the groups and what they may do, the reviews, the settings.

It stands here because home knows all packages. Undone and applied again on real data, it changes nothing.
"""

import json
from urllib.parse import urlsplit

from django.conf import settings
from django.db import migrations

from home.links_to_pages import converted
from portal.editors import EDITORS, permission, rights

WRITERS, CLOSERS = "Plumes", "Fermeture du portail"
REVIEW_OF_MERCHANTS, REVIEW_OF_STORIES = "Relecture des fiches", "Relecture des histoires"
STEP = 4  # characters of one level of treebeard's path

ENTER = ("wagtailadmin", "admin", "access_admin", "Can access Wagtail admin")
OF_EDITORS = [
    ENTER,
    *rights("wagtailredirects", "redirect", "redirect"),
    *rights("directory", "market", "market"),
    *rights("directory", "townguide", "townguide"),
    *rights("regional_search", "synonym", "synonym"),
    *rights("regional_search", "promotedanswer", "promotedanswer"),
    *rights("regional_search", "demand", "demand", ("view",)),
    *rights("home", "notice", "signalement", ("view", "change")),
    *rights("home", "sitesettings", "informations du site", ("change",)),
    *rights("home", "spotlight", "coup de projecteur"),
    *rights("home", "partner", "partenaire"),
    *rights("portal", "jobreport", "job report", ("view", "change")),
]
OF_CLOSERS = [
    ENTER,
    ("home", "sitesettings", "close_portal", "Peut fermer le portail"),
    *rights("home", "sitesettings", "informations du site", ("change",)),
]
ADD_PAGES, CHANGE_PAGES, *KEEP_PAGES = [
    ("wagtailcore", "page", f"{action}_page", label)
    for action, label in [
        ("add", "Can add page"),
        ("change", "Can change page"),
        ("publish", "Publish any page"),
        ("lock", "Lock/unlock pages you've locked"),
        ("unlock", "Unlock any page"),
    ]
]


def begin(apps, schema_editor):
    if apps.get_model("home.HomePage").objects.exists():
        return
    drop_the_defaults(apps)
    home, directory, stories = create_pages(apps)
    editors = create_group(apps, EDITORS, OF_EDITORS, home, (ADD_PAGES, CHANGE_PAGES, *KEEP_PAGES), ("add", "change", "choose"))
    create_group(apps, WRITERS, [ENTER], stories, (ADD_PAGES, CHANGE_PAGES), ("add", "choose"))
    create_group(apps, CLOSERS, OF_CLOSERS)
    review = create_review(apps, editors)
    for name, page in ((REVIEW_OF_MERCHANTS, directory), (REVIEW_OF_STORIES, stories)):
        workflow = apps.get_model("wagtailcore.Workflow").objects.create(name=name, active=True)
        apps.get_model("wagtailcore.WorkflowTask").objects.create(workflow=workflow, task_id=review.pk, sort_order=0)
        apps.get_model("wagtailcore.WorkflowPage").objects.create(workflow=workflow, page_id=page.pk)
    create_settings(apps, schema_editor)


def drop_the_defaults(apps):
    """Wagtail's welcome page; its groups, which may edit the whole tree; its workflow, which would stop the editors too."""
    apps.get_model("wagtailcore.Site").objects.all().delete()
    apps.get_model("wagtailcore.Page").objects.filter(depth=2).delete()
    apps.get_model("wagtailcore.Workflow").objects.all().delete()
    apps.get_model("wagtailcore.Task").objects.all().delete()
    apps.get_model("auth.Group").objects.filter(name__in=["Editors", "Moderators"]).delete()


def create_pages(apps):
    """Store the front page, the directory and the list of stories, with the site they hang on; return the three."""
    root = apps.get_model("wagtailcore.Page").objects.get(depth=1)
    home = add_page(apps, "home.HomePage", root, 1, title="J’achète dans ma région", slug="accueil")
    directory = add_page(
        apps,
        "directory.DirectoryPage",
        home,
        1,
        title="Tous les commerçants",
        slug="commercants",
        intro="Boulangers, libraires, cordonniers, fermes : trouvez qui vend près de chez vous.",
    )
    stories = add_page(
        apps,
        "home.StoryIndexPage",
        home,
        2,
        title="Histoires",
        slug="histoires",
        intro="Des gestes, des saisons, des gens : la région racontée par ceux qui la font.",
    )
    url = urlsplit(settings.SITE_URL)
    apps.get_model("wagtailcore.Site").objects.create(
        hostname=url.hostname,
        port=url.port or (443 if url.scheme == "https" else 80),
        site_name=settings.WAGTAIL_SITE_NAME,
        root_page_id=home.pk,
        is_default_site=True,
    )
    return home, directory, stories


def add_page(apps, name, parent, position, **fields):
    """Store one live page under ``parent`` as treebeard would, with historical models."""
    model = apps.get_model(name)
    page = model.objects.create(
        path=parent.path + str(position).zfill(STEP),
        depth=parent.depth + 1,
        numchild=0,
        url_path=f"{parent.url_path}{fields['slug']}/",
        draft_title=fields["title"],
        content_type=content_type(apps, name),
        locale=parent.locale,
        live=True,
        has_unpublished_changes=False,
        **fields,
    )
    type(parent).objects.filter(pk=parent.pk).update(numchild=position)
    return page


def content_type(apps, name):
    label, model = name.lower().split(".")
    return apps.get_model("contenttypes.ContentType").objects.get_or_create(app_label=label, model=model)[0]


def create_group(apps, name, wanted, page=None, on_page=(), with_files=()):
    """Store a group with its rights: everywhere, on ``page`` and below, with pictures and documents."""
    group = apps.get_model("auth.Group").objects.create(name=name)
    group.permissions.set([permission(apps, *right) for right in wanted])
    for right in on_page:
        apps.get_model("wagtailcore.GroupPagePermission").objects.create(
            group=group, page_id=page.pk, permission=permission(apps, *right)
        )
    root = apps.get_model("wagtailcore.Collection").objects.get(depth=1)
    for app, kind in (("wagtailimages", "image"), ("wagtaildocs", "document")):
        for right in rights(app, kind, kind, with_files):
            apps.get_model("wagtailcore.GroupCollectionPermission").objects.create(
                group=group, collection=root, permission=permission(apps, *right)
            )
    return group


def create_review(apps, editors):
    """Store the one step of both reviews: what waits is approved, or refused with a reason, by one editor."""
    review = apps.get_model("directory.MerchantReview").objects.create(
        name=EDITORS, content_type=content_type(apps, "directory.MerchantReview"), active=True
    )
    review.groups.add(editors)
    return review


def create_settings(apps, schema_editor):
    """Store the site's settings: one row, whose menus name pages. Blocks stay out of migrations, so JSON is written as it is."""
    from home.site_settings import original_footer, original_menu

    stored = apps.get_model("home.SiteSettings").objects.create()
    streams = [
        json.dumps(converted(apps, [{"type": kind, "value": value} for kind, value in blocks]), ensure_ascii=False)
        for blocks in (original_menu(), original_footer())
    ]
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "update home_sitesettings set menu = %s::jsonb, footer = %s::jsonb where id = %s", [*streams, stored.pk]
        )


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_initial"),
        ("portal", "0002_after_wagtail"),
        ("directory", "0001_initial"),
        ("shop", "0002_rules_of_the_database"),
        ("regional_search", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("sites", "0002_alter_domain_unique"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
