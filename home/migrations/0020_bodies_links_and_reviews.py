"""What editors may fill in and whom they ask.

The front page gets a body, stories an author and a town. Menus that were left as they came become rows, which editors
see and add to; addresses of our own pages that were typed become pages, which links then follow. Stories of those who
may not publish are reviewed, and closing the portal is a right of its own.
"""

import json

import django.db.models.deletion
from django.db import migrations, models

import portal.fields
from home.links_to_pages import converted, typed_again
from portal.editors import EDITORS, permission, rights
from home.migrations._page_triggers import note

WRITERS, CLOSERS = "Plumes", "Fermeture du portail"
REVIEW = "Relecture des histoires"
CLOSE = ("home", "sitefacts", "close_portal", "Peut fermer le portail")

# Menus name pages: one that is renamed, moved or withdrawn changes every page of the site.
IN_A_MENU = """
    select 'site' from changed where exists (
        select from home_sitefacts facts where jsonb_path_exists(
            jsonb_build_array(facts.menu, facts.footer), '$.**.page ? (@ == $id)', jsonb_build_object('id', changed.id)
        )
    )
"""


def fill_menus(apps, schema_editor):
    from home.site_facts import FOOTER, MENU

    for facts in apps.get_model("home", "SiteFacts").objects.all():
        menu, footer = list(facts.menu.raw_data), list(facts.footer.raw_data)
        menu = menu or [{"type": "link", "value": {"label": label, "url": url}} for label, url in MENU]
        footer = footer or [
            {"type": "column", "value": {"title": title, "links": [{"label": label, "url": url} for label, url in links]}}
            for title, links in FOOTER
        ]
        table(schema_editor, "home_sitefacts", "id", facts.pk, menu=converted(apps, menu), footer=converted(apps, footer))
    for campaign in apps.get_model("home", "CampaignPage").objects.all():
        body = list(campaign.body.raw_data)
        if (links := converted(apps, body)) != body:
            table(schema_editor, "home_campaignpage", "page_ptr_id", campaign.pk, body=links)


def type_links_again(apps, schema_editor):
    for facts in apps.get_model("home", "SiteFacts").objects.all():
        streams = {name: typed_again(apps, list(getattr(facts, name).raw_data)) for name in ("menu", "footer")}
        table(schema_editor, "home_sitefacts", "id", facts.pk, **streams)
    for campaign in apps.get_model("home", "CampaignPage").objects.all():
        body = typed_again(apps, list(campaign.body.raw_data))
        table(schema_editor, "home_campaignpage", "page_ptr_id", campaign.pk, body=body)


def table(schema_editor, name, key, pk, **columns):
    """Write JSON as it is: here a model knows no blocks and would store none."""
    with schema_editor.connection.cursor() as cursor:
        for column, value in columns.items():
            cursor.execute(
                f"update {name} set {column} = %s::jsonb where {key} = %s", [json.dumps(value, ensure_ascii=False), pk]
            )


def ask_for_reviews(apps, schema_editor):
    Group = apps.get_model("auth.Group")
    closers, _ = Group.objects.get_or_create(name=CLOSERS)
    closers.permissions.add(
        permission(apps, *CLOSE),
        permission(apps, "wagtailadmin", "admin", "access_admin", "Can access Wagtail admin"),
        *(permission(apps, *right) for right in rights("home", "sitefacts", "informations du site", ("change",))),
    )
    writers, _ = Group.objects.get_or_create(name=WRITERS)
    writers.permissions.add(permission(apps, "wagtailadmin", "admin", "access_admin", "Can access Wagtail admin"))
    stories = apps.get_model("home.StoryIndexPage").objects.get()
    for action, label in (("add", "Can add page"), ("change", "Can change page")):
        apps.get_model("wagtailcore.GroupPagePermission").objects.get_or_create(
            group=writers,
            page_id=stories.pk,
            permission=permission(apps, "wagtailcore", "page", f"{action}_page", label),
        )
    root = apps.get_model("wagtailcore.Collection").objects.get(depth=1)
    for app, kind in (("wagtailimages", "image"), ("wagtaildocs", "document")):
        for right in rights(app, kind, kind, ("add", "choose")):
            apps.get_model("wagtailcore.GroupCollectionPermission").objects.get_or_create(
                group=writers, collection=root, permission=permission(apps, *right)
            )
    task = apps.get_model("wagtailcore.Task").objects.filter(name=EDITORS).first()
    workflow = apps.get_model("wagtailcore.Workflow").objects.create(name=REVIEW, active=True)
    apps.get_model("wagtailcore.WorkflowTask").objects.create(workflow=workflow, task=task, sort_order=0)
    apps.get_model("wagtailcore.WorkflowPage").objects.create(workflow=workflow, page_id=stories.pk)


def forget_reviews(apps, schema_editor):
    apps.get_model("wagtailcore.Workflow").objects.filter(name=REVIEW).delete()
    apps.get_model("auth.Group").objects.filter(name__in=[WRITERS, CLOSERS]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0019_reasons_for_refusals"),
        ("directory", "0009_drafts_as_stored"),
        ("portal", "0006_page_changes_by_moment"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="sitefacts",
            options={
                "permissions": (("close_portal", "Peut fermer le portail"),),
                "verbose_name": "informations du site",
            },
        ),
        migrations.AddField(
            "homepage",
            "body",
            portal.fields.StreamField(
                [],
                blank=True,
                default=list,
                verbose_name="contenu",
                help_text="Montré entre les histoires et « Comment nous travaillons ». Vide : rien ne s’y montre.",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "storypage",
            "author",
            models.CharField(
                "signature",
                blank=True,
                default="",
                max_length=120,
                help_text="Qui l’a écrite, comme on le lira. Vide : la rédaction.",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "storypage",
            "town",
            models.ForeignKey(
                "directory.Town",
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                verbose_name="commune",
                help_text="L’histoire se montre aussi sur la page de cette commune.",
            ),
        ),
        migrations.AlterField(
            "sitefacts",
            "closed",
            models.BooleanField(
                "portail fermé",
                default=False,
                help_text="Coché, le public ne voit plus que la page de fermeture : à partir de la date ci-dessous, ou "
                "tout de suite s’il n’y en a pas.",
            ),
        ),
        migrations.AlterField(
            "sitefacts",
            "closed_on",
            models.DateField(
                "date de fermeture",
                blank=True,
                null=True,
                help_text="Le portail ferme ce jour-là à minuit, heure de Paris.",
            ),
        ),
        migrations.RunPython(fill_menus, type_links_again),
        migrations.RunPython(ask_for_reviews, forget_reviews),
        *note("menus", "wagtailcore_page", "id, url_path, live", IN_A_MENU, ("update", "delete")),
    ]
