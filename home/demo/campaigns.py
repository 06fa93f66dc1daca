"""The region's Christmas campaign: what an editor can build from blocks."""

import datetime as dt
from zoneinfo import ZoneInfo

from directory.models import Category, MerchantPage, Town
from home.demo import merchants, pictures, told
from home.models import CampaignPage, HomePage, StoryPage
from home.snippets import Spotlight

SLUG = "noel"
PARIS = ZoneInfo("Europe/Paris")
CHRISTMAS = dt.datetime(2026, 12, 25, 0, tzinfo=dt.UTC)  # the page is withdrawn by itself
GOODS = ["sapin", "cadeau", "jouet"]  # on the campaign's picture


def publish(showcase: MerchantPage) -> int:
    """Publish the campaign, with a spotlight on one merchant, unless it is there; return how many pages that made."""
    home = HomePage.objects.get()
    if home.get_children().filter(slug=SLUG).exists():
        return 0
    page = CampaignPage(
        title="Noël se prépare au comptoir",
        slug=SLUG,
        intro="Jouets de bois, chocolats, laine et couteaux : trois semaines pour tout trouver près de chez vous.",
        picture=pictures.still_life(GOODS, "Un sapin, un cadeau et un jouet sous un auvent"),
        expire_at=CHRISTMAS,
        body=_body(),
    )
    home.add_child(instance=page)
    page.save_revision().publish()
    Spotlight.objects.create(merchant=showcase, words=told()["campaign"]["spotlight"], ends_on=CHRISTMAS.date())
    return 1


def _body() -> list[tuple]:
    town = Town.objects.get(insee_code=merchants.showcase()["town"])
    return [
        ("steps", {"title": "Comment ça marche", "steps": STEPS}),
        _trade("Des chocolats faits ici", "chocolaterie-confiserie"),
        _trade("Des jouets qui durent", "jouets-jeux"),
        ("spotlights", {"title": "Coup de projecteur"}),
        (
            "map",
            {
                "title": "Chez les chocolatiers de la région",
                "town": None,
                "category": _category("chocolaterie-confiserie"),
            },
        ),
        ("events", {"title": "À votre agenda", "events": _events()}),
        (
            "town",
            {"town": town, "text": "Une idée de sortie, avant ou après les courses."},
        ),
        ("stories", {"title": "À lire au coin du feu", "stories": list(StoryPage.objects.newest()[:3])}),
        ("questions", {"title": "Vos questions", "questions": QUESTIONS}),
        ("search", {"title": "Une idée en tête ?", "words": "cadeau", "town": None}),
    ]


def _events() -> list[dict]:
    return [
        {
            "title": f"Marché de Noël, {day} décembre (exemple)",
            "start": dt.datetime(2026, 12, day, 10, tzinfo=PARIS),
            "end": dt.datetime(2026, 12, day, 19, tzinfo=PARIS),
            "place": told()["campaign"]["events_at"],
        }
        for day in (5, 12, 19)
    ]


def _trade(title: str, slug: str) -> tuple:
    return "merchants_around", {"title": title, "town": None, "category": _category(slug), "number": 4}


def _category(slug: str) -> Category:
    return Category.objects.get(slug=slug)


STEPS = [
    {"title": "Choisissez", "text": "Cherchez un mot, une commune, et mettez au panier chez plusieurs commerçants."},
    {"title": "Retirez", "text": "Chaque boutique prépare sa part et vous prévient par e-mail."},
    {"title": "Payez sur place", "text": "Rien à payer en ligne, et aucun frais."},
]
QUESTIONS = [
    {
        "question": "Puis-je faire emballer mes achats ?",
        "answer": "<p>Dites-le au commerçant dans votre commande, ou par téléphone.</p>",
    },
    {
        "question": "Les boutiques ouvrent-elles le dimanche ?",
        "answer": "<p>Certaines. Leur page dit l’heure qu’il faut : regardez avant de partir.</p>",
    },
]
