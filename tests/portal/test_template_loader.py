"""Templates lose their indentation, and nothing else."""

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import get_template

from portal.template_loader import without_indentation


@pytest.mark.parametrize(
    ("source", "loaded"),
    [
        ("<p>\n    Bon\t jour\n</p>\n", "<p>\nBon\t jour\n</p>\n"),
        ("<ul>\n\t<li>a</li>\n\n    <li>b</li>\n</ul>", "<ul>\n<li>a</li>\n\n<li>b</li>\n</ul>"),
        ("  {% if a %}\n  b\n  {% endif %}", "  {% if a %}\nb\n{% endif %}"),
        ("<textarea>\n  a</textarea>\n  <p>", "<textarea>\n  a</textarea>\n  <p>"),
        ("<pre class=x>\n  a</pre>", "<pre class=x>\n  a</pre>"),
    ],
)
def test_lines_begin_at_once_but_where_spaces_are_shown(source, loaded):
    assert without_indentation(source, "a.html") == loaded


def test_an_e_mail_s_plain_text_is_left_as_it_is():
    assert without_indentation("Bonjour,\n  2 × pain\n", "shop/emails/order.txt") == "Bonjour,\n  2 × pain\n"


@pytest.mark.parametrize("name", ["base.html", "search/search.html", "components/choice.html"])
def test_our_templates_come_that_way_and_keep_the_number_of_their_lines(name):
    written = (settings.BASE_DIR / "templates" / name).read_text()
    loaded = get_template(name).template.source

    assert "\n  " in written
    assert "\n  " not in loaded
    assert loaded.count("\n") == written.count("\n")


def test_templates_of_other_packages_are_found_after_ours():
    assert get_template("wagtailadmin/home.html").origin.loader_name.endswith("app_directories.Loader")
    assert engines["django"].engine.get_template("404.html").origin.loader_name == "portal.template_loader.Loader"
