"""Drafts follow the rules of the columns: a SIRET of fourteen digits, and no e-mail address for a website.

An e-mail address moves to its own field where that is empty; beside another one it stays for an editor to look at.
"""

from django.db import migrations

AN_EMAIL = r"^https?://[^/?#\s]+@[^/?#\s]+/?$"
DRAFTS = """
    update wagtailcore_revision draft set content = {content}
    from directory_merchantpage page
    join wagtailcore_page stored on stored.id = page.page_ptr_id
    where draft.object_id = page.page_ptr_id::text and draft.content_type_id = stored.content_type_id
"""
SIRET = DRAFTS.format(content="jsonb_set(draft.content, '{siret}', coalesce(to_jsonb(page.siret), 'null'))") + (
    "and draft.content ->> 'siret' !~ '^[0-9]{14}$'"
)
PAGES = r"""
    update directory_merchantpage
    set email = regexp_replace(website, '^https?://|/$', '', 'g'), website = ''
    where website ~ %(email)s and email in ('', regexp_replace(website, '^https?://|/$', '', 'g'))
"""
WEBSITE = DRAFTS.format(
    content=r"""draft.content || jsonb_build_object(
        'email', regexp_replace(draft.content ->> 'website', '^https?://|/$', '', 'g'), 'website', '')"""
) + (
    r"""and draft.content ->> 'website' ~ %(email)s
    and draft.content ->> 'email' in ('', regexp_replace(draft.content ->> 'website', '^https?://|/$', '', 'g'))"""
)


def mend(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SIRET)
        cursor.execute(PAGES, {"email": AN_EMAIL})
        cursor.execute(WEBSITE, {"email": AN_EMAIL})


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0008_website"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(mend, migrations.RunPython.noop)]
