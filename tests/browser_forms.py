"""What a browser sends of a form it was shown, hidden fields included."""

import re

from bs4 import BeautifulSoup


def filled_in(response, having):
    """Return what the form of a page sends as it is shown: {name: value}, a list where several are ticked.

    having: the name of a field that tells which form.
    """
    page = BeautifulSoup(response.content, "html.parser")
    return sent_by(page.find(attrs={"name": having}).find_parent("form"))


def sent_by(form):
    """Return what a form, as BeautifulSoup reads it, sends as it is shown."""
    sent = {}
    for field in form.find_all(["input", "select", "textarea"]):
        if field.get("name") and not field.has_attr("disabled"):
            for value in _values(field):
                sent.setdefault(field["name"], []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in sent.items()}


def _values(field):
    if field.name == "textarea":
        return ["\r\n".join(re.split("\r\n|\r|\n", field.get_text().removeprefix("\n")))]
    if field.name == "select":
        options = field.find_all("option")
        chosen = [option for option in options if option.has_attr("selected")] or options[:1]
        return [option.get("value", option.get_text()) for option in chosen]
    if field.get("type") in ("checkbox", "radio"):
        return [field.get("value", "on")] if field.has_attr("checked") else []
    return [] if field.get("type") in ("file", "submit") else [field.get("value", "")]
