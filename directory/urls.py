"""Addresses of this package."""

from django.urls import include, path

urlpatterns = [
    path("espace/", include("directory.space.urls")),
]
