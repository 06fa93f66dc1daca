"""The jobs of the shop: what the clock does to orders, sizes of pictures, and files that nobody needs."""

from directory.models import MerchantManager
from portal import database_clock, jobs
from portal import picture_job as library_picture_job
from portal.jobs import EACH_MINUTE, PICTURES, job
from shop import answering, deadlines, digest, opening, picture_job, promotions, terms
from shop.enquiries import answers as enquiries
from shop.leaving import archive, closing
from shop.models import ProductDetails, Storefront
from shop.recalls import acts as recalls
from shop.reviews import asking
from shop.withdrawal import clock as withdrawal_clock


@job("Rendre ce que personne n’a confirmé", cron=EACH_MINUTE)
def end_unconfirmed_holds() -> None:
    deadlines.end_holds()


@job("Rappeler aux commerçants de répondre aux commandes", cron=EACH_MINUTE)
def remind_to_answer() -> None:
    deadlines.remind_to_answer()


@job("Annuler les commandes restées sans réponse", cron=EACH_MINUTE)
def cancel_unanswered_orders() -> None:
    deadlines.cancel_unanswered()


@job("Mesurer en combien de temps une boutique répond")
def time_answers(storefront: int) -> None:
    if found := Storefront.objects.select_related("merchant__town").filter(pk=storefront).first():
        answering.time_answers(found)


@job("Finir ce que les acheteurs n’ont pas accepté à temps", cron=EACH_MINUTE)
def end_substitutions() -> None:
    deadlines.end_substitutions()


@job("Annuler les commandes non préparées", cron=EACH_MINUTE)
def cancel_unprepared_orders() -> None:
    deadlines.cancel_unprepared()


@job("Annuler les commandes non retirées", cron=EACH_MINUTE)
def cancel_uncollected_orders() -> None:
    deadlines.cancel_uncollected()


@job("Compter comme livrés les colis partis depuis longtemps", cron=EACH_MINUTE)
def finish_parcels() -> None:
    deadlines.finish_parcels()


@job("Rappeler aux acheteurs ce qui les attend", cron=EACH_MINUTE)
def remind_buyers() -> None:
    deadlines.remind_buyers()


@job("Rappeler aux commerçants ce qu’ils ont à préparer", cron=EACH_MINUTE)
def remind_merchants() -> None:
    deadlines.remind_merchants()


@job("Rappeler aux commerçants les demandes sans réponse", cron=EACH_MINUTE)
def remind_of_enquiries() -> None:
    enquiries.remind()


@job("Dire aux visiteurs quelles demandes restent sans réponse", cron=EACH_MINUTE)
def end_unanswered_enquiries() -> None:
    enquiries.end_unanswered()


@job("Annoncer aux commerçants une version des conditions")
def tell_of_terms(version_id: int) -> None:
    keepers = MerchantManager.objects.filter(user__is_active=True, merchant__storefront__isnull=False)
    terms.tell(version_id, keepers.values_list("user__email", flat=True))


@job("Prévenir les acheteurs d’un article rappelé", cron=EACH_MINUTE)
def write_recalls() -> None:
    recalls.write_due()


@job("Retirer de la vente ce dont le fabricant n’est pas dit à temps", cron="10 1 * * *")
def end_time_for_facts() -> None:
    late = ProductDetails.objects.filter(facts_due_on__lt=database_clock.today())
    late.update(facts_due_on=None)


@job("Rappeler aux commerçants ce qu’ils ont à rembourser", cron="20 7 * * *")
def remind_of_refunds() -> None:
    withdrawal_clock.remind()


@job("Demander leur avis aux acheteurs", cron="25 9-17 * * *")
def ask_for_reviews() -> None:
    while asking.ask_buyers() and not jobs.should_stop():
        pass


@job("Finir les promotions", cron=EACH_MINUTE)
def end_promotions() -> None:
    promotions.end_due()


@job("Finir les pauses des boutiques", cron=EACH_MINUTE)
def end_pauses() -> None:
    opening.end_pauses()


@job("Écrire aux commerces ce qui les attend, le lundi", cron="10 7 * * 1")
def send_digests() -> None:
    digest.send_all(database_clock.today())


@job("Préparer les tailles des images", queue=PICTURES, cron=EACH_MINUTE)
def size_pictures() -> None:
    """Make the sizes of all pictures that wait for them, of the media library and of products."""
    more = True
    while more and not jobs.should_stop():
        of_library, of_product = library_picture_job.size_next(), picture_job.size_next()
        more = of_library is not None or of_product


@job("Effacer les fichiers d’images sans article", queue=PICTURES, cron="12 * * * *")
def drop_leftover_pictures() -> None:
    picture_job.drop_leftovers()


@job("Préparer ce qu’un commerce emporte")
def make_merchant_archive(archive_id: int) -> None:
    archive.make(archive_id)


@job("Fermer les pages des commerces qui partent", cron="25 0 * * *")
def close_leaving_merchants() -> None:
    closing.close_due(database_clock.now())
