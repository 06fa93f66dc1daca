"""No page of the shop is Oscar's own."""

import pytest
from django.urls import URLResolver, get_resolver, reverse

from tests.factories import SAME_ORIGIN
from tests.shop.factories import put_in_basket


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
    public = list(patterns())

    assert len(public) > 15
    for address, view in public:
        is_redirect = (
            getattr(view, "view_class", None).__name__ == "RedirectView" if hasattr(view, "view_class") else False
        )
        assert is_redirect or view.__module__.startswith("shop."), address


def test_the_names_oscar_reverses_still_exist():
    for name in ("customer:login", "customer:logout", "customer:register", "customer:summary", "basket:summary"):
        assert reverse(name).startswith("/boutique/")
    for name in ("catalogue:index", "search:search", "offer:list", "customer:notifications-inbox"):
        assert reverse(name).startswith("/boutique/")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/boutique/compte/connexion/?next=/x", "/compte/connexion/?next=/x"),
        ("/boutique/compte/inscription/", "/compte/inscription/"),
        ("/boutique/compte/mot-de-passe/", "/compte/mot-de-passe/"),
    ],
)
def test_accounts_have_one_door(client, db, old, new):
    response = client.get(old)

    assert (response.status_code, response["Location"]) == (302, new)


def test_a_public_page_loads_nothing_of_oscar(client, loaf):
    put_in_basket(client, loaf)

    for url in (loaf.get_absolute_url(), "/boutique/panier/", "/boutique/commande/"):
        text = client.get(url).content.decode()
        for foreign in ("jquery", "bootstrap", "oscar/", "style=", "onclick", "https://ajax"):
            assert foreign not in text, (url, foreign)


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
