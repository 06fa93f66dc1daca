"""Sending a document from one's application, and opening it at the Region's desk."""

from typing import cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from directory.joining import applications
from directory.joining.kept_typing import typing_kept
from directory.vetting.desk.access import only_those_who_decide
from directory.vetting.documents import acts, vault
from directory.vetting.documents.intake import DocumentField
from directory.vetting.documents.models import Document
from portal.models import User

SUFFIXES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/webp": "webp"}
LOST = "Cette pièce ne s’ouvre pas : sa clé n’est plus dans DOCUMENT_KEYS. Demandez-la à qui tient le serveur."


class DocumentForm(forms.Form):
    kind = forms.ChoiceField(label="Quelle pièce", choices=Document.Kind.choices)
    file = DocumentField(
        label="Le fichier ou la photo",
        help_text="PDF ou photo, 8 Mo au plus. Chiffrée ; seules les personnes qui décident l’ouvrent, et c’est noté.",
        error_messages={"required": "Choisissez le fichier, ou prenez la photo."},
    )


@require_POST
@typing_kept
def send(request: HttpRequest, number: str) -> HttpResponse:
    user = cast(User, request.user)
    application = get_object_or_404(applications.of(user), number=number)
    form = DocumentForm(request.POST, request.FILES)
    try:
        if form.is_valid():
            acts.send(application, user, form.cleaned_data["kind"], form.cleaned_data["file"])
            messages.success(request, "Merci, la pièce est reçue. Quand tout y est, renvoyez votre dossier.")
        else:
            for errors in form.errors.values():
                messages.error(request, " ".join(str(error) for error in errors))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("joining:status", number)


@require_safe
@never_cache
def read(request: HttpRequest, number: str) -> HttpResponse:
    """One document, for who decides, as a file to save: no browser runs what is in it on our pages."""
    only_those_who_decide(request)
    document = get_object_or_404(Document.objects.select_related("application"), number=number)
    try:
        content = acts.read(document, cast(User, request.user))
    except vault.Unreadable:
        return HttpResponse(LOST, status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type="application/octet-stream")
    suffix = SUFFIXES.get(document.media_type, "bin")
    response["Content-Disposition"] = f'attachment; filename="{document.number}.{suffix}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
