"""Addresses of what the Region decides of one merchant, under /espace/<pk>/decisions/."""

from django.urls import path

from directory.vetting.sanctions import views

app_name = "sanctions"

urlpatterns = [
    path("", views.decisions, name="list"),
    path("<str:number>/", views.decision, name="decision"),
]
