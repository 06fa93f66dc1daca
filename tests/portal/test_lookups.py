"""``among`` answers what ``in`` answers."""

import pytest

from directory.models import MerchantPage, Town


@pytest.mark.django_db
def test_among_finds_those_of_a_list_whatever_its_length(places):
    codes = list(Town.objects.order_by("-name").values_list("insee_code", flat=True)[:3])

    for some in (codes, codes[:1], [], tuple(codes), set(codes), ["00000"]):
        assert set(Town.objects.filter(insee_code__among=some)) == set(Town.objects.filter(insee_code__in=some))


@pytest.mark.django_db
def test_among_follows_a_key_to_another_table(places, bakery, cheesemonger):
    towns = [places.privas.pk]

    assert list(MerchantPage.objects.filter(town__among=towns)) == [bakery]
