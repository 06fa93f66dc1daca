"""What a change of a merchant, of a place, or of one of Wagtail's tables notes in the log (portal/changes.py)."""

from portal.watch import Note, watched

_PAGE = "id, title, url_path, live, expired, seo_title, search_description, first_published_at, last_published_at"
_IN_TOWN = "('in-town:' || town.id), ('in-town:' || town.parent_id)"
# Who is where: a merchant comes, goes, or moves.
_PLACES = f"""
    cross join lateral (values ('merchants'), ('department:' || town.department_code), {_IN_TOWN}) as told (tag)
"""
# Which of them lists show, in which order, and who is open there.
_ORDERS = f"cross join lateral (values ('merchants'), {_IN_TOWN}) as told (tag)"
# The merchants of changed rows, of whom {} is the page.
_MERCHANTS = """
    select told.tag from changed join directory_merchantpage merchant on merchant.page_ptr_id = changed.{}
    join directory_town town on town.id = merchant.town_id
"""
_OF_TOWN = f"""
    select told.tag from changed join directory_town town on town.id = changed.town_id
    cross join lateral (values {_IN_TOWN}) as told (tag)
"""
_WORDS = Note("select 'vocabulary' from changed")

TOWN = watched(
    Note("select 'town:' || id from changed", on=("update", "delete")),
    Note("select 'site' from changed", "insee_code, name, slug, department_code, parent_id"),
    _WORDS,
)
CATEGORY = watched(
    Note("select 'category:' || id from changed", on=("update", "delete")), Note("select 'site' from changed"), _WORDS
)
GUIDE = watched(Note("select 'town:' || town_id from changed"))
MARKET = watched(Note(_OF_TOWN), Note("select 'markets' from changed"))
ROOT = watched(Note("select 'page:' || page_ptr_id from changed"))
MERCHANT = watched(
    Note("select 'page:' || page_ptr_id from changed"),
    Note(
        f"select told.tag from changed join directory_town town on town.id = changed.town_id {_PLACES}",
        "page_ptr_id, town_id, category_id, latitude, longitude",
    ),
    Note(_MERCHANTS.format("page_ptr_id") + _ORDERS, "page_ptr_id, opening_hours, labels", on=("update",)),
)
MERCHANT_PICTURE = watched(Note("select 'page:' || merchant_id from changed"))

# Wagtail's tables. Of a new page the row of its own type tells, and that of its type's last.
# home declares them, with what its menus want of the same table.
OF_PAGES = (
    Note("select 'page:' || id from changed", _PAGE, on=("update", "delete")),
    Note(
        """select 'editorial' from changed
        where not exists (select from directory_merchantpage where page_ptr_id = changed.id)""",
        _PAGE,
        on=("update", "delete"),
    ),
    Note(_MERCHANTS.format("id") + _PLACES, "id, live", on=("update",)),
    Note(_MERCHANTS.format("id") + _ORDERS, "id, title", on=("update",)),
)
# An editor's approval is told on the merchant's page, even when another task follows and nothing is published yet.
REVIEWS = watched(
    Note(
        """select 'page:' || review.object_id from changed
        join wagtailcore_workflowstate review on review.id = changed.workflow_state_id
        where changed.status = 'approved'""",
        "workflow_state_id, status, finished_at",
    ),
    table="wagtailcore_taskstate",
)
RESTRICTIONS = watched(
    Note(
        """select 'page:' || page.id from changed join wagtailcore_page root on root.id = changed.page_id
        join wagtailcore_page page on page.path like root.path || '%'""",
        "page_id, restriction_type",
    ),
    table="wagtailcore_pageviewrestriction",
)
