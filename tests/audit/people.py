"""Who walks through the demo: a visitor, a buyer with a basket, and two people who log in."""

import re
from urllib.parse import urlsplit

from tests.audit.browser import opened
from tests.audit.stops import BUYER, PASSWORD, PRODUCT, SELLER, SHOPPER, VISITOR
from tests.audit.visit import LINKS

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
    """Put the first article in the basket that is not sold out."""
    page.goto("/recherche/?q=fromage")
    paths = dict.fromkeys(urlsplit(link).path for link in page.evaluate(LINKS))
    for path in filter(re.compile(PRODUCT).search, paths):
        page.goto(path)
        add = page.get_by_role("button", name="Ajouter au panier")
        if add.count() and add.is_enabled():
            add.click()
            page.wait_for_load_state()
            return
    raise LookupError("Every article found for « fromage » is sold out.")


def log_in(page, email):
    page.goto("/compte/connexion/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url(lambda url: "/compte/connexion/" not in url)
