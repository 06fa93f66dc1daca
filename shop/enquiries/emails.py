"""What visitors and merchants get by e-mail about a request."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from portal import grammar
from shop.emails import recipients, send
from shop.enquiries.models import UNCONFIRMED, Enquiry
from shop.enquiries.wording import days
from shop.pickup import address


def ask_to_confirm(enquiry: Enquiry) -> None:
    """Send the link without which no merchant is told. The address may be anybody's: nothing that was typed is told."""
    _tell_visitor(enquiry, "enquiry_confirm", "Confirmez votre demande")


def tell_merchant(enquiry: Enquiry) -> None:
    what = "Quelqu’un demande à être rappelé" if enquiry.is_call else "Une demande de mise de côté"
    _tell_merchant(enquiry, "merchant_enquiry", what)


def remind_merchant(enquiry: Enquiry) -> None:
    _tell_merchant(enquiry, "merchant_enquiry", "Une demande attend votre réponse")


def tell_given_up(enquiry: Enquiry) -> None:
    _tell_merchant(enquiry, "merchant_enquiry_given_up", f"Demande {grammar.of(enquiry.name)} retirée")


def tell_answer(enquiry: Enquiry) -> None:
    _tell_visitor(enquiry, "enquiry_answered", f"{enquiry.merchant.title} vous répond")


def tell_unanswered(enquiry: Enquiry) -> None:
    _tell_visitor(enquiry, "enquiry_unanswered", f"Sans réponse {grammar.of(enquiry.merchant.title)}")


def _tell_visitor(enquiry: Enquiry, template: str, subject: str) -> None:
    send(template, subject, [enquiry.email], _facts(enquiry) | {"link": f"{settings.SITE_URL}{enquiry.link}"})


def _tell_merchant(enquiry: Enquiry, template: str, subject: str) -> None:
    link = f"{settings.SITE_URL}{reverse('merchant_enquiries', args=[enquiry.merchant_id])}"
    send(template, subject, recipients(enquiry.merchant), _facts(enquiry) | {"link": link})


def _facts(enquiry: Enquiry) -> dict[str, Any]:
    return {
        "enquiry": enquiry,
        "merchant": enquiry.merchant.title,
        "phone": enquiry.merchant.phone,
        "address": address(enquiry.merchant),
        "days": UNCONFIRMED.days,
        **days(enquiry),
    }
