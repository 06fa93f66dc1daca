"""Addresses of the public notices of recalls, below /rappels/."""

from django.urls import path

from shop.recalls import views

urlpatterns = [path("", views.recalls, name="recalls"), path("<slug:slug>/", views.recall, name="recall")]
