"""What the columns of a file mean: our own export, a merchant's own table, and what four kinds of shop software export.

Columns and their quirks: the exporters' own code and files, read in November 2026 (WooCommerce 10, PrestaShop 8 and 9,
Shopify's two headers, Open Food Network's product_list_template.csv).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape

from django.utils.html import strip_tags

from portal.slugs import slug_of
from portal.spreadsheets import as_typed
from shop.importing.sheets import Sheet, Unreadable

Cells = dict[str, str]  # by the column's name, folded: "prix_ttc"


@dataclass(frozen=True)
class Row:
    """One article of a file. line: its number. values: texts by name of our column, absent where the file says nothing.

    skipped: why it is no article of its own, "" otherwise. remarks: what was made of it, in French.
    """

    line: int
    values: dict[str, str] = field(default_factory=dict)
    skipped: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Format:
    """label: as people know it. needs: columns that tell it, one of each group. read: makes rows of its lines."""

    label: str
    needs: tuple[tuple[str, ...], ...]
    read: Callable[[list[tuple[int, Cells]]], Iterable[Row]]


def recognised(sheet: Sheet) -> tuple[Format, list[Row]]:
    """Return the format of a sheet and its articles. Raise Unreadable where no column names articles."""
    names = [_folded(name) for name in sheet.header]
    for known in FORMATS:
        if all(any(name in names for name in group) for group in known.needs):
            lines = [
                (number, {name: cell for name, cell in zip(names, cells, strict=False) if name})
                for number, cells in sheet.rows
            ]
            return known, list(known.read(lines))
    raise Unreadable(
        "Aucune colonne ne nomme les articles. La première ligne doit nommer les colonnes, au moins « Nom » et "
        "« Prix ». Le plus simple : exportez vos articles d’ici, et complétez ce fichier."
    )


def _folded(name: str) -> str:
    return slug_of(name.replace("_", " ").replace("*", " ").lstrip("\ufeff")).replace("-", "_")


# --- A table of one's own, and ours ---

OWN = {
    "reference": ("reference", "ref", "code", "code_article", "sku", "ugs", "reference_article"),
    "title": ("nom", "article", "produit", "designation", "libelle", "intitule", "titre", "nom_du_produit",
              "nom_de_l_article", "name", "title"),
    "description": ("description", "descriptif", "detail", "details"),
    "price": ("prix_ttc", "prix", "prix_de_vente", "prix_de_vente_ttc", "pv_ttc", "tarif", "tarif_ttc", "prix_unitaire",
              "prix_unitaire_ttc", "price", "pu_ttc", "prix_ttc_eur"),
    "stock": ("stock", "stock_disponible", "quantite_en_stock", "qte_en_stock", "en_stock", "dispo", "disponible"),
    "is_public": ("en_vente", "actif", "publie", "visible", "en_ligne"),
    "unit": ("vendu_par", "unite", "conditionnement", "unite_de_vente"),
    "measure": ("prix_ramene_a", "unite_de_mesure"),
    "quantity": ("quantite_par_unite", "contenance", "poids_ou_volume"),
    "price_per_kilo": ("au_poids_prix_ttc_du_kilo", "prix_au_kilo", "prix_du_kilo", "prix_kg"),
    "vat_rate": ("tva", "taux_de_tva", "taux_tva", "tva_%"),
    "label": ("label", "labels"),
    "is_food": ("se_mange_ou_se_boit", "alimentaire"),
    "is_alcohol": ("boisson_alcoolisee", "alcool"),
    "allergens_known": ("allergenes_verifies",),
    "allergens": ("contient", "allergenes"),
    "traces": ("traces", "peut_contenir"),
    "lead_hours": ("sur_commande_en_heures", "delai_en_heures"),
    "only_on": ("seulement_le", "jours"),
    "exemption": ("hors_securite_des_produits",),
    "maker_is_seller": ("fabrique_par_nous", "fait_maison"),
    "maker_name": ("fabricant", "fabrique_par", "marque"),
    "maker_address": ("adresse_du_fabricant",),
    "maker_contact": ("contact_du_fabricant", "e_mail_du_fabricant"),
    "maker_is_abroad": ("fabricant_hors_ue",),
    "responsible_name": ("responsable_ue", "importateur"),
    "responsible_address": ("adresse_du_responsable_ue", "adresse_de_l_importateur"),
    "responsible_contact": ("contact_du_responsable_ue", "contact_de_l_importateur"),
    "identifier": ("modele_type_ou_lot", "modele", "lot", "ean", "gtin", "code_barres"),
    "warnings": ("avertissements",),
    "no_warnings": ("aucun_avertissement_exige",),
    "epr_stream": ("filiere_rep",),
    "epr_idu": ("identifiant_unique_rep", "idu"),
    "withdrawal_exception": ("peut_on_le_rendre", "retractation"),
}  # fmt: skip
_OURS = "allergenes_verifies"  # a column that no other program has


def _own(lines: list[tuple[int, Cells]]) -> Iterable[Row]:
    columns: dict[str, str] = {}
    if lines:
        for name, synonyms in OWN.items():
            if found := next((one for one in synonyms if one in lines[0][1]), ""):
                columns[name] = found
        for alone in ("quantite", "qte"):  # a number beside a price, and no other stock: that is the stock
            if "stock" not in columns and alone in lines[0][1]:
                columns["stock"] = alone
    ours = _OURS in (lines[0][1] if lines else {})
    for number, cells in lines:
        values = {name: cells[column] for name, column in columns.items() if column in cells}
        yield Row(number, {name: as_typed(value) for name, value in values.items()} if ours else values)


# --- WooCommerce, in the languages of the shop ---

_WOO = {
    "reference": ("ugs", "sku"), "title": ("nom", "name"), "price": ("tarif_regulier", "regular_price"),
    "sale": ("tarif_promo", "sale_price"), "stock": ("stock",), "in_stock": ("en_stock", "in_stock"),
    "published": ("publie", "published"), "kind": ("type",), "parent": ("parent",), "id": ("id",),
    "description": ("description",), "short": ("description_courte", "short_description"),
}  # fmt: skip
_ATTRIBUTE = re.compile(
    r"(?:attribut_\d+_valeurs?|valeurs?_de_l_attribut_\d+|valeur_s_de_l_attribut_\d+|attribute_\d+_value_s)"
)


def _woocommerce(lines: list[tuple[int, Cells]]) -> Iterable[Row]:
    told = [(number, _named(cells, _WOO), cells) for number, cells in lines]
    parents: dict[str, dict[str, str]] = {}
    for _, woo, _ in told:
        if woo["kind"].split(",")[0].strip() == "variable":
            parents |= {woo["reference"]: woo, f"id:{woo['id']}": woo}
    for number, woo, cells in told:
        kind = woo["kind"].split(",")[0].strip() or "simple"
        if kind == "variable":
            yield Row(number, skipped="article à variantes : chacune de ses variantes devient un article")
            continue
        if kind not in ("simple", "variation"):
            yield Row(number, skipped=f"« {kind} » ne se vend pas ici")
            continue
        remarks = ["Le prix est lu TTC : vérifiez-le."] if woo["price"] else []
        title, description = woo["title"], woo["description"] or woo["short"]
        if kind == "variation":
            above = parents.get(woo["parent"])
            title = title or (above["title"] if above else "")
            description = description or (above["description"] or above["short"] if above else "")
            told_apart = [cell for name, cell in cells.items() if _ATTRIBUTE.fullmatch(name) and cell]
            told_apart = [cell for cell in told_apart if cell.lower() not in title.lower()]
            title = f"{title} – {', '.join(told_apart)}" if told_apart else title
        if woo["sale"]:
            remarks.append("La promotion est laissée de côté : c’est le prix courant qui est repris.")
        values = {
            "reference": _unquoted(woo["reference"]),
            "title": _unquoted(title),
            "description": _plain(_unquoted(description).replace("\\n", "\n")),
            "price": woo["price"],
            "stock": woo["stock"] if woo["stock"] != "parent" else "",
            "is_public": "1" if woo["published"] in ("1", "2", "") else "0",
        }
        if woo["in_stock"] == "0" and not values["stock"]:
            values["stock"] = "0"
        yield _row(number, values, remarks)


def _unquoted(text: str) -> str:
    """Return a text without the apostrophe that WooCommerce writes before = + - and @."""
    return text[1:] if re.match(r"'[=+\-@]", text) else text


# --- PrestaShop, whose list and whose template differ ---

_PRESTA = {
    "reference": ("reference",), "title": ("nom", "name"),
    "price": ("prix_ttc", "price_tax_incl", "prix_taxes_incluses", "price_tax_included", "prix_de_base_ttc"),
    "stock": ("quantite", "quantity"), "is_public": ("etat", "status", "actif_0_1", "active_0_1", "actif"),
    "description": ("description", "resume", "summary"),
    "price_without": ("prix_ht", "price_tax_excl", "price_tax_excluded"),
}  # fmt: skip


def _prestashop(lines: list[tuple[int, Cells]]) -> Iterable[Row]:
    for number, cells in lines:
        presta = _named(cells, _PRESTA)
        without = presta.pop("price_without")
        remarks = []
        if not presta["price"] and without:
            remarks.append("Le fichier n’a que le prix hors taxes : donnez le prix TTC.")
        presta["description"] = _plain(presta["description"])
        yield _row(number, presta, remarks)


# --- Shopify: the former header and the one of 2025 ---

_SHOPIFY = {
    "handle": ("handle", "url_handle"), "title": ("title",), "description": ("body_html", "description"),
    "reference": ("variant_sku", "sku"), "price": ("variant_price", "price"),
    "stock": ("variant_inventory_qty", "inventory_quantity"),
    "tracker": ("variant_inventory_tracker", "inventory_tracker"),
    "published": ("published", "published_on_online_store"), "status": ("status",),
    "option1": ("option1_value",), "option2": ("option2_value",), "option3": ("option3_value",),
}  # fmt: skip


def _shopify(lines: list[tuple[int, Cells]]) -> Iterable[Row]:
    first: dict[str, dict[str, str]] = {}
    for number, cells in lines:
        row = _named(cells, _SHOPIFY)
        above = first.setdefault(row["handle"], row)
        if not row["price"] and not row["reference"] and row is not above:
            continue  # one more picture of the article above
        options = [row[name] for name in ("option1", "option2", "option3") if row[name] not in ("", "Default Title")]
        title = row["title"] or above["title"]
        status = row["status"] or above["status"]
        published = (row["published"] or above["published"]).lower() not in ("false", "0")
        values = {
            "reference": row["reference"].removeprefix("'"),
            "title": f"{title} – {', '.join(options)}" if options else title,
            "description": _plain(row["description"] or above["description"]),
            "price": row["price"],
            "stock": row["stock"] if row["tracker"] else "",
            "is_public": "1" if published and status.lower() in ("", "active") else "0",
        }
        yield _row(number, values, ["Le prix est lu TTC : vérifiez-le."])


# --- Open Food Network ---

_OFN = {
    "reference": ("sku",), "title": ("name",), "display": ("display_name",), "description": ("description",),
    "units": ("units",), "unit_type": ("unit_type",), "unit_name": ("variant_unit_name",), "price": ("price",),
    "stock": ("on_hand",), "on_demand": ("on_demand",),
}  # fmt: skip
_MEASURES = {"mg": ("kg", -6), "g": ("kg", -3), "kg": ("kg", 0), "t": ("kg", 3), "ml": ("l", -3), "cl": ("l", -2),
             "dl": ("l", -1), "l": ("l", 0), "kl": ("l", 3)}  # fmt: skip


def _open_food_network(lines: list[tuple[int, Cells]]) -> Iterable[Row]:
    for number, cells in lines:
        ofn = _named(cells, _OFN)
        title = f"{ofn['title']} – {ofn['display']}" if ofn["display"] not in ("", ofn["title"]) else ofn["title"]
        values = {name: ofn[name] for name in ("reference", "price")} | {
            "title": title,
            "description": _plain(ofn["description"]),
            "stock": "" if ofn["on_demand"] in ("1", "true", "TRUE") else ofn["stock"],
            "is_food": "1",
        }
        measure = _MEASURES.get(ofn["unit_type"].strip().lower())
        if ofn["unit_name"]:
            values["unit"] = f"{ofn['units']} {ofn['unit_name']}".removeprefix("1 ")
        elif measure and re.fullmatch(r"\d+(?:[.,]\d+)?", ofn["units"].strip()):
            name, power = measure
            values |= {
                "unit": f"{ofn['units'].strip().replace('.', ',')} {ofn['unit_type'].strip()}",
                "measure": name,
                "quantity": _scaled(ofn["units"].strip(), power),
            }
        yield _row(number, values, [])


def _scaled(number: str, power: int) -> str:
    return f"{Decimal(number.replace(',', '.')).scaleb(power):f}".replace(".", ",")


# --- What they share ---

FORMATS = (
    Format("WooCommerce", (("ugs", "sku"), ("tarif_regulier", "regular_price")), _woocommerce),
    Format("Shopify", (("handle", "url_handle"), ("variant_price", "price")), _shopify),
    Format("Open Food Network", (("producer",), ("on_hand",), ("price",)), _open_food_network),
    Format("PrestaShop", (_PRESTA["title"], (*_PRESTA["price"], *_PRESTA["price_without"]),
                          ("prix_ht", "price_tax_excl", "price_tax_excluded", "active_0_1", "actif_0_1")), _prestashop),
    Format("tableau", (OWN["title"],), _own),
    Format("tableau", (OWN["reference"],), _own),
)  # fmt: skip


def _named(cells: Cells, columns: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {name: next((cells[one].strip() for one in known if one in cells), "") for name, known in columns.items()}


def _row(number: int, values: dict[str, str], remarks: Iterable[str]) -> Row:
    """Return a row of what the file tells: of an empty cell of other software, nothing is known."""
    return Row(number, {name: value for name, value in values.items() if value}, remarks=tuple(remarks))


def _plain(text: str) -> str:
    """Return the words of a description in HTML, its paragraphs and lines apart."""
    if "<" not in text:
        return text.strip()
    text = re.sub(r"(?i)<br\s*/?>|</li>", "\n", text)
    text = re.sub(r"(?i)</(p|div|h\d|ul|ol)>", "\n\n", text)
    text = unescape(strip_tags(text))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in text.splitlines())).strip()
