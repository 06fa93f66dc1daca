"""Orders in the merchant space, below /espace/<merchant>/commandes/."""

from django.urls import path

from shop.space import views

urlpatterns = [
    path("", views.merchant_orders, name="merchant_orders"),
    path("<slug:number>/", views.change_order, name="change_order"),
]
