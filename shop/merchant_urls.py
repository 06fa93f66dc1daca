"""Addresses of a merchant's public products: /commercants/<merchant>/produits/."""

from django.urls import path

from shop.views import products

urlpatterns = [path("", products.of_merchant, name="products_of_merchant")]
