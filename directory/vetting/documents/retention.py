"""How long documents are kept: the contract and six months (règlement (UE) 2022/2065, article 30, 5)."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from directory.vetting import journal
from directory.vetting.documents.models import Document
from directory.vetting.journal import Act
from directory.vetting.kinds import State, Step

KEPT = timedelta(days=183)


def over(before: datetime, now: datetime) -> QuerySet[Document]:
    """Return those of merchants whose contract ended, and of applications that came to nothing, before a moment."""
    closed = Q(merchant__vetting__state=State.CLOSED, merchant__vetting__decided_at__lt=before)
    refused = Q(application__state=Step.REFUSED, application__decided_at__lt=before)
    withdrawn = Q(application__state=Step.WITHDRAWN, application__changed_at__lt=before)
    found = Document.objects.filter(closed | refused | withdrawn)
    return Document.objects.filter(pk__in=found.values("pk")).defer("sealed")


def delete(documents: QuerySet[Document]) -> int:
    """Delete them for good, each with its entry in the journal; return how many."""
    held = list(documents)
    for document in held:
        application = document.application.number if document.application else ""
        facts = {"document": document.number, "kind": document.kind}
        journal.note(Act.DOCUMENT_DELETED, None, merchant=document.merchant_id, application=application, **facts)
    Document.objects.filter(pk__in=[document.pk for document in held]).delete()
    return len(held)
