"""Debian's Chromium, for the browser journeys of the tests, and the library that Playwright's node asks for."""

import ctypes.util
import os
import shutil
import subprocess

from portal.progress import step

NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium", "libatomic1")
ADVICE = f"The browser journeys need Chromium and libatomic1: apt-get install {' '.join(PACKAGES)}, then run again."


def ensure():
    """Install what is absent when root runs this. Return a sentence to show if it stays absent."""
    if is_complete():
        return None
    if os.geteuid() or not shutil.which("apt-get"):
        return ADVICE
    with step("Chromium"):
        for command in (["update"], ["install", "--yes", "--no-install-recommends", *PACKAGES]):
            subprocess.run(
                ["apt-get", "-qq", *command],
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
    return None if is_complete() else ADVICE


def is_complete():
    return bool(find() and ctypes.util.find_library("atomic"))


def find():
    """Return the path of the browser's command, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)
