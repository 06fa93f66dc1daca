"""Files of merchants as spreadsheets write them: mended where the meaning is sure, else refused in words."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from stdnum import luhn

from directory.models import MerchantPage
from tests.tables import rows

pytestmark = pytest.mark.django_db

FILES = Path(__file__).parent / "data/csv"
HEADER = "siret;name;category;address;postal_code;insee;latitude;longitude;phone;website;opening_hours"
ROW = {
    "siret": "73282932000074", "name": "LE FOURNIL", "category": "boulangerie-patisserie",
    "address": "12 cours du Palais", "postal_code": "07000", "insee": "07186", "latitude": "44.7354",
    "longitude": "4.5990", "phone": "04 75 64 01 01", "website": "", "opening_hours": "",
}  # fmt: skip


@pytest.fixture
def imported(tmp_path, places):
    """Import a file and return (outcome, remarks) of each row of the report."""

    def imported(file):
        report = tmp_path / "rapport.csv"
        call_command("import_merchants", file, "--write", "--report", report, verbosity=0)
        text = report.read_text(encoding="utf-8-sig")
        return [(row["résultat"], row["remarques"]) for row in csv.DictReader(io.StringIO(text), delimiter=";")]

    return imported


@pytest.fixture
def load(tmp_path, imported):
    """Import one row with these changes."""

    def load(before="", header=HEADER, after="", encoding="utf-8", **changes):
        file = tmp_path / "commerces.csv"
        file.write_bytes(f"{before}{header}\r\n{';'.join((ROW | changes).values())}{after}\r\n".encode(encoding))
        return imported(file)[0]

    return load


@pytest.mark.parametrize(("name", "outcome", "remark"), rows(FILES / "attendu.tsv"))
def test_each_file_has_its_right_outcome(imported, name, outcome, remark):
    ((found, remarks),) = imported(FILES / name)

    assert found == outcome, remarks
    assert remark in remarks
    if outcome == "créé":
        page = MerchantPage.objects.get()
        assert page.siret == ("01234567400019" if "zero-" in name and "point" not in name else "73282932000074")
        assert (page.postal_code, page.town.insee_code) == ("07000", "07186")
        assert page.phone == ("" if "omises" in name else "04 75 64 01 01")


def test_no_file_is_left_untried():
    assert {file.name for file in FILES.glob("*.csv")} == {name for name, *_ in rows(FILES / "attendu.tsv")}


@pytest.mark.parametrize(
    "typed",
    [
        "475640101",
        "475640101.0",
        "33475640101",
        "33475640101,0",
        '"=""0475640101"""',
        "'0475640101",
        "\u202d0475640101\u202c",
    ],
)
def test_a_telephone_number_is_what_it_was_before_the_spreadsheet(load, typed):
    assert load(phone=typed)[0] == "créé"
    assert MerchantPage.objects.get().phone == "04 75 64 01 01"


@pytest.mark.parametrize(
    "typed",
    [
        "732 829 320 00074",
        "732\u202f829\u202f320\u202f00074",
        "\u200b73282932000074",
        '"=""73282932000074"""',
        "'73282932000074",
        "73282932000074,0",
        "\uff17\uff13\uff12\uff18\uff12\uff19\uff13\uff12\uff10\uff10\uff10\uff10\uff17\uff14",
    ],
)
def test_a_siret_is_what_it_was_before_the_spreadsheet(load, typed):
    assert load(siret=typed)[0] == "créé"
    assert MerchantPage.objects.get().siret == "73282932000074"


@pytest.mark.parametrize("typed", ["7,32829E+13", "7.32829320001E+13", "7E13"])
def test_a_rounded_siret_says_how_to_export_it(load, typed):
    outcome, remarks = load(siret=typed)

    assert outcome == "refusé"
    assert "Le tableur a arrondi ce SIRET" in remarks
    assert "au format «\u00a0Texte\u00a0»" in remarks


def test_two_writings_of_one_establishment_are_one(imported, tmp_path):
    file = tmp_path / "commerces.csv"
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in ROW["siret"])
    lines = [";".join((ROW | {"siret": siret}).values()) for siret in (ROW["siret"], wide, "732 829 320 00074")]
    file.write_text("\n".join([HEADER, *lines]))

    assert [outcome for outcome, _ in imported(file)] == ["créé", "refusé", "refusé"]


def test_a_siret_that_only_looks_short_of_a_zero_is_refused(load):
    base = "123456780001"
    wrong = next(base + str(digit) for digit in range(10) if not luhn.is_valid(f"0{base}{digit}"))

    assert load(siret=wrong) == ("refusé", "Un SIRET compte 14 chiffres : nous en comptons 13.")


@pytest.mark.parametrize(
    ("postal_code", "insee"),
    [
        ("7000", "7186"),
        ("7000.0", "7186,0"),
        ("'07000", "'07186"),
        ('"=""07000"""', '"=""07186"""'),
        ("07 000", "07186"),
    ],
)
def test_codes_are_what_they_were_before_the_spreadsheet(load, postal_code, insee):
    outcome, remarks = load(postal_code=postal_code, insee=insee)

    assert outcome == "créé", remarks
    assert MerchantPage.objects.get().postal_code == "07000"


@pytest.mark.parametrize("before", ["sep=;\r\n", "SEP=;\n", '"sep=;"\r\n', "\ufeffsep=;\r\n"])
def test_the_line_that_names_the_separator_is_no_header(load, before):
    assert load(before=before) == ("créé", "")


def test_the_line_that_names_the_separator_is_counted(imported, tmp_path):
    file = tmp_path / "commerces.csv"
    file.write_text(f"sep=;\n{HEADER}\n{';'.join(ROW.values())}\n{';'.join((ROW | {'name': ''}).values())}\n")
    report = tmp_path / "rapport.csv"

    imported(file)

    assert [line.split(";")[0] for line in report.read_text(encoding="utf-8-sig").splitlines()[1:]] == ["3", "4"]


def test_empty_cells_at_the_end_may_be_too_many(load):
    assert load(after=";;;") == ("créé", "")
    assert load(after=";x")[1] == "12 cellules au lieu de 11"


def test_a_file_of_excel_s_unicode_text_is_read(load):
    header = HEADER.replace(";", "\t")

    assert load(encoding="utf-16", name="Épicerie du Mézenc")[0] == "créé"
    assert MerchantPage.objects.get().title == "Épicerie du Mézenc"
    assert header.count("\t") == 10


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac_roman", "cp850"])
@pytest.mark.parametrize("name", ["Épicerie du Mézenc", "Chez Zoé", "L’Été", "Le Bœuf"])
def test_a_file_that_was_misread_is_refused_with_what_was_meant(load, encoding, name):
    outcome, remarks = load(name=name.encode().decode(encoding))

    assert outcome == "refusé"
    assert "codage" in remarks
    assert "CSV UTF-8" in remarks


@pytest.mark.parametrize(
    "name", ["Épicerie du Mézenc", "« L’Été » – N° 1", "Ça va !", "Señor Müller", "Crème & Œufs", "Â"]
)
def test_french_is_not_taken_for_misread_text(load, name):
    assert load(name=name) == ("créé", "")


def test_unseen_characters_go_and_it_is_told(load):
    assert load(name="LE\u200b FOUR\u00adNIL\v") == ("créé", "caractères invisibles ôtés")
    assert MerchantPage.objects.get().title == "LE FOURNIL"


@pytest.mark.parametrize(
    "typed", ["contact@fournil.example", "mailto:contact@fournil.example", "https://contact@fournil.example"]
)
def test_an_email_address_is_no_website(load, typed):
    outcome, remarks = load(website=typed)

    assert outcome == "refusé"
    assert "C’est une adresse électronique" in remarks


@pytest.mark.parametrize(
    "header",
    [
        HEADER.upper(),
        HEADER.replace("_", " ").title(),
        HEADER.replace("_", "-").replace(";", " ; "),
        "SIRET;Nom;Catégorie;Adresse;Code postal;Code INSEE;Latitude;Longitude;Téléphone;Site internet;Horaires",
        "N° SIRET;ENSEIGNE;categorie;adresse;code_postal;insee;lat;lon;Tél.;site web;horaires",
    ],
)
def test_columns_are_known_by_the_names_that_people_give_them(load, header):
    assert load(header=header, opening_hours="Mo-Fr 09:00-12:00") == ("créé", "")

    page = MerchantPage.objects.get()
    assert (page.postal_code, page.phone, page.latitude) == ("07000", "04 75 64 01 01", 44.7354)
    assert page.opening_hours == "Mo-Fr 09:00-12:00"


@pytest.mark.parametrize("before", ["\r\n", ";;;;;;;;;;\r\n", "\ufeff\n\n", "sep=;\r\n;;\r\n"])
def test_blank_rows_may_stand_before_the_names_of_the_columns(load, before):
    assert load(before=before) == ("créé", "")


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (HEADER.replace("website", "phone"), "La colonne phone est là deux fois"),
        (HEADER.replace("website", "Téléphone"), "La colonne phone est là deux fois"),
        (f'"{HEADER}', "vérifiez ses guillemets"),
    ],
)
def test_a_header_that_cannot_be_read_says_how_to_mend_it(load, header, reason):
    with pytest.raises(CommandError, match=reason):
        load(header=header)


def test_a_column_that_nothing_reads_is_told(load, capsys):
    assert load(header=HEADER.replace("website", "Site vitrine"))[0] == "créé"

    assert "Colonnes que l’import ne lit pas : Site vitrine." in capsys.readouterr().out


@pytest.mark.parametrize(
    "typed", ["Boulangerie-Patisserie", "BOULANGERIE-PATISSERIE", "Boulangerie-pâtisserie", "boulangerie patisserie"]
)
def test_a_category_may_be_named_as_people_read_it(load, places, typed):
    assert load(category=typed) == ("créé", "")
    assert MerchantPage.objects.get().category.slug == "boulangerie-patisserie"


def test_texts_are_what_they_were_before_the_spreadsheet(load):
    hours = '"Mo-Fr 09:00-12:00;\r\n Sa 09:00-12:00"'

    assert load(name='"=""LE  FOURNIL"""', address='"12 cours\ndu Palais"', opening_hours=hours) == ("créé", "")

    page = MerchantPage.objects.get()
    assert (page.title, page.street) == ("LE FOURNIL", "12 cours du Palais")
    assert page.opening_hours == "Mo-Fr 09:00-12:00; Sa 09:00-12:00"


@pytest.mark.parametrize("code", ["7,186E+03", "7.186E3", "7186.00"])
def test_a_code_that_was_counted_is_written_out(load, code):
    assert load(insee=code, siret="7,3282932000074E+13")[0] == "créé"
    assert MerchantPage.objects.get().town.insee_code == "07186"
