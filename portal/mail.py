"""E-mails, queued in the database and sent by the worker.

A message is stored in the transaction of what it tells of, so neither exists without the other; a mail server that is
down or refuses us is nobody's error page. Why no library: those kept up to date also keep what they have sent, which
is personal data, beside templates and screens of their own.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from portal import database_clock
from portal.models import QueuedMail, QueuedMailQuerySet
from portal.typography import no_break, no_break_html

MINUTE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)
GIVEN_UP_AFTER = timedelta(days=3)
KEPT = timedelta(days=7)  # at most, with a server that nobody reaches: home/purges.py deletes what is older

log = structlog.get_logger(__name__)


class QueueBackend(BaseEmailBackend):
    """Django's EMAIL_BACKEND: keeps each message until the worker has sent it by settings.MAIL_TRANSPORT."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Raises ValueError on an attachment: no mail of ours has one."""
        QueuedMail.objects.bulk_create([QueuedMail(content=_content(message)) for message in email_messages])
        return len(email_messages)


def send_due(is_over: Callable[[], bool] = lambda: False) -> int:
    """Send the messages that are due, oldest first; return how many were sent. Several workers may send side by side.

    One that is refused is tried again, each time twice as late, for three days. A server that cannot be reached ends
    the pass and puts all off by a minute: each would only wait for it in turn.

    is_over: asked before each message, whether to stop here. What is queued meanwhile waits for the next pass.
    """
    due = QueuedMail.objects.due(database_clock.now())
    server = get_connection(settings.MAIL_TRANSPORT)
    sent = 0
    try:
        while not is_over() and due.exists():
            try:
                server.open()
            except OSError as error:  # smtplib's errors too: refused, no such host, wrong password
                due.update(due_at=database_clock.now() + MINUTE)
                log.error("mail_server_unreachable", reason=str(error))
                break
            sent += _send_next(server, due)
    finally:
        server.close()
    return sent


@transaction.atomic
def _send_next(server: BaseEmailBackend, due: QueuedMailQuerySet) -> int:
    queued = due.select_for_update(skip_locked=True).first()
    if queued is None:
        return 0
    try:
        server.send_messages([_message(queued.content)])
    except Exception as error:  # whatever is wrong with this one, those behind it are not held up
        server.close()
        _put_off(queued, error)
        return 0
    queued.delete()
    return 1


def _put_off(queued: QueuedMail, error: Exception) -> None:
    now = database_clock.now()
    if now - queued.made_at > GIVEN_UP_AFTER:
        log.error("mail_given_up", reason=str(error), attempts=queued.attempts)
        queued.delete()
        return
    queued.due_at = now + min(MINUTE * 2**queued.attempts, LONGEST_PAUSE)
    queued.attempts += 1
    queued.save(update_fields=["due_at", "attempts"])
    log.warning("mail_put_off", reason=str(error), attempts=queued.attempts)


def _content(message: EmailMessage) -> dict:
    """Return what EmailMultiAlternatives is made of, as JSON can hold it."""
    if message.attachments:
        raise ValueError("A queued e-mail has no attachment.")
    message.message()  # raises for a header that breaks its line, while its author can still be told
    return {
        "subject": no_break(str(message.subject)),
        "body": no_break(str(message.body)),
        "from_email": message.from_email,
        "to": message.to,
        "cc": message.cc,
        "bcc": message.bcc,
        "reply_to": message.reply_to,
        "headers": message.extra_headers,
        "alternatives": [[no_break_html(str(text)), kind] for text, kind in getattr(message, "alternatives", ())],
    }


def _message(content: dict) -> EmailMultiAlternatives:
    alternatives = [tuple(alternative) for alternative in content["alternatives"]]
    return EmailMultiAlternatives(**{**content, "alternatives": alternatives})
