"""The pages that always exist: front page, directory, stories; and the site they hang on."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import migrations

STEP = 4  # characters of one level of treebeard's path


def add_page(apps, model, parent, position, **fields):
    """Store one live page under ``parent`` as treebeard would, with historical models."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    content_type, _ = ContentType.objects.get_or_create(app_label=model._meta.app_label, model=model._meta.model_name)
    page = model.objects.create(
        path=parent.path + str(position).zfill(STEP),
        depth=parent.depth + 1,
        numchild=0,
        url_path=f"{parent.url_path}{fields['slug']}/",
        draft_title=fields["title"],
        content_type=content_type,
        locale=parent.locale,
        live=True,
        has_unpublished_changes=False,
        **fields,
    )
    type(parent).objects.filter(pk=parent.pk).update(numchild=position)
    return page


def create_site(apps, schema_editor):
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    # Undone and applied again on real data: the pages stand as they were.
    if apps.get_model("home", "HomePage").objects.exists():
        return

    Site.objects.all().delete()
    Page.objects.filter(depth=2).delete()  # Wagtail's welcome page
    root = Page.objects.get(depth=1)
    home = add_page(apps, apps.get_model("home", "HomePage"), root, 1, title="J’achète dans ma région", slug="accueil")
    add_page(
        apps,
        apps.get_model("directory", "DirectoryPage"),
        home,
        1,
        title="Tous les commerçants",
        slug="commercants",
        intro="Boulangers, libraires, cordonniers, fermes : trouvez qui vend près de chez vous.",
    )
    add_page(
        apps,
        apps.get_model("home", "StoryIndexPage"),
        home,
        2,
        title="Histoires",
        slug="histoires",
        intro="Des gestes, des saisons, des gens : la région racontée par ceux qui la font.",
    )
    url = urlsplit(settings.SITE_URL)
    Site.objects.create(
        hostname=url.hostname,
        port=url.port or (443 if url.scheme == "https" else 80),
        site_name=settings.WAGTAIL_SITE_NAME,
        root_page_id=home.pk,
        is_default_site=True,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_initial"),
        ("directory", "0001_initial"),
        ("sites", "0002_alter_domain_unique"),
        ("wagtailcore", "0098_apitoken"),
    ]
    operations = [migrations.RunPython(create_site, migrations.RunPython.noop)]
