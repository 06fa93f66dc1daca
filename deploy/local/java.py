"""Finding a Java that can run Elasticsearch."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from . import Unavailable, places

OLDEST = 21
# Elasticsearch adds this module at start; the trimmed runtimes on package registries lack it.
NEEDED_MODULE = "jdk.incubator.vector"
INSTALLED = ("/usr/lib/jvm", "/opt", "~/.jdks")


def find_java(who):
    """Return the home (Path) of a suitable JDK that the Account can read. Raises Unavailable without one."""
    for home in candidates():
        readable = not who.popen or places.open_to_all(home / "bin/java")
        if readable and version(home) >= OLDEST and has_module(home):
            return home
    raise Unavailable(
        f"Elasticsearch needs a JDK of version {OLDEST} or later, and none is here. Install one (Debian 13 and "
        "Ubuntu 24.04: apt-get install openjdk-21-jdk-headless; Debian 12: Eclipse Temurin), set JAVA_HOME, "
        "or give ELASTICSEARCH_URL."
    )


def candidates():
    homes = [Path(home) for name in ("ES_JAVA_HOME", "JAVA_HOME") if (home := os.environ.get(name))]
    if on_path := shutil.which("java"):
        homes.append(Path(on_path).resolve().parent.parent)
    for directory in INSTALLED:
        homes += sorted(Path(directory).expanduser().glob("*"), reverse=True)
    return [home for home in dict.fromkeys(homes) if (home / "bin/java").exists()]


def version(home):
    """Return the major version of a JDK, from the file it carries; 0 if it does not say."""
    try:
        found = re.search(r'JAVA_VERSION="(\d+)', (home / "release").read_text())
    except OSError:
        return 0
    return int(found.group(1)) if found else 0


def has_module(home):
    listed = subprocess.run([home / "bin/java", "--list-modules"], capture_output=True, text=True)
    return f"{NEEDED_MODULE}@" in listed.stdout
