"""The jobs of the shop: what the clock does to orders, and files of pictures that nobody needs."""

from portal.jobs import EACH_MINUTE, PICTURES, job
from shop import deadlines, picture_job


@job("Rendre ce que personne n’a confirmé", cron=EACH_MINUTE)
def end_unconfirmed_holds() -> None:
    deadlines.end_holds()


@job("Annuler les commandes non préparées", cron=EACH_MINUTE)
def cancel_unprepared_orders() -> None:
    deadlines.cancel_unprepared()


@job("Annuler les commandes non retirées", cron=EACH_MINUTE)
def cancel_uncollected_orders() -> None:
    deadlines.cancel_uncollected()


@job("Rappeler aux acheteurs ce qui les attend", cron=EACH_MINUTE)
def remind_buyers() -> None:
    deadlines.remind_buyers()


@job("Rappeler aux commerçants ce qu’ils ont à préparer", cron=EACH_MINUTE)
def remind_merchants() -> None:
    deadlines.remind_merchants()


@job("Effacer les fichiers d’images sans article", queue=PICTURES, cron="12 * * * *")
def drop_leftover_pictures() -> None:
    picture_job.drop_leftovers()
