"""The jobs of the directory."""

from directory.joining import retry
from portal.jobs import job


@job("Interroger de nouveau le registre pour une candidature")
def ask_register_again(application_id: int) -> None:
    retry.ask_again(application_id)
