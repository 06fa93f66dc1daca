import pytest

from search.query import LAST_PAGE, Within
from search.understanding.gazetteer import current
from search.understanding.parse import NEAR, Unreadable, parse


@pytest.mark.parametrize(
    ("typed", "insee_code"),
    [
        ("Saint-Étienne", "42218"),
        ("st etienne", "42218"),
        ("SAINT ETIENNE", "42218"),
        ("Ste Foy les Lyon", "69202"),
        ("l’abergement clemenciat", "01001"),
        ("Romans", "26281"),
        ("romans sur isere", "26281"),
        ("le puy", "43157"),
        ("clermont", "63113"),
        ("tain", "26347"),
        ("annecy le vieux", "74010"),
        ("26150", "26113"),
        ("26113", "26113"),
        ("69003", "69383"),
        ("lyon 3", "69383"),
        ("Lyon 3ème", "69383"),
        ("Lyon 3e Arrondissement (69)", "69383"),
        ("Lyon", "69123"),
        ("Die (26)", "26113"),
        ("die 26150", "26113"),
        ("42000 Saint-Étienne", "42218"),
        ("Beaufort", "73034"),
        ("Beaufort 38", "38032"),
        ("Beaufort en Savoie", "73034"),
        ("Beaufort (Isère)", "38032"),
    ],
)
def test_where_finds_the_town(gazetteer, typed, insee_code):
    query = parse(gazetteer, "pain", typed).query

    assert query.place.insee_code == insee_code
    assert query.within == Within.PLACE


@pytest.mark.parametrize("typed", ["26", "Drôme", "drome", "Drôme (26)"])
def test_where_finds_the_department(gazetteer, typed):
    place = parse(gazetteer, "pain", typed).query.place

    assert (place.insee_code, place.department_code) == ("", "26")


def test_where_offers_the_namesakes(gazetteer):
    reading = parse(gazetteer, "pain", "Beaufort")

    assert [other.label for other in reading.others] == ["Beaufort (38)"]


@pytest.mark.parametrize("typed", ["", "toute la région", "Auvergne-Rhône-Alpes"])
def test_the_whole_region_is_no_filter(gazetteer, typed):
    query = parse(gazetteer, "pain", typed).query

    assert query.place is None


@pytest.mark.parametrize(
    ("typed", "town"), [("Privaz", "Privas"), ("Sant Etiene", "Saint-Étienne"), ("Valance", "Valence")]
)
def test_a_town_with_a_letter_wrong_is_mended(gazetteer, typed, town):
    reading = parse(gazetteer, "pain", typed)

    assert (reading.query.place.name, reading.query.within) == (town, Within.PLACE)
    assert (reading.unknown_place, reading.read_as_place) == ("", typed)


def test_an_unknown_town_gets_the_nearest_spelling(gazetteer):
    reading = parse(gazetteer, "pain", "Prifazse")

    assert reading.query.place is None
    assert reading.unknown_place == "Prifazse"
    assert reading.spellings


@pytest.mark.parametrize(
    ("typed", "what", "town", "category"),
    [
        ("fromage st etienne", "fromage", "42218", "fromagerie-cremerie"),
        ("fromager à Privas", "fromager", "07186", "fromagerie-cremerie"),
        ("Boulangerie-pâtisserie, Die", "Boulangerie-pâtisserie", "26113", "boulangerie-patisserie"),
        ("croissants 73000", "croissants", "73065", "boulangerie-patisserie"),
        ("croquettes chat lyon 69005", "croquettes chat", "69385", "animalerie-toilettage"),
        ("coutelier thiers", "coutelier", "63430", "coutelier"),
        ("die", "", "26113", ""),
    ],
)
def test_a_place_at_the_end_filters(gazetteer, typed, what, town, category):
    reading = parse(gazetteer, typed)

    assert reading.what == what
    assert (reading.query.place.insee_code, reading.query.within) == (town, Within.PLACE)
    assert reading.query.inferred[:1] == ((category,) if category else ())


@pytest.mark.parametrize(("typed", "town"), [("clairette de Die", "26113"), ("couteau de Thiers", "63430")])
def test_what_a_thing_is_called_after_only_raises(gazetteer, typed, town):
    query = parse(gazetteer, typed).query

    assert query.words == tuple(typed.lower().replace(" de ", " ").split())
    assert (query.place.insee_code, query.within) == (town, Within.ANYWHERE)


@pytest.mark.parametrize("typed", ["pharmacie de garde", "costume homme", "pain", "miel de montagne"])
def test_everyday_words_are_no_place(gazetteer, typed):
    assert parse(gazetteer, typed).query.place is None


@pytest.mark.parametrize(
    ("typed", "what", "insee_code"),
    [
        ("annecy fleuriste", "fleuriste", "74010"),
        ("lyon 3 plombier urgence", "plombier urgence", "69383"),
        ("boulangerie Privas ouverte dimanche", "boulangerie", "07186"),
        ("friperie croix rousse", "friperie", "69384"),
        ("boulangerie d’Annecy", "boulangerie", "74010"),
        ("marché de Crest", "marché", "26108"),
        ("chaussures romans sur isere", "chaussures", "26281"),
        ("vigneron apremont", "vigneron", "73017"),
    ],
)
def test_a_place_filters_wherever_it_stands(gazetteer, typed, what, insee_code):
    reading = parse(gazetteer, typed)

    assert (reading.what, reading.query.place.insee_code) == (what, insee_code)
    assert reading.query.within == Within.PLACE


@pytest.mark.parametrize(
    "typed", ["apiculteur près de Murat", "apiculteur autour de Murat", "apiculteur pas loin de murat"]
)
def test_near_a_town_is_a_circle_around_it(gazetteer, typed):
    query = parse(gazetteer, typed).query

    assert (query.place.insee_code, query.within, query.radius) == ("15138", Within.RADIUS, NEAR)


@pytest.mark.parametrize(
    "typed", ["pizza autour de moi", "pizza près de chez moi", "pizza à proximité", "pizza dans le coin"]
)
def test_near_me_is_understood_and_names_no_place(gazetteer, typed):
    reading = parse(gazetteer, typed)

    assert reading.near_me
    assert (reading.what, reading.query.place, reading.query.within) == ("pizza", None, Within.ANYWHERE)


@pytest.mark.parametrize("typed", ["miel 63", "miel Puy-de-Dôme", "miel dans le puy de dome"])
def test_a_department_filters_by_name_and_number(gazetteer, typed):
    query = parse(gazetteer, typed).query

    assert (query.place.department_code, query.place.insee_code, query.within) == ("63", "", Within.PLACE)


@pytest.mark.parametrize("typed", ["chaussures taille 42", "patates 15 kg", "raclette pour 15"])
def test_a_number_that_measures_is_no_department(gazetteer, typed):
    assert parse(gazetteer, typed).query.place is None


def test_a_cheese_in_its_department_is_not_the_village(gazetteer):
    query = parse(gazetteer, "beaufort en savoie").query

    assert query.place.label == "Savoie (73)"
    assert query.inferred[0] == "fromagerie-cremerie"


@pytest.mark.parametrize(
    ("typed", "category"),
    [
        ("foulard en soie", "textile-soie"),
        ("faire-part naissance imprimeur", "imprimerie-copie"),
        ("réparation de mon vieux vélo", "cycles"),
        ("coiffeuse", "coiffeur"),
        ("plomberie", "plombier-chauffagiste"),
        ("yaourts fermiers", "fromager-fermier"),
        ("jean à raccourcir", "couture-retouches"),
    ],
)
def test_words_lead_to_their_category(gazetteer, typed, category):
    assert parse(gazetteer, typed).query.inferred[0] == category


def test_when_and_how_are_not_looked_for(gazetteer):
    assert parse(gazetteer, "je cherche une pharmacie ouverte dimanche matin").query.words == ("pharmacie",)


def test_where_wins_over_the_words(gazetteer):
    reading = parse(gazetteer, "fromage à Privas", "Die")

    assert (reading.what, reading.query.place.name) == ("fromage", "Die")


@pytest.mark.parametrize("typed", ["sans fromage", "sans fromages", "sans pain", "sans vin", "sans beurre ni miel"])
def test_what_is_denied_names_no_trade(gazetteer, typed):
    assert parse(gazetteer, typed).query.inferred == ()


@pytest.mark.parametrize(
    ("typed", "category"),
    [
        ("sans gluten", "bio-vrac"),
        ("magasin sans emballage", "bio-vrac"),
        ("pizza sans fromage", "pizzeria"),
        ("pizzas sans gluten", "pizzeria"),
        ("coiffeur sans rendez-vous", "coiffeur"),
        ("voitures sans permis", "garage-auto"),
        ("fils à coudre", "mercerie-laine"),
    ],
)
def test_what_is_denied_does_not_hide_what_is_asked(gazetteer, typed, category):
    assert parse(gazetteer, typed).query.inferred[0] == category


@pytest.mark.parametrize("typed", ["cours", "cours de yoga", "cours de piano", "cours de cuisine"])
def test_a_lesson_is_no_place(gazetteer, typed):
    assert parse(gazetteer, typed).query.place is None


def test_cours_is_a_town_where_it_is_said_so(gazetteer):
    assert parse(gazetteer, "boulangerie à Cours").query.place.name == "Cours"
    assert parse(gazetteer, "boulangerie", "Cours").query.place.name == "Cours"


def test_words_written_in_one_have_two_numbers(gazetteer):
    assert {parse(gazetteer, typed).corrected.text for typed in ("millefeuille", "millefeuilles")} == {"mille feuille"}


def test_the_rest_is_what_the_category_leaves_unexplained(gazetteer):
    query = parse(gazetteer, "boulangerie sans gluten").query

    assert query.inferred == ("boulangerie-patisserie",)
    assert query.unexplained == ("gluten",)


def test_an_unknown_category_is_no_filter(gazetteer):
    assert parse(gazetteer, category="n’importe quoi").query.category == ""


@pytest.mark.parametrize("page", ["0", "-1", "un", "²", "1.5", str(LAST_PAGE + 1), "9" * 400])
def test_an_impossible_page_is_refused_in_french(gazetteer, page):
    with pytest.raises(Unreadable, match=r"page"):
        parse(gazetteer, page=page)


def test_the_gazetteer_follows_the_tables(places):
    before = current()
    places.die.name = "Diois-la-Neuve"
    places.die.save()

    assert current() is not before
    assert parse(current(), "", "diois la neuve").query.place.insee_code == "26113"
    assert current() is current()


@pytest.mark.parametrize(
    ("typed", "insee_code"),
    [
        ("vétérinaire murat", "15138"),  # a village is no word for being named in a cake
        ("boulangerie les belleville", "73257"),
        ("boulangerie belleville", "69019"),
        ("miel antraigues", "07011"),
        ("fleuriste bons en chablais", "74043"),
        ("sculpture sur bois romagnat", "63307"),
    ],
)
def test_a_village_is_told_from_a_word(gazetteer, typed, insee_code):
    query = parse(gazetteer, typed).query

    assert (query.place.insee_code, query.within) == (insee_code, Within.PLACE)


@pytest.mark.parametrize("typed", ["bois de chauffage", "poêle à bois", "buffet en bois", "porte de garage"])
def test_a_word_that_is_a_hamlet_too_filters_nothing(gazetteer, typed):
    assert parse(gazetteer, typed).query.within == Within.ANYWHERE


def test_made_by_hand_leads_to_who_makes_it(gazetteer):
    assert parse(gazetteer, "bières artisanales").query.inferred[0] == "brasserie-distillerie"
