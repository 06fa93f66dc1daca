"""Accounts are e-mail addresses."""

import pytest
from django.db import IntegrityError

from portal.models import User

pytestmark = pytest.mark.django_db


def test_an_address_has_one_account_whatever_its_case():
    User.objects.create_user("Maud@example.com")

    with pytest.raises(IntegrityError):
        User.objects.create_user("maud@example.com")


def test_an_account_is_found_whatever_the_case_typed():
    maud = User.objects.create_user("Maud@example.com")

    assert User.objects.get_by_natural_key("maud@EXAMPLE.com") == maud


def test_an_account_without_a_password_cannot_log_in(client):
    User.objects.create_user("maud@example.com")

    assert not client.login(email="maud@example.com", password="")
