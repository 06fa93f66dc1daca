"""What Wagtail publishes and takes offline by the clock, each page apart: a faulty one holds up no other."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision

from portal.editors import addresses_to_notify


class Command(BaseCommand):
    help = "Publish the pages whose hour has come, and take offline those whose time is over."

    def handle(self, **options: Any) -> None:
        for page in Page.objects.filter(live=True, expire_at__lt=timezone.now()).order_by("expire_at"):
            with transaction.atomic():
                page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        for revision in Revision.objects.filter(approved_go_live_at__lt=timezone.now()).order_by("approved_go_live_at"):
            try:
                with transaction.atomic():
                    revision.publish(log_action="wagtail.publish.scheduled")
            except ValidationError as error:
                self._put_aside(revision, error)

    @transaction.atomic
    def _put_aside(self, revision: Revision, error: ValidationError) -> None:
        """Keep the revision as a draft, and tell the editors what is to be mended."""
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
        edit = f"{settings.SITE_URL}{reverse('wagtailadmin_pages:edit', args=[revision.object_id])}"
        faults = "\n".join(f"- {message}" for message in error.messages)
        self.stderr.write(f"{revision.object_str} : {' '.join(error.messages)}")
        if not (to := addresses_to_notify("not_published")):
            return
        EmailMessage(
            f"Non publiée : {revision.object_str}",
            f"Bonjour,\n\nLa page « {revision.object_str} » devait être publiée, et ne le peut pas :\n\n{faults}\n\n"
            f"Elle reste en brouillon. Corrigez-la, puis publiez-la : {edit}\n\nJ’achète dans ma région\n",
            to=to,
        ).send()
