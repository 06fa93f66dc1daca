"""Oscar's root configuration with French addresses."""

from django.urls import path
from oscar.config import Shop


class ShopConfig(Shop):
    name = "oscar"  # Oscar's templates, static files and translations hang on it

    def get_urls(self):
        return [
            path("produits/", self.catalogue_app.urls),
            path("panier/", self.basket_app.urls),
            path("commande/", self.checkout_app.urls),
            path("compte/", self.customer_app.urls),
            path("recherche/", self.search_app.urls),
            path("gestion/", self.dashboard_app.urls),
        ]
