"""Changes of every kind that reach the search, by every way that a row can be written, drawn from a seed."""

from collections.abc import Callable
from decimal import Decimal
from random import Random

from django.db import connection, transaction
from django.db.models import ProtectedError
from django.db.models.functions import Coalesce

from directory.models import Category, MerchantPage, Town
from shop.products import Product, StockRecord
from tests.factories import make_merchant
from tests.shop.factories import make_product

TITLES = ["Au bon coin", "La Halle", "Chez Paulette", "Les Deux Rives", "Le Petit Marché", "Maison Vallon"]
HOURS = ["Mo-Sa 09:00-12:30,14:00-19:00", "Tu-Su 07:00-13:00", "24/7", "Fr-Sa 18:00-02:00"]


class Writer:
    """Makes one change after the other; the same seed on the same region makes the same changes."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.merchants = list(MerchantPage.objects.order_by("pk").values_list("pk", flat=True))
        self.products = list(Product.objects.order_by("pk").values_list("pk", flat=True))
        self.towns = list(Town.objects.order_by("pk").values_list("pk", flat=True)[:50])
        self.categories = list(Category.objects.order_by("pk").values_list("pk", flat=True))
        self.verbs: dict[str, tuple[int, Callable[[], object]]] = {
            "merchant renamed, save()": (40, self.rename),
            "merchant retold, update()": (150, self.retell),
            "merchant moved, update()": (60, self.move),
            "thirty merchants at once, update()": (5, self.retell_many),
            "merchant unpublished": (10, self.unpublish),
            "merchant published": (15, self.publish),
            "page hidden or shown, SQL": (60, self.toggle),
            "merchant added": (8, self.add_merchant),
            "merchant deleted": (8, self.delete_merchant),
            "product renamed, save()": (30, self.rename_product),
            "price, SQL": (150, self.reprice),
            "stock, update()": (60, self.restock),
            "product added": (20, self.add_product),
            "product deleted": (15, self.delete_product),
            "stock record deleted, SQL": (20, self.delete_stock),
            "town renamed, update()": (1, self.rename_town),
            "category renamed, save()": (1, self.rename_category),
            "rolled back": (20, self.roll_back),
        }

    def write(self) -> str:
        """Make one change, and return its name."""
        names, weights = list(self.verbs), [weight for weight, _ in self.verbs.values()]
        (name,) = self.random.choices(names, weights)
        self.verbs[name][1]()
        return name

    def title(self) -> str:
        return f"{self.random.choice(TITLES)} {self.random.randrange(1_000)}"

    def merchant(self) -> MerchantPage:
        return MerchantPage.objects.get(pk=self.random.choice(self.merchants))

    def rename(self) -> None:
        merchant = self.merchant()
        merchant.title = self.title()
        merchant.save()

    def retell(self) -> None:
        chosen = MerchantPage.objects.filter(pk=self.random.choice(self.merchants))
        chosen.update(story=f"<p>{self.title()}</p>", opening_hours=self.random.choice(HOURS))

    def retell_many(self) -> None:
        MerchantPage.objects.filter(pk__in=self.random.sample(self.merchants, 30)).update(title=self.title())

    def move(self) -> None:
        chosen = MerchantPage.objects.filter(pk=self.random.choice(self.merchants))
        town = Town.objects.get(pk=self.random.choice(self.towns))
        chosen.update(town=town, postal_code=town.postal_codes[0], latitude=None, longitude=None)

    def unpublish(self) -> None:
        self.merchant().unpublish()

    def publish(self) -> None:
        self.merchant().save_revision().publish()

    def toggle(self) -> None:
        execute("update wagtailcore_page set live = not live where id = %s", self.random.choice(self.merchants))

    def add_merchant(self) -> None:
        added = make_merchant(title=self.title(), town=Town.objects.get(pk=self.random.choice(self.towns)))
        self.merchants.append(added.pk)

    def delete_merchant(self) -> None:
        merchant = self.merchant()
        try:
            merchant.delete()
        except ProtectedError:  # they have orders
            merchant.unpublish()
        else:
            self.merchants.remove(merchant.pk)
            self.products = list(Product.objects.order_by("pk").values_list("pk", flat=True))  # theirs go along

    def rename_product(self) -> None:
        product = Product.objects.get(pk=self.random.choice(self.products))
        product.title = self.title()
        product.save()

    def reprice(self) -> None:
        price = Decimal(self.random.randrange(100, 9_000)) / 100
        execute("update partner_stockrecord set price = %s where product_id = %s", price, self.product())

    def restock(self) -> None:
        stock = Coalesce("num_allocated", 0) + self.random.choice([0, 5])  # what is sold and not yet collected stays
        StockRecord.objects.filter(product=self.product()).update(num_in_stock=stock)

    def add_product(self) -> None:
        self.products.append(make_product(self.merchant(), title=self.title()).pk)

    def delete_product(self) -> None:
        product = self.product()
        self.products.remove(product)
        Product.objects.get(pk=product).delete()

    def delete_stock(self) -> None:
        execute(
            """delete from partner_stockrecord as stock where product_id = %s
            and not exists (select from basket_line where stockrecord_id = stock.id)
            and not exists (select from order_line where stockrecord_id = stock.id)""",
            self.product(),
        )

    def product(self) -> int:
        return self.random.choice(self.products)

    def rename_town(self) -> None:
        Town.objects.filter(pk=self.random.choice(self.towns)).update(name=self.title())

    def rename_category(self) -> None:
        category = Category.objects.get(pk=self.random.choice(self.categories))
        category.name = self.title()
        category.save()

    def roll_back(self) -> None:
        with transaction.atomic():
            self.retell()
            transaction.set_rollback(True)


def execute(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
