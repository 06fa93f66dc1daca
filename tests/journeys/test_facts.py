"""What the law wants told, on a telephone and on a desk: nothing sticks out of the screen."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from portal import database_clock
from shop import opening, terms
from shop.recalls import acts
from shop.terms import TermsVersion
from tests.factories import make_user
from tests.journeys.conftest import log_in
from tests.shop.factories import TOLD, make_product, time_to_tell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS")  # a folder, to look at


def seen(page, name, address):
    page.goto(address)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


def test_every_new_page_fits_both_screens(page, bakery, baker):
    facts = TOLD | {"no_warnings": False, "warnings": "Lame tranchante.", "epr_stream": "14"}
    facts |= time_to_tell() | {"epr_idu": "FR123456_14ABCD"}
    board = make_product(bakery, title="Planche", is_food=False, facts=facts)
    bad = make_product(bakery, title="Pain de seigle complet", price=4)
    recall = acts.publish_new(
        bad,
        make_user(),
        {"reason": "Éclats de verre dans le lot 12.", "risk": "Coupures.", "what_to_do": "Ne le mangez pas."},
    )
    opening.accept_terms(bakery.storefront, baker, terms.in_force().sha256)
    text = terms.newest().text.replace("2. Qui peut vendre.", "2. Qui vend ?")
    version = terms.publish(
        TermsVersion(
            audience="commercants", text=text, in_force_on=database_clock.today() + timedelta(days=terms.NOTICE_DAYS)
        )
    )

    seen(page, "product", board.get_absolute_url())
    seen(page, "recalls", "/rappels/")
    seen(page, "recall", recall.get_absolute_url())
    seen(page, "terms", terms.address_of(version))
    seen(page, "algorithms", "/algorithmes/")
    seen(page, "transparency", "/transparence/")
    page.goto(reverse("account_login"))
    log_in(page, baker)
    page.wait_for_load_state()
    seen(page, "article", reverse("edit_product", args=[bakery.pk, board.pk]))
    seen(page, "ask-recall", reverse("ask_recall", args=[bakery.pk, board.pk]))
    seen(page, "new-terms", reverse("new_terms", args=[bakery.pk]))
    seen(page, "shop", reverse("merchant_shop", args=[bakery.pk]))
