"""The tags by which a page tells machines what it is."""

import json
import re
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.utils.safestring import SafeString

from home.templatetags.seo import merchant_title, signed


def render(source, **context):
    return Template("{% load seo %}" + source).render(Context(context))


def test_what_is_remembered_is_written_where_it_is_asked_for_and_only_there():
    source = "{% remember name %}{% block title %} Pain & sel {% endblock %}{% endremember %}[{{ name }}|{{ name }}]"

    assert render(source) == "[Pain & sel|Pain & sel]"


def test_what_a_merchant_typed_stays_escaped_once_in_a_remembered_title():
    assert render("{% remember t %}{{ name }}{% endremember %}{{ t }}", name="Pain & <sel>") == "Pain &amp; &lt;sel&gt;"


def test_a_page_fills_a_remembered_block_as_any_other(settings, tmp_path):
    (tmp_path / "base.html").write_text(
        "{% load seo %}{% remember t %}{% block title %}Base{% endblock %}{% endremember %}<{{ t }}>"
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    assert Template('{% extends "base.html" %}{% block title %}Page{% endblock %}').render(Context()) == "<Page>"


def test_remembering_without_a_name_is_a_mistake():
    with pytest.raises(TemplateSyntaxError, match="takes one name"):
        render("{% remember %}{% endremember %}")


def test_a_title_is_signed_while_it_is_shown_whole():
    assert signed("Die (26)") == "Die (26) – J’achète dans ma région"
    assert signed("x" * 40) == "x" * 40


def test_signing_keeps_a_title_safe():
    assert isinstance(signed(SafeString("Pain &amp; sel")), SafeString)


def test_a_merchants_title_gives_up_the_trade_before_the_name_or_the_town():
    def merchant(title):
        return SimpleNamespace(
            title=title, category=SimpleNamespace(name="Presse, tabac & jeux"), town=SimpleNamespace(name="Le Puy")
        )

    assert merchant_title(merchant("Le Kiosque")) == "Le Kiosque, presse, tabac & jeux au Puy"
    assert merchant_title(merchant("Le Kiosque de la place du Breuil et d’ailleurs")).endswith("d’ailleurs au Puy")


def test_the_second_page_of_a_list_counts_on():
    cards = [SimpleNamespace(title=f"Commerce {number}", url=f"/{number}/") for number in range(5)]
    page = Paginator(cards, 2).page(2)

    script = render('{% list_jsonld "Commerces" cards page %}', cards=list(page), page=page)

    data = json.loads(re.search(r">(\{.*\})<", script)[1])
    assert [item["position"] for item in data["itemListElement"]] == [3, 4]


def test_an_empty_list_says_nothing():
    assert render('{% list_jsonld "Commerces" cards %}', cards=[]) == ""
