"""Every migration of ours taken back on a filled region, one after the other, and applied again.

What stands in tables that the first migrations made must survive; what a later migration added goes with it.
"""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.executor import MigrationExecutor
from django.test.utils import override_settings

from portal.management.commands.prepare import said_by
from portal.progress import step
from tests.conftest import TEST_SETTINGS
from tests.database import Slot, connected_to

APPS = ["portal", "directory", "shop", "regional_search", "home"]
# What must be as it was, as questions to the database. Each answers one text.
KEPT = {
    "accounts": "select string_agg(email, ' ' order by id) from portal_user",
    "pages": "select string_agg(concat_ws('|', id, path, title, slug, live), ' ' order by id) from wagtailcore_page",
    "merchants": """select string_agg(concat_ws('|', page_ptr_id, town_id, category_id, opening_hours, story), ' '
        order by page_ptr_id) from directory_merchantpage""",
    "products": "select string_agg(concat_ws('|', id, title, slug), ' ' order by id) from catalogue_product",
    "stock": """select string_agg(concat_ws('|', product_id, price, num_in_stock, num_allocated), ' ' order by id)
        from partner_stockrecord""",
    "shops": "select string_agg(concat_ws('|', id, merchant_id, sells), ' ' order by id) from shop_storefront",
    "orders": """select string_agg(concat_ws('|', number, status, total_incl_tax, guest_email), ' ' order by id)
        from order_order""",
    "revisions": "select string_agg(concat_ws('|', id, object_id, content), ' ' order by id) from wagtailcore_revision",
    "editors": """select string_agg(concat_ws('|', u.email, g.name), ' ' order by u.email, g.name)
        from portal_user_groups m join portal_user u on u.id = m.user_id join auth_group g on g.id = m.group_id""",
    "groups' rights": """select string_agg(distinct concat_ws('|', g.name, c.app_label, p.codename), ' ')
        from auth_group g join auth_group_permissions m on m.group_id = g.id
        join auth_permission p on p.id = m.permission_id join django_content_type c on c.id = p.content_type_id""",
    "rights on pages": """select string_agg(concat_ws('|', g.name, r.page_id, p.codename), ' '
        order by g.name, r.page_id, p.codename) from wagtailcore_grouppagepermission r
        join auth_group g on g.id = r.group_id join auth_permission p on p.id = r.permission_id""",
    "workflows": "select string_agg(concat_ws('|', name, active), ' ' order by id) from wagtailcore_workflow",
    "reviews": "select string_agg(concat_ws('|', id, status), ' ' order by id) from wagtailcore_workflowstate",
    "triggers": """select string_agg(concat_ws('|', tgrelid::regclass, tgname, pg_get_triggerdef(oid)), ' '
        order by tgrelid::regclass::text, tgname) from pg_trigger where not tgisinternal""",
    "constraints": """select string_agg(concat_ws('|', conrelid::regclass, conname, pg_get_constraintdef(oid)), ' '
        order by conrelid::regclass::text, conname) from pg_constraint where connamespace = 'public'::regnamespace""",
}


@contextmanager
def region(options: Namespace) -> Iterator[None]:
    """A filled region in a database of its own, without Elasticsearch."""
    slot = Slot()
    try:
        with step("Tables"):
            slot.ensure_template()
            slot.clone()
        with connected_to(slot.name), override_settings(**TEST_SETTINGS):
            settings.ELASTICSEARCH_URL = []
            with step("Region"):
                said_by("load_places", write=True)
                said_by("demo", merchants=options.merchants, products=options.products)
            yield
    finally:
        slot.drop()
        slot.server.close()


def play(options: Namespace) -> bool:
    """Go back to where every app has its first migration, or to one that cannot be undone, and forward; compare."""
    with region(options):
        before = answers()
        undone, stopped = back()
        print(f"  undone: {undone} migrations{f'; stopped at {stopped}' if stopped else ''}", flush=True)
        with step("Forward"):
            call_command("migrate", verbosity=0, interactive=False)
        after = answers()
    sound = [told(name, before[name], after[name]) for name in KEPT]  # all are told
    return all(sound) and undone > 0


def back() -> tuple[int, str]:
    """Undo what can be undone; return how many migrations, and which one cannot be and why ("" if all can)."""
    undone = 0

    def progress(action: str, migration: object = None, fake: bool = False) -> None:
        nonlocal undone
        if action == "unapply_success":
            undone += 1
            print(f"    {migration}", flush=True)

    executor = MigrationExecutor(connection, progress)
    graph = executor.loader.graph
    firsts = [key for key in graph.nodes if key[0] in APPS and key[1].startswith("0001")]
    # The first migration of one app stands on later ones of another.
    floor = {key for first in firsts for key in graph.forwards_plan(first)}
    targets = [max(key for key in floor if key[0] == app) for app in APPS]
    try:
        executor.migrate(targets)
    except IrreversibleError as error:
        return undone, str(error)
    return undone, ""


def answers() -> dict[str, set[str]]:
    """Return what each question of KEPT is answered, in pieces."""
    found = {}
    with connection.cursor() as cursor:
        for name, question in KEPT.items():
            cursor.execute(question)
            found[name] = set((cursor.fetchone()[0] or "").split(" "))
    return found


def told(name: str, before: set[str], after: set[str]) -> bool:
    lost, new = before - after, after - before
    print(f"  {'as it was' if before == after else 'DIFFERS  '}  {name}: {len(before)} pieces", flush=True)
    for word, pieces in (("lost", lost), ("new", new)):
        print(*(f"      {word}: {piece[:150]}" for piece in sorted(pieces)[:5]), sep="\n", end="\n" if pieces else "")
    return before == after
