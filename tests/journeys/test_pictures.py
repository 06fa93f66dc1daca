"""A photograph fills its card and a drawing stands on it, on a telephone and on a desk: measured in a real browser."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from home.demo import DATA
from home.demo.scenes import SCENES
from portal import picture_job
from portal.models import Picture
from search.engines import elastic
from shop import picture_job as product_picture_job
from tests.portal.pictures import saved
from tests.shop.factories import make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BOX = "(image) => {const a = image.getBoundingClientRect(), b = image.closest('{}').getBoundingClientRect();"
SHARES = BOX.replace("{}", ".product-card__stage") + " return [a.width / b.width, a.height / b.height]}"
TAGS = """() => [...document.querySelectorAll('.product-card')].map((card) => {
    const tag = card.querySelector('.price-tag')?.getBoundingClientRect();
    const stage = card.querySelector('.product-card__stage').getBoundingClientRect();
    return !tag || tag.top > stage.top + stage.height * 0.6;
})"""
UNTRUE = """() => [...document.images].filter((image) => image.currentSrc.includes('/media/') && image.complete
    && image.naturalWidth && Math.abs(image.naturalWidth / image.naturalHeight
    - image.getAttribute('width') / image.getAttribute('height')) > 0.02).map((image) => image.currentSrc)"""


@pytest.fixture
def goods(site, cheesemonger, bakery, monkeypatch):
    """Photographs, wide and high, beside drawings; and a merchant's photo of their shop."""
    monkeypatch.setattr(elastic, "is_configured", lambda: False)
    scene = next(iter(SCENES.values()))().finished()
    drawings = sorted((DATA / "pictures").glob("*.webp"))[:2]
    made = []
    for number, size in enumerate([(1600, 900), (900, 1600)]):
        content = saved(scene.resize((1600, 1600)).crop((0, 0, *size)), "JPEG", quality=85)
        made.append(
            make_product(
                cheesemonger, title=f"Tomme {number}", price=Decimal("12.40"), image=ContentFile(content, "tomme.jpg")
            )
        )
    for number, file in enumerate(drawings):
        image = ContentFile(file.read_bytes(), file.name)
        made.append(make_product(cheesemonger, title=f"Picodon {number}", price=Decimal("2.40"), image=image))
    bakery.pictures.create(
        image=Picture.objects.create(title="La vitrine", file=ContentFile(saved(scene, "JPEG"), "vitrine.jpg"))
    )
    while picture_job.size_next():
        pass
    product_picture_job.size_all()
    return made


def test_a_photograph_fills_its_card_and_a_drawing_does_not(page, goods, refresh_search, cheesemonger, bakery):
    refresh_search()
    shown = [thing.get_absolute_url() for thing in (goods[0], goods[2], bakery.town)]
    searched = ["/recherche/?q=tomme", "/recherche/?q=picodon"]
    for path in ["/", cheesemonger.public_path, bakery.public_path, *shown, *searched]:
        page.goto(path)
        page.evaluate(
            "() => document.images.length && [...document.images].forEach((image) => image.loading = 'eager')"
        )
        page.wait_for_load_state("networkidle")
        for image in page.locator(".product-card__image").all():
            across, down = image.evaluate(SHARES)
            if "--photo" in image.get_attribute("class"):
                assert (round(across, 2), round(down, 2)) == (1, 1)
            else:
                assert across < 0.65
        assert all(page.evaluate(TAGS))
        assert page.evaluate(UNTRUE) == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
