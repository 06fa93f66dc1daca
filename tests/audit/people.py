"""Who walks through the demo: a visitor, a buyer with a basket, and two people who log in."""

from tests.audit.browser import opened
from tests.audit.stops import BUYER, PASSWORD, PRODUCT, SELLER, SHOPPER, VISITOR
from tests.audit.visit import arrive

# As home/demo/accounts.py makes them; not imported, for the audit needs no Django.
EMAILS = {SHOPPER: "cliente@demo.example", SELLER: "commercante@demo.example"}


def states(browser, site, wanted):
    """Return the cookies of each person wanted, as Playwright keeps them; None for who has none."""
    found = {VISITOR: None}
    for who in wanted - {VISITOR}:
        with opened(browser, site) as page:
            fill_basket(page) if who == BUYER else log_in(page, EMAILS[who])
            found[who] = page.context.storage_state()
    return found


def fill_basket(page):
    arrive(page, ("/recherche/?q=fromage", PRODUCT))
    page.get_by_role("button", name="Ajouter au panier").click()
    page.wait_for_load_state()


def log_in(page, email):
    page.goto("/compte/connexion/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url(lambda url: "/compte/connexion/" not in url)
