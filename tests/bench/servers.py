"""Web servers under the bench: ours and the peers', started, timed and weighed the same way."""

import subprocess
import time
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psutil

from deploy.local.processes import end

HOST = "127.0.0.1"
READY_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """gunicorn, answering. pid: its master's. seconds: from its launch to its first answer."""

    port: int
    pid: int
    seconds: float

    def worker_megabytes(self) -> float:
        """Return the memory of the largest worker, in MB: what it shares is divided among those who share it (PSS)."""
        workers = psutil.Process(self.pid).children()
        return max(worker.memory_full_info().pss for worker in workers) / 1_000_000


def serve(
    application: str, arguments: list[str], port: int, first_path: str, started: ExitStack, *,
    python: Path, folder: Path, variables: dict[str, str], log: Path,
) -> Server:  # fmt: skip
    """Start gunicorn, wait for its first answer, and return it; ``started`` will stop it.

    application: "module[:name]", found in ``folder``. arguments: gunicorn's. first_path: what it must answer first.
    python: of the virtual environment it runs in. Raises SystemExit if it does not answer.
    """
    command = [python.parent / "gunicorn", application, f"--bind={HOST}:{port}", *arguments]
    launched = time.monotonic()
    with log.open("w") as output:
        web = subprocess.Popen(
            command, cwd=folder, env=variables, stdout=output, stderr=output, start_new_session=True
        )  # fmt: skip
    started.callback(end, web.pid, lambda: web.poll() is None, patience=10)
    while True:
        try:
            urllib.request.urlopen(f"http://{HOST}:{port}{first_path}", timeout=10).close()
            return Server(port, web.pid, time.monotonic() - launched)
        except OSError:
            if web.poll() is not None or time.monotonic() > launched + READY_SECONDS:
                raise SystemExit(f"{application} does not answer: see {log}.") from None
            time.sleep(0.02)
