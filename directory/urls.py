"""Addresses of this package."""

urlpatterns: list = []
