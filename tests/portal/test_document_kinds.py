"""A document of the library is what its name says."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.documents import get_document_model

from portal.document_kinds import KINDS, fault_of


def archive(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, text in parts.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return content.getvalue()


def box(name, content=b"", size=None):
    return (size or 8 + len(content)).to_bytes(4, "big") + name + content


MP4 = box(b"ftyp", b"isom\0\0\2\0isomiso2mp41") + box(b"free") + box(b"moov", b"mvhd")
RIGHT = {
    ".mp4": [MP4, box(b"ftyp", b"mp42") + box(b"mdat", b"x" * 5000) + box(b"moov")],
    ".webm": [b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"],
    ".pdf": [b"%PDF-1.7\n%\xe2\xe3\n", b"\n\n%PDF-1.4"],
    ".docx": [archive(word__document_xml="<w/>")],
    ".xlsx": [archive(xl__workbook_xml="<w/>")],
    ".odt": [archive(mimetype="application/vnd.oasis.opendocument.text")],
    ".ods": [archive(mimetype="application/vnd.oasis.opendocument.spreadsheet")],
    ".csv": ["Commune;Étals\nDie;12\n".encode(), "Commune;Étals\n".encode("cp1252"), "é".encode() * 40_000],
    ".vtt": [b"WEBVTT\n\n00:01.000 --> 00:04.000\nBonjour\n", b"\xef\xbb\xbfWEBVTT\n"],
    ".ics": [b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"],
}
WRONG = [
    b"",
    b"Ceci est un texte.",
    b"\x89PNG\r\n\x1a\n\0\0",
    b"PK\x03\x04 abime",
    box(b"ftyp", b"heic"),
    b"<html></html>\0",
]


def test_every_kind_that_is_taken_is_known(settings):
    assert {f".{extension}" for extension in settings.WAGTAILDOCS_EXTENSIONS} == set(KINDS) == set(RIGHT)


@pytest.mark.parametrize(("extension", "content"), [(kind, each) for kind, many in RIGHT.items() for each in many])
def test_what_is_right_passes(extension, content):
    assert fault_of(io.BytesIO(content), extension) == ""


@pytest.mark.parametrize("extension", KINDS)
@pytest.mark.parametrize("content", WRONG)
def test_what_is_something_else_is_told(extension, content):
    is_any_text = extension == ".csv" and content and b"\0" not in content
    assert bool(fault_of(io.BytesIO(content), extension)) != is_any_text


def test_no_kind_passes_for_another():
    for extension, (content, *_) in RIGHT.items():
        others = {other for other in KINDS if not fault_of(io.BytesIO(content), other)}
        assert others - {".csv"} == {extension} - {".csv"}, extension


@pytest.mark.parametrize("name", ["film.mp4", f"{'un-tres-long-nom-de-film-' * 9}.mp4"])
def test_an_editor_is_told_that_a_text_is_no_film(client, editor, name):
    client.force_login(editor)
    form = {"title": "Au fournil", "collection": 1}

    refused = client.post("/gestion/documents/add/", form | {"file": SimpleUploadedFile(name, b"Bonjour")})
    assert "n’est pas un film MP4" in refused.content.decode()
    sent = {"files[]": SimpleUploadedFile(name, b"Bonjour"), "title": "x"}
    script = {"x-requested-with": "XMLHttpRequest"}
    several = client.post("/gestion/documents/multiple/add/", sent, headers=script)
    assert not several.json()["success"]
    assert not get_document_model().objects.exists()

    client.post("/gestion/documents/add/", form | {"file": SimpleUploadedFile(name, MP4)})
    with get_document_model().objects.get().open_file() as stored:
        assert stored.read() == MP4
