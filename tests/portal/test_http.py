"""Requests to third parties, against a real server on this machine."""

import contextlib
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from portal.http import Unreachable, send


class ThirdParty(BaseHTTPRequestHandler):
    """Answers as its path asks, and remembers what it was asked."""

    def do_GET(self):
        self.server.asked.append(self.path)
        getattr(self, self.path.strip("/"))()

    def do_POST(self):
        self.server.received = self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def fine(self):
        self.answer(200, b"bonjour")

    def moved(self):
        self.send_response(302)
        self.send_header("Location", "/fine")
        self.end_headers()

    def tired(self):
        self.answer(503 if len(self.server.asked) < 3 else 200, b"enfin")

    def wrong(self):
        self.answer(422, b"non")

    def huge(self):
        self.answer(200, b"x" * 5_000)

    def endless(self):
        self.send_response(200)
        self.end_headers()
        for _ in range(50):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle(self):
        with contextlib.suppress(ConnectionError):  # the client left, as some tests want
            super().handle()

    def log_message(self, *args):
        pass


@pytest.fixture
def third_party():
    with ThreadingHTTPServer(("127.0.0.1", 0), ThirdParty) as server:
        server.asked, server.received = [], b""
        server.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_an_answer_comes_back_whole(third_party):
    answer = send("POST", f"{third_party.url}/fine", body=b"salut")

    assert (answer.status, answer.body, third_party.received) == (200, b"bonjour", b"salut")


def test_a_passing_fault_is_tried_again(third_party):
    answer = send("GET", f"{third_party.url}/tired", pause=0.01)

    assert (answer.status, answer.body, len(third_party.asked)) == (200, b"enfin", 3)


def test_a_refusal_is_an_answer_and_is_not_repeated(third_party):
    answer = send("GET", f"{third_party.url}/wrong", pause=0.01)

    assert (answer.status, len(third_party.asked)) == (422, 1)


def test_a_redirect_is_never_followed(third_party):
    answer = send("GET", f"{third_party.url}/moved")

    assert (answer.status, third_party.asked) == (302, ["/moved"])


def test_an_answer_too_long_is_refused(third_party):
    with pytest.raises(Unreachable, match="more than 1000 bytes"):
        send("GET", f"{third_party.url}/huge", max_bytes=1000)


def test_an_answer_that_never_ends_is_given_up(third_party):
    began = time.monotonic()

    with pytest.raises(Unreachable, match="not finished"):
        send("GET", f"{third_party.url}/endless", timeout=0.3, tries=1)

    assert time.monotonic() - began < 1.5


def test_nobody_at_the_door_is_said_after_the_last_try(third_party):
    third_party.server_close()

    with pytest.raises(Unreachable, match=r"127\.0\.0\.1"):
        send("GET", f"{third_party.url}/fine", tries=2, pause=0.01)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://ailleurs.example/", "/etc/passwd"])
def test_only_web_addresses_are_opened(url):
    with pytest.raises(ValueError, match="Not a web address"):
        send("GET", url)
