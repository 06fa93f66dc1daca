import pytest
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from portal.rich_text import RichTextArea, is_plain, to_plain, to_rich

STYLED = (
    '<p data-block-key="a1">Du pain <b>au levain</b> &amp; du beurre.</p>'
    "<h3>Le fournil</h3><ul><li>seigle</li><li>épeautre</li></ul><p>Deux<br/>lignes</p>"
)


def test_markup_becomes_paragraphs_a_person_can_edit():
    assert to_plain(STYLED) == "Du pain au levain & du beurre.\n\nLe fournil\n\nseigle\n\népeautre\n\nDeux\nlignes"


def test_paragraphs_become_rich_text():
    assert to_rich("Du pain.\n\nEt du\nbeurre.") == "<p>Du pain.</p><p>Et du<br/>beurre.</p>"


@pytest.mark.parametrize(
    "text",
    [
        "Du pain.\n\nEt du\nbeurre.",
        "Pain au levain.\nCuit au bois.",
        "12 rue X\n07000 Privas\n\nÀ bientôt",
        "un\ndeux\ntrois\n\nquatre",
        "Jeanne <jeanne@ferme.example>",
        "1 < 2 & « ici »",
        "<b>gras</b> <br> &nbsp; &lt;",
        'Dit "le fameux", l\'été',
        "",
        "l’été",
    ],
)
def test_what_was_typed_is_shown_again_as_it_was(text):
    assert to_plain(to_rich(text)) == text


@pytest.mark.parametrize("text", ["Pain au levain.\nCuit au bois.", "12 rue X\n07000 Privas\n\nÀ bientôt", "a\n\nb\nc"])
def test_the_editor_opens_what_was_typed_and_keeps_its_lines(text):
    editor = ContentstateConverter(features=["bold"])

    assert to_plain(editor.to_database_format(editor.from_database_format(to_rich(text)))) == text


@pytest.mark.parametrize(
    "stored",
    [
        "<p>a<br>b</p>",
        "<p>a<br >b<br/>c</p>",
        "<p><b>a</p>",
        "a<br>b",
        "<p>a</b>b</p>",
        "<ul><li>a<li>b</ul>",
        "",
        "a & b",
    ],
)
def test_the_editor_opens_what_it_did_not_write(stored):
    assert RichTextArea().format_value(stored)


@pytest.mark.parametrize(
    "attack", ["<script>alert(1)</script>", '<img src=x onerror="alert(1)">', '<a href="javascript:alert(1)">ici</a>']
)
def test_typed_markup_never_runs(attack):
    assert "<script" not in to_rich(attack)
    assert to_rich(attack).count("<") == 2  # <p> and </p>


def test_only_paragraphs_are_plain():
    assert is_plain('<p data-block-key="a1">Du pain.</p><p>Deux<br/>lignes</p>')
    assert not is_plain(STYLED)
