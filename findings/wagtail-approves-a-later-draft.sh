#!/usr/bin/env bash
# Approving a workflow task publishes the page's newest draft, not the revision that was submitted and approved.
#
# Version:   Wagtail 8.0.1 with Django 5.2 on SQLite, default settings.
# Input:     a page sent to the workflow « Moderators approval » as revision "submitted"; a later draft "not read by
#            anybody" saved by the author through the API that views use (save_revision); the task then approved.
# Behaviour: the task's own record names the first revision, and the later draft goes live.
# Seen:      task names: submitted / went live: not read by anybody
# Fails when the page that goes live, or the revision that the task names, changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv; venv/bin/pip install --quiet wagtail==8.0.1 'django>=5.2,<5.3'
mkdir app; venv/bin/wagtail start region app >/dev/null 2>&1; cd app
cat > try.py <<'PY'
import logging
from django.contrib.auth import get_user_model
from django.core.management import call_command
from home.models import HomePage
from wagtail.models import GroupApprovalTask, Page, TaskState, Workflow
logging.disable(logging.CRITICAL)
call_command("migrate", verbosity=0)
editor = get_user_model().objects.create_superuser("editor", "editor@example.com", "a long password")
page = HomePage.objects.first()
page.title = "submitted"
page.save_revision(user=editor)
state = Workflow.objects.get().start(page, editor)
page = page.get_latest_revision_as_object()
page.title = "not read by anybody"
page.save_revision(user=editor)
task = TaskState.objects.get(pk=state.current_task_state.pk).specific
print("task names:", task.revision.as_object().title)
task.approve(user=editor)
page = Page.objects.get(pk=page.pk)
print("went live:", page.title)
PY
../venv/bin/python manage.py shell --verbosity 0 < try.py 2>&1 | grep -E '^(task names|went live)' | tee answers
printf 'task names: submitted\nwent live: not read by anybody\n' | diff - answers
