"""The files that merchants have, as their programs write them; each is read into our columns."""

import codecs
import io

import openpyxl
import pytest

from shop.importing import formats, sheets
from shop.importing.sheets import FORMULA_WITHOUT_VALUE, Unreadable

EXCEL = "Nom;Prix;Stock;Vendu par\r\nPâté de campagne;4,50;12;le bocal\r\n« Œuf » mollet;1 250,00 €;3;la boîte de 6\r\n"
WOO = (
    "\ufeffID,Type,UGS,Nom,Publié,Description courte,Description,En stock ?,Stock,Tarif promo,Tarif régulier,"
    "Catégories,Parent,Nom de l’attribut 1,Valeur(s) de l’attribut 1\r\n"
    '7,simple,\'-SAV1,"Savon, lavande",1,,"<p>Doux.</p>\\n<p>À l’huile.</p>",1,8,"2,9","3,5",Savons,,,\r\n'
    '8,variable,TS,Tisane,1,,Du jardin.,1,,,,Tisanes,,Poids,"50 g, 100 g"\r\n'
    "9,variation,TS-50,Tisane,1,,,1,parent,,4,,TS,Poids,50 g\r\n"
    '10,variation,TS-100,,-1,,,0,,,"7,20",,id:8,Poids,100 g\r\n'
    "11,grouped,COF,Coffret,1,,,1,,,,,,,\r\n"
)
WOO_ENGLISH = (
    "ID,Type,SKU,Name,Published,Short description,Description,In stock?,Stock,Sale price,Regular price,Categories\n"
    '3,"simple, virtual",,Bon cadeau,1,Un mot.,,backorder,,,25,\n'
)
PRESTA = (
    '"ID";"Image";"Nom";"Référence";"Catégorie";"Prix (HT)";"Prix (TTC)";"Quantité";"État";"Position"\n'
    '"4";"";"Mug l’ours";"demo_13";"Accueil";"11,90 €";"14,28 €";"300";"1";"2"\n'
    '"5";"";"Affiche";"";"Accueil";"9.000000";"";"0";"0";"3"\n'
)
SHOPIFY = (
    "Handle,Title,Body (HTML),Vendor,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,"
    "Variant Inventory Qty,Variant Price,Image Src,Status\n"
    "miel,Miel de sapin,<p>Du Pilat.</p><p>Foncé.</p>,Rucher,,true,Poids,250 g,M250,shopify,4,6.50,https://x/1.jpg,active\n"
    "miel,,,,,,,500 g,M500,shopify,0,11.00,,\n"
    "miel,,,,,,,,,,,,https://x/2.jpg,\n"
    "bougie,Bougie,,Rucher,,true,Title,Default Title,,,0,9.00,,draft\n"
)
SHOPIFY_2025 = (
    "Title,URL handle,Description,Vendor,Published on online store,Status,SKU,Option1 name,Option1 value,Price,"
    "Inventory tracker,Inventory quantity,Product image URL\n"
    "Pollen,pollen,Frais.,Rucher,TRUE,Active,P1,Title,Default Title,12.90,shopify,7,https://x/3.jpg\n"
)
OFN = (
    "producer,sku,name,display_name,category,description,units,unit_type,variant_unit_name,price,on_hand,available_on,"
    "on_demand,shipping_category,tax_category\n"
    "La Ferme,C1,Carottes,,Légumes,Des sables.,500,g,,1.80,40,,0,Default,\n"
    "La Ferme,O1,Œufs,Boîte de 6,Œufs,,6,,œufs,2.40,,,1,Default,\n"
    "La Ferme,J1,Jus de pomme,,Boissons,,1,L,,3.10,12,,,Default,\n"
)


def read(text, encoding="utf-8"):
    known, rows = formats.recognised(sheets.read(text.encode(encoding) if isinstance(text, str) else text))
    return known.label, rows


def values(text, encoding="utf-8"):
    return [row.values for row in read(text, encoding)[1] if not row.skipped]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_table_of_excel_in_french_is_read_whatever_its_encoding_and_separator(encoding, separator):
    text = (
        EXCEL
        if separator == ";"
        else EXCEL.replace("4,50", '"4,50"').replace("250,00 €", "250.00 €").replace(";", separator)
    )

    found = values(text, encoding)

    assert [row["title"] for row in found] == ["Pâté de campagne", "« Œuf » mollet"]
    assert found[0] == {"title": "Pâté de campagne", "price": "4,50", "stock": "12", "unit": "le bocal"}


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("Désignation;PV TTC;Qté", {"title", "price", "stock"}),
        ("Produit;Prix de vente;Quantité;TVA", {"title", "price", "stock", "vat_rate"}),
        ("LIBELLÉ;Tarif TTC;Stock disponible;Code article", {"title", "price", "stock", "reference"}),
        ("Nom du produit;Prix unitaire;Allergènes;Conditionnement", {"title", "price", "allergens", "unit"}),
        ("Réf.;Prix", {"reference", "price"}),
        ("name,price,stock,description", {"title", "price", "stock", "description"}),
    ],
)  # fmt: skip
def test_columns_are_known_by_the_names_that_people_give_them(header, columns):
    separator = ";" if ";" in header else ","
    assert read(f"{header}\n{separator.join('1' for _ in header.split(separator))}")[1][0].values.keys() == columns


def test_a_line_that_tells_excel_its_separator_is_no_header():
    label, rows = read("sep=;\r\nNom;Prix\r\nPain;2,40\r\n")

    assert (label, rows[0].line, rows[0].values) == ("tableau", 3, {"title": "Pain", "price": "2,40"})


def test_woocommerce_in_french_variations_and_quirks():
    label, rows = read(WOO)

    assert label == "WooCommerce"
    soap, variable, small, large, grouped = rows
    assert soap.values == {
        "reference": "-SAV1", "title": "Savon, lavande", "description": "Doux.\n\nÀ l’huile.", "price": "3,5",
        "stock": "8", "is_public": "1",
    }  # fmt: skip
    assert any("promotion" in remark for remark in soap.remarks)
    assert "variantes" in variable.skipped
    assert small.values == {
        "reference": "TS-50", "title": "Tisane – 50 g", "description": "Du jardin.", "price": "4", "is_public": "1"
    }  # fmt: skip
    assert (large.values["title"], large.values["stock"], large.values["is_public"]) == ("Tisane – 100 g", "0", "0")
    assert "grouped" in grouped.skipped


def test_woocommerce_in_english():
    label, (row,) = read(WOO_ENGLISH)

    assert label == "WooCommerce"
    assert row.values == {"title": "Bon cadeau", "description": "Un mot.", "price": "25", "is_public": "1"}


def test_prestashop():
    label, (mug, poster) = read(PRESTA)

    assert label == "PrestaShop"
    assert mug.values == {
        "reference": "demo_13", "title": "Mug l’ours", "price": "14,28 €", "stock": "300", "is_public": "1"
    }  # fmt: skip
    assert "price" not in poster.values
    assert "hors taxes" in poster.remarks[0]


def test_both_headers_of_shopify():
    label, rows = read(SHOPIFY)

    assert label == "Shopify"
    assert [(row.values["title"], row.values["price"]) for row in rows] == [
        ("Miel de sapin – 250 g", "6.50"), ("Miel de sapin – 500 g", "11.00"), ("Bougie", "9.00"),
    ]  # fmt: skip
    assert rows[1].values["description"] == "Du Pilat.\n\nFoncé."
    assert "stock" not in rows[2].values  # nobody counts them
    assert [row.values["is_public"] for row in rows] == ["1", "1", "0"]
    assert values(SHOPIFY_2025) == [
        {
            "reference": "P1",
            "title": "Pollen",
            "description": "Frais.",
            "price": "12.90",
            "stock": "7",
            "is_public": "1",
        }
    ]


def test_open_food_network():
    label, (carrots, eggs, juice) = read(OFN)

    assert label == "Open Food Network"
    assert carrots.values == {
        "reference": "C1", "title": "Carottes", "description": "Des sables.", "price": "1.80", "stock": "40",
        "unit": "500 g", "measure": "kg", "quantity": "0,500", "is_food": "1",
    }  # fmt: skip
    assert (eggs.values["title"], eggs.values["unit"]) == ("Œufs – Boîte de 6", "6 œufs")
    assert "stock" not in eggs.values  # made on demand
    assert (juice.values["measure"], juice.values["quantity"]) == ("l", "1")


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_is_read_and_a_formula_without_value_is_no_price():
    found = values(workbook(["Nom", "Prix", "Stock", None], ["Pain", 2.4, 12, None], ["Brioche", "=1+1", 3, None]))

    assert found[0] == {"title": "Pain", "price": "2.4", "stock": "12"}
    assert found[1]["price"] == FORMULA_WITHOUT_VALUE


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "vide"),
        (b"\n\n;;\n", "vide"),
        (b"Nom;Prix\n", "il manque les articles"),
        (b"Fiche;Montant\nPain;2\n", "Aucune colonne ne nomme les articles"),
        (b"\xd0\xcf\x11\xe0" + bytes(50), "ancien Excel"),
        (b"PK\x03\x04" + bytes(50), "ne s’ouvre pas"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "ni un CSV ni un classeur"),
        (b"Nom\n" + b"Pain\n" * 10_001, "plus de 10000 lignes"),
        (b"Nom\n" + b"x" * 5_000_001, "pèse plus de 5"),
        (codecs.BOM_UTF8, "vide"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, advice):
    with pytest.raises(Unreadable, match=advice):
        read(content)
