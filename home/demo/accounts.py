"""The three people of the demo, one for each of the portal's doors."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from directory.models import MerchantManager, MerchantPage
from directory.querysets import MerchantQuerySet
from home.demo.merchants import showcase
from portal.editors import EDITORS
from portal.models import User

DEMO_PASSWORD = "picodon-clairette-noix"
EDITOR, MERCHANT, SHOPPER = "editrice@demo.example", "commercante@demo.example", "cliente@demo.example"
PEOPLE = {
    EDITOR: ("Inès", "Combaluzier"),
    MERCHANT: ("Maud", "Vérilhac"),
    SHOPPER: ("Camille", "Rochegude"),
}


def welcome(merchant: MerchantPage) -> dict[str, User]:
    """Return the three people by e-mail, made now if they are missing; the merchant keeps that page."""
    users = {email: person(email, *name) for email, name in PEOPLE.items()}
    users[EDITOR].groups.add(Group.objects.get(name=EDITORS))
    MerchantManager.objects.get_or_create(merchant=merchant, user=users[MERCHANT])
    return users


def keep(merchants: MerchantQuerySet) -> None:
    """Give each of these merchants whom nobody keeps a fictional keeper, who cannot log in, without a password."""
    without = list(merchants.filter(accesses=None))
    emails = {merchant.pk: f"commerce-{merchant.pk}@demo.example" for merchant in without}
    User.objects.bulk_create(
        (User(email=email, password=make_password(None)) for email in emails.values()), ignore_conflicts=True
    )
    keepers = dict(User.objects.filter(email__in=emails.values()).values_list("email", "pk"))
    MerchantManager.objects.bulk_create(
        MerchantManager(merchant=merchant, user_id=keepers[emails[merchant.pk]]) for merchant in without
    )


def person(email: str, first_name: str, last_name: str) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, DEMO_PASSWORD, first_name=first_name, last_name=last_name)
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    return user


def said(site: str) -> str:
    """Return how to log in, for whoever has just started the demo."""
    return "\n".join(
        (
            f"Mot de passe des trois comptes : {DEMO_PASSWORD}",
            f"  {EDITOR:<27} écrit et relit           {site}/gestion/",
            f"  {MERCHANT:<27} {showcase()['kept']:<24} {site}/espace/",
            f"  {SHOPPER:<27} achète                   {site}/compte/connexion/",
        )
    )
