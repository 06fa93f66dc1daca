"""Real processes of the portal on the database and indexes in use, that may be killed at any moment."""

import os
import subprocess
import sys

from django.conf import settings

from deploy.local.places import PROJECT
from tests.database import database_url


def manage(*arguments: str, output: int = subprocess.PIPE) -> subprocess.Popen:
    """Start ``manage.py`` with arguments. output: where it writes what it says, as subprocess names it."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "ELASTICSEARCH_URL": ",".join(settings.ELASTICSEARCH_URL),
        "ELASTICSEARCH_PREFIX": settings.ELASTICSEARCH_PREFIX,
        "LOG_LEVEL": "INFO",
    }
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=output, stderr=subprocess.STDOUT)


class Workers:
    """So many workers, each replaced as soon as it is killed, as a supervisor would."""

    def __init__(self, count: int) -> None:
        self.processes = [self._started() for _ in range(count)]

    @staticmethod
    def _started() -> subprocess.Popen:
        return manage("worker", output=subprocess.DEVNULL)

    def kill(self, number: int) -> None:
        """Kill one as a power cut would (SIGKILL), and start another."""
        self._end(self.processes[number])
        self.processes[number] = self._started()

    def end(self) -> None:
        for process in self.processes:
            self._end(process)

    @staticmethod
    def _end(process: subprocess.Popen) -> None:
        process.kill()
        process.wait(30)
