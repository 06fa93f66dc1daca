"""Addresses of the portal: French, one prefix a package, Wagtail's pages last."""

from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from portal.page_cache import cached_page
from portal.views import gallery, office_login, service_worker

handler500 = "portal.views.server_error"

urlpatterns = [
    # One door: the admin's own login and reset forms lead to the portal's.
    path("gestion/login/", office_login),
    path("gestion/password_reset/", RedirectView.as_view(pattern_name="account_reset_password")),
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("gestion/", include(wagtailadmin_urls)),
    path("service-worker.js", service_worker),
    path("documents/", include(wagtaildocs_urls)),
    path("compte/", include("portal.account_urls")),
    path("boutique/", include("shop.urls")),
    path("conditions-commercants/", include("shop.terms_urls")),
    path("rappels/", include("shop.recalls.urls")),
    path("espace/<int:pk>/", include("shop.space.urls")),
    path("commercants/<slug:slug>/", include("shop.merchant_urls")),
    path("", include("directory.urls")),
    path("", include("search.urls")),
    path("", include("home.urls")),
]

if settings.DEBUG:
    urlpatterns.append(path("composants/", gallery))

if settings.SERVE_MEDIA:
    # Not django.conf.urls.static: that one serves under DEBUG only.
    urlpatterns.append(path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}))

urlpatterns.append(path("", include(decorate_urlpatterns(wagtail_urls.urlpatterns, cached_page))))
