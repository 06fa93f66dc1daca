"""What a change of the Region's own pages and snippets notes in the log (portal/changes.py)."""

from portal.watch import Note, watched

CONTENT = watched(Note("select 'page:' || page_ptr_id from changed union all select 'editorial' from changed"))
EDITORIAL = watched(Note("select 'editorial' from changed"))
SITE = watched(Note("select 'site' from changed"))
