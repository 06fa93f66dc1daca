"""The stock of establishments: the region's open rows, nothing masked, proposed while the register is away."""

import csv
import gzip
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from deploy.local.fake_register import siret_of
from directory.joining.applications import begin
from directory.vetting.register import UNAVAILABLE, Answer
from directory.vetting.sirene import NEEDED, StockEstablishment, in_stock

PLAIN = {
    "siret": siret_of(1),
    "statutDiffusionEtablissement": "O",
    "etatAdministratifEtablissement": "A",
    "codeCommuneEtablissement": "07186",
    "codePostalEtablissement": "07000",
    "libelleCommuneEtablissement": "PRIVAS",
    "numeroVoieEtablissement": "12",
    "indiceRepetitionEtablissement": "",
    "typeVoieEtablissement": "CRS",
    "libelleVoieEtablissement": "DU PALAIS",
    "enseigne1Etablissement": "LE FOURNIL DES MINES",
    "denominationUsuelleEtablissement": "",
    "activitePrincipaleEtablissement": "10.71C",
    "etablissementSiege": "true",
}


@pytest.fixture
def stock(tmp_path, places):
    def stock(*rows, name="stock.csv", columns=(*NEEDED, "nic", "dernierNumeroVoieEtablissement")):
        text = StringIO(newline="")
        writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows({**PLAIN, **row} for row in rows)
        path = tmp_path / name
        content = text.getvalue().encode()
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return path

    return stock


def load(path, **how):
    told = StringIO()
    call_command("load_sirene", str(path), stdout=told, **how)
    return told.getvalue()


@pytest.mark.parametrize("name", ["stock.csv", "stock.csv.gz"])
def test_only_open_establishments_of_the_region_are_kept(stock, name):
    path = stock(
        {},
        {"siret": siret_of(2), "codeCommuneEtablissement": "69383"},
        {"siret": siret_of(3), "codeCommuneEtablissement": "01018"},  # a former commune
        {"siret": siret_of(4), "etatAdministratifEtablissement": "F"},
        {"siret": siret_of(5), "codeCommuneEtablissement": "75108"},
        {"siret": siret_of(6), "codeCommuneEtablissement": ""},
        name=name,
    )

    told = load(path, write=True)

    assert "ouverts de la région : 3" in told
    assert set(StockEstablishment.objects.values_list("pk", flat=True)) == {siret_of(1), siret_of(2), siret_of(3)}


def test_without_write_nothing_is_stored(stock):
    assert "Rien n’a été enregistré" in load(stock({}))
    assert not StockEstablishment.objects.exists()


def test_a_newer_file_takes_the_place_of_the_older(stock):
    load(stock({}, {"siret": siret_of(2)}), write=True)

    told = load(stock({"enseigne1Etablissement": "AU PAIN NOUVEAU"}), write=True)

    assert "Supprimés, absents du fichier : 1" in told
    assert in_stock(siret_of(1)).trade_name == "AU PAIN NOUVEAU"
    assert in_stock(siret_of(2)) is None


def test_a_file_without_a_row_of_ours_empties_nothing(stock):
    load(stock({}), write=True)
    load(stock({"codeCommuneEtablissement": "75108"}), write=True)

    assert in_stock(siret_of(1))


@pytest.mark.parametrize("mask", ["[ND]", "3 RUE SECRÈTE"])
def test_what_is_not_to_be_published_is_not_stored(stock, mask):
    hidden = ("enseigne1Etablissement", "libelleVoieEtablissement", "codePostalEtablissement")
    load(stock({"statutDiffusionEtablissement": "P", **dict.fromkeys(hidden, mask)}), write=True)

    found = in_stock(siret_of(1))
    assert (found.trade_name, found.address, found.postal_code, found.is_diffusible) == ("", "", "", False)
    assert found.insee_code == "07186"


@pytest.mark.parametrize("content", [b"", b"a;b\n1;2\n", b"siret\n123\n", b"\xff\xfe\x00"])
def test_another_file_is_refused_with_what_lacks(tmp_path, places, content):
    path = tmp_path / "autre.csv"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=r"ce n’est pas|ne se lit pas|Ce n’est pas"):
        load(path)


def test_a_file_that_is_not_there_is_said(tmp_path, places):
    with pytest.raises(CommandError, match="ne se lit pas"):
        load(tmp_path / "absent.csv")


def test_while_the_register_is_away_the_copy_proposes_and_proves_nothing(stock, shopper):
    load(stock({}), write=True)

    application = begin(shopper, siret_of(1), Answer(UNAVAILABLE))

    assert (application.declared["title"], application.declared["street"]) == (
        "Le Fournil des Mines",
        "12 cours du Palais",
    )
    assert (application.register_status, application.found) == ("unavailable", {})
