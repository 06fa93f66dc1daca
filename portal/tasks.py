"""The jobs that need nothing of the packages above."""

from django.core.management import call_command

from portal import changes, mail
from portal.database_cache import delete_expired
from portal.jobs import EACH_MINUTE, MAIL, job
from portal.privacy import copies


@job("Envoyer un e-mail", queue=MAIL)
def send_mail(mail_id: int) -> None:
    mail.send(mail_id)


@job("Envoyer les e-mails oubliés", cron=EACH_MINUTE)
def send_forgotten_mails() -> None:
    mail.send_forgotten()


@job("Préparer la copie des données d’une personne")
def make_data_copy(copy_id: int) -> None:
    copies.make(copy_id)


@job("Publier et retirer les pages à l’heure dite", cron=EACH_MINUTE)
def publish_scheduled() -> None:
    call_command("publish_scheduled", verbosity=0)


@job("Oublier les anciens changements de pages", cron=EACH_MINUTE)
def forget_page_changes() -> None:
    changes.forget_old()


@job("Effacer les compteurs périmés du cache", cron=EACH_MINUTE)
def delete_expired_counters() -> None:
    delete_expired()
