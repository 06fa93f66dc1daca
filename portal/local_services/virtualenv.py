"""The project's Python environment, .venv, made from the pinned requirements."""

import hashlib
import importlib.util
import os
import subprocess
import sys
import venv
from pathlib import Path

from . import Unavailable, places
from .steps import Progress, step

ENVIRONMENT = places.PROJECT / ".venv"
PYTHON = ENVIRONMENT / "bin/python"
PIP = ENVIRONMENT / "bin/pip"
SPACE_MB = 1_500


def install(*files):
    """Make .venv hold the given requirement files; done at once when it already does.

    Raises Unavailable when Python's venv, the network or the room on the disk is missing.
    """
    missing = [name for name in files if not is_installed(name)]
    if not missing:
        return
    places.need_space(ENVIRONMENT, SPACE_MB, "the Python packages")
    with step("Python packages"):
        if not (PYTHON.exists() and PIP.exists()):
            create()
        pip_install(missing)
        for name in missing:
            stamp(name).write_text(digest(name))


def is_installed(name):
    return PYTHON.exists() and stamp(name).exists() and stamp(name).read_text() == digest(name)


def stamp(name):
    """Return the file that remembers what was installed from a requirement file."""
    return ENVIRONMENT / f".installed-{name}"


def digest(name):
    """Return a fingerprint of the Python version and of what a requirement file asks for."""
    return hashlib.sha256(sys.version.encode() + (places.PROJECT / name).read_bytes()).hexdigest()


def create():
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise Unavailable(f"This Python has no venv module: apt-get install python{version}-venv, and run again.")
    venv.create(ENVIRONMENT, with_pip=True, symlinks=True)


def pip_install(files):
    """Run pip with hashes required, showing how many packages it has reached. Raises Unavailable."""
    requirements = [argument for name in files for argument in ("--requirement", name)]
    # The files are complete: without --no-deps pip would spend its time finding that out.
    command = [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-deps", *requirements]
    total = sum("==" in line for name in files for line in (places.PROJECT / name).read_text().splitlines())
    progress = Progress("Python packages", total, "packages")
    reached, said = 0, []
    with subprocess.Popen(
        command, cwd=places.PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        for line in pip.stdout:
            said.append(line.strip())
            if line.startswith(("Collecting", "Requirement already satisfied")):
                reached += 1
                progress.show(reached)
    if not pip.returncode:
        return
    if any("after connection broken" in line for line in said):
        raise Unavailable("The Python packages cannot be downloaded: check the network and run again.")
    errors = [line for line in said if line.startswith("ERROR")] or said
    raise Unavailable(f"pip could not install the Python packages. {' / '.join(errors[-2:])}")


def enter(arguments):
    """Replace this process by the same command run by .venv's Python, unless it is that already."""
    if Path(sys.prefix).resolve() != ENVIRONMENT.resolve():
        os.chdir(places.PROJECT)
        os.execv(PYTHON, [str(PYTHON), "-m", "portal.local_services", *arguments])
