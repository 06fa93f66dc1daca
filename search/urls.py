"""Addresses of this package. Oscar owns the namespace ``search``."""

from django.urls import path

from search.alerts import views as alerts
from search.demand.views import click
from search.page import views
from search.page.ranking_page import ranking_page
from search.page.suggestions import suggestions

app_name = "regional_search"

urlpatterns = [
    path("recherche/", views.search, name="search"),
    path("recherche/clic/", click, name="click"),
    path("recherche/suggestions", suggestions, name="suggestions"),
    path("recherche/alerte/", alerts.ask, name="ask_alert"),
    path("recherche/alerte/<str:token>/", alerts.show, name="alert"),
    path("recherche/alerte/<str:token>/confirmer/", alerts.confirm, name="confirm_alert"),
    path("recherche/alerte/<str:token>/arreter/", alerts.end, name="end_alert"),
    path("classement/", ranking_page, name="ranking"),
    path("sante/", views.sante, name="health"),
]
