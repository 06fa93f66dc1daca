"""Taking a document in for an application that lacks one, and opening it, which is noted each time."""

from django.core.exceptions import ValidationError
from django.db import transaction

from directory.people.signing import signed_for
from directory.vetting import journal
from directory.vetting.documents import vault
from directory.vetting.documents.intake import Taken
from directory.vetting.documents.models import Document
from directory.vetting.journal import Act
from directory.vetting.kinds import Step
from directory.vetting.models import Application
from portal.models import User

MOST = 6  # documents of one application
NOT_ASKED = "La Région n’attend pas de pièce pour ce dossier."
MANY = "Vous avez déjà envoyé six pièces : écrivez à la Région s’il en faut d’autres."


@transaction.atomic
def send(application: Application, by: User, kind: str, taken: Taken) -> Document:
    """Keep a document, encrypted. Raises ValidationError."""
    held = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if held.state != Step.INCOMPLETE or not vault.is_open():
        raise ValidationError(NOT_ASKED)
    if held.documents.count() >= MOST:
        raise ValidationError(MANY)
    document = Document.objects.create(
        application=held,
        kind=kind,
        media_type=taken.media_type,
        size=len(taken.content),
        sealed=vault.seal(taken.content),
        sent_by=by,
        sender=signed_for(by, None),
    )
    facts = {"document": document.number, "kind": document.kind}
    journal.note(Act.DOCUMENT_SENT, by, application=held.number, merchant=held.merchant_id, **facts)
    return document


@transaction.atomic
def read(document: Document, by: User) -> bytes:
    """Return what a document holds, for a person of the Region, and note it. Raises vault.Unreadable."""
    content = vault.unseal(document.sealed)
    application = document.application.number if document.application else ""
    facts = {"document": document.number, "kind": document.kind}
    journal.note(Act.DOCUMENT_SEEN, by, application=application, merchant=document.merchant_id, **facts)
    return content
