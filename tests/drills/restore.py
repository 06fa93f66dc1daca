"""A restore as docs/operating.md tells it: dump, uploads and SECRET_KEY into a new PostgreSQL, Elasticsearch kept.

A web process that ran before goes on running: neither it nor the search may show what happened after the dump.
"""

import http.client
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import quote

from django.conf import settings

from deploy.local.elasticsearch_cluster import Node
from deploy.local.places import PROJECT
from deploy.local.postgres import Postgres, installed_binaries
from directory.models import MerchantPage
from tests.database import database_url

WEB = 8482  # port
OWNER = "portal"  # an ordinary role, as in production
PATIENCE = 60  # seconds
FUTURE = "Zéphyrine du Lendemain"


def play(server: Node, options: Namespace) -> bool:
    """Restore and print what the running portal then says; return whether all of it is true."""
    folder = Path(tempfile.mkdtemp(prefix="portal-restore-"))
    folder.chmod(0o755)
    postgres = Postgres(folder, throwaway=True)
    try:
        region = folder / "region.dump"
        run("pg_dump", "--format=custom", f"--file={region}", database_url())
        fill(postgres, region)
        environment = environment_of(postgres, folder)
        manage(environment, "reindex")
        with web(environment):
            return restored(postgres, folder, environment)
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def restored(postgres: Postgres, folder: Path, environment: dict[str, str]) -> bool:
    merchant = MerchantPage.objects.live().order_by("pk")[0]  # of the region, of which this is a copy
    pk, title, path = merchant.pk, merchant.title, merchant.public_path
    media = folder / "media"
    (media / "sign.txt").write_text("kept")
    dump, uploads = folder / "portal.dump", folder / "media.tar"

    # Backup, as docs/operating.md has it.
    run("pg_dump", "--format=custom", f"--file={dump}", address(postgres))
    with tarfile.open(uploads, "w") as tar:
        tar.add(media, "media")

    # What the restore undoes, and all have seen.
    postgres.query(f"update wagtailcore_page set title = '{FUTURE}' where id = {pk}", "portal")
    manage(environment, "reindex")
    answers = [
        told("Before: the page shows the new name", FUTURE in page(path)),
        told("Before: the search finds the new name", FUTURE in page(f"/recherche/?q={quote(FUTURE)}")),
        told("Before: Elasticsearch answers and nothing is wrong with it", not wrong()),
    ]

    # The machine burns; a new server takes the address of the old one.
    postgres.stop()
    shutil.rmtree(postgres.data)
    shutil.rmtree(media)
    fill(postgres, dump)
    with tarfile.open(uploads) as tar:
        tar.extractall(folder, filter="data")

    answers += [
        told("After: the page shows the name of the dump", title in page(path) and FUTURE not in page(path)),
        told("After: the search finds the name of the dump", title in page(f"/recherche/?q={quote(title)}")),
        told("After: the search finds no name of later", FUTURE not in found(FUTURE)),
        told("After: /sante/ names what is wrong", {"restored", "reindex"} <= wrong()),
        told("After: /sante/ names the command", health()["run"] == ["manage.py reindex"]),
        told("After: uploads are there", (media / "sign.txt").read_text() == "kept"),
    ]
    manage(environment, "reindex")
    until(lambda: not wrong())
    return all(
        [
            *answers,
            told("Mended: Elasticsearch answers and nothing is wrong with it", health()["search"]["fallback"] is False),
            told("Mended: the search finds the name of the dump", title in page(f"/recherche/?q={quote(title)}")),
            told("Mended: the search finds no name of later", FUTURE not in found(FUTURE)),
        ]
    )


def fill(postgres: Postgres, dump: Path) -> None:
    """Start the server, new if it has no data, and put a dump into its database."""
    postgres.start()
    postgres.query(f"create role {OWNER} login")
    postgres.query(f"create database portal owner {OWNER} encoding 'UTF8'")
    run("pg_restore", "--no-owner", f"--role={OWNER}", "--exit-on-error", "--dbname", postgres.url("portal"), dump)


def address(postgres: Postgres) -> str:
    return f"postgresql://{OWNER}@{quote(str(postgres.socket_directory), safe='')}/portal"


def run(program: str, *arguments: object) -> None:
    subprocess.run([installed_binaries() / program, *map(str, arguments)], check=True)


def environment_of(postgres: Postgres, folder: Path) -> dict[str, str]:
    for name in ("media", "static"):
        (folder / name).mkdir()
    environment = {
        **os.environ, "DATABASE_URL": address(postgres), "ELASTICSEARCH_URL": ",".join(settings.ELASTICSEARCH_URL),
        "ELASTICSEARCH_PREFIX": "restore", "MEDIA_ROOT": str(folder / "media"), "STATIC_ROOT": str(folder / "static"),
        "LOG_LEVEL": "CRITICAL",
    }  # fmt: skip
    manage(environment, "collectstatic", "--noinput", "--verbosity=0")
    return environment


def manage(environment: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True)


@contextmanager
def web(environment: dict[str, str]) -> Iterator[None]:
    arguments = [f"--bind=127.0.0.1:{WEB}", "--threads=2", "--no-control-socket", "--log-level=critical"]
    command = [Path(sys.executable).with_name("gunicorn"), "portal.wsgi", *arguments]
    with subprocess.Popen(command, cwd=PROJECT, env=environment) as process:
        try:
            until(is_up)
            yield
        finally:
            process.terminate()


def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds. Raises TimeoutError."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"Not within {PATIENCE} s.")
        time.sleep(0.5)


def is_up() -> bool:
    try:
        return bool(health())
    except OSError:
        return False


def page(path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", WEB, timeout=PATIENCE)
    connection.request("GET", path)
    text = connection.getresponse().read().decode()
    connection.close()
    return unescape(text)


def found(words: str) -> str:
    """Return the titles of the results of a search: its page repeats the words."""
    _, _, results = page(f"/recherche/?q={quote(words)}").partition("<main")
    return "".join(part.partition("</h3>")[0] for part in results.split("<h3")[1:])


def health() -> dict:
    return json.loads(page("/sante/"))


def wrong() -> set[str]:
    return {"search", "reindex", "restored"} & set(health()["faults"])


def told(question: str, is_right: bool) -> bool:
    print(f"  {'yes  ' if is_right else 'FAULT'}  {question}", flush=True)
    return is_right
