"""Addresses of this package."""

from django.urls import include, path, re_path

from directory import views
from directory.areas import by_slug
from directory.audience.views import press
from directory.departments import BY_SLUG
from directory.freshness.views import confirm_by_link, contract
from directory.people.digest import digest_choice
from directory.people.views import accept as accept_invitation
from directory.posters.links import follow
from directory.posters.views import poster_file, posters

urlpatterns = [
    path("espace/", include("directory.space.urls")),
    path("espace/inscription/", include("directory.joining.urls")),
    path("espace/invitation/<str:token>/", accept_invitation, name="invitation"),
    path("espace/resume/<str:token>/", digest_choice, name="digest_choice"),
    path("espace/horaires-justes/<str:token>/", confirm_by_link, name="confirm_by_link"),
    path("espace/<int:pk>/personnes/", include("directory.people.urls")),
    path("espace/<int:pk>/decisions/", include("directory.vetting.sanctions.urls")),
    path("commercants/", views.merchants),
    path("commercants/<slug:slug>/", views.merchant, name="merchant"),
    path("commercants/<slug:slug>/verification/", views.trail_of_merchant, name="trail"),
    path("commercants/<slug:slug>/appui/<slug:kind>/", press, name="press"),
    path("espace/<int:pk>/affiche/", posters, name="posters"),
    path("espace/<int:pk>/affiche/<slug:size>.pdf", poster_file, name="poster_file"),
    path("m/<str:code>/", follow, name="short_link"),
    path("fraicheur/", contract, name="freshness"),
    path("metiers/", views.categories, name="categories"),
    path("metiers/<slug:slug>/", views.category, name="category"),
    path("marches/<slug:day>/", views.markets, name="markets"),
    path("commerces/", views.towns, name="towns"),
    re_path(rf"^commerces/(?P<slug>{'|'.join(BY_SLUG)})/$", views.department, name="department"),
    re_path(rf"^commerces/(?P<slug>{'|'.join(by_slug())})/$", views.area, name="area"),
    path("commerces/<slug:slug>/", views.town, name="town"),
    path("commerces/<slug:slug>/<slug:category_slug>/", views.town_category, name="town_category"),
]
