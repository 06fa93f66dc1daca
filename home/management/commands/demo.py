"""Fill the portal with a believable, fictional region."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from directory.models import Category, Town
from home.demo import accounts
from home.demo.merchants import anchored_count
from home.demo.region import settle

PRODUCTS = 1_200


class Command(BaseCommand):
    help = (
        "Remplit le portail d’une région fictive : commerçants, produits, histoires, comptes et commandes. La même à "
        "chaque fois ; relancée, la commande n’ajoute que ce qui manque."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--merchants", type=int, default=anchored_count(), metavar="N", help="commerçants (%(default)s)"
        )
        parser.add_argument("--products", type=int, default=PRODUCTS, metavar="N", help="produits (%(default)s)")

    def handle(self, *, merchants: int, products: int, **options: Any) -> None:
        if merchants < anchored_count():
            raise CommandError(f"Au moins {anchored_count()} commerçants : les histoires et les comptes en dépendent.")
        if not (Town.objects.exists() and Category.objects.exists()):
            raise CommandError("Aucune commune : lancez d’abord manage.py load_places --write.")
        started = monotonic()
        call_command("open_shop", write=True, stdout=self.stderr)
        added = settle(merchants, products, progress)
        self.stdout.write(
            f"Ajoutés en {monotonic() - started:.0f} s : {added.merchants} commerçants, {added.products} produits, "
            f"{added.stories} histoires, {added.purchases} achats."
            if added.anything
            else "Tout est déjà là : rien n’a été ajouté."
        )
        self.stdout.write(accounts.said(settings.SITE_URL))


@contextmanager
def progress(name: str, total: int) -> Iterator[Any]:
    """Show a bar where somebody watches."""
    with tqdm(desc=name, total=total, disable=None, leave=False) as bar:
        yield bar.update
