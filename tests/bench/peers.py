"""Stock Wagtail and stock django-oscar beside us: a folder prepared as its own README says (setup.sh, then seed.py)."""

import json
import os
import subprocess
import urllib.error
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.bench.servers import Server, serve

PRODUCTS = 5000
WAGTAIL = {"PEER_DB": "peer_wagtail_2000", "PEER_SEARCH": "db"}
OSCAR = {"PEER_DB": f"peer_oscar_{PRODUCTS}", "PEER_SEARCH": "es7"}
ARGUMENTS = ["-c", "../../gunicorn.conf.py"]

# What a row of the table is called, and where the page is.
WAGTAIL_PAGES = {"Wagtail content": "/articles/article-77/", "Wagtail tuned listing": "/articles/?tuned=1"}
OSCAR_PAGES = {
    "Oscar product": "/catalogue/produit-5_6/",
    "Oscar list": "/catalogue/",
    "Oscar category": "/catalogue/category/rayon-0/famille-0-0_7/",
}
BASKET_LINES = 15


@dataclass(frozen=True)
class Peers:
    """Both peers, answering. postgres: the pid of their server."""

    wagtail: Server
    oscar: Server
    basket_cookie: str
    postgres: int

    def rows(self) -> list[tuple]:
        """Return the name, path, port and headers of each of their pages."""
        return [
            *((name, path, self.wagtail.port) for name, path in WAGTAIL_PAGES.items()),
            *((name, path, self.oscar.port) for name, path in OSCAR_PAGES.items()),
            (f"Oscar basket of {BASKET_LINES}", "/basket/", self.oscar.port, (("Cookie", self.basket_cookie),)),
        ]


def serve_peers(folder: Path, port: int, elasticsearch_url: str, started: ExitStack) -> Peers:
    """Start their PostgreSQL and both sites on ``port`` and the next one; ``started`` will stop them."""
    run = folder.resolve() / "run"
    wagtail, oscar = (run / f"venv-{site}/bin/python" for site in ("wagtail", "oscar"))
    if not (wagtail.exists() and oscar.exists()):
        raise SystemExit(f"No peers in {folder}: its README says how to prepare them.")
    subprocess.run([wagtail, "pg.py"], cwd=run.parent, check=True, stdout=subprocess.DEVNULL)
    variables = {**outside(), "PYTHONPATH": str(run.parent), "PEER_ES": elasticsearch_url}
    in_wagtail = {**variables, **WAGTAIL, "DJANGO_SETTINGS_MODULE": "peerwagtail.settings.production"}
    in_oscar = {**variables, **OSCAR, "DJANGO_SETTINGS_MODULE": "frobshop.settings"}
    if indexed(elasticsearch_url) != PRODUCTS:
        command = [oscar, "-W", "ignore", "manage.py", "rebuild_index", "--noinput", "-v0"]
        subprocess.run(command, cwd=run / "oscar", env=in_oscar, check=True, stderr=subprocess.DEVNULL)
    probe = [oscar, run.parent / "probe.py", "oscar", "sessions", "0"]
    sessions = subprocess.run(probe, env=in_oscar, check=True, capture_output=True, text=True)
    return Peers(
        wagtail=serve(
            "peerwagtail.wsgi", ARGUMENTS, port, "/", started,
            python=wagtail, folder=run / "wagtail", variables=in_wagtail, log=run / "bench-wagtail.log",
        ),
        oscar=serve(
            "frobshop.wsgi", ARGUMENTS, port + 1, OSCAR_PAGES["Oscar product"], started,
            python=oscar, folder=run / "oscar", variables=in_oscar, log=run / "bench-oscar.log",
        ),
        basket_cookie=json.loads(sessions.stdout.splitlines()[-1])["basket"][str(BASKET_LINES)],
        postgres=json.loads((run / "pg.json").read_text())["pid"],
    )  # fmt: skip


def outside() -> dict[str, str]:
    """Return our environment without what is set for our own portal."""
    return {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}


def indexed(elasticsearch_url: str) -> int:
    """Return how many products Oscar's search knows."""
    index = OSCAR["PEER_DB"].replace("_", "-")
    try:
        with urllib.request.urlopen(f"{elasticsearch_url}/{index}/_count", timeout=10) as answer:
            return json.load(answer)["count"]
    except urllib.error.HTTPError:
        return 0
