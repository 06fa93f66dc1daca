"""Addresses of this package."""

from django.urls import path

from home import views
from home.closing import views as closing_views
from home.purges import PURGES
from home.reports import transparency
from home.reports import views as notices
from home.seo import views as found
from home.seo.feeds import NewMerchants, Stories
from portal.privacy import register
from shop.views import terms

urlpatterns = [
    path("", views.front_page, name="front"),
    path("histoires/", views.stories),
    path("histoires/<slug:slug>/", views.story),
    path("compte/", views.account, name="account_home"),
    path("accessibilite/", views.accessibility_statement, name="accessibility"),
    path("mentions-legales/", views.LegalPage.as_view(template_name="home/legal/notices.html"), name="legal_notices"),
    path(
        "donnees-personnelles/",
        views.LegalPage.as_view(
            template_name="home/legal/privacy.html",
            extra_context={**views.LegalPage.extra_context, "purges": PURGES, "holdings": register.holdings},
        ),
        name="privacy",
    ),
    path("cgu/", views.visitor_terms, name="terms"),
    path("cgu/versions/<slug:version>/", terms.of_visitors, name="visitor_terms_version"),
    path("cgu/v/<int:number>/", views.terms_version, name="terms_version"),
    path("contact-autorites/", views.LegalPage.as_view(template_name="home/legal/authorities.html")),
    path("algorithmes/", views.LegalPage.as_view(template_name="home/legal/algorithms.html"), name="algorithms"),
    path("transparence/", transparency.figures_page, name="transparency"),
    path("transparence/<int:year>.csv", transparency.figures_table, name="transparency_table"),
    path("transparence/decisions-<int:year>.csv", transparency.decisions_table, name="decisions_table"),
    path("infos-plateforme/", views.LegalPage.as_view(template_name="home/legal/platform.html")),
    path("accessibilite/schema/", views.accessibility_scheme, name="accessibility_scheme"),
    path("agenda/<int:pk>/<uuid:key>.ics", views.event_calendar, name="event_calendar"),
    path("fermeture/", closing_views.closing, name="closing"),
    path("signaler/", notices.ask, name="notice"),
    path("signaler/envoyer/", notices.take, name="notice_take"),
    path("signaler/suivi/<str:token>/", notices.status, name="notice_status"),
    path("robots.txt", found.robots),
    path("sitemap.xml", found.sitemap_index, name="sitemap"),
    path("sitemap-<slug:section>.xml", found.sitemap, name="sitemap_file"),
    path("opensearch.xml", found.open_search, name="open_search"),
    path("histoires/atom.xml", Stories(), name="story_feed"),
    path("commercants/atom.xml", NewMerchants(), name="merchant_feed"),
    path("partage/<slug:kind>/<slug:key>.png", found.social_picture, name="social_picture"),
    path("<slug:key>.txt", found.indexnow_key, name="indexnow_key"),
]
