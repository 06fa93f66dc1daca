"""What fictional merchants offer beyond their counter, drawn apart so that it moves nothing else of the region."""

from dataclasses import dataclass
from random import Random

from directory.models import MerchantPage
from home.demo import SEED
from home.demo.trades import Trade

Label = MerchantPage.Label

# Share of a trade's merchants that deliver by their own means.
DELIVERY = {
    "fleuriste": 0.8,
    "pharmacie": 0.5,
    "pizzeria": 0.7,
    "restauration-rapide": 0.5,
    "traiteur": 0.7,
    "primeur": 0.4,
    "epicerie-superette": 0.4,
    "boulangerie-patisserie": 0.2,
    "caviste": 0.5,
    "librairie": 0.3,
    "meubles-literie": 0.9,
    "electromenager": 0.9,
    "amap-paniers": 0.5,
    "magasin-producteurs": 0.3,
    "pressing-laverie": 0.3,
}
NOTES = (
    "À vélo dans la commune, le mardi et le vendredi.",
    "Gratuite dès 40 €, dans les communes voisines.",
    "Sur demande, par téléphone : 5 € dans un rayon de 10 km.",
    "Le samedi matin, en tournée.",
    "",
)
LABELS = {  # by group of trades: what some of them are certified for, and how many
    "farm": {Label.BIO: 0.35, Label.AOP: 0.25, Label.IGP: 0.15},
    "association": {Label.BIO: 0.6},
    "workshop": {Label.ARTISAN: 0.8},
}
TRADE_LABELS = {
    "bio-vrac": {Label.BIO: 0.95},
    "boulangerie-patisserie": {Label.ARTISAN: 0.6, Label.BIO: 0.1},
    "boucherie-charcuterie": {Label.ARTISAN: 0.6},
    "fromagerie-cremerie": {Label.AOP: 0.6},
    "chocolaterie-confiserie": {Label.ARTISAN: 0.6},
    "savonnerie-cosmetique": {Label.ARTISAN: 0.7, Label.BIO: 0.2},
    "vigneron": {Label.AOP: 0.7, Label.BIO: 0.3},
}
STEP_FREE = 0.6
CONFIRMED_LATELY, LATELY = 0.85, 150  # share of shops, and within how many days
FORGOTTEN = (200, 400)  # days since the others confirmed


@dataclass(frozen=True)
class Services:
    """delivery_note: "" also when there is no delivery. confirmed_days_ago: None without hours to confirm."""

    delivers: bool
    delivery_note: str
    step_free: bool
    labels: tuple[str, ...]
    confirmed_days_ago: int | None


def draw(number: int, trade: Trade, opening_hours: str) -> Services:
    """Return the services of the merchant of that number, always the same."""
    random = Random(f"{SEED}-services-{number}")
    delivers = random.random() < DELIVERY.get(trade.slug, 0.03)
    shares = TRADE_LABELS.get(trade.slug) or LABELS.get(trade.group, {})
    lately = random.random() < CONFIRMED_LATELY
    days = random.randrange(LATELY) if lately else random.randrange(*FORGOTTEN)
    return Services(
        delivers=delivers,
        delivery_note=random.choice(NOTES) if delivers else "",
        step_free=random.random() < STEP_FREE,
        labels=tuple(label for label, share in shares.items() if random.random() < share),
        confirmed_days_ago=days if opening_hours else None,
    )
