"""Debian's Chromium, for the browser journeys of the tests."""

import os
import shutil
import subprocess

from .steps import step

NAMES = ("chromium", "chromium-browser", "google-chrome")
ADVICE = "The browser journeys need Chromium: apt-get install chromium, then run again."


def ensure():
    """Install Chromium when it is absent and root runs this. Return a sentence to show if it stays absent."""
    if find():
        return None
    if os.geteuid() or not shutil.which("apt-get"):
        return ADVICE
    with step("Chromium"):
        for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            subprocess.run(
                ["apt-get", "-qq", *command],
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
    return None if find() else ADVICE


def find():
    """Return the path of the browser's command, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)
