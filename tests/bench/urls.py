"""The portal's addresses, plus one that costs what Django itself costs."""

from django.http import HttpResponse
from django.urls import path

from portal.urls import urlpatterns as portal_urlpatterns


def text(request):
    return HttpResponse("bonjour", content_type="text/plain")


urlpatterns = [path("bench/texte/", text), *portal_urlpatterns]
