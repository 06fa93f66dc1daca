"""A real PostgreSQL that refuses: full, starting, only read, or held by somebody. Nobody meets « 500 »."""

import os
import shutil
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from psycopg import sql

from deploy.local.postgres import Postgres
from portal.memory import process_cache
from search.indexing import index
from tests.database import Slot
from tests.factories import PASSWORD, SAME_ORIGIN, make_user
from tests.shop.factories import make_product, put_in_basket

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = ["/", "/commercants/", "/recherche/?q=pain", "/boutique/panier/", "/compte/connexion/", "/sante/"]
LOCK_TIMEOUT = 1  # seconds; of the portal: 5


@pytest.fixture(autouse=True)
def keeping(settings, without_engine):
    settings.PAGE_SECONDS = 60
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.fixture
def without_engine(settings):
    settings.ELASTICSEARCH_URL = []


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


@contextmanager
def connected(**changes):
    """Let Django's next connections be made otherwise."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(changes)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


@contextmanager
def execute(*statements, undo):
    with psycopg.connect(Slot.address("postgres"), autocommit=True) as server:
        for statement in statements:
            server.execute(statement)
        try:
            yield
        finally:
            for statement in undo:
                server.execute(statement)


@contextmanager
def no_connection_left_for_the_role():
    statements = ["drop role if exists crowd", "create role crowd login connection limit 0"]
    with execute(*statements, undo=["drop role crowd"]), connected(USER="crowd"):
        yield


@contextmanager
def another_server(signal="", **options):
    """A server that has a signal file and these settings; it is never quite there."""
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    folder.chmod(0o755)
    server = Postgres(folder, throwaway=True)
    try:
        server.start()
        server.query("create role visitor login")
        server.stop()
        if signal:
            (server.data / signal).touch()
            owner = server.data.stat()
            if os.geteuid() == 0:
                os.chown(server.data / signal, owner.st_uid, owner.st_gid)
        server.options = {**server.options, **options}
        server.start()
        with connected(USER="visitor", HOST=str(server.socket_directory), NAME="postgres"):
            yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@contextmanager
def no_connection_left_at_all():
    few = {"max_connections": "8", "superuser_reserved_connections": "3", "max_wal_senders": "0"}
    with another_server(**few) as server, ExitStack() as taken:
        address = psycopg.conninfo.make_conninfo(server.url("postgres"), user="visitor")
        for _ in range(5):
            taken.enter_context(psycopg.connect(address))
        yield


@contextmanager
def starting_up():
    """For as long as it replays its log, it takes no connection: 57P03."""
    with another_server(signal="standby.signal", hot_standby="off", restore_command="false"):
        yield


@contextmanager
def closed_to_connections():
    name = connection.settings_dict["NAME"]
    connection.close()
    with execute(
        f"alter database {name} allow_connections false", undo=[f"alter database {name} allow_connections true"]
    ):
        yield


@pytest.mark.parametrize(
    "refusing",
    [no_connection_left_for_the_role, no_connection_left_at_all, starting_up, closed_to_connections],
    ids=lambda refusing: refusing.__name__,
)
def test_while_postgresql_refuses_kept_pages_go_on_and_all_else_says_when_to_come_back(client, bakery, refusing):
    kept = client.get(bakery.public_path)
    assert kept.status_code == 200

    with refusing():
        with pytest.raises(Exception, match="connection"):
            connection.ensure_connection()
        again = client.get(bakery.public_path)
        assert (again.status_code, again.content) == (200, kept.content)
        process_cache.clear()
        for address in ASKED:
            answer = client.get(address)
            assert answer.status_code == 503, address
            if address != "/sante/":
                assert (answer["Retry-After"], "De retour dans un instant" in answer.text) == ("30", True), address

    assert client.get("/recherche/?q=pain").status_code == 200


@pytest.fixture
def only_read():
    name = connection.settings_dict["NAME"]
    connection.close()
    with execute(
        f"alter database {name} set default_transaction_read_only = on",
        undo=[f"alter database {name} reset default_transaction_read_only"],
    ):
        yield
        connection.close()


def test_while_postgresql_is_only_read_pages_are_shown(bakery, client, request):
    make_product(bakery, title="Pain de seigle")
    index.drain()
    request.getfixturevalue("only_read")

    for address in [*ASKED, bakery.public_path, "/recherche/?q=pain&ou=Privas"]:
        assert client.get(address).status_code == 200, address
    assert "Pain de seigle" in client.get("/recherche/?q=pain").text


def test_while_postgresql_is_only_read_what_is_sent_is_told_to_come_back(bakery, client, request):
    loaf = make_product(bakery, title="Pain de seigle")
    request.getfixturevalue("only_read")

    answer = put_in_basket(client, loaf)

    assert (answer.status_code, answer.get("Retry-After")) == (503, "30")
    assert "De retour dans un instant" in answer.text


FORMS = {  # address: what is sent to it
    "/compte/connexion/": {"login": "lea@example.fr", "password": PASSWORD},
    "/compte/inscription/": {"email": "lea@example.fr", "password1": PASSWORD},
    "/compte/mot-de-passe/oublie/": {"email": "lea@example.fr"},
    "/signaler/envoyer/": {
        "page": "/",
        "reason": "ferme",
        "details": "Le magasin a déménagé.",
        "name": "Léa",
        "email": "lea@example.fr",
        "good_faith": "on",
    },
    "/recherche/alerte/": {"q": "luthier", "email": "lea@example.fr"},
}


@pytest.mark.parametrize("address", FORMS)
def test_while_postgresql_is_only_read_nobody_is_told_of_too_many_attempts(client, request, address):
    make_user("lea@example.fr")
    request.getfixturevalue("only_read")

    answer = client.post(address, FORMS[address], headers=SAME_ORIGIN)

    assert (answer.status_code, answer.get("Retry-After")) == (503, "30")
    assert "De retour dans un instant" in answer.text


@contextmanager
def holding(statement, *values):
    with psycopg.connect(Slot.address(connection.settings_dict["NAME"])) as holder:
        holder.execute(statement, values)
        yield


HELD = {
    "the table of pages": "lock table wagtailcore_page in access exclusive mode",
    "the table of merchants": "lock table directory_merchantpage in access exclusive mode",
    "the table of changes": "lock table portal_change in access exclusive mode",
    "the table of entries": "lock table regional_search_indexedentry in access exclusive mode",
    "the table of searches": "lock table regional_search_demand in access exclusive mode",
    "the row of the home page": "select from home_homepage for update",
    "all rows of entries": "select from regional_search_indexedentry for update",
}


@pytest.mark.parametrize("statement", [sql.SQL(text) for text in HELD.values()], ids=HELD)
@pytest.mark.parametrize("address", ["/", "/sante/", "/recherche/?q=pain"])
def test_what_somebody_holds_holds_up_no_page_beyond_the_limit(bakery, client, statement, address):
    index.drain()
    bounds = {"options": f"-c lock_timeout={LOCK_TIMEOUT}s -c statement_timeout={3 * LOCK_TIMEOUT}s"}
    with connected(OPTIONS={**connection.settings_dict["OPTIONS"], **bounds}), holding(statement):
        process_cache.clear()
        began = time.monotonic()
        answer = client.get(address)
        took = time.monotonic() - began
    assert answer.status_code in (200, 503)
    if answer.status_code == 503 and address != "/sante/":
        assert "De retour dans un instant" in answer.text
    assert took < 10 * LOCK_TIMEOUT  # one wait, and a busy machine
