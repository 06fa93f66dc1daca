"""Addresses of the people who keep one merchant's page, under /espace/<pk>/personnes/."""

from django.urls import path

from directory.people import views

app_name = "people"

urlpatterns = [
    path("", views.people, name="list"),
    path("inviter/", views.invite, name="invite"),
    path("invitations/<int:invitation_id>/annuler/", views.cancel, name="cancel"),
    path("<int:access_id>/retirer/", views.remove, name="remove"),
    path("demandes/<int:request_id>/", views.answer_request, name="answer"),
]
