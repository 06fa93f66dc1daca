"""Addresses of websites, as people type them: without https://, or with an e-mail address in their place."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models

from portal.text import clean

EXAMPLE = "https://mon-commerce.fr"
STORED = r"^https?://[^[:space:]]+$"  # PostgreSQL's
NOT_WHOLE = f"Écrivez une adresse entière, par exemple {EXAMPLE}."
AN_EMAIL = (
    f"C’est une adresse électronique\u00a0: mettez-la avec l’e-mail, et ici celle du site, par exemple {EXAMPLE}."
)
_EMAIL = re.compile(r"mailto:.*|(?:(?:https?:)?//)?[^/?#\s]+@[^/?#\s]+/?", re.IGNORECASE)
_AROUND = " \t\n\u00a0\u202f<>\"'“”‘’«»"  # as texts and e-mails set an address off
_is_address = URLValidator(schemes=["http", "https"])


def website(typed: str) -> str:
    """Return the address of a website with its scheme, https:// when none is typed; "" stays "".

    Raise ValidationError, saying how to mend it, for an e-mail address and for what is no address.
    """
    text = clean(typed).strip(_AROUND)
    if not text:
        return ""
    if _EMAIL.fullmatch(text):
        raise ValidationError(AN_EMAIL, code="email")
    address = text if "://" in text else f"https://{text.removeprefix('//')}"
    try:
        _is_address(address)
    except ValidationError as error:
        raise ValidationError(NOT_WHOLE, code="invalid") from error
    return address


class WebsiteFormField(forms.CharField):
    """A text box for the address of a website; its value has a scheme. assume_scheme: as Wagtail passes it; unused."""

    def __init__(self, *, assume_scheme: str = "https", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput({"inputmode": "url", "autocomplete": "url"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return website(super().to_python(value) or "")


class WebsiteField(models.URLField):
    """The address of a website, or "". The rule stands here, so that every form and ``full_clean()`` applies it."""

    def clean(self, value: Any, model_instance: Any) -> Any:
        return super().clean(website(value or ""), model_instance)

    def formfield(self, **kwargs: Any) -> Any:
        return super(models.URLField, self).formfield(**{"form_class": WebsiteFormField, **kwargs})
