"""Records which result was opened."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from portal.same_origin import same_origin_required
from search.demand.log import note_click
from search.query import LAST_PAGE, PAGE_SIZE
from search.understanding import gazetteer
from search.understanding.parse import parse


@same_origin_required
@require_POST
def click(request: HttpRequest) -> HttpResponse:
    """Count the opening of a result: what was asked, and its rank. Anything else that is sent is not read."""
    sent, known = request.POST, gazetteer.current()
    rank = sent.get("rang", "")
    if not (rank.isascii() and rank.isdecimal() and len(rank) < 6 and 1 <= int(rank) <= LAST_PAGE * PAGE_SIZE):
        return HttpResponse("Ce rang n’en est pas un.", status=400, content_type="text/plain; charset=utf-8")
    reading = parse(known, sent.get("q", ""), sent.get("ou", ""), sent.get("categorie", "").replace("\0", ""))
    note_click(known, reading, int(rank))
    return HttpResponse(status=204)
