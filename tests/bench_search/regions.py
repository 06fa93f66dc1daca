"""The regions that are searched: demo regions by size, each loaded once into a database and indexes of its own."""

import os
import subprocess
import time
from dataclasses import dataclass

from deploy.local import virtualenv
from deploy.local.places import PROJECT
from deploy.local.run_demo import base_environment
from deploy.local.stack import Stack

FILES = PROJECT / ".services/bench"


@dataclass(frozen=True)
class Region:
    """A demo region of so many merchants and products."""

    merchants: int
    products: int

    @property
    def name(self) -> str:
        """Of its database, and of its indexes."""
        return f"bench_search_{self.merchants}_{self.products}"

    def environment(self, stack: Stack, port: int, elasticsearch: str) -> dict[str, str]:
        """Return the variables of a portal that serves it. elasticsearch: "" and PostgreSQL answers the searches."""
        return {
            **os.environ,
            **base_environment(port),
            "DJANGO_SETTINGS_MODULE": "tests.bench_search.settings",
            "DATABASE_URL": stack.postgres.url(self.name),
            "ELASTICSEARCH_URL": elasticsearch,
            "ELASTICSEARCH_PREFIX": self.name,
            "MEDIA_ROOT": str(FILES / "media"),
            "STATIC_ROOT": str(FILES / "static"),
            "EMAIL_URL": "dummy:",
            "LOG_LEVEL": "WARNING",
        }

    def load(self, stack: Stack, variables: dict[str, str]) -> None:
        """Fill its database with what is missing of it."""
        FILES.mkdir(parents=True, exist_ok=True)
        stack.postgres.create_database(self.name)
        manage(variables, "prepare")
        if int(stack.postgres.query("select count(*) from catalogue_product", self.name)) < self.products:
            manage(variables, "demo", f"--merchants={self.merchants}", f"--products={self.products}")


def manage(variables: dict[str, str], *arguments: str) -> float:
    """Run manage.py and return the seconds it took."""
    started = time.monotonic()
    subprocess.run([virtualenv.PYTHON, "manage.py", *arguments], cwd=PROJECT, env=variables, check=True)
    return time.monotonic() - started
