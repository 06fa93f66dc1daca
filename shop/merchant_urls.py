"""Addresses of a merchant's public shop, below /commercants/<merchant>/."""

from django.urls import path

from shop.reviews import views as reviews
from shop.views import products

urlpatterns = [
    path("produits/", products.of_merchant, name="products_of_merchant"),
    path("avis/", reviews.of_merchant, name="reviews_of_merchant"),
    path("conditions/", products.conditions, name="merchant_conditions"),
]
