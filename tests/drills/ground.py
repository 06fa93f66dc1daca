"""Where drills are played: a small demo region in a database of its own, and an Elasticsearch that may be killed."""

import shutil
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.test.utils import override_settings, setup_test_environment

from deploy.local import places
from deploy.local.elasticsearch_cluster import Node
from portal.management.commands.prepare import said_by
from portal.progress import step
from tests.conftest import TEST_SETTINGS
from tests.database import Slot, connected_to


@contextmanager
def region(options: Namespace) -> Iterator[Node]:
    """Give the server of a region in step with its indexes; leave nothing behind.

    options: merchants, products: how many; port: of Elasticsearch.
    """
    directory = places.state_directory() / f"drill-{options.port}"
    server, slot = Node(directory, options.port, "leader"), Slot()
    setup_test_environment()
    try:
        server.begin()
        with step("Tables"):
            slot.ensure_template()
            slot.clone()
        with connected_to(slot.name), override_settings(**TEST_SETTINGS):
            with step("Region"):
                said_by("load_places", write=True)
                said_by("demo", merchants=options.merchants, products=options.products)
            with step("Elasticsearch") as outcome:
                outcome(server.wait())
            settings.ELASTICSEARCH_URL = [server.url]
            settings.ELASTICSEARCH_PREFIX = "drill"
            said_by("reindex")
            yield server
    finally:
        server.kill()
        shutil.rmtree(directory, ignore_errors=True)
        slot.drop()
        slot.server.close()
