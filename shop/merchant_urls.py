"""Addresses of a merchant's public shop, below /commercants/<merchant>/."""

from django.urls import path

from shop.enquiries import views as enquiries
from shop.enquiries.models import Kind
from shop.reviews import views as reviews
from shop.views import products

urlpatterns = [
    path("produits/", products.of_merchant, name="products_of_merchant"),
    path("avis/", reviews.of_merchant, name="reviews_of_merchant"),
    path("reserver/", enquiries.by_kind(Kind.RESERVE), name="ask_to_reserve"),
    path("appelez-moi/", enquiries.by_kind(Kind.CALL), name="ask_to_be_called"),
    path("conditions/", products.conditions, name="merchant_conditions"),
]
