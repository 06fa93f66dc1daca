"""What pages may cost at most: beside a peer's page, beside one of our own, in SQL queries; memory; start."""

from dataclasses import dataclass

WORKER_MEGABYTES = 160
START_SECONDS = 2.5

QUERIES = {"home": 12, "merchant": 10, "product": 8, "story": 10, "basket of 1": 12, "basket of 15": 12}


@dataclass(frozen=True)
class Target:
    """``page`` costs at most ``most`` times the CPU of ``other``; both are names of rows."""

    page: str
    other: str
    most: float


BESIDE_OURS = (
    Target("basket of 15", "basket of 1", 1.5),
    Target("home, kept", "plain text, kept", 1.5),
    Target("merchant, kept", "plain text, kept", 1.5),
)

BESIDE_PEERS = (
    Target("story", "Wagtail content", 0.7),
    Target("town", "Wagtail content", 0.7),
    Target("merchant", "Wagtail content", 1),
    Target("story listing", "Wagtail tuned listing", 0.5),
    Target("product", "Oscar product", 0.4),
    Target("product list", "Oscar list", 0.08),
    Target("category", "Oscar category", 0.08),
    Target("basket of 15", "Oscar basket of 15", 0.25),
)
