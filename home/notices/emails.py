"""Who hears of a report."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from home.notices.models import Notice
from portal.editors import EDITORS
from portal.models import User


def tell(notice: Notice) -> None:
    """Tell the editors, acknowledge receipt to the person."""
    link = f"{settings.SITE_URL}{reverse('notices:edit', args=[notice.pk])}"
    editors = User.objects.filter(groups__name=EDITORS, is_active=True).values_list("email", flat=True)
    EmailMessage(
        f"Signalement {notice.number} : {notice.get_reason_display().lower()}",
        f"{settings.SITE_URL}{notice.page}\n\n{notice.details}\n\nTraiter ce signalement : {link}\n",
        to=list(editors),
    ).send()
    if notice.email:
        EmailMessage(
            f"Nous avons reçu votre signalement {notice.number}",
            f"Bonjour,\n\nVous nous avez signalé {settings.SITE_URL}{notice.page}.\n"
            "Une personne le lit et vous répond, avec sa décision et les recours possibles.\n\n"
            f"Rappelez le numéro {notice.number} si vous nous écrivez.\n\nJ’achète dans ma région\n",
            to=[notice.email],
        ).send()
