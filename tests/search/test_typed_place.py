"""What people write to say where: tests/search/data/typed_places.tsv, and what is no place of the region."""

import csv
import re
from pathlib import Path

import pytest

from search.query import Within
from search.understanding.parse import parse
from search.understanding.typed_place import NEAR, read_place

DATA = Path(__file__).parent / "data" / "typed_places.tsv"


def typed_places():
    with DATA.open(encoding="utf-8", newline="") as file:
        return [tuple(row.values()) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


@pytest.fixture
def get(client, db, without_elasticsearch, gazetteer, monkeypatch):
    """``get(q="pain", ou="Die")``: the answer of the results page, in the whole region."""
    monkeypatch.setattr("search.understanding.gazetteer.current", lambda: gazetteer)

    def get(address="/recherche/", **asked):
        response = client.get(address, asked)
        assert response.status_code == 200
        return response

    return get


def text(response):
    page = response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def code(place):
    return (place.insee_code or place.department_code) if place else None


@pytest.mark.parametrize(("what", "where", "expected"), typed_places())
def test_the_results_page_finds_the_place(get, what, where, expected):
    response = get(q=what, ou=where)

    query = response.context["reading"].query
    assert (code(query.place), bool(query.within)) == (expected, True)
    assert f'name="ou" value="{query.place.label}"' in response.content.decode()


@pytest.mark.parametrize(("where", "expected"), [(where, place) for _, where, place in typed_places() if where])
def test_the_reader_finds_the_place(gazetteer, where, expected):
    assert code(read_place(gazetteer, where).places[0]) == expected


def test_every_label_is_read_as_its_own_place(gazetteer):
    for place in [*gazetteer.places.values(), *gazetteer.departments.values()]:
        read = read_place(gazetteer, place.label)
        assert (read.places[0], read.is_literal) == (place, True)


@pytest.mark.parametrize(
    ("where", "radius"),
    [("près de Privas", NEAR), ("environs de Privas", NEAR), ("Privas et ses environs", NEAR), ("à Privas", 0),
     ("à 10 km de Privas", 10), ("dans un rayon de 15 km autour de Privas", 20), ("à 200 km de Privas", 50),
     ("près de l’Ardèche", 0)],
)  # fmt: skip
def test_near_is_a_circle_around_a_town(gazetteer, where, radius):
    query = parse(gazetteer, "pain", where).query

    assert (query.within, query.radius if radius else 0) == (Within.RADIUS if radius else Within.PLACE, radius)


@pytest.mark.parametrize(
    "where",
    [
        "xyzzy",
        "Trifouilly-les-Oies",
        "99999",
        "38999",
        "rue de Lyon",
        "12 cours du Palais",
        "centre",
        "12",
        "0",
        "69 3",
    ],
)
def test_what_nobody_understands_is_said_and_nothing_answers_for_it(get, where):
    response = get(q="fromage", ou=where)

    assert "blocks" not in response.context, "results that answer another question"
    assert f"« {where} »" in text(response) or response.context["reading"].outside
    assert f'name="ou" value="{where}"' in response.content.decode()
    assert 'href="/recherche/?q=fromage"' in response.content.decode()
    assert "dans toute la région" in text(response)


@pytest.mark.parametrize(
    ("where", "offered"),
    [
        ("rue de Lyon", "Lyon (69)"),
        ("Trifouilly", "Billy (03)"),
        ("38999", "Isère (38)"),
        ("Villefranche de Rouergue", "Villefranche-sur-Saône (69)"),
    ],
)
def test_the_closest_are_offered(gazetteer, where, offered):
    read = read_place(gazetteer, where)

    assert not read.places
    assert offered in [place.label for place in read.offered]


@pytest.mark.parametrize("where", ["villeurbane", "Vileurbanne", "villeurbannne", "vilelurbanne", "villeurbane cedex"])
def test_a_town_mended_is_said_with_what_was_typed(get, where):
    page = get(q="pain", ou=where)

    assert f"Nous avons lu « {where} » comme Villeurbanne (69) ." in text(page)


def test_a_town_mended_offers_the_others(get):
    page = get(q="pain", ou="Orivas")

    assert "Nous avons lu « Orivas » comme Privas (07)" in text(page)
    assert 'href="/recherche/?q=pain&amp;ou=Rivas+%2842%29"' in page.content.decode()
    assert "Nous avons lu" not in text(get(q="pain", ou="Privas"))


@pytest.mark.parametrize("where", ["Privas", "PRIVAS", "07186", "Privas (07)", "privas ardeche", "Privas 07000"])
def test_what_needs_no_reading_is_not_commented(get, where):
    assert "Nous avons lu" not in text(get(q="pain", ou=where))


@pytest.mark.parametrize(
    "where",
    ["près de chez moi", "autour de moi", "ici", "à côté de chez moi", "chez moi", "ma position", "Autour de vous",
     "près d’ici", "à proximité", "dans mon quartier", "ma position actuelle", "dans ma ville", "dans ma rue", "10 km",
     "à 10 km de chez moi", "dans un rayon de 10 km", "5 km autour de moi", "à 10 minutes à pied", "à deux pas",
     "juste à côté de chez moi", "au plus près de chez moi", "le plus près possible", "prêt de chez moi", "moi"],
)  # fmt: skip
def test_near_me_leads_to_the_visitors_own_position(get, where):
    page = get(q="pizza", ou=where)

    assert "Autour de vous, mais où ?" in text(page)
    assert "Nous ne connaissons pas" not in text(page)
    assert '<near-me href="/recherche/" what="pizza" hidden>' in page.content.decode()
    assert "blocks" not in page.context


def test_several_places_are_the_last_and_the_others_are_offered(gazetteer):
    reading = parse(gazetteer, "pain", "Privas / Aubenas")

    assert [reading.query.place.name, *(place.name for place in reading.others)] == ["Aubenas", "Privas"]


def test_an_address_in_a_question_leaves_what_is_bought(gazetteer):
    assert parse(gazetteer, "boulangerie 12 cours du Palais, 07000 Privas").what == "boulangerie"


@pytest.mark.parametrize(
    "what",
    ["pizza près de chez moi", "près de chez moi pizza", "autour de moi : pizza", "pizza tout près de chez moi",
     "pizza à 10 km de chez moi", "pizza dans mon quartier", "pizza dans ma ville", "pizza à deux pas", "pizza ici"],
)  # fmt: skip
def test_near_me_in_a_question(gazetteer, what):
    reading = parse(gazetteer, what)

    assert (reading.near_me, reading.what, reading.query.place) == (True, "pizza", None)


@pytest.mark.parametrize(
    "what", ["côte rôtie", "prêt à porter", "vélo 25 km", "autour de la maison", "place de la mairie", "pizza 10 min"]
)
def test_what_is_near_nobody(gazetteer, what):
    assert not parse(gazetteer, what).near_me


@pytest.mark.parametrize(
    ("what", "left"),
    [
        ("fromage, Annecy", "fromage"),
        ("fromage - Annecy", "fromage"),
        ("Vichy : miel", "miel"),
        ("miel;Vichy", "miel"),
        ("miel entre Lyon et Vienne", "miel"),
        ("miel Lyon ou Villeurbanne", "miel"),
        ("coiffeur 12 rue de la Paix, Bourg-en-Bresse", "coiffeur"),
        ("coiffeur rue de la Paix, 01000 Bourg-en-Bresse", "coiffeur"),
        ("miel toute la région", "miel"),
    ],
)
def test_nothing_of_a_place_is_looked_for(gazetteer, what, left):
    assert parse(gazetteer, what).what == left


def test_near_me_with_a_position_answers(get):
    page = get(q="pizza près de chez moi", autour="44.73,4.59")

    assert page.context["reading"].near_me
    assert "blocks" in page.context


@pytest.mark.parametrize(
    ("where", "label", "near"),
    [
        ("Paris", "Paris (75)", "Moulins (03)"),
        ("Paris 11e", "Paris (75)", "Moulins (03)"),
        ("75011", "Paris (75)", "Moulins (03)"),
        ("12 rue de Lyon, 75012 Paris", "Paris (75)", "Moulins (03)"),
        ("Gare de Lyon, Paris", "Paris (75)", "Moulins (03)"),
        ("13000", "Bouches-du-Rhône (13)", "Nyons (26)"),
        ("Marseille 8ème", "Marseille (13)", "Nyons (26)"),
        ("Marseile", "Marseille (13)", "Nyons (26)"),
        ("Paris XVe", "Paris (75)", "Moulins (03)"),
        ("Mâcon", "Mâcon (71)", "Replonges (01)"),
        ("Genève (Suisse)", "Genève (Suisse)", "Gaillard (74)"),
        ("Rome", "Rome (Italie)", "Modane (73)"),
        ("Bâle", "Bâle (Suisse)", "Évian-les-Bains (74)"),
        ("Uzès", "Uzès (30)", "Bourg-Saint-Andéol (07)"),
        ("Grand Est", "Grand Est", "Évian-les-Bains (74)"),
        ("5", "Hautes-Alpes (05)", "La Mure (38)"),
        ("71000 Macon", "Mâcon (71)", "Replonges (01)"),
        ("près de Mâcon", "Mâcon (71)", "Replonges (01)"),
        ("Vaucluse", "Vaucluse (84)", "Suze-la-Rousse (26)"),
        ("84", "Vaucluse (84)", "Suze-la-Rousse (26)"),
        ("Genève", "Genève (Suisse)", "Gaillard (74)"),
        ("Toulon", "Toulon (83)", "Toulon-sur-Allier (03)"),
        ("Valence (82)", "Tarn-et-Garonne (82)", "Valence (26)"),
        ("Bretagne", "Bretagne", "Domérat (03)"),
        ("2A", "Corse-du-Sud (2A)", "Nyons (26)"),
        ("75008 Paris Cedex 08", "Paris (75)", "Moulins (03)"),
        ("Mâcon, Saône-et-Loire, France", "Mâcon (71)", "Replonges (01)"),
        ("Saint-Denis 97400", "La Réunion (974)", "Saint-Denis-lès-Bourg (01)"),
    ],
)
def test_outside_the_region_the_nearest_towns_are_offered(get, where, label, near):
    page = get(q="pain", ou=where)

    assert f"{label} n’est pas en Auvergne-Rhône-Alpes" in text(page)
    assert near in [chip["name"] for chip in page.context["offered"]]
    assert "blocks" not in page.context


@pytest.mark.parametrize(
    "what",
    [
        "boulangerie à Paris",
        "boulangerie Paris",
        "plombier 75011",
        "fromage près de Mâcon",
        "coiffeur Paris 11e",
        "boulangerie Marseille 13001",
        "boulangerie 13001 Marseille",
        "fromage Dijon 21000",
        "pain 33000",
        "coiffeur en Suisse",
        "coiffeur Genève",
        "coiffeur 71",
        "coiffeur dans le 71",
        "boulangerie à Londres",
    ],
)
def test_a_question_about_elsewhere_is_not_answered_from_here(gazetteer, what):
    reading = parse(gazetteer, what)

    assert reading.outside
    assert reading.what == what.split()[0]


@pytest.mark.parametrize(
    "what",
    ["lot", "manche", "lens", "cahors", "vin bordeaux",
     "savon de Marseille", "moutarde de Dijon", "jambon de Paris", "paris brest", "orange", "jus d’orange",
     "pain 1000", "boulangerie 1000", "lego 75192", "lot de 15 000 vis", "12000 litres", "chocolat 70 000", "taille 38",
     "vélo de ville", "hôtel de ville"],
)  # fmt: skip
def test_what_is_sold_is_no_place(gazetteer, what):
    reading = parse(gazetteer, what)

    assert (reading.query.place, reading.outside, reading.what) == (None, None, what)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("boulangerie latourdupin", "38509"),
        ("boulangerie LaTourDuPin", "38509"),
        ("boulangerie SaintEtienne", "42218"),
        ("boulangerie lisle d'abeau", "38193"),
        ("boulangerie villeurbane", "69266"),
    ],
)
def test_a_town_glued_or_misspelled_in_a_question_is_mended(gazetteer, typed, expected):
    assert code(parse(gazetteer, typed).corrected.query.place) == expected


@pytest.mark.parametrize(
    "where",
    ["France", "toute la région", "Auvergne-Rhône-Alpes, France", "région Auvergne-Rhône-Alpes", "n’importe où"],
)
def test_the_whole_region_is_a_place_of_its_own(gazetteer, where):
    reading = parse(gazetteer, "pain", where)

    assert (reading.query.place, reading.is_unplaced) == (None, False)


def test_a_postal_code_offers_the_other_towns_it_serves_and_no_insee_code(gazetteer):
    reading = parse(gazetteer, "pain", "26150")

    assert reading.query.place.name == "Die"
    assert gazetteer.places["26150"] not in reading.others, "26150 is also the INSEE code of a commune"
    assert set(reading.others) <= set(gazetteer.by_postal_code["26150"])


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("69000", "Lyon (69)"),
        ("38 000", "Grenoble (38)"),
        ("380", "Grenoble (38)"),
        ("1000", "Bourg-en-Bresse (01)"),
        ("st etienne", "Saint-Étienne (42)"),
        ("St-Et", "Saint-Étienne (42)"),
        ("villeurbane", "Villeurbanne (69)"),
        ("Vileurb", "Villeurbanne (69)"),
        ("Grenoble cedex", "Grenoble (38)"),
        ("lisle d'abeau", "L’Isle-d’Abeau (38)"),
        ("lyon 03", "Lyon 3e Arrondissement (69)"),
        ("ardè", "Ardèche (07)"),
        ("07", "Ardèche (07)"),
    ],
)
def test_the_place_is_proposed_while_one_types(get, typed, label):
    proposed = get("/recherche/suggestions", champ="ou", q=typed).json()["suggestions"]

    assert label in [one["label"] for one in proposed][:3]


@pytest.mark.parametrize("typed", ["l", "xyzzyx", "ici", "00000", "Ⅷ", "'", "(", "st " * 60, "de la " * 40, "1 " * 90])
def test_any_text_is_read(get, gazetteer, typed):
    get(q=typed, ou=typed)
    get("/recherche/suggestions", champ="ou", q=typed)
    read_place(gazetteer, typed)
