"""No page of the shop is Oscar's own but the dashboard, and that is for staff."""

import re

import pytest
from django.core import mail
from django.urls import URLResolver, get_resolver, reverse

from tests.factories import SAME_ORIGIN, make_user
from tests.shop.factories import order, put_in_basket

DASHBOARD = "boutique/gestion/"


def patterns(resolver=None, before=""):
    """Yield (address, view) of every pattern below /boutique/."""
    for pattern in (resolver or get_resolver()).url_patterns:
        address = before + str(pattern.pattern).lstrip("^")
        if not (address.startswith("boutique/") or "boutique/".startswith(address)):
            continue
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, address)
        elif address.startswith("boutique/"):
            yield address, pattern.callback


def test_every_public_address_is_ours_or_leads_to_ours():
    public = [(address, view) for address, view in patterns() if not address.startswith(DASHBOARD)]

    assert len(public) > 15
    for address, view in public:
        is_redirect = (
            getattr(view, "view_class", None).__name__ == "RedirectView" if hasattr(view, "view_class") else False
        )
        assert is_redirect or view.__module__.startswith("shop."), address


def test_the_names_oscar_reverses_still_exist():
    for name in ("customer:login", "customer:logout", "customer:register", "customer:summary", "basket:summary"):
        assert reverse(name).startswith("/boutique/")
    for name in ("catalogue:index", "search:search", "offer:list", "customer:notifications-inbox", "password-reset"):
        assert reverse(name).startswith("/boutique/")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/boutique/compte/connexion/?next=/x", "/compte/connexion/?next=/x"),
        ("/boutique/compte/inscription/", "/compte/inscription/"),
        ("/boutique/compte/mot-de-passe/", "/compte/mot-de-passe/"),
        ("/boutique/gestion/login/?next=/boutique/gestion/", "/compte/connexion/?next=/boutique/gestion/"),
        ("/boutique/mot-de-passe/oublie/", "/compte/mot-de-passe/oublie/"),
        ("/boutique/mot-de-passe/nouveau/MQ/abc-def/", "/compte/mot-de-passe/oublie/"),
    ],
)
def test_accounts_have_one_door(client, db, old, new):
    response = client.get(old)

    assert (response.status_code, response["Location"]) == (302, new)


def test_the_dashboard_is_closed_to_all_but_staff(client, shopper):
    addresses = [
        "/" + address
        for address, _ in patterns()
        if address.startswith(DASHBOARD) and "<" not in address and "(" not in address and "log" not in address
    ]
    assert len(addresses) > 20

    for address in addresses:
        answer = client.get(address.rstrip("$"))
        assert answer.status_code == 302, address
        assert "/boutique/gestion/login/" in answer["Location"], address
    client.force_login(shopper)
    for address in addresses:
        assert client.get(address.rstrip("$")).status_code == 403, address


@pytest.mark.parametrize(
    "page",
    ["", "catalogue/", "orders/", "partners/", "users/", "reports/", "catalogue/categories/", "ranges/"],
)
def test_the_dashboard_works_and_calls_nobody_else(client, loaf, page):
    buyer = type(client)()
    put_in_basket(buyer, loaf)
    order(buyer)
    client.force_login(make_user(is_staff=True, is_superuser=True))

    response = client.get(f"/{DASHBOARD}{page}")

    text = response.content.decode()
    assert response.status_code == 200
    assert "googleapis" not in text
    assert "oscar/js/jquery/jquery.min.js" in text
    assert "'unsafe-inline'" in response["Content-Security-Policy"]


def test_a_public_page_loads_nothing_of_oscar(client, loaf):
    put_in_basket(client, loaf)

    for url in (loaf.get_absolute_url(), "/boutique/panier/", "/boutique/commande/"):
        text = client.get(url).content.decode()
        for foreign in ("jquery", "bootstrap", "oscar/", "style=", "onclick", "https://ajax"):
            assert foreign not in text, (url, foreign)


def test_a_reset_link_sent_from_the_dashboard_speaks_our_words_and_leads_to_our_page(client, shopper):
    client.force_login(make_user(is_staff=True, is_superuser=True))

    client.post(f"/{DASHBOARD}users/{shopper.pk}/password-reset/")

    (message,) = mail.outbox
    assert message.subject == "Choisir un nouveau mot de passe"
    (html, _) = message.alternatives[0]
    link = re.search(r"/boutique/mot-de-passe/nouveau/[^\s\"]+", message.body)[0]
    assert link in html
    assert client.get(link)["Location"] == "/compte/mot-de-passe/oublie/"


@pytest.mark.parametrize(
    "address",
    [
        "/boutique/produits/x_999999999999999999/",
        "/boutique/commande/merci/%00/",
        "/boutique/commande/merci/%C3%A9/",
        "/boutique/commande/merci/AAAA-AAAA/?cle=%00%C3%A9",
        "/espace/99999999999999999999999/commandes/",
    ],
)
def test_a_made_up_address_is_simply_not_found(client, db, shopper, address):
    client.force_login(shopper)

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("cookie", ["", "x", "1:x", "\x00", "é", "9" * 40])
def test_a_made_up_basket_cookie_is_an_empty_basket(client, db, cookie):
    # As a header: the client's own cookies refuse control characters where Python is patched, as Debian's is.
    headers = {"cookie": f"oscar_open_basket={cookie}"}

    assert client.get("/boutique/panier/nombre/", headers=headers).json() == {"count": 0}
    assert "Votre panier est vide" in client.get("/boutique/panier/", headers=headers).content.decode()


@pytest.mark.parametrize("pk", ["999999999999999999999999", "0"])
def test_adding_what_does_not_exist_is_not_found(client, db, pk):
    assert client.post(f"/boutique/panier/ajouter/{pk}/", {"quantite": 1}, headers=SAME_ORIGIN).status_code == 404


@pytest.mark.parametrize("name", ["quantite-999999999999999999", "quantite-x", "retirer", "plus", "moins"])
@pytest.mark.parametrize("value", ["1", "-1", "٣", "9" * 30, "\x00"])
def test_a_made_up_basket_form_changes_nothing(client, loaf, name, value):
    put_in_basket(client, loaf, 2)

    assert client.post("/boutique/panier/", {name: value}).status_code == 302
    assert client.get("/boutique/panier/nombre/").json() == {"count": 2}
