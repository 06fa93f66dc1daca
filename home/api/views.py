"""The API's addresses behind their door, and its documentation, made of its own OpenAPI document."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.utils.urlpatterns import decorate_urlpatterns

from home.api.door import LIMIT, door
from home.api.v1 import api
from portal.jsonld import absolute
from portal.page_cache import cached_page

_patterns, _app, _namespace = api.urls
urls = (decorate_urlpatterns(_patterns, door), _app, _namespace)
KINDS = {"integer": "nombre entier", "number": "nombre", "string": "texte", "boolean": "vrai ou faux", "null": "null"}
FORMATS = {"date": "jour, AAAA-MM-JJ", "date-time": "moment, ISO 8601"}


@dataclass(frozen=True)
class Named:
    """A parameter or a field, as it is read."""

    name: str
    kind: str
    told: str


@dataclass(frozen=True)
class Operation:
    """One address. parameters: what may be asked; fields: of what comes back, or of each of its results."""

    path: str
    title: str
    parameters: tuple[Named, ...]
    fields: tuple[Named, ...]
    is_paged: bool


@require_safe
@cached_page
def documentation(request: HttpRequest) -> HttpResponse:
    """What the API answers, for people; programs read /api/v1/openapi.json."""
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    context = {
        "operations": [
            _operation(path, told["get"], document["components"]["schemas"]) for path, told in document["paths"].items()
        ],
        "example": absolute(f"/api/v1/commercants?commune={settings.REGION.example.insee_code}&nombre=2"),
        "most": LIMIT.most,
        "minutes": LIMIT.period.seconds // 60,
    }
    return render(request, "home/api/documentation.html", context)


def _operation(path: str, told: dict[str, Any], schemas: dict[str, Any]) -> Operation:
    answer = told["responses"][HTTPStatus.OK]["content"]["application/json"]["schema"]
    given = _resolved(answer, schemas)
    is_paged = "resultats" in given.get("properties", {})
    if is_paged:
        given = given["properties"]["resultats"]
    item = _resolved(given.get("items", given), schemas)
    return Operation(
        path=path,
        title=told["summary"],
        parameters=tuple(
            Named(part["name"], _kind(part["schema"]), part["schema"].get("description", ""))
            for part in told["parameters"]
        ),
        fields=tuple(
            Named(name, _kind(field), field.get("description", "")) for name, field in item["properties"].items()
        ),
        is_paged=is_paged,
    )


def _resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    return schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _kind(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " ou ".join(dict.fromkeys(_kind(one) for one in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"liste : {_kind(schema['items'])}"
    return FORMATS.get(schema.get("format", "")) or KINDS.get(schema.get("type", ""), "texte")
