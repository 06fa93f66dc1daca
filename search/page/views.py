"""The results page, and what a load balancer asks."""

from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from directory.audience import counting
from portal.robots import is_robot
from search import health
from search.answer import answer
from search.demand.log import note_search
from search.page.present import present, present_unplaced
from search.query import Kind
from search.request import understand
from search.understanding import gazetteer
from search.understanding.parse import Unreadable


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What was found: merchants, products and stories together, or one of them page by page."""
    try:
        asked = understand(gazetteer.current(), request.GET)
    except Unreadable as error:
        return render(request, "search/unreadable.html", {"reason": str(error)}, status=400)
    if asked.is_unplaced:
        return render(request, "search/unplaced.html", present_unplaced(asked))
    found = answer(asked.known, asked.query, asked.kind, asked.relaxed)
    if asked.is_a_question and not is_robot(request):
        note_search(asked.known, asked.typed.what, asked.parsed, found)
        if Kind.MERCHANT in found.results and counting.is_visitor(request):
            counting.count("shown", *(hit.entry.id for hit in found.results[Kind.MERCHANT].hits))
    return render(request, "search/search.html", present(asked, found))


@never_cache
@require_safe
def sante(request: HttpRequest) -> JsonResponse:
    """How the database, the search and its queue are: 200, or 503 without a database."""
    try:
        return JsonResponse(health.report())
    except Error:
        return JsonResponse({"database": "down"}, status=503)
