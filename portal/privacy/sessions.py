"""Sessions of a person: their content is coded, so that no query finds whose they are."""

import json

from django.contrib.sessions.models import Session

from portal.privacy.person import Person


def of(person: Person) -> list[Session]:
    """Return the sessions in which the person is logged in, or in which a guest left their name or address."""
    return [session for session in Session.objects.iterator() if _belongs(session.get_decoded(), person)]


def _belongs(content: dict, person: Person) -> bool:
    is_logged_in = person.user is not None and content.get("_auth_user_id") == str(person.user_id)
    return is_logged_in or person.is_named_in(json.dumps(content, ensure_ascii=False, default=str))


def end(person: Person) -> int:
    """Delete them; return how many there were."""
    keys = [session.pk for session in of(person)]
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)
