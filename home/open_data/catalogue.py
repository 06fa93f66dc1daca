"""What the files are, told to machines: DCAT in JSON-LD, as data.gouv.fr harvests it, and the checksums.

Source: https://www.w3.org/TR/vocab-dcat-3/; frequency and file type by the EU's authority tables.
"""

from collections.abc import Mapping
from typing import Any

from home.open_data.columns import Dataset
from home.open_data.datasets import DATASETS
from home.open_data.models import OpenDataEdition, OpenDataFile
from home.open_data.writing import MEDIA_TYPES
from home.site_settings import site_settings
from portal.jsonld import absolute

LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
PAGE = "/donnees/"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
DAILY = "http://publications.europa.eu/resource/authority/frequency/DAILY"


def catalogue(edition: OpenDataEdition, files: Mapping[str, OpenDataFile]) -> dict[str, Any]:
    """Return the dcat:Catalog of an edition and its files."""
    publisher = {"@id": absolute("/#editeur"), "@type": "foaf:Agent", "foaf:name": site_settings().publisher}
    return {
        "@context": CONTEXT,
        "@id": absolute(PAGE),
        "@type": "dcat:Catalog",
        "dct:title": "Données ouvertes de « J’achète dans ma région »",
        "dct:description": "Commerçants, communes, catégories, horaires et labels, chaque jour.",
        "dct:language": "fr",
        "dct:publisher": publisher,
        "dct:license": {"@id": LICENCE},
        "foaf:homepage": {"@id": absolute(PAGE)},
        "dcat:dataset": [_dataset(dataset, edition, files) for dataset in DATASETS],
    }


def _dataset(dataset: Dataset, edition: OpenDataEdition, files: Mapping[str, OpenDataFile]) -> dict[str, Any]:
    return {
        "@id": absolute(f"{PAGE}#{dataset.name}"),
        "@type": "dcat:Dataset",
        "dct:identifier": dataset.name,
        "dct:title": dataset.title,
        "dct:description": dataset.told,
        "dct:language": "fr",
        "dct:license": {"@id": LICENCE},
        "dct:publisher": {"@id": absolute("/#editeur")},
        "dct:accrualPeriodicity": {"@id": DAILY},
        "dct:modified": {"@type": "xsd:dateTime", "@value": edition.made_at.isoformat()},
        "dct:conformsTo": {"@id": absolute(f"{PAGE}{dataset.name}.schema.json")},
        "dcat:landingPage": {"@id": absolute(PAGE)},
        "dcat:distribution": [
            _distribution(files[f"{dataset.name}.{extension}"], extension) for extension in dataset.formats
        ],
    }


def _distribution(file: Any, extension: str) -> dict[str, Any]:
    address = absolute(f"{PAGE}{file.name}")
    return {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": file.name,
        "dct:format": extension,
        "dct:license": {"@id": LICENCE},
        "dcat:mediaType": MEDIA_TYPES[extension].split(";")[0],
        "dcat:accessURL": {"@id": absolute(PAGE)},
        "dcat:downloadURL": {"@id": address},
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(file.size)},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": file.sha256},
        },
    }


def checksums(edition: OpenDataEdition) -> str:
    """Return the checksums as `sha256sum --check` reads them."""
    rows = edition.files.order_by("name").values_list("sha256", "name")
    return "".join(f"{sha256}  {name}\n" for sha256, name in rows)
