"""Pages of the portal itself."""

from django.shortcuts import render
from django.template.loader import render_to_string

from portal.gallery import samples


def gallery(request):
    """Every component of templates/components/ in its states, for those who build pages."""
    components = [
        {"name": name, "samples": [render_to_string(f"components/{name}.html", context) for context in contexts]}
        for name, contexts in samples().items()
    ]
    return render(request, "portal/gallery.html", {"components": components})
