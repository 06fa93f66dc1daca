"""IndexNow, off until a key is set, against a real server on this machine."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from home.seo import indexnow

KEY = "0123456789abcdef"


class Service(BaseHTTPRequestHandler):
    """Takes addresses as IndexNow does."""

    def do_POST(self):
        self.server.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def service(settings):
    settings.SITE_URL = "https://www.region.example"
    with HTTPServer(("127.0.0.1", 0), Service) as server:
        server.received, server.status = [], 202
        server.url = f"http://127.0.0.1:{server.server_port}/indexnow"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_without_a_key_nothing_leaves(service, settings):
    settings.INDEXNOW_KEY = ""

    assert indexnow.announce(["/commerces/die/"], service.url) == 0
    assert service.received == []


def test_addresses_are_sent_with_the_key_and_where_to_check_it(service, settings):
    settings.INDEXNOW_KEY = KEY

    assert indexnow.announce(["/commerces/die/"], service.url) == 1

    assert service.received == [
        {
            "host": "www.region.example",
            "key": KEY,
            "keyLocation": f"https://www.region.example/{KEY}.txt",
            "urlList": ["https://www.region.example/commerces/die/"],
        }
    ]


def test_a_long_list_goes_in_several_requests(service, settings, monkeypatch):
    settings.INDEXNOW_KEY = KEY
    monkeypatch.setattr(indexnow, "BATCH", 2)

    indexnow.announce(["/a/", "/b/", "/c/"], service.url)

    assert [len(request["urlList"]) for request in service.received] == [2, 1]


def test_a_refusal_is_told(service, settings):
    settings.INDEXNOW_KEY = KEY
    service.status = 403

    with pytest.raises(indexnow.Refused, match="403"):
        indexnow.announce(["/a/"], service.url)


def test_the_key_is_shown_at_its_own_address_only(client, db, settings):
    settings.INDEXNOW_KEY = KEY

    assert client.get(f"/{KEY}.txt").text == KEY
    assert client.get("/another.txt").status_code == 404


def test_no_key_has_no_address(client, db, settings):
    settings.INDEXNOW_KEY = ""

    assert client.get("/.txt").status_code == 404


def test_only_what_changed_since_is_announced(bakery):
    before, after = bakery.last_published_at - timedelta(seconds=1), timezone.now()

    assert bakery.public_path in indexnow.changed_since(before)
    assert indexnow.changed_since(after) == []


def test_the_command_is_dry_and_says_that_indexnow_is_off(bakery, settings, capsys):
    settings.INDEXNOW_KEY = ""

    call_command("announce_changes")
    with pytest.raises(CommandError, match="INDEXNOW_KEY"):
        call_command("announce_changes", write=True)

    assert "Nothing was sent" in capsys.readouterr().out
