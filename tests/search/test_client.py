"""Elasticsearch behind TLS and a key, on several hosts: what the client is told by the settings."""

import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from search.engines import Unavailable, elastic

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A self-made authority's certificate and key for 127.0.0.1."""
    directory = tmp_path_factory.mktemp("tls")
    certificate, key = directory / "ca.pem", directory / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-subj", "/CN=Test authority", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


class Answers(BaseHTTPRequestHandler):
    """Notes the key that comes with each request, and tells of no index."""

    def do_GET(self):
        self.server.keys.append(self.headers["Authorization"])
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args):
        pass


@pytest.fixture
def serve(certificate):
    """``serve()``: a TLS server as Elasticsearch would be; its ``url``, and the ``keys`` that it was sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    servers = []

    def serve():
        server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.url, server.keys = f"https://127.0.0.1:{server.server_port}", []
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()
    elastic._connect.cache_clear()


@pytest.fixture(autouse=True)
def key(settings):
    settings.ELASTICSEARCH_API_KEY = "bWF1ZDpsZXZhaW4="


def test_the_key_is_sent_to_a_server_of_the_authority_given(serve, certificate, settings):
    server = serve()
    settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_CA = [server.url], str(certificate[0])

    assert elastic.published() is None
    assert server.keys == ["ApiKey bWF1ZDpsZXZhaW4="]


def test_a_server_of_an_unknown_authority_is_told_nothing(serve, settings):
    server = serve()
    settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_CA = [server.url], ""

    with pytest.raises(Unavailable, match="TLS error"):
        elastic.published()
    assert server.keys == []


def test_each_of_several_hosts_is_sent_the_key_and_one_that_is_gone_is_passed_over(serve, certificate, settings):
    first, second, gone = serve(), serve(), serve()
    gone.shutdown()
    gone.server_close()
    settings.ELASTICSEARCH_URL = [first.url, second.url, gone.url]
    settings.ELASTICSEARCH_CA = str(certificate[0])

    for _ in range(6):
        elastic.published()

    assert len(first.keys + second.keys) == 6
    assert set(first.keys) == set(second.keys) == {"ApiKey bWF1ZDpsZXZhaW4="}
