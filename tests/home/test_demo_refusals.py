"""When the demo cannot be loaded, the command says why and stores nothing."""

import pytest
from django.core.management import CommandError, call_command

from directory.models import MerchantPage, Town

pytestmark = pytest.mark.django_db


def test_a_region_without_towns_says_what_to_load_first():
    Town.objects.all().delete()

    with pytest.raises(CommandError, match="load_places"):
        call_command("demo")

    assert not MerchantPage.objects.exists()


def test_fewer_merchants_than_the_stories_need_are_refused(places):
    with pytest.raises(CommandError, match="Au moins 493"):
        call_command("demo", merchants=10)

    assert not MerchantPage.objects.exists()
