"""Tell which documents the first of DOCUMENT_KEYS does not seal yet, or no key opens; with --write, seal them by it."""

from argparse import ArgumentParser
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from directory.vetting.documents import vault
from directory.vetting.documents.models import Document
from portal import progress


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="do it; without this nothing is changed")

    def handle(self, *, write: bool, **options: Any) -> None:
        if not vault.is_open():
            raise CommandError("DOCUMENT_KEYS is empty: there is nothing to seal by.")
        newest, old, lost = Fernet(settings.DOCUMENT_KEYS[0]), 0, 0
        numbers = list(Document.objects.values_list("pk", flat=True))
        for done, pk in enumerate(numbers, 1):
            progress.show(f"documents {done} / {len(numbers)}")
            with transaction.atomic():
                document = Document.objects.select_for_update().filter(pk=pk).first()
                if document is None or _opens(newest, document):
                    continue
                try:
                    document.sealed = vault.resealed(document.sealed)
                except vault.Unreadable:
                    lost += 1
                    continue
                old += 1
                if write:
                    document.save(update_fields=["sealed"])
        self.stdout.write(f"{old} {'sealed by the first key' if write else 'to seal'}, {lost} that no key opens.")
        if old and not write:
            self.stdout.write("Nothing was changed: add --write to do it.")


def _opens(key: Fernet, document: Document) -> bool:
    try:
        key.decrypt(bytes(document.sealed))
    except InvalidToken:
        return False
    return True
