"""The project's Python environment, .venv, made from the pinned requirements."""

import hashlib
import importlib.util
import os
import subprocess
import sys
import venv
from datetime import datetime
from pathlib import Path

from portal.progress import Progress, step

from . import Unavailable, places

ENVIRONMENT = places.PROJECT / ".venv"
PYTHON = ENVIRONMENT / "bin/python"
PIP = ENVIRONMENT / "bin/pip"
SPACE_MB = 1_500


def install(*files):
    """Make .venv hold the given requirement files; done at once when it already does.

    Raises Unavailable when Python's venv, the network or the room on the disk is missing.
    """
    missing = [name for name in files if not (is_installed(name) and was_made_here())]
    if not missing:
        return
    places.need_space(ENVIRONMENT, SPACE_MB, "the Python packages")
    with step("Python packages"):
        if not (is_usable() and was_made_here()):
            create()
        pip_install(missing)
        for name in missing:
            stamp(name).write_text(digest(name))


def is_installed(name):
    return PYTHON.exists() and stamp(name).exists() and stamp(name).read_text() == digest(name)


def is_usable():
    """True if .venv can install packages: a full disk, or an upgrade of Python, leaves half of one."""
    if not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0


def was_made_here():
    """True unless the checkout was moved: the commands in .venv/bin name the folder that they were made in."""
    try:
        head = PIP.read_text().splitlines()[:2]  # the second line where the path is long or has a space
    except OSError:
        return False
    return any(f"{place}/bin/" in line for line in head for place in (ENVIRONMENT, ENVIRONMENT.resolve()))


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
    venv.create(ENVIRONMENT, with_pip=True, symlinks=True, clear=True)


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
    if any("CERTIFICATE_VERIFY_FAILED" in line for line in said):
        now = datetime.now().astimezone()
        raise Unavailable(
            "The Python packages cannot be downloaded: the registry's certificate is refused. Is this machine's clock "
            f"right (it says {now:%Y-%m-%d %H:%M}), and does pip know this network's certificate (PIP_CERT)?"
        )
    if any("after connection broken" in line for line in said):
        raise Unavailable("The Python packages cannot be downloaded: check the network and run again.")
    errors = [line for line in said if line.startswith("ERROR")] or said
    raise Unavailable(f"pip could not install the Python packages. {' / '.join(errors[-2:])}")


def enter(arguments):
    """Replace this process by the same command run by .venv's Python, unless it is that already."""
    if Path(sys.prefix).resolve() != ENVIRONMENT.resolve():
        os.chdir(places.PROJECT)
        os.execv(PYTHON, [str(PYTHON), "-m", "deploy.local", *arguments])
