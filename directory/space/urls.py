"""Addresses of the merchant space, under /espace/."""

from django.urls import path

from directory.space import contacts, pictures, timetable_views, views

app_name = "space"

urlpatterns = [
    path("", views.home, name="home"),
    path("<int:pk>/fiche/", views.profile, name="profile"),
    path("<int:pk>/contacts/", contacts.contacts, name="contacts"),
    path("<int:pk>/photos/", pictures.pictures, name="pictures"),
    path("<int:pk>/horaires/", timetable_views.timetable, name="hours"),
    path("<int:pk>/horaires-justes/", views.confirm_hours, name="confirm_hours"),
    path("<int:pk>/apercu/", views.preview, name="preview"),
]
