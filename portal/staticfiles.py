"""How static files are stored for production: hashed, compressed, and styles and scripts joined into one file each."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLESHEET = "portal/css/portal.css"
SCRIPT = "portal/js/portal.js"

IMPORT = re.compile(r'@import "(?P<path>[^"]+)" layer\((?P<layer>[\w-]+)\);')
URL = re.compile(r'url\("(?P<path>[^":#]+)"\)')
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SCRIPT_IMPORT = re.compile(r'^import "\./(?P<path>[^"]+)";$', re.MULTILINE)
SCRIPT_COMMENT = re.compile(r"^\s*(?:/\*.*?\*/|//[^\n]*)$", re.DOTALL | re.MULTILINE)

Paths = dict[str, tuple[Storage, str]]  # as collectstatic gives them: {name: (storage, path)}


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, serving portal.css and its imports as one file, and portal.js likewise.

    The sources stay one file a component, which development serves as they are. Fifty
    requests in a chain would delay the first paint by more than a second.
    """

    def post_process(self, paths: Paths, dry_run: bool = False, **options: Any) -> Iterator[Any]:
        joined = InMemoryStorage()
        for name, joining in ((STYLESHEET, join), (SCRIPT, join_scripts)):
            if name in paths and not dry_run:
                joined.save(name, ContentFile(joining(name, paths)))
                paths = {**paths, name: (joined, name)}
        yield from super().post_process(paths, dry_run, **options)


def join(name: str, paths: Paths) -> str:
    """Return the stylesheet with each `@import "x" layer(y);` replaced by the file, wrapped in its layer.

    The path in a file's url("…") is rewritten from its folder to the stylesheet's.
    name: the stylesheet's name in paths; paths: {name: (storage, path)}, as collectstatic gives it.
    Raises KeyError when an imported file is not among the collected ones.
    """
    folder = posixpath.dirname(name)

    def inline(match: re.Match[str]) -> str:
        imported = posixpath.normpath(posixpath.join(folder, match["path"]))

        def rebase(url: re.Match[str]) -> str:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(imported), url["path"]))
            return f'url("{posixpath.relpath(target, folder)}")'

        return f"@layer {match['layer']} {{\n{URL.sub(rebase, _read(imported, paths, COMMENT))}}}"

    return re.sub(r"\n\s*", "\n", IMPORT.sub(inline, _read(name, paths, COMMENT)))


def join_scripts(name: str, paths: Paths) -> str:
    """Return the script with each `import "./x.js";` replaced by the file, a block of its own.

    The files import and export nothing themselves. paths, KeyError: as in ``join``.
    """
    folder = posixpath.dirname(name)

    def inline(match: re.Match[str]) -> str:
        return f"{{\n{_read(posixpath.join(folder, match['path']), paths, SCRIPT_COMMENT)}}}"

    return re.sub(r"\n\s*", "\n", SCRIPT_IMPORT.sub(inline, _read(name, paths, SCRIPT_COMMENT))).lstrip()


def _read(name: str, paths: Paths, comment: re.Pattern[str]) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return comment.sub("", file.read().decode())
