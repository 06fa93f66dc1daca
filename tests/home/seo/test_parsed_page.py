"""Reading a page as a search engine does."""

from home.seo.parsed_page import read

PAGE = """<!DOCTYPE html><html lang="fr"><head><title>
  Pain &amp; sel</title>
<meta name="description" content="Du pain."><meta name="robots" content="index, follow">
<link rel="canonical" href="https://www.region.example/pain/">
<script type="application/ld+json">{"@graph": [{"@type": "WebSite"}, {"@type": "Bakery", "name": "</p>"}]}</script>
<script>let mots = "ne comptent pas";</script></head>
<body><a href="/">Accueil</a><main><h1>Le pain</h1><svg><title>Un pain</title></svg><p>Deux mots</p></main>
<footer>Jamais compté</footer></body></html>"""


def test_what_is_in_the_head_is_read():
    reading = read(PAGE)

    assert (reading.title, reading.description) == ("Pain & sel", "Du pain.")
    assert (reading.canonical, reading.is_indexable) == ("https://www.region.example/pain/", True)


def test_only_words_of_the_main_part_count():
    assert (read(PAGE).words, read(PAGE).headings, read(PAGE).links) == (4, 1, ["/"])


def test_every_node_of_structured_data_is_read():
    assert read(PAGE).node("Bakery", "Store") == {"@type": "Bakery", "name": "</p>"}
    assert read(PAGE).node("Product") is None


def test_data_that_are_no_json_are_told():
    assert read('<script type="application/ld+json">{oups</script>').broken_data


def test_a_page_kept_from_robots_is_not_indexable():
    assert not read('<meta name="robots" content="noindex, follow">').is_indexable
