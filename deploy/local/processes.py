"""Telling our own processes from strangers, and ending them."""

import contextlib
import fcntl
import os
import signal
import socket
import time
from pathlib import Path


def write_pid(pid_file, pid, mark):
    """Write what running_pid() reads."""
    pid_file.write_text(f"{pid}\n{mark}\n")


def running_pid(pid_file, mark):
    """Return the pid written on the first line of a file, if that process lives and is ours; else None.

    A pid outlives its process in a file and may be given to a stranger. ``mark`` is the path of our own files, which
    only our process carries in its command line or environment. The file's second line, as PostgreSQL writes it,
    tells the mark of the day the process began: the checkout may have been moved under it. Where that older path
    still exists, the checkout was copied, and the process is the original's.
    """
    try:
        pid, *marks = pid_file.read_text().splitlines()[:2]
        pid, born_as = int(pid), (marks or [mark])[0]
        if born_as != mark and Path(born_as).exists():
            return None
        traces = Path(f"/proc/{pid}/cmdline").read_bytes() + b"\0" + Path(f"/proc/{pid}/environ").read_bytes()
    except (OSError, ValueError, IndexError):
        return None
    return pid if born_as.encode() in traces else None


def was_moved(pid_file, mark):
    """True if the process of a pid file began while the checkout was somewhere else."""
    return running_pid(pid_file, mark) is not None and mark not in pid_file.read_text().splitlines()[1:2]


def end(pid, still_running, patience=30, signal_first=signal.SIGTERM):
    """Ask a process to end, wait up to ``patience`` seconds, then kill its group. ``still_running()`` tells."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal_first)
    until = time.monotonic() + patience
    while still_running():
        if time.monotonic() > until:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            return
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        time.sleep(0.05)


def kill(pid, still_running, patience=30):
    """Kill a process group without warning, and return once ``still_running()`` says that it is gone."""
    os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)
    until = time.monotonic() + patience
    while still_running() and time.monotonic() < until:
        time.sleep(0.05)


def resident_megabytes(session):
    """Memory in MB held by all processes of a session (the pid of its first process)."""
    pages = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            pages += int(fields[21]) if int(fields[3]) == session else 0
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000)


def port_is_free(port):
    """True if nothing listens on that port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port():
    """Return a port of 127.0.0.1 that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def locked(path):
    """Hold an exclusive lock on a file, so that two commands started together take turns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def interrupted_once():
    """Let Ctrl-C, SIGTERM or a closed terminal interrupt the block, and nothing what follows: the cleaning up."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in signals:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in signals:
            signal.signal(number, signal.SIG_IGN)
