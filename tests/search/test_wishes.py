"""What a question wishes beside what and where: filters, refusals, what nobody records, what is not of this site."""

import csv
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from search import filters
from search.answer import answer
from search.page.notices import notices
from search.page.present import present
from search.query import Naming
from search.request import understand
from search.understanding import gazetteer as vocabulary
from search.understanding.normalize import words_of
from search.understanding.parse import parse
from search.understanding.wishes import read_wishes
from tests.factories import make_merchant
from tests.search.conftest import up_to_date
from tests.shop.factories import make_product

DATA = Path(__file__).parent / "data"


def lines(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = [line for line in file if not line.startswith("#")]
    return [(row + [""] * 4)[:4] for row in csv.reader(rows, delimiter="\t", quoting=csv.QUOTE_NONE)]


@pytest.mark.parametrize(("typed", "wished", "left", "unrecorded"), lines("wishes.tsv"))
def test_a_wish_becomes_its_filter_and_leaves_the_words(gazetteer, tuesday, typed, wished, left, unrecorded):
    reading = parse(gazetteer, typed)
    at_table = reading.query.inferred[:1] == ("restaurant",)

    narrowed = filters.NONE.with_wishes(reading.wishes, at_table)

    assert narrowed.fields == dict(parse_qsl(wished))
    assert reading.what == left
    assert reading.wishes.unrecorded == tuple(filter(None, [unrecorded]))


def test_the_address_decides_before_the_words(gazetteer, tuesday):
    chosen = filters.read({"quand": "2026-11-27T08:00", "prix": "5-15"})

    narrowed = chosen.with_wishes(parse(gazetteer, "pain ouvert dimanche moins de 20 euros").wishes, at_table=False)

    assert narrowed.fields == chosen.fields


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("médecin", "Les professionnels de santé ne sont pas sur ce site"),
        ("dentiste Privas", "Les professionnels de santé ne sont pas sur ce site"),
        ("distributeur de billets", "Les banques et les assurances ne sont pas sur ce site"),
        ("mairie de Die", "Les services publics ne sont pas sur ce site"),
        ("offre d’emploi", "Les offres d’emploi ne sont pas sur ce site"),
        ("pharmacie de garde cette nuit", "La garde des pharmacies n’est pas sur ce site"),
        ("véto de garde", "La garde des vétérinaires n’est pas sur ce site"),
        ("dermato Valence", "Les professionnels de santé ne sont pas sur ce site"),
        ("dentistes", "Les professionnels de santé ne sont pas sur ce site"),
        ("carte grise", "Les services publics ne sont pas sur ce site"),
        ("appartement à louer Lyon", "Les logements ne sont pas sur ce site"),
        ("trouver un appartement", "Les logements ne sont pas sur ce site"),
        ("station essence Thiers", "Les stations-service ne sont pas sur ce site"),
        ("horaires des trains pour Clermont", "Les transports ne sont pas sur ce site"),
        ("salle de sport", "Les loisirs et le tourisme ne sont pas sur ce site"),
        ("gîte avec piscine Ardèche", "Les hébergements ne sont pas sur ce site"),
        ("urgence dentaire dimanche", "Les professionnels de santé ne sont pas sur ce site"),
        ("rdv passeport Lyon", "Les services publics ne sont pas sur ce site"),
        ("je cherche une baby-sitter", "Les écoles et les crèches ne sont pas sur ce site"),
        ("femme de ménage Annecy", "Les hôpitaux et les maisons de retraite ne sont pas sur ce site"),
        ("boulangerie près de la gare", None),
        ("café du musée", None),
        ("petit casino", None),
        ("bibliothèque en bois", None),
        ("train en bois", None),
        ("chaussures de randonnée", None),
        ("essence de lavande", None),
        ("hôtel à insectes", None),
        ("vin de garde", None),
        ("livre de médecine", None),
    ],
)
def test_what_is_not_of_this_site_is_told(gazetteer, typed, said):
    unanswered = parse(gazetteer, typed).wishes.unanswered

    assert (unanswered.name if unanswered else None) == said


@pytest.mark.parametrize(
    "typed", ["à deux pas de la gare", "bon marché", "tapis 2 m", "pas mal de choix", "42", "sans"]
)
def test_words_that_only_look_like_a_refusal_refuse_nothing(typed):
    assert not read_wishes(typed.replace("à", "a").replace("é", "e").split()).refused


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ("caviste hors Nicolas", ("nicolas",)),
        ("supermarché à part Carrefour", ("carrefour",)),
        ("boulangerie sauf Paul", ("paul",)),
        ("restaurant autre que pizzeria", ("pizzeria",)),
        ("fruits hors saison", ()),
        ("peinture hors d’eau", ()),
        ("pièces à part", ()),
    ],
)
def test_words_that_leave_somebody_out(gazetteer, typed, refused):
    assert parse(gazetteer, typed).wishes.refused == refused


@pytest.mark.parametrize(
    "typed", ["coiffeur petit budget", "cadeau à petit budget", "vin premier prix", "livres discount"]
)
def test_a_small_budget_asks_for_the_cheapest(gazetteer, typed):
    assert parse(gazetteer, typed).wishes.cheap


@pytest.fixture
def page(engine, places, tuesday):
    """``page(q, ou)``: the context of the results page, on each engine in turn."""

    def page(q, ou=""):
        up_to_date()
        asked = understand(vocabulary.current(), {"q": q, "ou": ou})
        found = answer(asked.known, asked.query, asked.kind, asked.relaxed)
        return present(asked, found), asked, found

    return page


def shown(context, kind="merchant"):
    block = context["blocks"].get(kind)
    return (
        [str(card["title"]) if kind == "merchant" else card["card"].title for card in block["cards"]] if block else []
    )


def test_hours_filter_and_the_chip_takes_them_away(page, places):
    make_merchant(title="Le Fournil", opening_hours="Tu-Sa 07:00-12:30")
    make_merchant(title="Aux Gourmands", opening_hours="Su 07:00-12:30")

    context, _, found = page("boulangerie ouverte dimanche matin", "Privas")

    assert shown(context) == ["Aux Gourmands"]
    assert not found.is_relaxed
    (chip,) = [chip for chip in context["active"] if chip["name"].startswith("Ouvert")]
    assert "q=boulangerie&ou=Privas" in chip["url"]
    assert "quand" not in chip["url"]


def test_what_nobody_grants_is_said_and_the_others_are_shown(page, places):
    make_merchant(title="Le Fournil", opening_hours="")

    context, _, found = page("boulangerie ouverte dimanche matin", "Privas")

    assert shown(context) == ["Le Fournil"]
    assert found.is_relaxed
    (notice,) = context["notices"]
    assert notice["title"] == "Personne, ici, n’indique «\u00a0ouvert dimanche 29 novembre à 10\u00a0h\u00a0»"
    assert not [chip for chip in context["active"] if chip["name"].startswith("Ouvert")]


def test_what_no_page_records_is_said_and_looked_for_in_names_and_stories(page, places):
    make_merchant(title="Boucherie Martin", category="boucherie-charcuterie")
    make_merchant(title="Boucherie du Marché", category="boucherie-charcuterie", story="<p>Viande halal.</p>")

    context, _, _ = page("boucherie halal", "Privas")

    assert shown(context) == ["<mark>Boucherie</mark> du Marché", "<mark>Boucherie</mark> Martin"]
    (notice,) = context["notices"]
    assert notice["title"] == "Les fiches ne relèvent pas «\u00a0halal\u00a0»"
    assert notice["text"] == "Voici d’abord ceux qui le disent."
    (chip,) = [chip for chip in context["active"] if "halal" in chip["name"]]
    assert "q=boucherie&" in chip["url"]


def test_nobody_who_says_it_is_said_too(page, places):
    make_merchant(title="Boucherie Martin", category="boucherie-charcuterie")

    context, _, _ = page("boucherie casher", "Privas")

    assert shown(context) == ["<mark>Boucherie</mark> Martin"]
    assert "demandez-leur" in context["notices"][0]["text"]


def test_what_is_refused_is_left_out_of_names_and_categories(page, places):
    make_merchant(title="Pizza Mia", category="pizzeria")
    make_merchant(title="Chez Paul", category="restaurant")
    make_merchant(title="La Pizza du Palais", category="restaurant")

    context, _, _ = page("restaurant pas de pizza", "Privas")

    assert shown(context) == ["Chez Paul"]


def test_limits_of_price_hold_the_highest_itself(page, cheesemonger):
    make_product(cheesemonger, title="Picodon", price="30.00")
    make_product(cheesemonger, title="Picodon affiné", price="30.01")

    context, _, _ = page("picodon 30 euros")

    assert shown(context, "product") == ["Picodon"]


def test_the_cheapest_comes_first(page, cheesemonger):
    for price in ("7.00", "3.00", "5.00"):
        make_product(cheesemonger, title=f"Picodon {price[0]}", price=price)

    context, _, _ = page("picodon pas cher")

    assert shown(context, "product")[:2] == ["Picodon 3", "Picodon 5"]


def test_a_name_that_is_not_here_is_said_with_the_nearest(page, places):
    make_merchant(title="Fromagerie Poyard", category="fromagerie-cremerie")
    make_merchant(title="La Faisselle", category="fromagerie-cremerie")

    context, _, _ = page("fromagerie Poyet", "Privas")

    assert context["notices"][0]["title"] == "Nous n’avons trouvé «\u00a0Poyet\u00a0» chez personne"
    assert [chip["name"] for chip in context["nearest_names"]] == ["Fromagerie Poyard – Privas"]


def test_no_alert_is_offered_for_what_will_not_come(page, places):
    make_merchant(title="Le Fournil")

    context, asked, found = page("médecin", "Privas")

    assert not [step for step in context["steps"] if "form" in step]
    assert notices(asked, found)[0]["url"]


@pytest.mark.parametrize(
    ("typed", "slugs"),
    [
        ("fromage moins de 5 €", ("fromagerie-cremerie", "fromager-fermier")),
        ("fromages", ("fromagerie-cremerie", "fromager-fermier")),
        ("vin rouge moins de 10 euros", ("vigneron", "caviste")),
        ("bijoux pas chers", ("bijouterie", "verrier-bijoux")),
        ("livre à moins de 12 €", ("librairie",)),
        ("chaussures à moins de 100 euros", ("chaussures",)),
        ("picodon", ()),
        ("fromage de brebis", ()),
        ("livre de cuisine", ()),
    ],
)
def test_a_word_for_a_whole_category_stands_for_all_its_articles(gazetteer, typed, slugs):
    assert parse(gazetteer, typed).query.goods_of == slugs


def test_a_cheese_by_its_own_name_is_a_cheese(engine, places):
    """After those that say so, and within the price."""
    maker = make_merchant(title="Chèvrerie", category="fromager-fermier", town=places.die)
    make_product(maker, title="Picodon", price="2.50")
    make_product(maker, title="Petit fromage blanc", price="3.00")
    make_product(maker, title="Meule entière", price="90.00")
    baker = make_merchant(title="Fournil", category="boulangerie-patisserie", town=places.die)
    make_product(baker, title="Baguette", price="1.20")
    up_to_date()

    asked = understand(vocabulary.current(), {"q": "fromage moins de 5 €"})
    found = answer(asked.known, asked.query, asked.kind, asked.relaxed)

    assert [hit.entry.title for hit in found.results["product"].hits] == ["Petit fromage blanc", "Picodon"]


@pytest.mark.parametrize(
    ("typed", "naming"),
    [
        ("Le Petit Affineur", Naming.ALL),
        ("Chez Paulette", Naming.ALL),
        ("Au Couteau de Thiers", Naming.ALL),
        ("la boulangerie", Naming.NONE),
        ("les boulangeries", Naming.NONE),
        ("boucher charcutier", Naming.NONE),
    ],
)
def test_a_name_is_looked_for_before_it_is_a_trade(gazetteer, typed, naming):
    assert parse(gazetteer, typed).query.naming == naming


@pytest.mark.parametrize("typed", ["chez Paulette", "Chez Gaston", "chez Marinette"])
def test_somebody_s_name_is_no_fault(gazetteer, typed):
    reading = parse(gazetteer, typed)

    assert reading.corrected is None


@pytest.mark.parametrize(
    ("typed", "excluded"), [("savon sans huile de palme", "palme"), ("gâteau sans sucre", "sucre")]
)
def test_what_is_without_is_the_word_that_says_which(typed, excluded):
    assert read_wishes(words_of(typed)).excluded == (excluded,)


def test_sellers_of_what_is_meant_are_found_where_nobody_says_it_all(engine, places):
    seller = make_merchant(title="Crèmerie", category="fromagerie-cremerie", town=places.saint_etienne)
    make_product(seller, title="Fourme d’Ambert AOP", price="12")
    other = make_merchant(title="Autre crèmerie", category="fromagerie-cremerie", town=places.saint_etienne)
    make_product(other, title="Cantal", price="12")
    up_to_date()

    asked = understand(vocabulary.current(), {"q": "fourme d’Ambert fermière"})
    found = answer(asked.known, asked.query, asked.kind, asked.relaxed)

    assert next(hit.entry.title for hit in found.results["merchant"].hits) == "Crèmerie"
    assert found.results["merchant"].query.sold_by == (seller.pk,)
