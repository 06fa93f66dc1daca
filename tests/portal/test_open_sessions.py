"""Who has an account sees where it is open, and ends what they do not know."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.models import AccountSession
from portal.open_sessions import device_of
from portal.privacy.erasure import erase
from portal.privacy.models import ErasureRecord
from portal.privacy.person import of_account
from tests.factories import PASSWORD, SAME_ORIGIN, make_user

pytestmark = pytest.mark.django_db
ANDROID = (
    "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
PAGE = "/compte/sessions/"


def opened(user, agent):
    client = Client(headers={"User-Agent": agent})
    sent = {"login": user.email, "password": PASSWORD}
    assert client.post(reverse("account_login"), sent, headers=SAME_ORIGIN).status_code == 302
    return client


def listed(client):
    return [(one.device, one.is_this_one) for one in client.get(PAGE).context["sessions"]]


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (ANDROID, "Chrome, Android"),
        (FIREFOX, "Firefox, Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Mobile/15E148 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) FxiOS/140.0 Mobile/15E148 Safari/605", "Firefox, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_5) Version/19.0 Safari/605.1.15", "Safari, Mac"),
        ("curl/8.9", "Appareil inconnu"),
        ("", "Appareil inconnu"),
    ],
)  # fmt: skip
def test_a_device_is_told_in_two_words(agent, device):
    assert device_of(agent) == device


@pytest.mark.parametrize("role", ["shopper", "baker", "editor"])
def test_each_sees_theirs_and_ends_another(request, role):
    user = request.getfixturevalue(role)
    here, there = opened(user, ANDROID), opened(user, FIREFOX)
    opened(make_user(), FIREFOX)

    assert listed(here) == [("Chrome, Android", True), ("Firefox, Linux", False)]

    other = next(one for one in here.get(PAGE).context["sessions"] if not one.is_this_one)
    here.post(PAGE, {"fermer": other.pk})
    assert there.get(PAGE).status_code == 302
    assert listed(here) == [("Chrome, Android", True)]


def test_all_others_are_ended_at_once(shopper):
    here, *others = (opened(shopper, agent) for agent in (ANDROID, FIREFOX, FIREFOX))

    here.post(PAGE, {"fermer": "autres"})

    assert [client.get(PAGE).status_code for client in (here, *others)] == [200, 302, 302]


@pytest.mark.parametrize("wanted", ["", "0", "²", "-1", "9" * 30])
def test_what_is_no_session_ends_none(shopper, wanted):
    here = opened(shopper, ANDROID)

    assert here.post(PAGE, {"fermer": wanted}, follow=True).status_code == 200
    assert listed(here) == [("Chrome, Android", True)]


def test_a_stranger_s_session_is_not_ended(shopper, baker):
    theirs = opened(baker, FIREFOX)
    here = opened(shopper, ANDROID)

    here.post(PAGE, {"fermer": AccountSession.objects.get(user=baker).pk})

    assert listed(theirs) == [("Firefox, Linux", True)]


def test_it_goes_with_the_session_however_that_ends(shopper):
    client = opened(shopper, ANDROID)
    client.post(reverse("account_logout"))
    assert not AccountSession.objects.exists()

    opened(shopper, FIREFOX)
    Session.objects.all().delete()
    assert not AccountSession.objects.exists()

    opened(shopper, FIREFOX)
    erase(of_account(shopper), ErasureRecord.Way.ACCOUNT)
    assert not AccountSession.objects.exists()


def test_a_session_that_is_over_is_not_told_and_one_from_before_is(shopper):
    old, here = opened(shopper, FIREFOX), opened(shopper, ANDROID)
    Session.objects.filter(pk=old.session.session_key).update(expire_date=timezone.now())
    AccountSession.objects.filter(session=here.session.session_key).delete()

    assert listed(here) == [("Chrome, Android", True)]


def test_a_new_password_keeps_this_session_and_ends_the_others(shopper):
    here, there = opened(shopper, ANDROID), opened(shopper, FIREFOX)
    sent = {"oldpassword": PASSWORD, "password1": "clairette-picodon-9", "password2": "clairette-picodon-9"}
    here.post(reverse("account_change_password"), sent)

    assert there.get(PAGE).status_code == 302
    assert ("Chrome, Android", True) in listed(here)


def test_nothing_is_kept_of_where_somebody_is(shopper):
    opened(shopper, ANDROID)

    assert {field.name for field in AccountSession._meta.fields} == {"id", "session", "user", "device", "opened_at"}
    assert AccountSession.objects.get().device == "Chrome, Android"
