"""The shop's addresses, below /boutique/.

Oscar's own URLs are not used; its names are, because its models reverse them. What the portal does elsewhere is sent
there: lists and search to the regional search, accounts to allauth.
"""

from typing import Any

from django.urls import include, path, re_path
from django.views.generic import RedirectView

from shop.enquiries import views as enquiries
from shop.messages import views as exchanges
from shop.receipts import views as receipts
from shop.reviews import views as reviews
from shop.substitution import views as substitutions
from shop.views import account, baskets, checkout, products, purchases
from shop.withdrawal import views as withdrawals


def to(name: str) -> Any:
    return RedirectView.as_view(pattern_name=name, query_string=True)


catalogue = [
    path("", products.to_search, name="index"),
    re_path(r"^(?P<product_slug>[\w-]*)_(?P<pk>[0-9]{1,18})/$", products.product, name="detail"),
    re_path(
        r"^categorie/(?P<category_slug>[\w-]+(?:/[\w-]+)*)_(?P<pk>[0-9]+)/$",
        products.category_to_search,
        name="category",
    ),
    path("selections/<slug:slug>/", products.to_search, name="range"),
]
basket = [
    path("", baskets.basket, name="summary"),
    path("ajouter/<int:pk>/", baskets.add, name="add"),
    path("nombre/", baskets.count, name="count"),
    path("liste/", baskets.shopping_list, name="list"),
    path("commune/", baskets.remember_town, name="town"),
]
orders = [
    path("", checkout.checkout, name="index"),
    path("merci/<slug:number>/", purchases.purchase, name="thank-you"),
    path("merci/<slug:number>/retraits.ics", purchases.calendar, name="calendar"),
    path("confirmer/<slug:number>/", purchases.confirmation, name="confirm"),
    path("annuler/<slug:number>/", purchases.cancellation, name="cancel"),
    path("horaire/<slug:number>/", purchases.answer, name="answer"),
    path("remplacement/<int:pk>/", substitutions.answer, name="substitution"),
    path("messages/<slug:number>/", exchanges.of_buyer, name="messages"),
    path("refaire/<slug:number>/", purchases.again, name="again"),
    path("avis/<slug:number>/", reviews.write, name="review"),
    path("recu/<slug:number>/<int:receipt_pk>.pdf", receipts.of_buyer, name="receipt"),
    path("plus-d-avis/<str:token>/", reviews.no_reviews, name="no-reviews"),
]
withdrawal = [
    path("", withdrawals.find, name="find"),
    path("<slug:number>/", withdrawals.declare, name="declare"),
]
customer = [
    path("", account.purchases, name="order-list"),
    path("", account.purchases, name="summary"),
    path("profil/", account.profile, name="profile-view"),
    path("connexion/", to("account_login"), name="login"),
    path("deconnexion/", to("account_logout"), name="logout"),
    path("inscription/", to("account_signup"), name="register"),
    path("mot-de-passe/", to("account_change_password"), name="change-password"),
    path("notifications/", to("customer:order-list"), name="notifications-inbox"),
]

urlpatterns = [
    path("", products.to_search),
    path("produits/", include((catalogue, "catalogue"))),
    path("panier/", include((basket, "basket"))),
    path("commande/", include((orders, "checkout"))),
    path("avis/", reviews.rules, name="review_rules"),
    path("demande/<str:token>/", enquiries.show, name="enquiry"),
    path("demande/<str:token>/confirmer/", enquiries.confirm, name="confirm_enquiry"),
    path("demande/<str:token>/retirer/", enquiries.give_up, name="give_up_enquiry"),
    path("renoncer/", include((withdrawal, "withdrawal"))),
    path("compte/", include((customer, "customer"))),
    path("recherche/", include(([path("", products.to_search, name="search")], "search"))),
    path(
        "offres/",
        include(
            (
                [path("", products.to_search, name="list"), path("<slug:slug>/", products.to_search, name="detail")],
                "offer",
            )
        ),
    ),
]
