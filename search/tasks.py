"""The jobs of the search: alerts, and what keeps entries and indexes true."""

import structlog

from portal import database_clock, jobs
from portal.jobs import EACH_MINUTE, job
from search.alerts.lookout import notify_back, notify_matches
from search.demand.log import roll_up
from search.engines import Unavailable, elastic
from search.indexing import index, rebuild, set_aside

log = structlog.get_logger(__name__)


@job("Résumer ce qu’on cherche", cron=EACH_MINUTE)
def sum_up_searches() -> None:
    roll_up(database_clock.today())


@job("Prévenir de l’arrivée d’un commerce", cron=EACH_MINUTE)
def send_alerts() -> None:
    notify_matches(database_clock.now())


@job("Prévenir du retour d’un article", cron=EACH_MINUTE)
def tell_what_is_back() -> None:
    notify_back()


@job("Recalculer les heures d’ouverture", cron=EACH_MINUTE)
def renew_opening_hours() -> None:
    """Lay out again the hours of the entries whose hours run out."""
    while index.renew() and not jobs.should_stop():
        pass


@job("Relire les fiches lues par une version précédente", cron=EACH_MINUTE)
def read_terms_again() -> None:
    """Read again the entries that older code has read, after a deploy that changed how words are read."""
    while index.reread() and not jobs.should_stop():
        pass


@job("Réessayer les fiches mises de côté", cron=EACH_MINUTE)
def retry_refused() -> None:
    """Have entries that could not be made tried again, a few times; forget those whose pages are gone."""
    set_aside.forget_vanished()
    index.retry_unbuilt()


@job("Vérifier les index d’Elasticsearch", cron=EACH_MINUTE)
def mind_indexes() -> None:
    if not elastic.is_configured():
        return
    if index.is_outdated():
        log.warning("search_index_outdated", advice="python manage.py reindex")
    try:
        rebuild.verify()
        rebuild.drop_old()
    except Unavailable as error:
        log.warning("search_old_indexes_wait", reason=str(error))
