"""Documents: sent when asked, taken in by content, encrypted, opened by few and noted each time, deleted in time."""

import zlib
from io import BytesIO, StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from directory.models import Application, Document, JournalEntry
from directory.vetting import acts
from directory.vetting.documents import vault
from directory.vetting.documents.intake import ACTIVE, BROKEN, EMPTY, TOO_BIG
from tests.directory.vetting.applications import check_by_hand
from tests.directory.vetting.applications import draft as make_application
from tests.factories import SAME_ORIGIN

pytestmark = pytest.mark.django_db
SECRET = b"FR76 3000 6000 0112 3456 7890 189"


@pytest.fixture(autouse=True)
def keys(settings):
    settings.DOCUMENT_KEYS = [Fernet.generate_key().decode()]
    return settings.DOCUMENT_KEYS


@pytest.fixture
def application(places, shopper, editor):
    sent = make_application(shopper)
    acts.submit(sent)
    acts.ask(sent, editor, "Envoyez votre RIB.")
    return Application.objects.get(pk=sent.pk)


@pytest.fixture
def camille(client, shopper):
    client.force_login(shopper)
    return client


@pytest.fixture
def desk(editor):
    client = Client()
    client.force_login(editor)
    return client


def pdf(inside=SECRET, end=b"%%EOF\n"):
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + inside + b"\ntrailer << /Root 1 0 R >>\n" + end


def hidden(text):
    return b"2 0 obj << /Filter /FlateDecode >> stream\n" + zlib.compress(text) + b"\nendstream endobj"


def photo(kind="PNG"):
    written = BytesIO()
    Image.new("RGB", (40, 30), "white").save(written, kind)
    return written.getvalue()


def send(client, application, content, name="rib.pdf", kind="bank"):
    where = reverse("joining:send_document", args=[application.number])
    return client.post(
        where, {"kind": kind, "file": SimpleUploadedFile(name, content)}, headers=SAME_ORIGIN, follow=True
    )


def text(answer):
    return answer.content.decode().replace("\u00a0", " ")


def test_a_document_is_asked_for_sent_and_stored_encrypted(camille, application, shopper):
    assert "Envoyer la pièce" in text(camille.get(reverse("joining:status", args=[application.number])))

    page = text(send(camille, application, pdf()))

    assert "la pièce est reçue" in page
    document = Document.objects.get()
    assert (document.media_type, document.sent_by) == ("application/pdf", shopper)
    assert SECRET not in bytes(document.sealed)
    with connection.cursor() as cursor:
        cursor.execute("select position(%s in sealed) from directory_document", [SECRET])
        assert cursor.fetchone()[0] == 0
    assert vault.unseal(document.sealed) == pdf()


@pytest.mark.parametrize("state", ["draft", "submitted", "withdrawn"])
def test_nothing_is_taken_that_nobody_asked_for(camille, places, shopper, state):
    application = make_application(shopper)
    if state != "draft":
        acts.submit(application)
    if state == "withdrawn":
        acts.withdraw(application)

    assert "n’attend pas de pièce" in text(send(camille, application, pdf()))
    assert not Document.objects.exists()


def test_without_a_key_nothing_is_taken(camille, application, settings):
    settings.DOCUMENT_KEYS = []

    assert "Envoyer la pièce" not in text(camille.get(reverse("joining:status", args=[application.number])))
    send(camille, application, pdf())
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (pdf(b"<< /S /JavaScript /JS (1) >>"), "rib.pdf", ACTIVE),
        (pdf(b"<< /OpenAction 3 0 R >>"), "rib.pdf", ACTIVE),
        (pdf(b"<< /S /Launch >>"), "rib.pdf", ACTIVE),
        (pdf(b"<< /Names << /EmbeddedFiles 4 0 R >> >>"), "rib.pdf", ACTIVE),
        (pdf(b"<< /S /J#61vaScript >>"), "rib.pdf", ACTIVE),
        (pdf(hidden(b"<< /S /JavaScript >>")), "rib.pdf", ACTIVE),
        (pdf(end=b""), "rib.pdf", BROKEN),
        (pdf(b"<< /Encrypt 5 0 R >>"), "rib.pdf", BROKEN),
        (b"", "rib.pdf", EMPTY),
        (pdf(b"x" * 8 * 1024 * 1024), "rib.pdf", TOO_BIG),
        (b"<html><script>1</script></html>", "rib.pdf", ""),
        (b"PK\x03\x04 un classeur", "rib.xlsx", ""),
        (b"GIF89a" + b"\0" * 40, "rib.png", ""),
    ],
)
def test_what_is_no_picture_and_no_quiet_pdf_is_refused_with_a_way_out(camille, application, content, name, said):
    page = text(send(camille, application, content, name))

    assert said in page
    assert "la pièce est reçue" not in page
    assert not Document.objects.exists()


@pytest.mark.parametrize(("kind", "name"), [("PNG", "carte.png"), ("JPEG", "carte.pdf"), ("WEBP", "carte")])
def test_a_photo_is_taken_for_what_it_is_whatever_its_name(camille, application, kind, name):
    send(camille, application, photo(kind), name, "identity")

    assert Document.objects.get().media_type in ("image/jpeg", "image/webp")


def test_a_quiet_pdf_with_compressed_text_passes(camille, application):
    send(camille, application, pdf(hidden(b"BT (Relev\xe9 d'identit\xe9 bancaire) Tj ET")))

    assert Document.objects.exists()


def test_six_documents_are_enough(camille, application):
    for _ in range(7):
        page = text(send(camille, application, pdf()))

    assert "six pièces" in page
    assert Document.objects.count() == 6


def test_each_opening_is_noted_and_nobody_else_opens(desk, camille, application, editor, baker):
    send(camille, application, pdf())
    document = Document.objects.get()
    where = reverse("vetting:document", args=[document.number])
    assert where in text(desk.get(reverse("vetting:application", args=[application.number])))

    answer = desk.get(where)

    assert answer.content == pdf()
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    seen = JournalEntry.objects.get(act="document_seen")
    assert (seen.actor, seen.application_number, seen.facts["document"]) == (
        editor,
        application.number,
        document.number,
    )
    assert camille.get(where).status_code in (302, 403)
    other = Client()
    other.force_login(baker)
    assert other.get(where).status_code in (302, 403)
    assert Client().get(where).status_code == 302
    assert send(other, application, pdf()).status_code == 404
    assert JournalEntry.objects.filter(act="document_seen").count() == 1


def test_accepting_keeps_the_documents_with_the_merchant(desk, camille, application, editor):
    send(camille, application, pdf())
    check_by_hand(application, editor)
    acts.accept(application, editor)

    document = Document.objects.get()
    assert document.merchant == application.merchant
    assert document.number in text(desk.get(reverse("vetting:merchant", args=[document.merchant_id])))


def test_keys_are_changed_without_losing_anything(camille, application, settings, keys, desk):
    send(camille, application, pdf())
    document, old = Document.objects.get(), keys[0]
    settings.DOCUMENT_KEYS = [Fernet.generate_key().decode(), old]
    said = StringIO()
    call_command("reseal_documents", stdout=said)
    assert "1 to seal" in said.getvalue()
    call_command("reseal_documents", write=True, stdout=said)
    settings.DOCUMENT_KEYS = settings.DOCUMENT_KEYS[:1]

    where = reverse("vetting:document", args=[document.number])
    assert desk.get(where).content == pdf()
    settings.DOCUMENT_KEYS = [Fernet.generate_key().decode()]
    assert desk.get(where).status_code == 503
    call_command("reseal_documents", stdout=said)
    assert "1 that no key opens" in said.getvalue()
