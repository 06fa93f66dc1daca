"""Where a browser tells that a telephone number or a way was pressed: the ``ping`` of the link, without a script."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from directory.audience import counting
from portal.same_origin import same_origin_required

KINDS = {"appel": "calls", "itineraire": "directions"}


@never_cache
@same_origin_required
@require_POST
def press(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Count one press. Firefox tells of none: it has no ping."""
    if kind not in KINDS:
        raise Http404
    if counting.is_visitor(request):
        counting.count(KINDS[kind], slug)
    return HttpResponse(status=204)
