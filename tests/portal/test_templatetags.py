"""Formatting follows French typography."""

import re
from decimal import Decimal

import pytest
from django.core.paginator import Paginator
from django.utils.safestring import mark_safe

from portal.templatetags.portal import (
    breadcrumb,
    distance,
    euros,
    page_url,
    pages_around,
    section_head,
    thousands,
)

GAP = Paginator.ELLIPSIS


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Decimal("1234.5"), "1\u202f234,50\u00a0€"),
        (Decimal("0"), "0,00\u00a0€"),
        (Decimal("-2.405"), "-2,40\u00a0€"),
        (Decimal("1234567.891"), "1\u202f234\u202f567,89\u00a0€"),
        (12, "12,00\u00a0€"),
    ],
)
def test_euros_are_written_the_french_way(amount, written):
    assert euros(amount) == written


@pytest.mark.parametrize(
    ("kilometres", "written"),
    [
        (0.34, "340\u00a0m"),
        (0.994, "990\u00a0m"),
        (0.996, "1\u00a0km"),
        (1.23, "1,2\u00a0km"),
        (2.0, "2\u00a0km"),
        (9.96, "10\u00a0km"),
        (54.3, "54\u00a0km"),
    ],
)
def test_a_distance_is_as_exact_as_it_is_short(kilometres, written):
    assert distance(kilometres) == written


def test_thousands_are_parted_by_a_narrow_space():
    assert thousands(4034) == "4\u202f034"


@pytest.mark.parametrize(
    ("number", "total", "pages"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (6, 14, [1, GAP, 4, 5, 6, 7, 8, GAP, 14]),
        (14, 14, [1, GAP, 12, 13, 14]),
        (3, 5, [1, 2, 3, 4, 5]),
    ],
)
def test_pages_far_from_the_current_one_are_left_out(number, total, pages):
    assert pages_around(number, total) == pages


def test_a_breadcrumb_ends_with_the_page_itself():
    drawn = breadcrumb("Communes", "/commerces/", "Die")

    assert re.findall(r'<a href="(.*?)">(.*?)</a>', drawn) == [("/", "Accueil"), ("/commerces/", "Communes")]
    assert '<span aria-current="page">Die</span>' in drawn


def test_what_is_drawn_once_keeps_apart_what_is_escaped_and_what_is_not():
    assert "<em>" in section_head(mark_safe("<em>Pain</em>"), "pain")
    assert "<em>" not in section_head("<em>Pain</em>", "pain")


@pytest.mark.parametrize(
    ("link", "number", "address"),
    [
        ("?page=", 1, "."),
        ("?page=", 2, "?page=2"),
        ("?q=pain&page=", 1, "?q=pain"),
        ("?q=pain&page=", 3, "?q=pain&page=3"),
    ],
)
def test_the_first_page_of_a_list_has_one_address(link, number, address):
    assert page_url(link, number) == address
