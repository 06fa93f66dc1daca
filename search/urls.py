"""Addresses of this package. Oscar owns the namespace ``search``."""

from django.urls import path

from search import views

app_name = "regional_search"

urlpatterns = [
    path("recherche/", views.search, name="search"),
    path("sante/", views.sante, name="health"),
]
