"""A process that dies just after a commit leaves no order without its e-mails, and none is sent twice."""

import os
import signal

import pytest
from django.core import mail as django_mail
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from portal.models import QueuedMail
from portal.oscar_settings import ORDER_CANCELLED, ORDER_READY, ORDER_RECEIVED
from shop import orders
from shop.models import MerchantOrder, Purchase
from tests.jobs import do_jobs
from tests.shop.factories import confirm, order, order_and_confirm, put_in_basket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def queue(settings):
    settings.EMAIL_BACKEND = "portal.mail.QueueBackend"
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    settings.ELASTICSEARCH_URL = []


def die_once(is_stored, act):
    """Do ``act`` in a process that is killed (SIGKILL) right after the commit that ``is_stored`` sees."""
    connection.close()  # each has its own
    pid = os.fork()
    if not pid:
        try:
            # Where a browser's event loop ran, Django had other connections there; those kept from before it are dead.
            connections.close_all()
            commit = BaseDatabaseWrapper.commit

            def commit_and_die(self):
                commit(self)
                if is_stored():
                    os.kill(os.getpid(), signal.SIGKILL)

            BaseDatabaseWrapper.commit = commit_and_die
            act()
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status), "The process ended by itself: it never stored what it should."
    assert os.WTERMSIG(status) == signal.SIGKILL


def has_status(status):
    return lambda: MerchantOrder.objects.filter(order__status=status).exists()


def purchase(client):
    die_once(Purchase.objects.exists, lambda: order(client))


def confirmation(client):
    order(client)
    do_jobs("mail")
    die_once(has_status(ORDER_RECEIVED), lambda: confirm(client))


def readiness(client):
    order_and_confirm(client)
    do_jobs("mail")
    die_once(has_status(ORDER_READY), lambda: orders.mark_ready(MerchantOrder.objects.get(), by=None))


def cancellation(client):
    order_and_confirm(client)
    do_jobs("mail")
    because = MerchantOrder.Cancelled.UNCOLLECTED  # both are told
    die_once(has_status(ORDER_CANCELLED), lambda: orders.cancel(MerchantOrder.objects.get(), None, because))


@pytest.mark.parametrize(
    ("happens", "mails"),
    [(purchase, 1), (confirmation, 2), (readiness, 1), (cancellation, 2)],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_what_was_stored_is_told_once(client, loaf, happens, mails):
    put_in_basket(client, loaf)
    happens(client)
    django_mail.outbox.clear()

    assert QueuedMail.objects.count() == mails
    do_jobs("mail")
    assert len(django_mail.outbox) == mails
    do_jobs("mail")

    told = [(message.to, message.subject) for message in django_mail.outbox]
    assert len(told) == len({str(one) for one in told}) == mails
