"""The page of the open data, and its files, which any site and program may fetch."""

import gzip
import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from home.open_data import making
from home.open_data.catalogue import LICENCE, catalogue, checksums
from home.open_data.datasets import BY_NAME, DATASETS
from home.open_data.models import OpenDataFile
from home.open_data.writing import MEDIA_TYPES
from portal.jsonld import data_element


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What there is to take away, under which terms, and what each column means."""
    edition = making.current()
    files = edition.files_by_name()
    datasets = [
        {
            "name": dataset.name,
            "title": dataset.title,
            "told": dataset.told,
            "columns": dataset.columns,
            "files": [files[f"{dataset.name}.{extension}"] for extension in dataset.formats],
        }
        for dataset in DATASETS
    ]
    context = {
        "edition": edition,
        "datasets": datasets,
        "licence": LICENCE,
        "catalogue": data_element(catalogue(edition, files)),
    }
    return render(request, "home/open_data/page.html", context)


@require_safe
def data_file(request: HttpRequest, name: str, extension: str) -> HttpResponse:
    """One file of the edition of today; 304 to who has it already."""
    file = get_object_or_404(
        OpenDataFile.objects.defer("content"), edition=making.current(), name=f"{name}.{extension}"
    )
    etag = f'"{file.sha256}"'
    if etag in request.headers.get("If-None-Match", "").replace("W/", ""):
        return _open(HttpResponse(status=304), etag)
    is_zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    content = bytes(file.content)
    response = HttpResponse(content if is_zipped else gzip.decompress(content), MEDIA_TYPES[extension])
    if is_zipped:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return _open(response, etag)


@require_safe
def schema(request: HttpRequest, name: str) -> HttpResponse:
    """The Table Schema of a dataset."""
    if name not in BY_NAME:
        raise Http404("Ce jeu de données n’existe pas.")
    text = json.dumps(BY_NAME[name].table_schema(), ensure_ascii=False, indent=2)
    return _open(HttpResponse(text, MEDIA_TYPES["json"]))


@require_safe
def described(request: HttpRequest) -> HttpResponse:
    """The catalogue, as harvesters ask for it."""
    edition = making.current()
    text = json.dumps(catalogue(edition, edition.files_by_name()), ensure_ascii=False, indent=2)
    return _open(HttpResponse(text, "application/ld+json"))


@require_safe
def sums(request: HttpRequest) -> HttpResponse:
    return _open(HttpResponse(checksums(making.current()), MEDIA_TYPES["txt"]))


def _open(response: HttpResponse, etag: str = "") -> HttpResponse:
    """Let any site read it; whoever keeps it asks each time, for a merchant may have left since."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, no-cache"
    if etag:
        response["ETag"] = etag
    return response
