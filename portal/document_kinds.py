"""Whether a document is what its name says: its first bytes, its parts or its words are looked at, never its name."""

import zipfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import PurePath
from typing import IO, Any

from django.core.files.storage import default_storage

BOXES = 64  # of an MP4, looked at from the start (ISO/IEC 14496-12, 4.2)
TEXT_READ = 64 * 1024  # bytes of a text that are looked at


def fault_of(file: Any, extension: str) -> str:
    """Return, in French, why a file is not what its extension (".mp4") says, or ""; an unknown extension is let pass.

    file: open for reading bytes, and seekable; it is left at its start.
    """
    known = KINDS.get(extension)
    if known is None:
        return ""
    name, is_kind = known
    file.seek(0)
    try:
        is_right = is_kind(file)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        is_right = False
    file.seek(0)
    if is_right:
        return ""
    return (
        f"Ce fichier n’est pas {name}, malgré son nom en {extension}\u00a0: choisissez-en un autre, "
        "ou enregistrez-le de nouveau dans ce format."
    )


@lru_cache(maxsize=512)
def fault_of_stored(name: str) -> str:
    """Return why a file of the media storage is not what its name says, or "".

    Remembered: the storage gives no two files one name. Raises OSError when the file is lost.
    """
    with default_storage.open(name) as file:
        return fault_of(file, PurePath(name).suffix.lower())


def _is_mp4(file: IO[bytes]) -> bool:
    """An MP4 begins with its brand and has a table of its films ("moov")."""
    position, names = 0, []
    for _ in range(BOXES):
        file.seek(position)
        header = file.read(16)
        if len(header) < 8:
            break
        size, name = int.from_bytes(header[:4], "big"), header[4:8]
        names.append(name)
        if size == 1:
            size = int.from_bytes(header[8:16], "big")
        if name == b"moov" or size < 8:
            break
        position += size
    return names[:1] == [b"ftyp"] and b"moov" in names


def _is_webm(file: IO[bytes]) -> bool:
    start = file.read(64)
    return start.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in start


def _is_pdf(file: IO[bytes]) -> bool:
    return b"%PDF-" in file.read(1024)


def _has(part: str) -> Callable[[IO[bytes]], bool]:
    def check(file: IO[bytes]) -> bool:
        with zipfile.ZipFile(file) as parts:
            return part in parts.namelist()

    return check


def _is_open_document(kind: str) -> Callable[[IO[bytes]], bool]:
    def check(file: IO[bytes]) -> bool:
        with zipfile.ZipFile(file) as parts, parts.open("mimetype") as told:
            return told.read(80).strip() == f"application/vnd.oasis.opendocument.{kind}".encode()

    return check


def _text(file: IO[bytes]) -> str:
    """Return the start of a text. Raises ValueError for what is none."""
    start = file.read(TEXT_READ)
    if b"\0" in start:
        raise ValueError("Not a text.")
    try:
        return start.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start > len(start) - 4:  # a character cut by the end of what is read
            return start[: error.start].decode("utf-8-sig")
        return start.decode("cp1252")  # what spreadsheets write


def _is_table(file: IO[bytes]) -> bool:
    return bool(_text(file).strip())


def _is_subtitles(file: IO[bytes]) -> bool:
    return _text(file).startswith("WEBVTT")


def _is_calendar(file: IO[bytes]) -> bool:
    return _text(file).lstrip().upper().startswith("BEGIN:VCALENDAR")


KINDS: dict[str, tuple[str, Callable[[IO[bytes]], bool]]] = {
    ".mp4": ("un film MP4", _is_mp4),
    ".webm": ("un film WebM", _is_webm),
    ".pdf": ("un PDF", _is_pdf),
    ".docx": ("un document Word", _has("word/document.xml")),
    ".xlsx": ("un classeur Excel", _has("xl/workbook.xml")),
    ".odt": ("un texte OpenDocument", _is_open_document("text")),
    ".ods": ("un classeur OpenDocument", _is_open_document("spreadsheet")),
    ".csv": ("un tableau CSV", _is_table),
    ".vtt": ("un fichier de sous-titres WebVTT", _is_subtitles),
    ".ics": ("un calendrier", _is_calendar),
}
