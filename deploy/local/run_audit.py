"""``make audit``: the tools, a demo unless one is given, then tests/audit and the crawl of our own pages."""

import os
import shutil
import subprocess

from portal.progress import step

from . import Unavailable, chromium, virtualenv
from .places import PROJECT
from .run_demo import need_port, running

PACKAGES = PROJECT / "tests/audit"
NEEDED = {  # command: what it is for, and where it comes from on Debian
    "node": "Lighthouse and axe need Node 20 or later: apt-get install nodejs",
    "npm": "their packages are fetched by npm: apt-get install npm",
    "java": "the Nu HTML checker needs Java 17 or later: apt-get install default-jre-headless",
}


def run(port, site, arguments):
    """Audit the portal at ``site``, or the demo, brought up on 127.0.0.1:port. Return 0 if nothing is wrong.

    The crawl reads the database that the environment names: with ``site``, DATABASE_URL must be that portal's.
    Raises Unavailable, which names every tool that is absent.
    """
    need_tools()
    install_packages()
    if site:
        return audit(site, os.environ, arguments)
    need_port(port)
    with running(port) as demo:
        return audit(f"http://127.0.0.1:{port}", demo.environment, arguments)


def need_tools():
    absent = [reason for command, reason in NEEDED.items() if not shutil.which(command)]
    absent += [advice] if (advice := chromium.ensure()) else []
    if absent:
        raise Unavailable("The audit lacks tools.\n" + "\n".join(f"  - {reason}" for reason in absent))


def install_packages():
    """Have npm install what tests/audit/package-lock.json pins; done at once when it already is."""
    stamp, lock = PACKAGES / "node_modules/.installed", PACKAGES / "package-lock.json"
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return
    with step("Lighthouse, axe, the Nu HTML checker"):
        # No install script: that of the HTML checker would download a Java of its own.
        done = subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit"], cwd=PACKAGES, capture_output=True, text=True
        )
    if done.returncode:
        raise Unavailable(f"npm could not install the tools of the audit: {done.stderr.strip()[:300]}")
    stamp.write_bytes(lock.read_bytes())


def audit(site, environment, arguments):
    """Try every page in a browser, then read the whole site as a search engine does. Return 0 if nothing is wrong."""
    walked = subprocess.run([virtualenv.PYTHON, "-m", "tests.audit", site, *arguments], cwd=PROJECT)
    crawled = subprocess.run([virtualenv.PYTHON, "manage.py", "audit_site", "--strict"], cwd=PROJECT, env=environment)
    return walked.returncode or crawled.returncode
