"""« Demandes sans achat », among the admin's reports: how many, by merchant and state, and nothing of what they say."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.admin.auth import permission_required

from shop.enquiries.models import KEPT, Enquiry

SHOWN = 200  # merchants
State = Enquiry.State


@permission_required("shop.view_enquiry")
def report(request: HttpRequest) -> HttpResponse:
    """One query, whatever their number."""
    counted = (
        Enquiry.objects.told()
        .values("merchant__title")
        .annotate(
            asked=Count("pk"),
            open=Count("pk", filter=Q(state=State.SENT)),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            unanswered=Count("pk", filter=Q(state=State.UNANSWERED)),
        )
    )
    rows = counted.order_by("-unanswered", "-asked", "merchant__title")[:SHOWN]
    context = {"page_title": "Demandes sans achat", "rows": rows, "days": KEPT.days}
    return render(request, "shop/enquiries/report.html", context)
