"""Reading leaves no trace: a real browser that follows the links of sixty pages."""

from decimal import Decimal

import pytest
from django.urls import reverse

from tests.factories import make_merchant
from tests.journeys.conftest import SCREENS
from tests.shop.factories import make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = 60
BACK_OFFICES = ("/gestion/",)

# What a page left in the browser, besides cookies.
STORED = """async () => [
  ...Object.keys(localStorage), ...Object.keys(sessionStorage),
  ...(await indexedDB.databases()).map(({name}) => name),
  ...(await navigator.serviceWorker.getRegistrations()).map(({scope}) => scope), ...await caches.keys()
]"""
# Of SVG links too, whose href is no string.
LINKS = """() => [...document.querySelectorAll("a[href]")].map(
  link => new URL(link.getAttribute("href"), location).href.split("#")[0]
)"""


@pytest.fixture
def region(places, bakery, cheesemonger):
    """A dozen towns' worth of links: merchants of several trades, and what they sell."""
    towns = (places.die, places.romans, places.thiers, places.lyon_3, places.saint_etienne)
    for town in towns:
        for category in ("librairie", "boulangerie-patisserie", "fleuriste", "boucherie-charcuterie"):
            make_merchant(town=town, category=category, phone="04 75 64 01 02", opening_hours="Mo-Sa 09:00-19:00")
    for merchant in (bakery, cheesemonger):
        for number in range(6):
            make_product(merchant, title=f"Article n° {number}", price=Decimal("4.90"), vat_rate="5.5")


class Visit:
    """One page read by a browser without a cookie, and what that left behind."""

    def __init__(self, page, site, path):
        self.path, self.site, self.faults = path, site, []
        page.on("request", self._note_request)
        page.on("console", self._note_console)
        page.on("pageerror", self._note_error)
        response = page.goto(path)
        self.status, self.headers = response.status, response.headers
        self.links = {link.removeprefix(site) for link in page.evaluate(LINKS) if link.startswith(f"{site}/")}
        self.cookies = {cookie["name"] for cookie in page.context.cookies()}
        self.faults += [f"stored: {name}" for name in page.evaluate(STORED)]

    def _note_request(self, request):
        if not request.url.startswith((f"{self.site}/", "data:", "blob:")):
            self.faults.append(f"foreign host: {request.url}")

    def _note_console(self, message):
        is_own_status = message.location.get("url", "").endswith(self.path) and "status of 404" in message.text
        if message.type in ("error", "warning") and not is_own_status:
            self.faults.append(f"console: {message.text}")

    def _note_error(self, error):
        self.faults.append(f"script: {error}")

    def all_faults(self):
        """Return what no page may do, as sentences."""
        policy = self.headers["content-security-policy"]
        return [
            *self.faults,
            *(f"cookie: {name}" for name in self.cookies),
            *(f"policy: {word}" for word in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*") if word in policy),
            *(["report-only policy"] if "content-security-policy-report-only" in self.headers else []),
            *(f"no {name}" for name in ("referrer-policy", "permissions-policy") if name not in self.headers),
        ]


def test_reading_sixty_pages_asks_no_other_host_and_leaves_nothing_in_the_browser(browser, site, region):
    waiting = ["/", "/recherche/?q=pain", "/recherche/?q=xyzzy&ou=nulle+part", "/sans-issue/", reverse("account_login")]
    visits = {}
    reader = browser.new_context(base_url=site, viewport=SCREENS["desk"], locale="fr-FR")
    while waiting and len(visits) < PAGES:
        path = waiting.pop(0)
        page = reader.new_page()
        visits[path] = visit = Visit(page, site, path)
        page.close()
        reader.clear_cookies()
        waiting += sorted(
            link for link in visit.links if link not in visits and link not in waiting and is_public(link)
        )
    reader.close()

    assert len(visits) == PAGES
    assert {path: visit.status for path, visit in visits.items() if visit.status >= 400} == {"/sans-issue/": 404}
    assert {path: faults for path, visit in visits.items() if (faults := visit.all_faults())} == {}


def is_public(path):
    return not path.startswith(BACK_OFFICES)
