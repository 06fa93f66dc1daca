"""A buyer says what they think, a merchant replies and lowers a price; each on a telephone and on a desk."""

import os
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from shop.models import MerchantOrder, Review
from shop.receipts import issuing
from shop.reviews import writing
from tests.journeys.conftest import log_in
from tests.shop.factories import hand_over_another, make_product, make_review

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS")  # a folder, to look at


def seen(page, name):
    """Whether nothing sticks out of the screen; a picture of it where somebody wants to look."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}-{page.viewport_size['width']}.png", full_page=True)


def test_from_the_link_of_the_e_mail_to_the_merchants_page(page, open_page, bakery, baker):
    loaf = make_product(bakery, title="Pain de seigle", price=Decimal("4.90"), stock=40, vat_rate="5.5")
    issuing.give_mandate(loaf.stockrecords.get().partner.storefront, baker)
    for text in ("Une croûte épaisse, une mie qui tient la semaine.", "Prêt à l’heure. Le pain était encore chaud."):
        make_review(loaf, text, 5)
    part = hand_over_another(loaf)
    review = f"{reverse('checkout:review', args=[part.order.number])}?cle={part.purchase.key}"

    page.goto(f"{part.purchase.get_absolute_url()}?cle={part.purchase.key}")
    expect(page.get_by_role("link", name="Reçu (PDF)")).to_be_visible()
    seen(page, "purchase")
    page.goto(review)
    page.get_by_role("button", name="Envoyer mon avis").click()
    expect(page.get_by_role("alert")).to_contain_text("Choisissez une note")
    seen(page, "review-errors")
    page.get_by_label("4, content").check()
    page.get_by_label("Votre avis", exact=True).fill("Bon pain, un peu trop cuit à mon goût.")
    page.get_by_role("button", name="Envoyer mon avis").click()
    expect(page.get_by_role("heading", name="Reçu, à relire")).to_be_visible()
    seen(page, "review-waits")
    writing.publish(Review.objects.get(merchant_order=part), Review.State.WAITING, None)

    counter = open_page()
    counter.goto(f"/espace/{bakery.pk}/avis/")
    log_in(counter, baker)
    form = counter.locator("form").filter(has=counter.get_by_role("button", name="Publier ma réponse")).first
    form.get_by_role("textbox").fill("Merci : nous baissons le four d’un cran.")
    form.get_by_role("button", name="Publier ma réponse").click()
    expect(counter.get_by_text("Votre réponse est publiée")).to_be_visible()
    seen(counter, "space-reviews")
    counter.goto(f"/espace/{bakery.pk}/recus/")
    seen(counter, "space-receipts")
    counter.goto(f"/espace/{bakery.pk}/produits/{loaf.pk}/promotion/")
    counter.get_by_label("Prix pendant la promotion").fill("4,20")
    counter.get_by_label("Jusqu’au").fill((timezone.localdate() + timedelta(days=3)).isoformat())
    counter.get_by_role("button", name="Commencer la promotion").click()
    expect(counter.get_by_text("Aucun prix n’est barré")).to_be_visible()
    seen(counter, "space-promotion")

    page.goto(bakery.public_path)
    expect(page.get_by_text("4,7 sur 5, 3 avis")).to_be_visible()
    seen(page, "merchant")
    page.get_by_role("link", name="Lire les 3 avis").click()
    expect(page.get_by_text("nous baissons le four")).to_be_visible()
    seen(page, "reviews")
    page.goto(loaf.get_absolute_url())
    expect(page.get_by_text("4,20").first).to_be_visible()
    seen(page, "product")
    assert MerchantOrder.objects.count() == 3
