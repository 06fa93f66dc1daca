"""A Breton demo, loaded once: towns, categories, merchants, articles, stories."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from directory.places import category_changes, town_changes
from search.indexing import index
from search.understanding.gazetteer import Gazetteer

PRODUCTS = 600  # of as many merchants as the demo has by itself


@pytest.fixture(scope="session")
def gazetteer(django_db_setup, django_db_blocker):
    """The whole region, from the data files; nothing is stored."""
    with django_db_blocker.unblock():
        return Gazetteer(town_changes().created, category_changes().created)


@pytest.fixture(autouse=True)
def without_elasticsearch(settings):
    settings.ELASTICSEARCH_URL = []


@pytest.fixture(scope="module")
def region(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        category_changes().write()
        town_changes().write()
        call_command("demo", products=PRODUCTS, stdout=StringIO(), stderr=StringIO())
        index.drain()
        yield
        transaction.set_rollback(True)
