"""Public notices of recalls: they stay, whatever becomes of the article and its shop."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.dependencies import depends_on_tags
from portal.page_cache import cached_page
from portal.pagination import canonical_url
from shop.recalls.models import Recall

PAGE_SIZE = 30


@require_safe
@cached_page
def recalls(request: HttpRequest) -> HttpResponse:
    """All recalls, the newest first."""
    depends_on_tags("recalls")
    page = Paginator(published(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "shop/recalls/list.html", {"page_obj": page, "canonical_url": canonical_url(request, page)})


@require_safe
@cached_page
def recall(request: HttpRequest, slug: str) -> HttpResponse:
    """One notice."""
    depends_on_tags("recalls")
    return render(request, "shop/recalls/notice.html", {"recall": get_object_or_404(published(), slug=slug)})


def published() -> QuerySet[Recall]:
    return Recall.objects.filter(state=Recall.State.PUBLISHED)


def gone(request: HttpRequest, product: int) -> HttpResponse | None:
    """Return the page that stands in the place of a recalled article, 410, or None where nobody has recalled it."""
    found = published().filter(product=product).first()
    return render(request, "shop/recalls/article.html", {"recall": found}, status=410) if found else None
