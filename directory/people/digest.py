"""Whether somebody who keeps a page has the Monday digest written to them: a choice by the link that each one holds."""

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from directory.models import MerchantManager

SALT = "directory.people.digest"


def digest_path(access: MerchantManager) -> str:
    """Return where one person says that they want no digest of one page any more, or want it again; it never ends."""
    return reverse("digest_choice", args=[signing.dumps(access.pk, salt=SALT)])


@csrf_exempt  # mail programs post here by themselves (RFC 8058); what lets them is the signed address
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def digest_choice(request: HttpRequest, token: str) -> HttpResponse:
    """It shows and asks; a button, or a mail program's own « se désabonner », changes it."""
    try:
        access = MerchantManager.objects.select_related("merchant").filter(pk=signing.loads(token, salt=SALT)).first()
    except signing.BadSignature:
        access = None
    if access and request.method == "POST":
        access.wants_digest = request.POST.get("choice") == "resume"
        access.save(update_fields=["wants_digest"])
    context = {"access": access, "is_changed": request.method == "POST"}
    return render(request, "directory/people/digest.html", context, status=200 if access else 404)
