"""Where the local services keep their files, and as which user they run.

PostgreSQL and Elasticsearch both refuse to run as root. Started by root, they run as the system user
``portal-services``; started by anyone else, as that person.
"""

import errno
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from . import Unavailable

PROJECT = Path(__file__).resolve().parents[2]
SERVICE_USER = "portal-services"
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Account:
    """The user a service runs as. ``popen`` holds the keyword arguments that make subprocess switch to it."""

    uid: int
    gid: int
    popen: dict = field(default_factory=dict)

    def own(self, *directories):
        """Create the directories if needed, and give them to this user alone."""
        for directory in directories:
            directory.mkdir(parents=True, exist_ok=True)
            if self.popen:
                os.chown(directory, self.uid, self.gid)
            directory.chmod(0o700)


def account():
    """Return the Account that services run as, creating the system user when root has none yet."""
    if os.geteuid():
        return Account(os.geteuid(), os.getegid())
    try:
        entry = pwd.getpwnam(SERVICE_USER)
    except KeyError:
        entry = create_service_user()
    return Account(entry.pw_uid, entry.pw_gid, {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []})


def create_service_user():
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if not useradd:
        raise Unavailable(
            f"The services cannot run as root, and useradd is missing to create the user {SERVICE_USER}: "
            "install Debian's package passwd, or run as an ordinary user."
        )
    subprocess.run(
        [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
         "--shell", "/usr/sbin/nologin", SERVICE_USER],
        check=False,
        capture_output=True,
    )  # fmt: skip
    try:
        return pwd.getpwnam(SERVICE_USER)
    except KeyError as error:
        raise Unavailable(
            f"The services cannot run as root, and the user {SERVICE_USER} could not be created: "
            "run as an ordinary user."
        ) from error


def open_to_all(path):
    """True if every directory above the path lets any user through."""
    return all(parent.stat().st_mode & 0o001 for parent in path.parents if parent.exists())


def state_directory(project=PROJECT):
    """Return the directory of everything the services write for a checkout: ``.services`` inside it.

    Where root works in a place closed to others (/root), a directory of /var/lib stands in, since the
    user the services run as could not enter the checkout.
    """
    inside = project / ".services"
    if os.geteuid() == 0 and not open_to_all(inside):
        digest = hashlib.sha256(str(project).encode()).hexdigest()[:12]
        inside = Path("/var/lib/portal-services") / digest
    try:
        inside.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            inside.chmod(0o755)
            inside.parent.chmod(inside.parent.stat().st_mode | 0o011)
    except OSError as error:
        raise Unavailable(f"Cannot write to {inside}: {error.strerror}.") from error
    return inside


def download_directory():
    """Return where unpacked servers are kept, shared by every checkout of this user."""
    if os.geteuid() == 0:
        return Path("/var/cache/portal-services")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "portal-services"


def need_folder(directory):
    """Make a directory where files that were fetched are kept. Raises Unavailable where this user may not write."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            pass
    except OSError as error:
        raise Unavailable(
            f"Cannot write to {directory} ({error.strerror}): give XDG_CACHE_HOME another folder of yours."
        ) from error


def need_own_checkout():
    """Raise Unavailable unless this user may write to the checkout and to what earlier runs left in it."""
    for path in (PROJECT, PROJECT / ".venv", PROJECT / ".services"):
        if path.exists() and not os.access(path, os.W_OK):
            who = pwd.getpwuid(os.geteuid()).pw_name
            raise Unavailable(
                f"{path} belongs to {owner(path)}, and {who} may not write there: "
                f"sudo chown -R {who} {PROJECT}, or clone the portal to a folder of yours."
            )


def said_of(error):
    """Return one sentence on an OSError that this machine's state explains: a full disk, a closed folder; else ""."""
    where = error.filename or PROJECT
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk of {where} is full: make room and run again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"Cannot write to {where}: {error.strerror}. Give it to the user who runs this, and run again."
    return ""


def owner(path):
    """Return the name of who owns a file, or the number of a user without a name."""
    try:
        return path.owner()
    except KeyError:
        return f"user {path.stat().st_uid}"


def need_space(directory, megabytes, purpose):
    """Raise Unavailable unless the disk that holds the directory has that much room."""
    existing = next(path for path in (directory, *directory.parents) if path.exists())
    free = shutil.disk_usage(existing).free // MEGABYTE
    if free < megabytes:
        raise Unavailable(
            f"The disk of {existing} is nearly full: {megabytes} MB are needed for {purpose}, {free} MB are free. "
            "Make room and run again."
        )
