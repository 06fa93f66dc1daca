"""« Télécharger mes données »: all that the register holds of a person, in JSON for machines and HTML for people."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime

from portal import database_clock, jobs
from portal.dates import date_format
from portal.privacy.models import PersonalDataCopy
from portal.privacy.person import Person, of_account, of_address
from portal.privacy.register import Holding, holdings, impersonal_columns

KEPT = timedelta(days=7)  # home/purges.py
_SALT = "portal.privacy.copy"


class _Encoder(DjangoJSONEncoder):
    """Writes whatever else a column of a library may hold as text."""

    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def ask(person: Person, email: str) -> None:
    """Have a copy made; its link goes to ``email``. In the caller's transaction."""
    copy = PersonalDataCopy.objects.create(user=person.user, email=email.lower())
    jobs.defer("make_data_copy", jobs.CLOCK, copy_id=copy.pk)


@transaction.atomic
def make(copy_id: int) -> None:
    """Make a copy and send its link, unless that is done or the person is gone."""
    copy = PersonalDataCopy.objects.select_for_update(of=("self",)).filter(pk=copy_id, made_at=None).first()
    if copy is None:
        return
    person = of_account(copy.user) if copy.user else of_address(copy.email)
    copy.content, copy.made_at = archive(person), database_clock.now()
    copy.save(update_fields=["content", "made_at"])
    link = reverse("data_copy", args=[signing.dumps(copy.pk, salt=_SALT)])
    context = {"link": f"{settings.SITE_URL}{link}", "days": KEPT.days, "has_account": copy.user_id is not None}
    get_adapter().send_mail("account/email/data_copy", copy.email, context)


def of_link(token: str) -> PersonalDataCopy | None:
    """Return the copy of a link that we sent, None if it is over."""
    try:
        number = signing.loads(token, salt=_SALT, max_age=KEPT)
    except signing.BadSignature:
        return None
    return PersonalDataCopy.objects.exclude(made_at=None).filter(pk=number).first()


def archive(person: Person) -> bytes:
    """Return the ZIP: donnees.json and donnees.html, of the same content."""
    content = collected(person)
    text = json.dumps(content, cls=_Encoder, ensure_ascii=False, indent=1)
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archived:
        archived.writestr("donnees.json", text)
        archived.writestr("donnees.html", render_to_string("portal/privacy/copy.html", _readable(content)))
    return file.getvalue()


def collected(person: Person) -> dict[str, Any]:
    """Return all that is kept of a person, as JSON can hold it, each part with why and how long it is kept."""
    parts = [_part(holding, person) for holding in holdings()]
    return {
        "site": settings.SITE_URL,
        "date": database_clock.now(),
        "adresses": sorted(person.emails),
        "parties": [part for part in parts if part["lignes"]],
    }


def _readable(content: dict[str, Any]) -> dict[str, Any]:
    """Return what the template shows: each row as names with values in HTML."""
    parts = [
        {**part, "rows": [{name: _html(value) for name, value in row.items()} for row in part["lignes"]]}
        for part in content["parties"]
    ]
    return {"site": content["site"], "made_at": content["date"], "emails": content["adresses"], "parts": parts}


def _html(value: Any) -> str:
    """Return one value as people read it; texts are escaped."""
    match value:
        case None | "":
            return "–"
        case bool():
            return "oui" if value else "non"
        case datetime():
            local = localtime(value)
            return f"{date_format(local, 'j F Y')}, {local.hour} h {local:%M}"
        case date():
            return date_format(value, "j F Y")
        case Decimal():
            return str(value).replace(".", ",")
        case list() | tuple() | set():
            return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((_html(one),) for one in value)))
        case dict():
            lines = ((name, _html(one)) for name, one in value.items())
            return format_html("<ul>{}</ul>", format_html_join("", "<li>{} : {}</li>", lines))
    return str(value)


def _part(holding: Holding, person: Person) -> dict[str, Any]:
    return {
        "nom": holding.name,
        "données": holding.what,
        "pourquoi": holding.why,
        "base légale": holding.basis,
        "vu par": holding.seen_by,
        "jusqu’à quand": holding.kept,
        "lignes": list(holding.export(person) if holding.export else _rows(holding, person)),
    }


def _rows(holding: Holding, person: Person) -> Iterator[dict[str, Any]]:
    for query in holding.queries(person) if holding.queries else ():
        fields = [field for field in query.model._meta.concrete_fields if _is_told(field, holding)]
        for row in query:
            yield {str(field.verbose_name): _value(row, field) for field in fields}


def _is_told(field: models.Field, holding: Holding) -> bool:
    """Return whether a column is the person's to read: no secret, and no other person's account."""
    table, column = field.model._meta.db_table, field.column
    known = {*holding.columns.get(table, "").split(), *impersonal_columns().get(table, ())} - set(holding.secret)
    return table in holding.columns and column in known and field.related_model is not get_user_model()


def _value(row: models.Model, field: models.Field) -> Any:
    value = getattr(row, field.attname)
    return str(value) if isinstance(field, models.FileField) else value
