"""A merchant sends a file, sees what it would do, applies it, and takes it back."""

import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from home.purges import PURGES
from portal.spreadsheets import as_typed, harmless
from shop.importing.values import COLUMNS, in_words, read, stored
from shop.models import ProductDetails, Storefront
from shop.product_imports import UNDONE_FOR, ProductImport, over
from shop.products import Product, on_sale, stock_of
from tests.shop.factories import TOLD, make_product, order_and_confirm, put_in_basket

FILE = "Nom;Prix;Stock;Se mange ou se boit;Allergènes vérifiés;Contient\n"


class Desk:
    """The merchant's pages of imports."""

    def __init__(self, client, merchant):
        self.client, self.merchant = client, merchant
        self.address = reverse("import_products", args=[merchant.pk])

    def send(self, text, name="articles.csv"):
        content = text.encode() if isinstance(text, str) else text
        return self.client.post(self.address, {"file": SimpleUploadedFile(name, content)})

    def plan(self, text):
        """Send a file; return what its page shows."""
        response = self.send(text)
        assert response.status_code == 302, response.context["form"].errors
        self.shown = response.url
        return self.client.get(response.url)

    def kinds(self, text):
        return {part["key"]: part["count"] for part in self.plan(text).context["sections"]}

    def apply(self, text, **sent):
        page = self.plan(text)
        return self.press("appliquer", plan=page.context["fingerprint"], **sent)

    def press(self, button, **sent):
        return self.client.post(self.shown, {button: "", **sent}, follow=True)


@pytest.fixture
def desk(client, neighbour, cheesemonger, picodon, knife):
    client.force_login(neighbour)
    return Desk(client, cheesemonger)


@pytest.fixture
def shop(desk):
    return Storefront.objects.get(merchant=desk.merchant)


def rows_of(page, key):
    return next(part["rows"] for part in page.context["sections"] if part["key"] == key)


def test_what_is_added_changed_the_same_and_absent_is_told_before_anything_is_written(desk, shop):
    before = stored(shop)
    page = desk.plan("Nom;Prix;Stock\nPicodon affiné;2,60;18\nFaisselle;1,90;4\n")

    (changed,), (added,) = rows_of(page, "changed"), rows_of(page, "added")
    assert changed.changes == [("Prix TTC", "2,40", "2,60")]
    assert (added.title, added.line) == ("Faisselle", 3)
    assert page.context["absent"] == ["Couteau à fromage"]
    assert stored(shop) == before
    assert desk.kinds("Nom;Prix\nPICODON  affiné;2,4\n") == {"same": 1}


def test_a_file_is_applied_then_undone(desk, shop):
    before = stored(shop)

    page = desk.apply(
        FILE + "Picodon affiné;2,60;7;oui;oui;lait\nFaisselle;1,90;4;oui;oui;lait\nSac en lin;9;2;non;;\n"
    )

    assert "Ajoutés : 2. Changés : 1." in page.content.decode().replace("\u00a0", " ")
    picodon = Product.objects.get(title="Picodon affiné")
    assert (stock_of(picodon).price, stock_of(picodon).net_stock_level) == (Decimal("2.60"), 7)
    assert {product.title for product in on_sale()} >= {"Faisselle", "Picodon affiné"}
    assert not on_sale(title="Sac en lin").exists()  # nobody has said who made it
    desk.press("annuler")
    assert stored(shop) == before
    assert "annulé" in desk.client.get(desk.shown).content.decode()


def test_food_without_its_allergens_comes_in_and_is_not_sold(desk):
    page = desk.plan("Nom;Prix\nTomme de brebis;8,40\n")
    assert any("allergènes" in remark for remark in rows_of(page, "added")[0].remarks)

    desk.press("appliquer", plan=page.context["fingerprint"])

    assert not on_sale(title="Tomme de brebis").exists()
    assert not ProductDetails.objects.get(product__title="Tomme de brebis").may_be_sold


def test_a_name_that_contradicts_its_allergens_is_not_sold_either(desk):
    desk.apply(FILE + "Fromage aux noix;8;2;oui;oui;\n")

    assert not on_sale(title="Fromage aux noix").exists()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("Faisselle;gratuit;4;;;", "Prix TTC : écrivez un nombre"),
        ("Faisselle;0;4;;;", "Prix TTC : écrivez au moins 0,01"),
        ("Faisselle;1,999;4;;;", "Prix TTC : pas plus de 2 chiffres"),
        ("Faisselle;;4;;;", "Prix TTC : il manque"),
        ("Faisselle;2;beaucoup;;;", "Stock : écrivez un nombre entier"),
        ("Faisselle;2;-1;;;", "Stock : écrivez au moins 0"),
        ("Faisselle;2;3;peut-être;;", "Se mange ou se boit : écrivez oui ou non"),
        ("Faisselle;2;3;oui;oui;kryptonite", "Contient : « kryptonite » n’est pas l’un des quatorze"),
        ("Couteau;2;3;non;;lait", "un article qui ne se mange pas n’a pas d’allergènes"),
        (";2;3;;;", "Nom : "),
        (f"{'x' * 300};2;3;;;", "Nom : "),
    ],
)
def test_a_fault_is_told_by_row_and_the_others_come_in(desk, shop, line, fault):
    page = desk.plan(f"{FILE}Sac en lin;9;2;non;;\n{line}\n")

    (faulty,) = rows_of(page, "faulty")
    assert faulty.line == 3
    assert fault in faulty.faults[0].replace("\u00a0", " ")
    desk.press("appliquer", plan=page.context["fingerprint"])
    assert Product.objects.filter(title="Sac en lin").exists()
    assert len(stored(shop)) == 3


def test_two_lines_of_one_article_and_two_articles_of_one_name(desk, cheesemonger):
    make_product(cheesemonger, title="Couteau à fromage")

    page = desk.plan("Nom;Prix\nSac;1\nsac;2\nCouteau à fromage;3\nPicodon affiné;1\nPicodon Affiné;2\n")

    told = [row.faults[0] for row in rows_of(page, "faulty")]
    assert told == [
        "la ligne 2 parle déjà de cet article",
        "plusieurs de vos articles portent ce nom : ajoutez la colonne Référence",
        "la ligne 5 parle déjà de cet article",
    ]


def test_a_reference_finds_an_article_whose_name_changes(desk, picodon, shop):
    reference = stock_of(picodon).partner_sku

    page = desk.plan(f"Référence;Nom\n{reference};Picodon de la Drôme\n")
    assert rows_of(page, "changed")[0].changes == [("Nom", "Picodon affiné", "Picodon de la Drôme")]
    desk.press("appliquer", plan=page.context["fingerprint"])

    picodon.refresh_from_db()
    assert (picodon.title, picodon.slug) == ("Picodon de la Drôme", "picodon-de-la-drome")


def test_a_file_of_other_software_sent_again_finds_what_it_brought(desk):
    shopify = "Handle,Title,Variant SKU,Variant Price,Option1 Value\nsac,Sac,S-1,9.00,Default Title\n"
    desk.apply(shopify)

    assert desk.kinds(shopify) == {"same": 1}
    assert rows_of(desk.plan(shopify.replace("9.00", "9.50")), "changed")[0].changes == [("Prix TTC", "9,00", "9,50")]


def test_articles_absent_from_the_file_are_withdrawn_on_demand_only(desk, knife):
    desk.apply("Nom;Prix\nPicodon affiné;2,60\n")
    knife.refresh_from_db()
    assert knife.is_public

    desk.apply("Nom;Prix\nPicodon affiné;2,70\n", retirer_absents="on")
    knife.refresh_from_db()
    assert not knife.is_public

    desk.press("annuler")
    knife.refresh_from_db()
    assert knife.is_public


def test_what_changed_since_the_preview_is_shown_again_and_nothing_is_written(desk, picodon, shop):
    page = desk.plan("Nom;Prix\nPicodon affiné;2,60\n")
    record = stock_of(picodon)
    record.price = Decimal("3.00")
    record.save()

    response = desk.press("appliquer", plan=page.context["fingerprint"])

    assert "ont changé depuis cet aperçu" in response.content.decode()
    assert rows_of(response, "changed")[0].changes == [("Prix TTC", "3,00", "2,60")]
    assert stored(shop)[picodon.pk]["price"] == Decimal("3.00")
    desk.press("appliquer", plan=response.context["fingerprint"])
    assert stored(shop)[picodon.pk]["price"] == Decimal("2.60")


def test_a_second_press_applies_nothing_twice(desk, shop):
    page = desk.plan("Nom;Prix;Se mange ou se boit\nSac;9;non\n")
    desk.press("appliquer", plan=page.context["fingerprint"])
    desk.press("appliquer", plan=page.context["fingerprint"])

    assert [values["title"] for values in stored(shop).values()].count("Sac") == 1


def test_undoing_leaves_what_was_changed_or_ordered_since(desk, picodon, knife, shop):
    desk.apply(
        "Nom;Prix;Stock;Se mange ou se boit;Hors sécurité des produits\n"
        "Picodon affiné;2,60;20;;\nCouteau à fromage;21;5;;\nSac;9;3;non;ancien\n"
    )
    record = stock_of(Product.objects.get(pk=picodon.pk))
    record.price = Decimal("2.80")
    record.save()
    bag = Product.objects.get(title="Sac")
    put_in_basket(desk.client, bag)
    order_and_confirm(desk.client)

    page = desk.press("annuler").content.decode()

    now = stored(shop)
    assert (now[picodon.pk]["price"], now[picodon.pk]["stock"]) == (Decimal("2.80"), 18)
    assert (now[knife.pk]["price"], now[knife.pk]["stock"]) == (Decimal("19.90"), 3)
    assert now[bag.pk]["is_public"] is False
    assert "Picodon affiné" in page
    assert "Sac" in page


def test_ordered_stock_stays_promised(desk, picodon, shop):
    put_in_basket(desk.client, picodon, 3)
    order_and_confirm(desk.client)

    desk.apply("Nom;Stock\nPicodon affiné;10\n")

    record = stock_of(Product.objects.get(pk=picodon.pk))
    assert (record.net_stock_level, record.num_in_stock) == (10, 13)


def test_a_week_later_nothing_is_undone_and_the_purge_takes_it(desk):
    desk.apply("Nom;Prix\nPicodon affiné;2,60\n")
    ProductImport.objects.update(applied_at=timezone.now() - timedelta(days=7, minutes=1))

    assert not desk.client.get(desk.shown).context["may_undo"]
    desk.press("annuler")
    assert ProductImport.objects.get().undone_at is None
    assert "product imports" in {purge.name for purge in PURGES}
    assert over(timezone.now() - UNDONE_FOR).count() == 1


@pytest.mark.parametrize("kind", ["export_products", "export_products_workbook"])
def test_what_is_exported_imports_again_exactly(desk, cheesemonger, shop, kind):
    titles = [
        "=1+1",
        "'=x",
        "Crème; « brûlée »",
        'Dit "le bon"',
        "-5 %",
        "+33 4",
        "@domaine",
        "Saint-Nectaire, fermier",
    ]
    for title in titles:
        make_product(cheesemonger, title=title, description="=SOMME(A1)\n\n; =a, -b", stock=0, price=Decimal("1250.50"))
    make_product(cheesemonger, title="Lait", unit="1 L", measure="l", quantity=Decimal("0.333333"), vat_rate="2.1",
                 is_food=True, allergens=["lait"], traces=["fruits-a-coque", "oeufs"], label="AB")  # fmt: skip
    make_product(cheesemonger, title="Planche", is_food=False, facts=TOLD | {
        "no_warnings": False, "warnings": "Lame tranchante ; à l’écart des enfants.", "epr_stream": "14",
        "epr_idu": "FR123456_14ABCD", "maker_is_abroad": True, "responsible_name": "Import & Cie"})  # fmt: skip
    Product.objects.filter(title="@domaine").update(is_public=False)
    content = desk.client.get(reverse(kind, args=[cheesemonger.pk])).content

    page = desk.plan(content)
    assert not [row.changes for part in page.context["sections"] for row in part["rows"]]
    assert desk.kinds(content) == {"same": len(titles) + 4}

    ProductDetails.objects.update(facts_due_on=None)  # what is new has no time left
    before = list(stored(shop).values())
    Product.objects.filter(stockrecords__partner=shop.partner).delete()
    desk.apply(content)
    assert list(stored(shop).values()) == before


def test_a_workbook_exported_holds_no_formula(desk, cheesemonger):
    make_product(cheesemonger, title="=1+1")
    content = desk.client.get(reverse("export_products_workbook", args=[cheesemonger.pk])).content

    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]

    assert not [cell for cell in cells if cell.data_type == "f"]


@given(st.text(alphabet="=+-@';, \"\n\tab1é").map(str.strip))
def test_a_cell_that_was_made_harmless_is_read_as_it_was_typed(text):
    if text[:1] == "'" and text[1:2] in ("\t", "\n"):
        return
    assert as_typed(str(harmless(text))) == text


@given(st.lists(st.sampled_from(["lait", "oeufs", "fruits-a-coque", "gluten", "celeri"]), unique=True).map(sorted))
def test_allergens_written_in_words_are_read_again(codes):
    assert read("allergens", in_words("allergens", codes)) == codes


def test_every_column_is_written_and_read(desk, shop):
    for values in stored(shop).values():
        for name in COLUMNS:
            assert read(name, in_words(name, values[name])) == values[name]


def test_a_stranger_neither_sends_nor_sees(client, baker, bakery, desk, loaf):
    page = desk.plan("Nom;Prix\nSac;9\n")
    client.force_login(baker)

    assert client.post(desk.address, {}).status_code == 404
    assert client.get(desk.shown).status_code == 404
    number = desk.shown.rstrip("/").rpartition("/")[2]
    own = reverse("product_import", args=[bakery.pk, number])
    assert client.post(own, {"appliquer": "", "plan": page.context["fingerprint"]}).status_code == 404
    assert client.get(reverse("export_products", args=[desk.merchant.pk])).status_code == 404


def test_a_file_that_cannot_be_read_is_told_on_the_form(desk):
    response = desk.send("Fiche;Montant\nPain;2\n")

    assert response.status_code == 200
    assert "Aucune colonne ne nomme les articles" in response.content.decode()


def test_five_thousand_rows_are_added_and_then_changed(desk, shop):
    """What it costs is measured elsewhere; here, that nothing waits on a table that PostgreSQL believes to be empty."""
    lines = "".join(f"R{n};Article numéro {n} au lait;{n % 90 + 1},50;{n % 40};oui;oui;lait\n" for n in range(5000))

    for file in (lines, lines.replace(",50;", ",60;")):
        page = desk.plan("Référence;" + FILE + file)
        desk.press("appliquer", plan=page.context["fingerprint"])

    rows = stored(shop)
    assert len(rows) == 5002
    assert sum(str(values["price"]).endswith(".60") for values in rows.values()) == 5000


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("", []),
        ("mardi", ["mardi"]),
        ("Samedi, mardi", ["mardi", "samedi"]),
        ("mardis et samedis", ["mardi", "samedi"]),
        ("le lundi / le dimanche", ["lundi", "dimanche"]),
    ],
)
def test_days_are_read_as_people_write_them(typed, days):
    assert read("only_on", typed) == days


@pytest.mark.parametrize(
    "wrong", [("only_on", "demain"), ("withdrawal_exception", "peut-être"), ("lead_hours", "1000")]
)
def test_a_rule_of_collection_that_is_none_is_told(desk, wrong):
    name, text = wrong
    page = desk.plan(f"Nom;Prix;{COLUMNS[name].label}\nFougasse;3;{text}\n")

    assert [part["key"] for part in page.context["sections"]] == ["faulty"]
    assert COLUMNS[name].label in page.content.decode()


def test_what_is_made_to_order_comes_back_from_its_own_export(desk, shop, picodon, client):
    """Made to order, on market days alone, and what the law lets a merchant not take back."""
    facts = {"lead_hours": 48, "only_on": ["mardi", "samedi"], "withdrawal_exception": "sur-mesure"}
    ProductDetails.objects.filter(product=picodon).update(**facts)
    before = stored(shop)
    for kind in ("export_products", "export_products_workbook"):
        exported = client.get(reverse(kind, args=[desk.merchant.pk])).content
        ProductDetails.objects.update(lead_hours=0, only_on=[], withdrawal_exception="")
        desk.shown = desk.send(exported, f"articles.{'csv' if kind == 'export_products' else 'xlsx'}").url
        desk.press("appliquer", plan=client.get(desk.shown).context["fingerprint"])
        assert stored(shop) == before


def test_a_new_article_of_a_file_has_the_exception_that_its_name_makes_likely(desk):
    desk.apply("Nom;Prix\nFaisselle fraîche;3\nConfiture d’abricots;5\n")

    found = dict(Product.objects.values_list("title", "details__withdrawal_exception"))
    assert (found["Faisselle fraîche"], found["Confiture d’abricots"]) == ("perissable", "")


@pytest.mark.parametrize("licence", ["", "petite"])
@pytest.mark.parametrize("drink", ["Vin rouge de pays", "Bière blonde", "Liqueur de châtaigne", "Cidre fermier"])
def test_a_drink_without_a_licence_is_told_before_the_file_is_taken_over(desk, shop, drink, licence):
    number = {"alcohol_licence_number": "R1", "alcohol_licence_at": timezone.now()} if licence else {}
    Storefront.objects.update(alcohol_licence=licence, **number)
    page = desk.plan(f"Nom;Prix;Allergènes vérifiés\n{drink};9;oui\n").content.decode()

    assert ("déclaré votre licence" in page) == (not licence)


def test_what_the_name_contradicts_is_told_before_the_file_is_taken_over(desk):
    page = desk.plan("Nom;Prix;Allergènes vérifiés;Contient\nTarte aux noix;9;oui;lait\n").content.decode()

    assert "avant que vous ayez répondu" in page
