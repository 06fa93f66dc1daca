"""Every address that the portal serves, read from its resolver."""

from django.urls import get_resolver


def patterns(resolver=None, before=()):
    """Yield (the patterns that lead to a view, outermost first; the view)."""
    for found in (resolver or get_resolver()).url_patterns:
        way = (*before, found.pattern)
        if hasattr(found, "url_patterns"):
            yield from patterns(found, way)
        else:
            yield way, found.callback


def view_class(view):
    """Return the class of a view below its decorators, or None."""
    while not hasattr(view, "view_class") and hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    return getattr(view, "view_class", None)
