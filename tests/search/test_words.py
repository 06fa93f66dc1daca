"""Both engines read and stem words alike."""

from django.conf import settings
from django.db import connection

from directory.models import Category, Town
from search.engines import elastic
from search.models import TEXT_CONFIGURATION
from search.query import Kind
from search.wordlists import DATA
from search.words import words_of

AT_ONCE = 2_000  # words
SENTENCES = [
    "L’huile d’olive, l'œuf à l‘ail & l`eau-de-vie",
    "Quelqu’un d’autre, aujourd’hui, chez O’Tacos : jusqu’à la prud’homie",
    "C’est l’été à l’Isle-d’Abeau : XIXᵉ siècle, 1ᵉʳ étage, 24h/24",
    "Crème brûlée, ÉPICERIE FINE, garçon, maïs, Noël, cœur, æquo, vitamine C",
    "pain d’épices… « bio » (n° 1) 3,50 € l’unité",
]


def by_elasticsearch(text):
    client = elastic._client(20)
    answer = client.indices.analyze(index=elastic.alias(Kind.MERCHANT), analyzer="french", text=text)
    return [token["token"] for token in answer["tokens"]]


def by_postgresql(words):
    with connection.cursor() as cursor:
        cursor.execute(
            """select token.lexeme from unnest(%s::text[]) with ordinality as word (text, number),
            lateral (select (tsvector_to_array(to_tsvector(%s::regconfig, word.text)))[1] as lexeme) as token
            order by number""",
            [words, TEXT_CONFIGURATION],
        )
        return [lexeme for (lexeme,) in cursor.fetchall()]


def test_every_word_of_the_catalogue_is_stemmed_alike(elasticsearch, places):
    texts = [path.read_text(encoding="utf-8") for path in DATA.iterdir() if path.suffix in (".txt", ".csv")]
    texts += [(settings.BASE_DIR / "directory" / "data" / name).read_text() for name in ("naf.csv", "towns.csv")]
    texts += list(Town.objects.values_list("name", flat=True))
    texts += [" ".join([category.name, *category.synonyms]) for category in Category.objects.all()]
    words = sorted({word for text in texts for word in words_of(text)})
    assert len(words) > 5_000

    for start in range(0, len(words), AT_ONCE):
        some = words[start : start + AT_ONCE]
        assert by_elasticsearch(" ".join(some)) == by_postgresql(some)


def test_apostrophes_accents_and_signs_are_read_alike(elasticsearch):
    for sentence in SENTENCES:
        assert by_elasticsearch(sentence) == by_postgresql(words_of(sentence)), sentence
