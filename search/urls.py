"""Addresses of this package. Oscar owns the namespace ``search``."""

from django.urls import path

from search import views
from search.demand.views import click
from search.ranking_page import ranking_page
from search.suggestions import suggestions

app_name = "regional_search"

urlpatterns = [
    path("recherche/", views.search, name="search"),
    path("recherche/clic/", click, name="click"),
    path("recherche/suggestions", suggestions, name="suggestions"),
    path("classement/", ranking_page, name="ranking"),
    path("sante/", views.sante, name="health"),
]
