"""Give the shop what it needs before the first product: a product class, the categories, the way to pay."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from shop.categories import mirror, missing_categories
from shop.payments.on_collection import OnCollection
from shop.products import product_class


class Command(BaseCommand):
    help = "Prépare la boutique : classe d’articles, catégories, paiement au retrait. À blanc sans --write."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="enregistre ; sinon rien ne change")

    def handle(self, write: bool, **options: Any) -> None:
        categories = missing_categories()
        if write:
            with transaction.atomic():
                product_class()
                OnCollection.source_type()
                mirror(categories)
        done = "créées ou renommées" if write else "à créer ou à renommer (ajoutez --write)"
        self.stdout.write(f"{len(categories)} catégories {done}.")
