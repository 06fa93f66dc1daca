"""Whom a copy or an erasure is about, and the finding of a person in text."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress

from portal.models import User
from portal.phone import telephone_url
from portal.privacy.discovery import discover

ERASED = "[effacé]"
SHORTEST_NAME = 5  # characters of a full name that may be looked for in texts
SHORTEST_NUMBER = 9  # digits of a telephone


# Of each package: what its rows call a person, as names and telephones, "" where there is none.
TELLERS: list[Callable[["Person"], Iterable[tuple[str, str]]]] = []


@dataclass(frozen=True)
class Person:
    """Somebody who has proved to be so: by a session, or by a link sent to the address.

    user: the account, None without one. emails: the addresses that are proved, in lower case. names, phones: what the
    account and what was bought or reported with these addresses called them; they are looked for in texts alone, and
    never say whose a row is.
    """

    user: User | None
    emails: frozenset[str]
    names: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user else None

    def is_named_in(self, text: str) -> bool:
        return bool(self.pattern and self.pattern.search(text))

    def scrubbed(self, text: str) -> str:
        """Return a text without the person's addresses, numbers and full names."""
        return self.pattern.sub(ERASED, text) if self.pattern else text

    def scrubbed_json(self, value: Any) -> Any:
        """Return what JSON holds with each of its texts scrubbed."""
        if isinstance(value, str):
            return self.scrubbed(value)
        if isinstance(value, list):
            return [self.scrubbed_json(one) for one in value]
        if isinstance(value, dict):
            return {key: self.scrubbed_json(one) for key, one in value.items()}
        return value

    @property
    def sql_pattern(self) -> str:
        """The same for PostgreSQL, which may find a little more; "" if nothing is known."""
        wanted = [re.escape(email) for email in self.emails]
        wanted += [_words(name) for name in self.names if len(name) >= SHORTEST_NAME]
        return "|".join(wanted + [_spaced(digits) for digits in self._numbers()])

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """What finds the person, whatever the case and the blanks of a number; None if nothing is known."""
        wanted = [rf"(?<![\w.+-]){re.escape(email)}(?![\w-])" for email in self.emails]
        wanted += [rf"\b{_words(name)}\b" for name in self.names if len(name) >= SHORTEST_NAME]
        wanted += [rf"(?<!\d)\+?{_spaced(digits)}(?!\d)" for digits in self._numbers()]
        return re.compile("|".join(wanted), re.IGNORECASE) if wanted else None

    def _numbers(self) -> set[str]:
        """Return the digits of each telephone, as dialled in France and from abroad."""
        written = {re.sub(r"\D", "", form) for phone in self.phones for form in (phone, telephone_url(phone))}
        return {digits for digits in written if len(digits) >= SHORTEST_NUMBER}


def _words(name: str) -> str:
    return r"\s+".join(map(re.escape, name.split()))


def _spaced(digits: str) -> str:
    return r"[\s.-]?".join(digits)


def of_account(user: User) -> Person:
    """Return the person of an account: its own address, and those that were confirmed."""
    verified = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return _known(user, {user.email.lower(), *(email.lower() for email in verified)})


def of_address(email: str) -> Person:
    """Return the person behind an address, for what was done without an account."""
    return _known(None, {email.lower()})


def _known(user: User | None, emails: set[str]) -> Person:
    discover()
    person = Person(user, frozenset(emails))
    found: dict[str, set[str]] = {"names": set(), "phones": set()}
    if user and user.get_full_name():
        found["names"].add(user.get_full_name())
    for name, phone in (called for tell in TELLERS for called in tell(person)):
        found["names"].update({name} - {""})
        found["phones"].update({phone} - {""})
    return Person(user, frozenset(emails), frozenset(found["names"]), frozenset(found["phones"]))
