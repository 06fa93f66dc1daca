"""What a merchant types into the screens of an application."""

from django.urls import reverse

from directory.vetting.models import Application
from tests.factories import SAME_ORIGIN

SHOP = {
    "title": "Le Fournil des Mines",
    "category": "boulangerie-patisserie",
    "street": "12 cours du Palais",
    "postal_code": "07000",
    "town": "Privas",
    "phone": "04 75 64 01 01",
}


def send_siret(client, siret, **more):
    return client.post("/espace/inscription/", {"siret": siret, **more}, headers=SAME_ORIGIN)


def opened(client, siret, **more):
    """Return (application, address of its third screen), the first two filled in."""
    send_siret(client, siret, **more)
    application = Application.objects.get(siret=siret)
    client.post(reverse("joining:shop", args=[application.number]), SHOP, headers=SAME_ORIGIN)
    return application, reverse("joining:opening", args=[application.number])


def hours_of(form):
    """Return the week that a form shows, as a browser sends it."""
    sent = {}
    for day in form.days():
        if day["closed"].value():
            sent[day["closed"].html_name] = "on"
        for field in (field for slot in day["slots"] for field in slot):
            value = field.value()
            sent[field.html_name] = value if isinstance(value, str) else value.strftime("%H:%M") if value else ""
    return sent
