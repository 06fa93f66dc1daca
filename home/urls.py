"""Addresses of this package."""

from django.urls import path

from home.found import views as found
from home.found.feeds import NewMerchants, Stories

urlpatterns = [
    path("robots.txt", found.robots),
    path("sitemap.xml", found.sitemap_index, name="sitemap"),
    path("sitemap-<slug:section>.xml", found.sitemap, name="sitemap_file"),
    path("opensearch.xml", found.open_search, name="open_search"),
    path("histoires/atom.xml", Stories(), name="story_feed"),
    path("commercants/atom.xml", NewMerchants(), name="merchant_feed"),
    path("<slug:key>.txt", found.indexnow_key, name="indexnow_key"),
]
