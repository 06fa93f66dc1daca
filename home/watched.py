"""What a change of the Region's own pages and snippets notes in the log (portal/changes.py)."""

from directory.watched import OF_PAGES
from portal.watch import Note, watched

CONTENT = watched(Note("select 'page:' || page_ptr_id from changed union all select 'editorial' from changed"))
EDITORIAL = watched(Note("select 'editorial' from changed"))
SITE = watched(Note("select 'site' from changed"))
# Menus and the announcement name pages: one that is renamed, moved or withdrawn changes every page of the site.
SITE_SETTINGS = SITE + watched(
    *OF_PAGES,
    Note(
        """select 'site' from changed where exists (
            select from home_sitesettings site where site.announcement_page_id = changed.id or jsonb_path_exists(
                jsonb_build_array(site.menu, site.footer), '$.**.page ? (@ == $id)',
                jsonb_build_object('id', changed.id)))""",
        "id, url_path, live",
        on=("update", "delete"),
    ),
    table="wagtailcore_page",
)
