"""The search reads the one log of changes: its own outbox and its triggers go. What waits in it comes along."""

from django.db import migrations

HAND_OVER = """
insert into portal_change (tag)
select distinct case when kind in ('merchant', 'seller', 'story', 'subtree') then 'page' else kind end || ':' || object_id
from regional_search_change
union
select 'page:' || page.id from regional_search_change change join wagtailcore_page root on root.id = change.object_id
join wagtailcore_page page on page.path like root.path || '%' where change.kind = 'subtree';
drop function regional_search_note() cascade;
drop function regional_search_note_pages() cascade;
drop function regional_search_touch_places() cascade;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("regional_search", "0018_watched"),
        ("home", "0022_watched"),
        ("portal", "0016_watched"),
        ("directory", "0012_watched"),
        ("shop", "0014_watched"),
    ]

    operations = [
        migrations.RunSQL(HAND_OVER),
        migrations.DeleteModel(name="Change"),
        migrations.DeleteModel(name="Places"),
    ]
