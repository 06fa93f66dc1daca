"""The review of merchants' pages becomes one in which a refusal says why (directory/review_task.py).

The step keeps its number, so that reviews under way go on.
"""

from django.db import migrations

OLD, NEW = ("wagtailcore", "groupapprovaltask"), ("directory", "merchantreview")


def move(cursor, content_types, after, table, groups, column, new_table, new_groups, new_column):
    """Make the steps of the directory's workflow, kept in ``table``, rows of ``new_table``."""
    kind = content_types.get_or_create(app_label=after[0], model=after[1])[0].pk
    cursor.execute(
        f"""select step.task_id from wagtailcore_workflowtask step
        join wagtailcore_workflowpage used on used.workflow_id = step.workflow_id
        join directory_directorypage directory on directory.page_ptr_id = used.page_id
        join {table} kept on kept.task_ptr_id = step.task_id"""
    )
    for (task,) in cursor.fetchall():
        cursor.execute(f"insert into {new_table} (task_ptr_id) values (%s)", [task])
        cursor.execute(
            f"""insert into {new_groups} ({new_column}, group_id)
            select {column}, group_id from {groups} where {column} = %s""",
            [task],
        )
        cursor.execute(f"delete from {groups} where {column} = %s", [task])
        cursor.execute(f"delete from {table} where task_ptr_id = %s", [task])
        cursor.execute("update wagtailcore_task set content_type_id = %s where id = %s", [kind, task])


WAGTAIL = ("wagtailcore_groupapprovaltask", "wagtailcore_groupapprovaltask_groups", "groupapprovaltask_id")
OURS = ("directory_merchantreview", "directory_merchantreview_groups", "merchantreview_id")


def forward(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        move(cursor, apps.get_model("contenttypes.ContentType").objects, NEW, *WAGTAIL, *OURS)


def backward(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        move(cursor, apps.get_model("contenttypes.ContentType").objects, OLD, *OURS, *WAGTAIL)


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0018_decisions_on_notices"),
        ("directory", "0011_rules_and_answers"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(forward, backward)]
