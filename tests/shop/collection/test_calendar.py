"""The times of a purchase in the shopper's own calendar."""

from datetime import UTC

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from icalendar import Calendar

from shop.collection.words import written
from shop.models import MerchantOrder, Purchase
from tests.shop.factories import CONTACT, order, order_and_confirm, put_in_basket, refuse


@pytest.fixture
def bought(client, loaf, picodon):
    put_in_basket(client, loaf)
    put_in_basket(client, picodon)
    order_and_confirm(client)
    return Purchase.objects.get()


def calendar_of(response):
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/calendar")
    return Calendar.from_ical(response.content)


def test_the_e_mails_link_holds_each_merchants_time_with_its_zone(bought):
    (message,) = [one for one in mail.outbox if one.to == [CONTACT["email"]] and one.subject.startswith("Votre")]
    assert bought.calendar_link in message.body
    calendar = calendar_of(Client().get(bought.calendar_link.removeprefix(settings.SITE_URL)))

    assert [zone["tzid"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]
    events = {str(event["summary"]): event for event in calendar.walk("VEVENT")}
    for part in MerchantOrder.objects.with_details():
        event = events[f"Retrait chez {part.storefront.merchant.title}"]
        assert event["dtstart"].params["TZID"] == "Europe/Paris"
        assert (event.start.astimezone(UTC), event.end.astimezone(UTC)) == (part.collect_from, part.collect_until)
        assert part.storefront.merchant.street in event["location"]
        assert part.collection_code in event["description"]


def test_what_is_cancelled_is_no_longer_in_it(client, bought):
    refuse(MerchantOrder.objects.first())
    calendar = calendar_of(client.get(f"/boutique/commande/merci/{bought.number}/retraits.ics"))
    assert len(calendar.walk("VEVENT")) == 1


@pytest.mark.parametrize("query", ["", "?cle=", "?cle=faux"])
def test_a_stranger_finds_nothing(bought, query):
    assert Client().get(f"/boutique/commande/merci/{bought.number}/retraits.ics{query}").status_code == 404


def test_no_code_is_told_before_it_is_confirmed(client, loaf):
    put_in_basket(client, loaf)
    order(client)
    bought = Purchase.objects.get()
    calendar = calendar_of(client.get(f"/boutique/commande/merci/{bought.number}/retraits.ics"))
    assert "description" not in calendar.walk("VEVENT")[0]


def test_every_e_mail_tells_the_time_in_full(bought):
    def plain(text):
        return text.replace("\u00a0", " ").replace("&nbsp;", " ")

    times = {
        part.storefront.merchant.email or part.storefront.merchant.managers.get().email: plain(written(part.slot))
        for part in MerchantOrder.objects.with_details()
    }
    assert len(mail.outbox) == 4  # to confirm, confirmed, and to each merchant
    for message in mail.outbox:
        for body in (message.body, message.alternatives[0][0]):
            told = times.values() if message.to == [CONTACT["email"]] else [times[message.to[0]]]
            assert all(time in plain(body) for time in told)
