"""Figures and statements of reasons for everybody, without a name."""

import csv
import io

import pytest
from django.utils import timezone

from home.reports import decisions as deciding
from home.reports.models import Notice
from shop.recalls import acts as recalls
from tests.factories import make_user
from tests.shop.factories import make_product

pytestmark = pytest.mark.usefixtures("strict_templates")


def rows_of(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def test_decisions_are_told_with_their_ground_and_without_anybody(client, bakery, baker, editor):
    year = timezone.localdate().year
    notice = Notice.objects.create(
        page=f"/commercants/{bakery.slug}/", reason="danger", details="Camille Moulin a tort.", name="Camille Moulin",
        email="camille@voisins.example",
    )  # fmt: skip
    set_aside = Notice.objects.create(page="/", reason="faux", details="Rien.")
    deciding.decide([notice], Notice.State.UPHELD, "Vrai danger chez Camille.", editor)
    deciding.decide([set_aside], Notice.State.SET_ASIDE, "Rien.", editor)
    told = {"reason": "Verre brisé.", "risk": "Coupure.", "what_to_do": "Rapportez-le."}
    recalls.publish_new(make_product(bakery, title="Pain de mie"), make_user(), told)

    headings, *rows = rows_of(client.get(f"/transparence/decisions-{year}.csv"))

    assert [row[2] for row in rows] == ["signalement retenu", "rappel d’un article"]
    assert rows[0][8] == "Un produit est dangereux"
    assert {len(row) for row in rows} == {len(headings)}
    text = client.get(f"/transparence/decisions-{year}.csv").content.decode()
    for name in ("Camille", bakery.title, bakery.slug, baker.email, "Verre", bakery.siret, bakery.town.name):
        assert name not in text


def test_the_figures_of_a_year_are_a_page_and_a_file(client, db):
    year = timezone.localdate().year

    page = client.get("/transparence/").content.decode()

    assert f"/transparence/{year}.csv" in page
    assert page.count("<h1") == 1
    headings, *rows = rows_of(client.get(f"/transparence/{year}.csv"))
    assert headings == ["rubrique", "mesure", "détail", "valeur"]
    assert len(rows) > 20
    for missing in (2025, year + 1):
        assert client.get(f"/transparence/{missing}.csv").status_code == 404
    assert client.cookies == {}


@pytest.mark.parametrize(
    "address", ["/algorithmes/", "/contact-autorites/", "/transparence/", "/conditions-commercants/"]
)
def test_every_page_leads_to_them(client, db, address):
    footer = client.get("/classement/").content.decode()

    assert f'href="{address}"' in footer
    assert client.get(address).status_code == 200
