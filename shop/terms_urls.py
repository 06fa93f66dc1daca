"""Addresses of the merchants' terms, below /conditions-commercants/."""

from django.urls import path

from shop.views import terms

urlpatterns = [
    path("", terms.of_merchants, name="merchant_terms"),
    path("<slug:version>/", terms.of_merchants, name="merchant_terms_version"),
]
