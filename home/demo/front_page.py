"""What an editor puts on the front page, below the stories: a merchant, some articles, and a word to shopkeepers."""

from home.demo import told
from home.models import HomePage
from shop.products import on_sale

MOST = 4  # articles: the first found of those whose titles begin as demo/told.toml says


def fill() -> None:
    """Write and publish the body of the front page, unless somebody has worked on that page."""
    home = HomePage.objects.get()
    if home.body or home.latest_revision_id:
        return
    home.body = _body()
    home.save_revision().publish()


def _body() -> list[tuple]:
    found = [on_sale(title__istartswith=words).order_by("title", "pk").first() for words in told()["front_page"]]
    products = [product for product in found if product][:MOST]
    body: list[tuple] = [("spotlights", {"title": "Coup de projecteur"})]
    if products:
        body.append(("product_cards", {"title": "Au comptoir cette semaine", "products": products}))
    return [*body, ("call_to_action", TO_SHOPKEEPERS)]


TO_SHOPKEEPERS = {
    "title": "Vous tenez boutique dans la région ?",
    "text": "Une fiche, vos horaires, vos produits : c’est gratuit, et vous gardez la main sur tout ce qui s’affiche.",
    "button": "Ouvrir mon espace",
    "page": None,
    "product": None,
    "link": "/espace/",
}
