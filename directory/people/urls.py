"""Addresses of the people who keep one merchant's page, under /espace/<pk>/personnes/."""

from django.urls import path

from directory.people import views

app_name = "people"

urlpatterns = [
    path("", views.people, name="list"),
    path("demandes/<int:request_id>/", views.answer_request, name="answer"),
]
