"""What somebody must do before their account can go: hand a shop over, end what others count on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from portal.privacy.discovery import discover
from portal.privacy.person import Person
from portal.staff import is_staff


@dataclass(frozen=True)
class Obstacle:
    """One thing to do first. text: what and why, in French. url, link: where it is done, "" where on no page."""

    text: str
    url: str = ""
    link: str = ""


FINDERS: list[Callable[[Person], Iterable[Obstacle]]] = []  # of each package


def obstacles(person: Person) -> list[Obstacle]:
    """Return all that stands before the deletion of an account."""
    if person.user and is_staff(person.user):
        return [
            Obstacle(
                "Votre compte travaille pour la Région : demandez à une administratrice ou à un administrateur de le "
                "supprimer."
            )
        ]
    discover()
    return [obstacle for find in FINDERS for obstacle in find(person)]
