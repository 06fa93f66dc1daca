"""Both engines take the terms they are given as they are."""

from django.conf import settings
from django.db import connection

from directory.models import Category, Town
from search.engines import elastic
from search.models import TEXT_CONFIGURATION
from search.query import Kind
from search.understanding.terms import indexed
from search.understanding.wordlists import DATA

AT_ONCE = 2_000  # terms
SENTENCES = [
    "L’huile d’olive, l'œuf à l‘ail & l`eau-de-vie",
    "Quelqu’un d’autre, aujourd’hui, chez O’Tacos : jusqu’à la prud’homie",
    "C’est l’été à l’Isle-d’Abeau : XIXᵉ siècle, 1ᵉʳ étage, 24h/24",
    "Crème brûlée, ÉPICERIE FINE, garçon, maïs, Noël, cœur, æquo, vitamine C",
    "pain d’épices… « bio » (n° 1) 3,50 € l’unité, 2e3 e-5 sans gluten",
]


def by_elasticsearch(text):
    client = elastic._client(20)
    answer = client.indices.analyze(index=elastic.alias(Kind.MERCHANT), field="title", text=text)
    return [token["token"] for token in answer["tokens"]]


def by_postgresql(text):
    with connection.cursor() as cursor:
        cursor.execute(
            """select lexeme from unnest(to_tsvector(%s::regconfig, %s)) as found, unnest(positions) as position
            order by position""",
            [TEXT_CONFIGURATION, text],
        )
        return [lexeme for (lexeme,) in cursor.fetchall()]


def test_every_term_of_the_catalogue_is_taken_as_it_is(elasticsearch, places):
    region = settings.REGION
    files = [*DATA.iterdir(), *region.search_data.iterdir(), region.folder / "towns.csv"]
    texts = [path.read_text(encoding="utf-8") for path in files if path.suffix in (".txt", ".csv")]
    texts.append((settings.BASE_DIR / "directory" / "data" / "naf.csv").read_text())
    texts += list(Town.objects.values_list("name", flat=True))
    texts += [" ".join([category.name, *category.synonyms]) for category in Category.objects.all()]
    terms = sorted({term for text in texts for term in indexed(text).split()})
    assert len(terms) > 5_000

    for start in range(0, len(terms), AT_ONCE):
        some = terms[start : start + AT_ONCE]
        assert by_elasticsearch(" ".join(some)) == some
        assert by_postgresql(" ".join(some)) == some


def test_apostrophes_accents_and_signs_are_taken_alike(elasticsearch):
    for sentence in SENTENCES:
        terms = indexed(sentence)
        assert by_elasticsearch(terms) == by_postgresql(terms) == terms.split(), sentence
