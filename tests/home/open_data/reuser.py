"""A reuser who knows the portal's address and nothing else: what is to be read is found in its documentation.

It imports nothing of the portal. Written from the texts of /donnees/ and /api/ alone: the catalogue that the page links
to, checksums and schemas; the OpenAPI document that the documentation links to.
"""

import csv
import hashlib
import io
import json
import re


class Reuser:
    """fetch: returns (status, headers, bytes) of an address."""

    def __init__(self, fetch, home):
        self.fetch, self.home = fetch, home

    def read(self, address):
        status, _, body = self.fetch(address)
        if status != 200:
            raise LookupError(f"{status} {address}")
        return body

    def linked(self, page, pattern):
        """Return the address of the first link of a page that matches."""
        text = self.read(page).decode()
        return self.home + re.search(rf'href="({pattern})"', text)[1]

    def catalogue(self):
        page = self.linked(self.home + "/", "/donnees/")
        return json.loads(self.read(self.linked(page, r"[^\"]*\.jsonld")))

    def tables(self):
        """Return {dataset: rows with the types of its schema}, each file being checked against its checksum."""
        return {found["dct:identifier"]: self.table(found) for found in self.catalogue()["dcat:dataset"]}

    def table(self, dataset):
        given = {part["dct:format"]: part for part in dataset["dcat:distribution"]}["csv"]
        body = self.read(given["dcat:downloadURL"]["@id"])
        if hashlib.sha256(body).hexdigest() != given["spdx:checksum"]["spdx:checksumValue"]["@value"]:
            raise ValueError(f"Not what was announced: {given['dct:title']}")
        schema = json.loads(self.read(dataset["dct:conformsTo"]["@id"]))
        kinds = {field["name"]: field["type"] for field in schema["fields"]}
        rows = csv.DictReader(io.StringIO(body.decode()))
        return [{name: typed(text, kinds[name]) for name, text in row.items()} for row in rows]

    def api(self):
        data = self.linked(self.home + "/", "/donnees/")
        documentation = self.linked(data, "/api/")
        return json.loads(self.read(self.linked(documentation, r"[^\"]*openapi\.json")))

    def all_of(self, path):
        """Return all results of a list of the API, following it to its end."""
        rows, address = [], self.home + path
        while address:
            told = json.loads(self.read(address))
            if isinstance(told, list):
                return told
            rows += told["resultats"]
            address = told["suivant"]
        return rows


def typed(text, kind):
    if text == "":
        return None
    return {"integer": int, "number": float, "boolean": "true".__eq__, "array": json.loads}.get(kind, str)(text)
