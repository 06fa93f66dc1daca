"""Addresses of an application to join, under /espace/inscription/."""

from django.urls import path

from directory.joining import status_views, views
from directory.vetting.documents import views as documents

app_name = "joining"

urlpatterns = [
    path("", views.start, name="start"),
    path("deja-present/<str:siret>/", status_views.taken, name="taken"),
    path("<str:number>/", status_views.status, name="status"),
    path("<str:number>/commerce/", views.shop, name="shop"),
    path("<str:number>/horaires/", views.opening, name="opening"),
    path("<str:number>/piece/", documents.send, name="send_document"),
    path("<str:number>/retirer/", status_views.withdraw, name="withdraw"),
]
