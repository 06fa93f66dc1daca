"""How static files are stored for production: hashed, compressed, and the stylesheet joined into one file."""

import posixpath
import re

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLESHEET = "portal/css/portal.css"

IMPORT = re.compile(r'@import "(?P<path>[^"]+)" layer\((?P<layer>[\w-]+)\);')
URL = re.compile(r'url\("(?P<path>[^":#]+)"\)')
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, serving portal.css and its imports as one file.

    The sources stay one file a component, which development serves as they are. Fifty
    requests in a chain would delay the first paint by more than a second.
    """

    def post_process(self, paths, dry_run=False, **options):
        if STYLESHEET in paths and not dry_run:
            joined = InMemoryStorage()
            joined.save(STYLESHEET, ContentFile(join(STYLESHEET, paths)))
            paths = {**paths, STYLESHEET: (joined, STYLESHEET)}
        yield from super().post_process(paths, dry_run, **options)


def join(name, paths):
    """Return the stylesheet with each `@import "x" layer(y);` replaced by the file, wrapped in its layer.

    The path in a file's url("…") is rewritten from its folder to the stylesheet's.
    name: the stylesheet's name in paths; paths: {name: (storage, path)}, as collectstatic gives it.
    Raises KeyError when an imported file is not among the collected ones.
    """
    folder = posixpath.dirname(name)

    def read(file_name):
        storage, path = paths[file_name]
        with storage.open(path) as file:
            return COMMENT.sub("", file.read().decode())

    def inline(match):
        imported = posixpath.normpath(posixpath.join(folder, match["path"]))

        def rebase(url):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(imported), url["path"]))
            return f'url("{posixpath.relpath(target, folder)}")'

        return f"@layer {match['layer']} {{\n{URL.sub(rebase, read(imported))}}}"

    return re.sub(r"\n\s*", "\n", IMPORT.sub(inline, read(name)))
