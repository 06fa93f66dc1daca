"""E-mails, queued in the database and sent by jobs of the worker.

A message and its job are stored in the transaction of what it tells of, so none exists without the others; a mail
server that is down or refuses us is nobody's error page. The message is a row of its own, deleted once sent: it is
personal data, and the arguments of a job are kept with it when it fails.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from time import sleep

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import Error, close_old_connections, connection, transaction

from portal import database_clock, jobs
from portal.jobs import Failed, TryAgain
from portal.models import QueuedMail
from portal.typography import no_break, no_break_html

MINUTE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)
GIVEN_UP_AFTER = timedelta(days=3)
KEPT = timedelta(days=7)  # at most, with a server that nobody reaches: home/purges.py deletes what is older
STUBBORN = (0, 1, 2, 4)  # seconds between tries to store that a message left, whatever the database does

log = structlog.get_logger(__name__)


def given_up(header: str) -> list[int]:
    """Return the numbers that this header of ours holds in messages which the mail server has refused for so long.

    They wait still, and are deleted in the end; whoever sent them keeps whom no e-mail reached.
    """
    since = database_clock.now() - GIVEN_UP_AFTER
    stuck = QueuedMail.objects.filter(made_at__lt=since, content__headers__has_key=header)
    return [int(number) for number in stuck.values_list(f"content__headers__{header}", flat=True)]


class QueueBackend(BaseEmailBackend):
    """Django's EMAIL_BACKEND: keeps each message until the worker has sent it by settings.MAIL_TRANSPORT."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Raises ValueError on an attachment: no mail of ours has one."""
        with transaction.atomic(savepoint=False):
            for queued in QueuedMail.objects.bulk_create([QueuedMail(content=_content(one)) for one in email_messages]):
                jobs.defer("send_mail", jobs.MAIL, mail_id=queued.pk)
        return len(email_messages)


def send(mail_id: int) -> None:
    """Send one message, unless it has left or was deleted at its term.

    A refused one is tried again, each time twice as late, for three days. While no server can be reached the job waits:
    each would only wait for it in turn. Raises TryAgain and Failed.

    From just before it is handed over until it is deleted, the row says so: a process that is killed in between leaves
    a message of which nobody knows whether it left. It is not sent a second time unless an editor says so.
    """
    queued = QueuedMail.objects.filter(pk=mail_id).first()
    if queued is None:
        return
    server = _reached()
    try:
        message = _message(queued.content)
        if not QueuedMail.objects.filter(pk=mail_id, handed_at=None).update(handed_at=database_clock.now()):
            _leave_in_doubt(mail_id)
            return
        server.send_messages([message])
    except (Failed, Error):
        raise
    except Exception as error:  # whatever is wrong with this one
        _insist(lambda: QueuedMail.objects.filter(pk=mail_id).update(handed_at=None))
        raise _put_off(queued, error) from error
    else:
        _insist(lambda: QueuedMail.objects.filter(pk=mail_id).delete())
    finally:
        server.close()


def send_forgotten() -> int:
    """Have the messages sent that have no job: of a version before, or whose job was lost; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select id from portal_queuedmail mail where made_at < clock_timestamp() - interval '1 minute'
            and not exists (select from procrastinate_jobs job
                where task_name = 'send_mail' and args ->> 'mail_id' = mail.id::text)"""
        )
        forgotten = [row[0] for row in cursor.fetchall()]
    for mail_id in forgotten:
        jobs.defer("send_mail", jobs.MAIL, mail_id=mail_id)
    return len(forgotten)


def _reached() -> BaseEmailBackend:
    """Return an open mail server, however long that takes. Raises TryAgain when the worker stops meanwhile."""
    while True:
        try:
            server = get_connection(settings.MAIL_TRANSPORT)
            server.open()
            return server
        # smtplib's errors too: refused, no such host, wrong password. And a folder that cannot be written.
        except (OSError, ImproperlyConfigured) as error:
            log.error("mail_server_unreachable", reason=str(error))
            jobs.note("send_mail", jobs.reason(error))
        if not jobs.should_stop():
            connection.close()  # nobody holds one for so long
        for _ in range(round(MINUTE.total_seconds())):
            if jobs.should_stop():
                raise TryAgain(database_clock.now())
            sleep(1)


def _put_off(queued: QueuedMail, error: Exception) -> Exception:
    """Return what ends a try that failed: another one later, or, after GIVEN_UP_AFTER, none."""
    now = database_clock.now()
    if now - queued.made_at > GIVEN_UP_AFTER:
        return Failed(f"Refusé pendant trois jours : {type(error).__name__}.")
    return TryAgain(now + min(jobs.pause_after(jobs.attempts()), LONGEST_PAUSE))


def _leave_in_doubt(mail_id: int) -> None:
    """Raises Failed, unless the message has just left. An editor's « Relancer » then sends it."""
    if QueuedMail.objects.filter(pk=mail_id).update(handed_at=None):
        raise Failed("Interrompu pendant l’envoi : on ne sait pas si l’e-mail est parti. Relancer l’envoie.")


def _insist(store: Callable[[], object]) -> None:
    """Store what became of a message, though the database may restart just then. Raises django.db.Error in the end."""
    for number, pause in enumerate(STUBBORN, start=1):
        sleep(pause)
        try:
            store()
            return
        except Error:
            if number == len(STUBBORN):
                raise
            close_old_connections()


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
