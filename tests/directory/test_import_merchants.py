import csv
import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from stdnum import luhn
from wagtail.models import Page, PageLogEntry

from directory.importing.checks import Checker
from directory.importing.merging import carry_out, plan
from directory.importing.reading import read
from directory.models import MerchantPage, Vetting

pytestmark = pytest.mark.django_db

# Establishments of one company: the last digit makes Luhn's sum a multiple of ten.
SIRETS = [base + luhn.calc_check_digit(base) for base in (f"732829320{number:04}" for number in range(100))]
HEADER = "siret,name,category,address,postal_code,insee,latitude,longitude,phone,website,opening_hours"
BAKER = (
    "73282932000074,LE FOURNIL,boulangerie-patisserie,12 cours du Palais,07000,07186,44.7354,4.5990,0475640101,"
    'www.fournil.example,"Tu-Sa 07:00-12:30,15:00-19:00; PH off"'
)
CAVE = "54210765113030,Cave du Glandasse,caviste,,26150,26113,,,,,"


@pytest.fixture
def load(tmp_path, capsys, places):
    """Import a file made of these lines, and return the command's last line."""

    def load(*lines, options=("--write",), header=HEADER, encoding="utf-8"):
        file = tmp_path / "commerces.csv"
        file.write_bytes("\n".join([header, *lines, ""]).encode(encoding))
        call_command("import_merchants", file, *options)
        return capsys.readouterr().out.strip().splitlines()[-1]

    return load


@pytest.fixture
def report(tmp_path):
    """Return the rows of the report as (line, outcome, remarks)."""

    def report():
        text = (tmp_path / "commerces.rapport.csv").read_text(encoding="utf-8-sig")
        return [
            (int(row["ligne"]), row["résultat"], row["remarques"])
            for row in csv.DictReader(io.StringIO(text), delimiter=";")
        ]

    return report


def merchant():
    return MerchantPage.objects.get(siret="73282932000074")


def draft():
    return merchant().get_latest_revision_as_object()


def test_nothing_is_stored_without_write(load, report, tmp_path):
    named = ("--report", str(tmp_path / "commerces.rapport.csv"))
    assert load(BAKER, options=named) == "créés 1, mis à jour 0, inchangés 0, refusés 0"

    assert not MerchantPage.objects.exists()
    assert report() == [(2, "créé", "")]


def test_a_row_becomes_a_draft_that_says_where_it_came_from(load, places):
    assert load(BAKER) == "créés 1, mis à jour 0, inchangés 0, refusés 0"

    page = merchant()
    assert (page.live, page.title, page.slug) == (False, "LE FOURNIL", "le-fournil-privas")
    assert (page.town, page.category.slug, page.postal_code) == (places.privas, "boulangerie-patisserie", "07000")
    assert (page.latitude, page.longitude) == (44.7354, 4.599)
    assert (page.phone, page.website) == ("04 75 64 01 01", "https://www.fournil.example")
    assert page.source == MerchantPage.Source.IMPORT
    entry = PageLogEntry.objects.for_instance(page).get()
    assert (entry.message, entry.data["file"], entry.data["line"]) == ("Importé d’un fichier", "commerces.csv", 2)
    assert Page.find_problems() == ([], [], [], [], [])


def vet():
    """Let the merchants that were imported be online."""
    last = timezone.localdate() + timedelta(days=60)
    Vetting.objects.update(visible_until=last)


@pytest.fixture
def publish(load):
    """Import these lines, have the merchants vetted, and publish them."""

    def publish(*lines):
        load(*lines)
        vet()
        return load(*lines, options=["--write", "--publish"])

    return publish


def test_a_second_run_changes_nothing(load, report):
    load(BAKER, CAVE)
    vet()
    revision = merchant().latest_revision_id

    assert load(BAKER, CAVE) == "créés 0, mis à jour 0, inchangés 2, refusés 0"
    assert merchant().latest_revision_id == revision
    assert load(BAKER, CAVE, options=["--write", "--publish"]) == "créés 0, mis à jour 2, inchangés 0, refusés 0"
    assert load(BAKER, CAVE, options=["--write", "--publish"]) == "créés 0, mis à jour 0, inchangés 2, refusés 0"
    assert [kind for _, kind, _ in report()] == ["inchangé", "inchangé"]


def test_nobody_goes_online_who_was_not_vetted(load, report, client):
    stays = "reste hors ligne : ce commerce n’est pas encore vérifié"
    assert load(BAKER, options=["--write", "--publish"]) == "créés 1, mis à jour 0, inchangés 0, refusés 0"
    assert report() == [(2, "créé", stays)]

    load(BAKER.replace("12 cours", "14 cours"), options=["--write", "--publish"])
    assert report() == [(2, "mis à jour", stays)]
    assert (merchant().live, draft().street) == (False, "14 cours du Palais")


def test_publish_puts_vetted_merchants_online_at_once(publish, client):
    publish(BAKER)

    assert client.get("/commercants/le-fournil-privas/").status_code == 200


def test_a_change_in_the_file_waits_as_a_draft_then_goes_live(load, publish):
    publish(BAKER)
    moved = BAKER.replace("12 cours du Palais", "3 rue Neuve")

    assert load(moved) == "créés 0, mis à jour 1, inchangés 0, refusés 0"
    assert (merchant().street, draft().street) == ("12 cours du Palais", "3 rue Neuve")
    assert merchant().has_unpublished_changes

    assert load(moved, options=["--write", "--publish"]) == "créés 0, mis à jour 1, inchangés 0, refusés 0"
    assert merchant().street == "3 rue Neuve"


def test_what_a_person_changed_is_kept_and_the_rest_is_updated(load, publish, report, baker):
    publish(BAKER)
    page = draft()
    page.phone = "04 75 64 99 99"
    page.save_revision(user=baker).publish()

    load(BAKER.replace("0475640101", "0475640102").replace("12 cours", "14 cours"), options=["--write", "--publish"])

    assert (merchant().phone, merchant().street) == ("04 75 64 99 99", "14 cours du Palais")
    assert report() == [(2, "mis à jour", "gardé, car changé depuis par quelqu’un : téléphone")]


def test_a_change_under_review_is_not_published_by_an_import(load, publish, report, baker):
    publish(BAKER)
    page = draft()
    page.story = "<p>Non relu.</p>"
    page.save_revision(user=baker)

    load(BAKER.replace("12 cours", "14 cours"), options=["--write", "--publish"])

    assert (merchant().story, merchant().street) == ("", "12 cours du Palais")
    assert (draft().story, draft().street) == ("<p>Non relu.</p>", "14 cours du Palais")
    assert report() == [(2, "mis à jour", "reste à relire : quelqu’un a modifié cette fiche")]


def test_a_page_taken_offline_stays_offline(load, publish, report):
    publish(BAKER)
    merchant().unpublish()

    assert load(BAKER, options=["--write", "--publish"]) == "créés 0, mis à jour 0, inchangés 1, refusés 0"
    assert not merchant().live
    assert report() == [(2, "inchangé", "reste hors ligne : cette fiche a été retirée")]


def test_a_page_made_by_hand_is_only_completed(load, bakery, report):
    assert bakery.siret == "73282932000074"

    load(BAKER, options=["--write", "--publish"])

    bakery.refresh_from_db()
    assert bakery.title == "Le Fournil des Mines"
    assert bakery.phone == "04 75 64 01 01"
    assert report()[0][2] == "gardé, car changé depuis par quelqu’un : titre, horaires"


def test_an_empty_cell_erases_nothing(load):
    load(BAKER)

    outcome = load(
        "73282932000074,LE FOURNIL,boulangerie-patisserie,,07000,07186",
        header="siret,name,category,address,postal_code,insee",
    )

    assert outcome == "créés 0, mis à jour 0, inchangés 1, refusés 0"
    assert draft().phone == "04 75 64 01 01"


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("73282932000074", "73282932000075", "Ce numéro n’existe pas"),
        ("73282932000074", "7328293200007", "Un SIRET compte 14 chiffres : nous en comptons 13."),
        ("73282932000074", "", "SIRET manquant"),
        ("LE FOURNIL", " ", "nom manquant"),
        ("LE FOURNIL", "L" * 256, "nom : plus de 255 caractères"),
        ("boulangerie-patisserie", "licornes", "catégorie inconnue : licornes"),
        ("boulangerie-patisserie", "", "catégorie manquante"),
        ("07186", "07999", "commune inconnue : 07999"),
        ("07186", "75056", "commune hors de la région : 75056"),
        ("07000,", "75011,", "le code postal 75011 n’est pas celui de Privas (07000)"),
        ("07000,", "7OOO,", "code postal : « 7OOO » ne compte pas cinq chiffres"),
        ("44.7354,4.5990", "48.8566,2.3522", "position : à 489 km de Privas"),
        ("44.7354,4.5990", "nan,4.5990", "position : une latitude va de -90 à 90 degrés"),
        ("44.7354,4.5990", "44.7354,", "position : il manque la longitude"),
        ("0475640101", "04756401", "téléphone : Un numéro français compte dix chiffres"),
        ("www.fournil.example", "au fournil", "site internet : « au fournil » n’est pas une adresse"),
        ("www.fournil.example", "javascript://alert(1)", "site internet"),
        ("LE FOURNIL", "LE\x00FOURNIL", "la ligne contient un caractère illisible"),
        (",07186", "", "10 cellules au lieu de 11"),
        ("LE FOURNIL", '"LE" FOURNIL"', "la ligne ne se lit pas"),
    ],
)
def test_a_faulty_row_is_refused_with_its_line_and_reason(load, report, before, after, reason):
    assert before in BAKER

    assert load(CAVE, BAKER.replace(before, after, 1)) == "créés 1, mis à jour 0, inchangés 0, refusés 1"

    assert report()[0] == (2, "créé", "")
    line, kind, remarks = report()[1]
    assert (line, kind) == (3, "refusé")
    assert reason in remarks


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("bientôt", "Le mot « bientôt » ne se lit pas dans des horaires."),
        ("du mardi au samedi ; di 8h-12h", "Il manque les heures de certains jours."),
        ("Tu-Sa 07:00-", "Il manque une heure de fermeture."),
        ("Tu-Sa 07:00-12:30; " * 30, "texte trop long"),
    ],
)
def test_hours_that_cannot_be_kept_cost_only_the_hours(load, report, written, reason):
    assert load(BAKER.replace("Tu-Sa 07:00-12:30", written)) == "créés 1, mis à jour 0, inchangés 0, refusés 0"

    [(_, kind, remarks)] = report()
    assert kind == "créé"
    assert "horaires laissés vides : " in remarks
    assert reason in remarks.replace("\u00a0", " ")


def test_all_faults_of_a_row_are_told_at_once(load, report):
    load(BAKER.replace("LE FOURNIL", "").replace("07186", "75056"))

    assert report() == [(2, "refusé", "nom manquant ; commune hors de la région : 75056")]


def test_the_same_siret_twice_is_refused_the_second_time(load, report):
    assert load(BAKER, BAKER) == "créés 1, mis à jour 0, inchangés 0, refusés 1"
    assert report()[1] == (3, "refusé", "ce SIRET est déjà à la ligne 2")


def test_a_cedex_is_accepted_with_a_remark(load, report):
    load(BAKER.replace("07000", "07009"))

    assert merchant().postal_code == "07009"
    assert report() == [(2, "créé", "le code postal 07009 n’est pas celui de Privas (CEDEX ?)")]


def test_a_spreadsheet_may_drop_zeros_add_a_mark_and_use_semicolons(load, places):
    header = HEADER.replace(",", ";").upper() + ";colonne en plus"
    row = '73282932000074;"Le Fournil; suite";boulangerie-patisserie;12 cours;7000;7186;"44,7354";"4,599";;;;x'

    assert load(row, "", ";;;;;;;;;;;", header=header, encoding="utf-8-sig") == (
        "créés 1, mis à jour 0, inchangés 0, refusés 0"
    )
    assert (merchant().town, merchant().latitude, merchant().title) == (places.privas, 44.7354, "Le Fournil; suite")


def test_lines_are_counted_as_an_editor_counts_them(load, report):
    load(BAKER.replace("LE FOURNIL", '"LE\nFOURNIL"'), CAVE.replace("26113", "00000"))

    assert merchant().title == "LE FOURNIL"
    assert [line for line, _, _ in report()] == [2, 4]


def test_two_shops_of_one_name_in_one_town_have_two_addresses(load, places):
    load(BAKER, "54210765113030,LE FOURNIL,boulangerie-patisserie,,07000,07186,,,,,")

    assert {page.slug for page in MerchantPage.objects.all()} == {"le-fournil-privas", "le-fournil-privas-2"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"siret;name\n", "Il manque les colonnes category, address, postal_code, insee"),
        (f"{HEADER}\n73282932000074,Pâtisserie".encode("cp1252"), "pas en UTF-8 \\(ligne 2\\)"),
        (b"", "Il manque les colonnes siret"),
    ],
)
def test_a_file_that_cannot_be_read_says_how_to_mend_it(tmp_path, places, content, message):
    file = tmp_path / "commerces.csv"
    file.write_bytes(content)

    with pytest.raises(CommandError, match=message):
        call_command("import_merchants", file)


def test_a_missing_file_is_one_clear_sentence(tmp_path):
    with pytest.raises(CommandError, match="ne s’ouvre pas"):
        call_command("import_merchants", tmp_path / "rien.csv")


def test_a_report_that_cannot_be_written_stops_the_import_before_it_starts(tmp_path, places, load):
    with pytest.raises(CommandError, match="--report"):
        load(BAKER, options=["--write", "--report", tmp_path / "absent" / "rapport.csv"])

    assert not MerchantPage.objects.exists()


def test_the_report_replaces_the_last_one_whole(load, tmp_path):
    load(BAKER, CAVE)
    load(CAVE)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["commerces.csv", "commerces.rapport.csv"]
    assert len((tmp_path / "commerces.rapport.csv").read_text().splitlines()) == 2


def test_the_report_holds_no_formula(load, tmp_path):
    load(BAKER.replace("LE FOURNIL", '"=HYPERLINK(""x"")"'))

    assert "'=HYPERLINK" in (tmp_path / "commerces.rapport.csv").read_text()


def test_a_page_revised_since_the_plan_is_left_to_the_next_run(load, baker, tmp_path):
    load(BAKER, CAVE)
    vet()
    file = tmp_path / "commerces.csv"
    file.write_text(file.read_text().replace("12 cours", "14 cours").replace(",,26150", ",2 rue,26150"))
    outcomes = plan(list(Checker().check(read(file))), publish=True)
    page = draft()
    page.phone = "04 75 64 99 99"
    page.save_revision(user=baker)

    carry_out(outcomes, "commerces.csv", lambda count: None)

    assert [outcome.kind for outcome in outcomes] == ["inchangé", "mis à jour"]
    assert "relancez-le" in outcomes[0].remarks[0]
    assert (draft().phone, draft().street) == ("04 75 64 99 99", "12 cours du Palais")


def test_the_number_of_statements_does_not_grow_with_the_rows(load, places, django_assert_max_num_queries):
    rows = [f"{siret},Cave,caviste,,26150,26113,,,,," for siret in SIRETS]
    load(*rows)
    vet()

    with django_assert_max_num_queries(45):
        assert load(*rows, options=["--write", "--publish"]).startswith("créés 0, mis à jour 100")


def test_a_page_updated_in_bulk_equals_one_published_by_hand(load, publish, client):
    publish(BAKER)
    load(BAKER.replace("12 cours", "14 cours"), options=["--write", "--publish"])

    page = merchant()
    assert (page.street, page.live, page.has_unpublished_changes) == ("14 cours du Palais", True, False)
    assert page.live_revision_id == page.latest_revision_id
    assert page.get_latest_revision_as_object() == page
    assert page.revisions.count() == PageLogEntry.objects.for_instance(page).count() == 3
    assert "14 cours du Palais" in client.get(page.public_path).content.decode()
    assert Page.find_problems() == ([], [], [], [], [])


def test_a_dry_run_writes_no_file_unless_one_is_named(load, tmp_path):
    load(BAKER, CAVE.replace(",26150", ",75001"), options=[])
    assert [path.name for path in tmp_path.iterdir()] == ["commerces.csv"]

    load(BAKER, options=["--report", tmp_path / "essai.csv"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["commerces.csv", "essai.csv"]
    assert not MerchantPage.objects.exists()


@pytest.mark.parametrize(
    "typed", ["99:99", "Tu-Sa 99:99-12:30", "Tu-Sa 08:00-99:99", "Tu-Sa 8h75-12h", "Tu-Sa 25h-26h"]
)
def test_an_hour_that_is_none_is_told_and_never_another(load, report, typed):
    load(BAKER.replace("Tu-Sa 07:00-12:30", typed))

    assert "horaires laissés vides" in report()[0][2]
    assert merchant().opening_hours == ""
