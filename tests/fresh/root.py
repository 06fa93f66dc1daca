"""A minimal Debian in a folder, and commands run in it as if it were a machine of its own."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

USER = "newcomer"
HOME = Path("/home") / USER
CHECKOUT = HOME / "portal"
# How this machine reaches package registries: what names a proxy, a certificate or an option of pip, npm or Maven.
REGISTRY_VARIABLES = re.compile(
    r"(?i)^((https?|all|no|ftp)_proxy|(pip|npm_config|maven)_\w+|ssl_cert_\w+|\w*_ca_(bundle|certs|cert\w*))$"
)
REGISTRY_FILES = ("/etc/pip.conf", "~/.config/pip/pip.conf", "~/.pip/pip.conf", "~/.npmrc", "~/.m2/settings.xml")
OWN_CERTIFICATES = Path("/usr/local/share/ca-certificates")
NAMES = ("/etc/resolv.conf", "/etc/hosts")
# In a mount namespace of its own, which the kernel takes away with the last process: nothing is left mounted.
INSIDE = """
trap : INT  # Ctrl-C is for the command; this one goes on to say what it left
mount --bind "$1" "$1"  # Java asks which mount a file is on, and a chroot shows none above
cd "$1"; shift; user="$1"; shift
mount -t proc proc proc
mount --rbind /dev dev
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t tmpfs -o mode=1777 tmpfs tmp
chroot --userspec="$user" . "$@"
status=$?
left() {
  for directory in proc/[0-9]*; do
    [ "$directory" = proc/1 ] || cat "$directory/comm" 2>/dev/null
  done | grep -vx -e sh -e cat -e grep
}
for second in 1 2 3 4 5; do [ -z "$(left)" ] || sleep 1; done
found=$(left)
[ -z "$found" ] || echo "LEFT RUNNING:" $found
exit $status
"""


class Refused(Exception):
    """A root cannot be built here. The message is for a person: what, and what to do."""


class Root:
    """A Debian of one release. ``folder`` may exist already, from a run that kept it."""

    def __init__(self, folder: Path, release: str):
        self.folder = folder
        self.release = release
        self.built = folder / "etc/built-for-portal"

    def build(self, packages: list[str]) -> None:
        """Make the root with those packages and an ordinary user, unless it is there already. Raises Refused."""
        if not self.built.exists():
            self.remove()
            self.folder.mkdir(parents=True)
            said = subprocess.run(
                ["debootstrap", "--variant=minbase", self.release, self.folder, mirror()],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            )  # fmt: skip
            if said.returncode:
                raise Refused(f"debootstrap could not build {self.release}: {said.stdout.strip().splitlines()[-1]}")
            (self.folder / "etc/apt/apt.conf.d/99host").write_text(apt_options())
            self.check("useradd", "--create-home", "--shell", "/bin/bash", USER)
            self.built.touch()
        self.install(packages)

    def install(self, packages: list[str]) -> None:
        """Install Debian packages as root, as README's words have it done. Raises Refused."""
        for certificate in OWN_CERTIFICATES.glob("*.crt"):  # of this machine's network; Java's store is made of them
            self.copy(certificate, str(certificate))
        self.check("apt-get", "-qq", "update")
        self.check("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "--yes", "install", *packages)
        self.check("sh", "-c", "! command -v update-ca-certificates || update-ca-certificates")

    def check(self, *command: str) -> None:
        done = subprocess.run(
            self.command(command, user="root"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if done.returncode:
            raise Refused(f"{shlex.join(command)} failed in {self.folder}:\n{done.stdout[-2000:]}")

    def clone(self, project: Path) -> str:
        """Give the user a clone of the checkout's last commit, and return that commit's first line."""
        clone = self.folder / CHECKOUT.relative_to("/")
        if not clone.exists():
            git("clone", "--quiet", "--no-hardlinks", project, clone)
        else:
            git("-C", clone, "fetch", "--quiet", project, "HEAD")
            git("-C", clone, "reset", "--quiet", "--hard", "FETCH_HEAD")
        self.check("chown", "--recursive", f"{USER}:{USER}", str(HOME))
        return git("-C", clone, "log", "-1", "--format=%h %s (%ci)")

    def command(self, command: tuple[str, ...], user: str = USER, **variables: str) -> list[str]:
        """Return the command that runs another one in the root, in namespaces of its own.

        All that it started ends with it; what still ran when it ended is named on its output as LEFT RUNNING.
        """
        for file in NAMES:
            shutil.copyfile(file, self.folder / file.lstrip("/"))
        home = HOME if user == USER else Path("/root")
        environment = {
            "HOME": str(home),
            "USER": user,
            "LANG": "C.UTF-8",
            "PATH": "/usr/local/bin:/usr/bin:/bin" if user == USER else "/usr/sbin:/usr/bin:/sbin:/bin",
            "TERM": "dumb",
            **self.registries(home),
            **variables,
        }
        given = [f"{name}={value}" for name, value in environment.items()]
        return [
            "unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", INSIDE, "sh", str(self.folder), user,
            "env", "--ignore-environment", *given, *command,
        ]  # fmt: skip

    def registries(self, home: Path) -> dict[str, str]:
        """Copy what this machine's package clients need to reach their registries; return their variables."""
        for name in REGISTRY_FILES:
            inside = str(home / name[2:]) if name.startswith("~") else name
            self.copy(Path(name).expanduser(), inside)
        variables = {name: value for name, value in os.environ.items() if REGISTRY_VARIABLES.match(name)}
        for value in variables.values():
            self.copy(Path(value), value)
        return {name: value for name, value in variables.items() if not Path(value).is_dir()}

    def copy(self, source: Path, inside: str) -> None:
        if source.is_absolute() and source.is_file():
            target = self.folder / inside.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def need_tools() -> None:
    """Raise Refused unless this machine can build a root."""
    if os.geteuid():
        raise Refused("make fresh builds a Debian of its own, so it needs root: sudo make fresh")
    for tool, package in (("debootstrap", "debootstrap"), ("unshare", "util-linux"), ("chroot", "coreutils")):
        if not shutil.which(tool):
            raise Refused(f"make fresh needs {tool}: apt-get install {package}")
    if subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], capture_output=True).returncode:
        raise Refused("make fresh needs mount and pid namespaces, which this machine refuses: run it outside Docker.")


def mirror() -> str:
    """Return the address of Debian's packages that this machine's apt uses. Raises Refused."""
    asked = ["apt-get", "indextargets", "--format", "$(ORIGIN)|$(LABEL)|$(REPO_URI)", "Created-By: Packages"]
    listed = subprocess.run(asked, capture_output=True, text=True).stdout
    found = re.search(r"^Debian\|Debian\|(\S+)$", listed, re.MULTILINE)
    if not found:
        raise Refused("apt knows no mirror of Debian here: apt-get update, and run again.")
    return found.group(1)


def apt_options() -> str:
    """Return this machine's apt options on how to fetch (proxies, checks of dates), for the root's apt."""
    listed = subprocess.run(["apt-config", "dump", "Acquire"], capture_output=True, text=True, check=True).stdout
    wanted = re.compile(r'^Acquire::(https?|Check-\S+|Retries)\b.*"[^"]+";$')
    return "".join(f"{line}\n" for line in listed.splitlines() if wanted.match(line))


def git(*arguments: object) -> str:
    command = ["git", "-c", "safe.directory=*", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
