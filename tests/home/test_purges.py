"""What is kept no longer than the privacy page says, and what stays."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone
from oscar.core.loading import get_model
from procrastinate.contrib.django.models import ProcrastinateJob
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, PageLogEntry, Revision

from directory.audience import models as audience
from directory.audience.models import AudienceWeek
from directory.people import access
from directory.people.models import AccessRequest, Invitation, Role
from directory.vetting.documents.models import Document
from directory.vetting.models import Application
from directory.vetting.sanctions import answers
from directory.vetting.sanctions.kinds import Measure
from directory.vetting.sanctions.models import Sanction
from directory.vetting.termination import acts as terminations
from directory.vetting.termination.models import Termination
from home.closing.models import ClosingPlan
from home.purges import PURGES
from home.reports.models import Notice
from portal import purge, rate_limits
from portal.jobs import known
from portal.models import Consultation, KeptUpload, PersonalDataCopy, PurgeReport, QueuedMail, RateCount, User
from portal.purge import told
from portal.typography import no_break
from search.alerts.models import Alert
from shop import deadlines
from shop.leaving.models import MerchantArchive
from shop.messages import sending
from shop.models import Enquiry, MerchantOrder, Message, Purchase, Review
from shop.orders import mark_collected
from shop.product_imports import ProductImport
from shop.products import create_storefront
from shop.pseudonyms import GUARANTEE
from shop.recalls import acts as recalls
from shop.recalls.models import RecallLetter
from tests.directory.vetting.evidence import verify
from tests.directory.vetting.procedures import impose_at_once
from tests.factories import make_user
from tests.jobs import make_failed
from tests.shop.factories import (
    confirm,
    make_enquiry,
    make_product,
    make_review,
    order,
    order_and_confirm,
    put_in_basket,
    refuse,
    someone_else,
)

Basket = get_model("basket", "Basket")
Line = get_model("basket", "Line")
Order = get_model("order", "Order")

BY_NAME = {purge.name: purge for purge in PURGES}
DAY = timedelta(days=1)
MARGIN = timedelta(hours=1)


def run(at=timedelta(0), write=True):
    """Run the command so long from now; return what it wrote, by kind."""
    written = StringIO()
    with time_machine.travel(timezone.now() + at):
        call_command("purge", write=write, stdout=written)
    lines = [line.split(maxsplit=1) for line in written.getvalue().splitlines() if "," in line]
    return {told.partition(",")[0]: int(count) for count, told in lines if int(count)}


@pytest.fixture
def loaf(bakery):
    return make_product(bakery, title="Pain de seigle", stock=5)


@pytest.fixture
def picodon(cheesemonger):
    return make_product(cheesemonger, title="Picodon affiné", stock=18)


@pytest.fixture
def session(db):
    store = SessionStore()
    store["checkout_contact"] = {"name": "Camille Moulin", "phone": "06 39 98 21 40"}
    store.save()
    return Session.objects.all()


@pytest.fixture
def guest_basket(client, loaf):
    put_in_basket(client, loaf, 2)
    return Basket.objects.filter(owner=None)


@pytest.fixture
def account_basket(client, loaf):
    client.force_login(make_user())
    put_in_basket(client, loaf, 2)
    return Basket.objects.exclude(owner=None)


@pytest.fixture
def merged_basket(client, loaf):
    put_in_basket(client, loaf, 2)
    client.force_login(make_user())
    client.get("/boutique/panier/")
    return Basket.objects.filter(status=Basket.MERGED)


@pytest.fixture
def ordered_basket(client, loaf):
    put_in_basket(client, loaf, 2)
    order_and_confirm(client)
    return Basket.objects.filter(status=Basket.SUBMITTED)


@pytest.fixture
def unconfirmed_purchase(client, loaf, picodon):
    put_in_basket(client, loaf, 2)
    put_in_basket(client, picodon)
    order(client)
    with time_machine.travel(timezone.now() + 2 * MARGIN):
        deadlines.end_holds()
    Purchase.objects.update(confirm_by=timezone.now())
    return Purchase.objects.all()


@pytest.fixture
def unconfirmed_account(db):
    user = make_user()
    EmailAddress.objects.update(verified=False)
    return User.objects.filter(pk=user.pk)


@pytest.fixture
def waiting_alert(db):
    Alert.objects.create(email="maud@exemple.fr", what="luthier", made_at=timezone.now(), searched_at=timezone.now())
    return Alert.objects.all()


@pytest.fixture
def confirmed_alert(waiting_alert):
    waiting_alert.update(confirmed_at=timezone.now())
    return waiting_alert


@pytest.fixture
def decided_notice(db):
    Notice.objects.create(page="/", details="Texte", state="ecarte", answer="Rien.", decided_at=timezone.now())
    return Notice.objects.all()


@pytest.fixture
def message(client, bakery):
    put_in_basket(client, make_product(bakery, title="Pain de seigle"))
    order_and_confirm(client)
    sending.send(MerchantOrder.objects.get(), "acheteur", "À quelle heure ?")
    return Message.objects.all()


@pytest.fixture
def review(bakery):
    make_review(make_product(bakery, title="Pain de seigle"))
    return Review.objects.all()


@pytest.fixture
def merchant_archive(bakery, baker):
    MerchantArchive.objects.create(merchant=bakery, asked_by=baker)
    return MerchantArchive.objects.all()


@pytest.fixture
def closing_letter(db):
    plan = ClosingPlan.objects.create(
        day=timezone.localdate(), reason="Fin.", proposer="Claire", ended_at=timezone.now()
    )
    plan.letters.create(occasion="announced", address="maud@exemple.fr")
    return plan.letters.all()


@pytest.fixture
def recall_letter(loaf, editor):
    buyer = Client()
    put_in_basket(buyer, loaf)
    order_and_confirm(buyer)
    told = {"reason": "Un éclat de métal.", "risk": "Se blesser.", "what_to_do": "Le rapporter."}
    recalls.publish_new(loaf, editor, told)
    return RecallLetter.objects.all()


@pytest.fixture
def queued_mail(db, settings):
    settings.EMAIL_BACKEND = "portal.mail.QueueBackend"
    EmailMessage("Votre commande", "Elle est prête.", to=["maud@exemple.fr"]).send()
    return QueuedMail.objects.all()


@pytest.fixture
def failed_job(db):
    make_failed()
    return ProcrastinateJob.objects.all()


@pytest.fixture
def unsent_application(shopper):
    Application.objects.create(applicant=shopper, siret="73282932000074")
    return Application.objects.all()


@pytest.fixture
def answered_request(bakery, shopper):
    AccessRequest.objects.create(
        merchant=bakery, requester=shopper, text="Bonjour", state="refused", answered_at=timezone.now(), answerer="Maud"
    )
    return AccessRequest.objects.all()


@pytest.fixture
def invitation(bakery, baker):
    access.invite(bakery, "aide@fournil.example", Role.HELPER, baker)
    return Invitation.objects.all()


@pytest.fixture
def refused_application(shopper):
    Application.objects.create(
        applicant=shopper, siret="73282932000074", state="withdrawn", declared={"phone": "06 39 98 21 40"}
    )
    return Application.objects.exclude(declared={})


@pytest.fixture
def unused_account(db):
    return User.objects.filter(pk=make_user(warned_at=timezone.now()).pk)


@pytest.fixture
def collected_purchase(client, loaf):
    put_in_basket(client, loaf, 2)
    order_and_confirm(client)
    mark_collected(Purchase.objects.get().merchant_orders.get(), by=None)
    return Purchase.objects.exclude(email="")


@pytest.fixture
def cancelled_purchase(client, loaf):
    put_in_basket(client, loaf, 2)
    order_and_confirm(client)
    refuse(Purchase.objects.get().merchant_orders.get())
    return Purchase.objects.exclude(email="")


@pytest.fixture
def old_accounts(collected_purchase):
    return Purchase.objects.all()


@pytest.fixture
def replaced_revision(bakery):
    replaced = bakery.latest_revision_id
    bakery.save_revision().publish()
    return Revision.objects.filter(pk=replaced)


@pytest.fixture
def page_history(bakery, editor):
    log(bakery, "wagtail.edit", user=editor)
    return PageLogEntry.objects.filter(user=editor)


@pytest.fixture
def office_history(editor):
    log(Notice.objects.create(page="/", details="Texte"), "wagtail.edit", user=editor)
    return ModelLogEntry.objects.filter(user=editor)


@pytest.fixture
def decided_sanction(bakery, editor, baker):
    decided = impose_at_once(verify(bakery), editor)
    answers.observe(decided, baker, "Non.", wants_hearing=False)
    answers.appeal(decided, baker, "Non.")
    connection.check_constraints()  # as the transaction's end would
    return Sanction.objects.all()


@pytest.fixture
def cancelled_termination(bakery, baker):
    terminations.announce(bakery, baker, timezone.localdate() + timedelta(days=3))
    terminations.cancel(bakery, baker)
    return Termination.objects.all()


@pytest.fixture
def document_of_the_closed(bakery, baker, editor):
    impose_at_once(verify(bakery), editor, Measure.END)
    Document.objects.create(
        merchant=bakery, kind="bank", media_type="application/pdf", size=1, sealed=b"x", sent_by=baker
    )
    return Document.objects.all()


@pytest.fixture
def document_of_the_refused(shopper):
    application = Application.objects.create(
        applicant=shopper, siret="73282932000074", state="withdrawn", declared={}, found={}
    )
    Document.objects.create(application=application, kind="bank", media_type="image/png", size=1, sealed=b"x")
    return Document.objects.all()


@pytest.fixture
def consultation(editor):
    Consultation.objects.create(by=editor, path="/gestion/notices/edit/1/", holdings="signalements")
    return Consultation.objects.all()


@pytest.fixture
def product_import(bakery):
    storefront = create_storefront(bakery)
    ProductImport.objects.create(storefront=storefront, file_name="articles.csv", format="tableau", rows=[])
    return ProductImport.objects.all()


@pytest.fixture
def unconfirmed_enquiry(bakery):
    make_enquiry(bakery, state=Enquiry.State.WAITING, confirmed_at=None, answer_by=None)
    return Enquiry.objects.all()


@pytest.fixture
def answered_enquiry(bakery):
    make_enquiry(bakery, state=Enquiry.State.NO, answered_at=timezone.now())
    return Enquiry.objects.all()


@pytest.fixture
def copy_of_data(shopper):
    PersonalDataCopy.objects.create(user=shopper, email=shopper.email, content=b"x")
    return PersonalDataCopy.objects.all()


@pytest.fixture
def kept_upload(db):
    KeptUpload.objects.create(sender=make_user(), name="a.jpg", content_type="image/jpeg", content=b"x")
    return KeptUpload.objects.all()


@pytest.fixture
def counter(db):
    rate_limits.take(rate_limits.Limit("essais", 1, DAY), "maud@exemple.fr")
    return RateCount.objects.all()


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("sessions", "session"),
        ("guest baskets", "guest_basket"),
        ("guest baskets", "merged_basket"),
        ("account baskets", "account_basket"),
        ("ordered baskets", "ordered_basket"),
        ("unconfirmed purchases", "unconfirmed_purchase"),
        ("unconfirmed accounts", "unconfirmed_account"),
        ("draft applications", "unsent_application"),
        ("decided applications", "refused_application"),
        ("unused accounts", "unused_account"),
        ("handed over purchases", "collected_purchase"),
        ("cancelled purchases", "cancelled_purchase"),
        ("accounts", "old_accounts"),
        ("revisions", "replaced_revision"),
        ("page history", "page_history"),
        ("office history", "office_history"),
        ("sanctions", "decided_sanction"),
        ("terminations", "cancelled_termination"),
        ("documents", "document_of_the_closed"),
        ("documents", "document_of_the_refused"),
        ("consultations", "consultation"),
        ("copies", "copy_of_data"),
        ("product imports", "product_import"),
        ("access requests", "answered_request"),
        ("invitations", "invitation"),
        ("unconfirmed alerts", "waiting_alert"),
        ("alerts", "confirmed_alert"),
        ("notices", "decided_notice"),
        ("closing letters", "closing_letter"),
        ("recall letters", "recall_letter"),
        ("reviews", "review"),
        ("merchant archives", "merchant_archive"),
        ("messages", "message"),
        ("unconfirmed enquiries", "unconfirmed_enquiry"),
        ("enquiries", "answered_enquiry"),
        ("e-mails", "queued_mail"),
        ("uploads", "kept_upload"),
        ("counters", "counter"),
        ("jobs", "failed_job"),
    ],
)
def test_each_kind_stays_until_its_term_and_goes_after_it(db, request, kind, rows):
    rows = request.getfixturevalue(rows)
    term, count = BY_NAME[kind].term, rows.count()
    assert count
    margin = min(MARGIN, term / 4)

    run(term - margin)
    assert rows.count() == count

    assert run(term + margin, write=False)[kind] == count
    assert rows.count() == count, "without --write nothing changes"
    assert run(term + margin)[kind] == count
    assert rows.count() == 0


def test_every_kind_is_tried_above():
    tried = test_each_kind_stays_until_its_term_and_goes_after_it.pytestmark[0].args[1]
    assert {kind for kind, _ in tried} | {"audience"} == set(BY_NAME)


def test_sums_by_week_go_by_the_day(bakery):
    AudienceWeek.objects.create(merchant=bakery, week=timezone.localdate(), views=3)

    run(audience.KEPT)
    assert AudienceWeek.objects.count() == 1
    assert run(audience.KEPT + DAY)["audience"] == 1
    assert not AudienceWeek.objects.exists()


def test_what_was_bought_stays_for_ever_though_its_baskets_go(client, loaf, picodon):
    buyer = make_user()
    client.force_login(buyer)
    put_in_basket(client, loaf, 2)
    put_in_basket(client, picodon)
    order(client, email=buyer.email)
    guest = Client()
    put_in_basket(guest, loaf)
    order_and_confirm(guest, **someone_else())
    mark_collected(Purchase.objects.latest("pk").merchant_orders.get(), by=None)
    before = (Purchase.objects.count(), Order.objects.count(), Order.objects.get_queryset().filter(lines=None).count())
    lines = sum(len(found.lines.all()) for found in Order.objects.all())

    run(9 * 365 * DAY)

    assert not Basket.objects.exists()
    assert (Purchase.objects.count(), Order.objects.count(), Order.objects.filter(lines=None).count()) == before
    assert sum(len(found.lines.all()) for found in Order.objects.all()) == lines
    for bought in Purchase.objects.all():
        assert Client().get(bought.link.removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert User.objects.filter(pk=buyer.pk).exists()


def test_of_an_unconfirmed_purchase_nothing_is_left_and_its_goods_are_on_sale(unconfirmed_purchase, loaf, picodon):
    run(BY_NAME["unconfirmed purchases"].term + MARGIN)

    for model in (Purchase, Order, get_model("order", "Line"), get_model("payment", "Source")):
        assert not model.objects.exists(), model
    assert not Basket.objects.filter(status__in=(Basket.SUBMITTED, Basket.FROZEN)).exists()
    for product in (loaf, picodon):
        product.refresh_from_db()
        assert not product.stockrecords.get().num_allocated


def test_a_hold_that_the_clock_has_not_ended_yet_is_never_purged(client, loaf):
    put_in_basket(client, loaf)
    order(client)

    run(400 * DAY)

    assert Purchase.objects.count() == 1


def test_a_purchase_that_was_confirmed_is_no_unconfirmed_one(client, loaf):
    put_in_basket(client, loaf)
    order(client)
    confirm(client)
    Purchase.objects.update(confirm_by=timezone.now())

    run(400 * DAY)

    assert Purchase.objects.count() == 1


def test_an_old_basket_in_use_stays(guest_basket):
    Basket.objects.update(date_created=timezone.now() - 300 * DAY)

    run()
    assert guest_basket.exists()
    Line.objects.update(date_updated=timezone.now() - 31 * DAY)
    run()

    assert not guest_basket.exists()


def keep_by_verifying(user):
    user.emailaddress_set.update(verified=True)


def keep_by_another_address(user):
    EmailAddress.objects.create(user=user, email="autre@exemple.fr", verified=True)


def keep_as_staff(user):
    User.objects.filter(pk=user.pk).update(is_staff=True)


def keep_as_superuser(user):
    User.objects.filter(pk=user.pk).update(is_superuser=True)


def keep_as_editor(user):
    user.groups.add(Group.objects.get(name="Rédaction"))


def keep_by_login(user):
    User.objects.filter(pk=user.pk).update(last_login=timezone.now())


def keep_as_made_by_the_region(user):
    user.emailaddress_set.all().delete()


@pytest.mark.parametrize(
    "keep",
    [
        keep_by_verifying, keep_by_another_address, keep_as_staff, keep_as_superuser, keep_as_editor, keep_by_login,
        keep_as_made_by_the_region,
    ],
)  # fmt: skip
def test_accounts_of_people_stay(unconfirmed_account, keep):
    keep(unconfirmed_account.get())

    run(400 * DAY)

    assert unconfirmed_account.exists()


def test_a_merchant_s_and_a_buyer_s_unconfirmed_account_stay(bakery, baker, client, loaf):
    buyer = make_user()
    client.force_login(buyer)
    put_in_basket(client, loaf)
    order_and_confirm(client)
    User.objects.update(last_login=None)
    EmailAddress.objects.update(verified=False)

    run(400 * DAY)

    assert set(User.objects.filter(pk__in=[buyer.pk, baker.pk])) == {buyer, baker}


@pytest.mark.parametrize("state", ["Reçue", "Prête"])
def test_a_purchase_whose_order_waits_keeps_its_buyer(client, loaf, state):
    put_in_basket(client, loaf)
    order_and_confirm(client)
    Order.objects.update(status=state)

    run(20 * 365 * DAY)

    assert Purchase.objects.get().email


def test_of_a_purchase_at_two_shops_the_last_thing_counts(client, loaf, picodon):
    put_in_basket(client, loaf)
    put_in_basket(client, picodon)
    order_and_confirm(client)
    first, second = Purchase.objects.get().merchant_orders.order_by("pk")
    refuse(first)
    with time_machine.travel(timezone.now() + 60 * DAY):
        mark_collected(second, by=None)

    run(GUARANTEE + 59 * DAY)
    assert Purchase.objects.get().email
    run(GUARANTEE + 61 * DAY)

    purchase, placed = Purchase.objects.get(), Order.objects.all()
    assert (purchase.name, purchase.email, purchase.phone, purchase.email_key, purchase.user) == ("", "", "", "", None)
    assert {(one.guest_email, one.user) for one in placed} == {("", None)}
    assert sum(one.total_incl_tax for one in placed) > 0


def test_the_database_lets_nobody_write_a_name_into_a_pseudonymised_purchase(collected_purchase):
    run(GUARANTEE + DAY)

    with pytest.raises(IntegrityError, match="pseudonymised_purchases_name_nobody"), transaction.atomic():
        Purchase.objects.update(name="Camille Moulin")


def test_a_pseudonymised_purchase_can_still_be_read_by_its_merchant(client, collected_purchase, bakery, baker):
    run(GUARANTEE + DAY)
    client.force_login(baker)

    page = client.get(f"/espace/{bakery.pk}/mes-donnees.json").content.decode()
    assert '"name": ""' in page


def test_the_revision_online_and_a_draft_stay(bakery):
    bakery.save_revision().publish()
    draft = bakery.save_revision()
    bakery.refresh_from_db()

    run(800 * DAY)

    assert set(Revision.page_revisions.filter(object_id=str(bakery.pk))) == {bakery.live_revision, draft}


def test_each_run_is_noted_for_the_register(counter):
    run(2 * DAY)
    run(3 * DAY)

    assert set(PurgeReport.objects.values_list("kind", flat=True)) == set(BY_NAME)
    assert PurgeReport.objects.get(kind="counters").rows == 1


def test_a_report_that_nobody_decided_stays(db):
    Notice.objects.create(page="/", details="Texte")

    run(4000 * DAY)

    assert Notice.objects.exists()


def test_much_goes_in_batches_and_no_more_than_so_many_at_once(db, monkeypatch):
    monkeypatch.setattr(purge, "BATCH", 3)
    monkeypatch.setattr(purge, "MOST_BATCHES", 2)
    old = timezone.now() - 3 * DAY
    RateCount.objects.bulk_create(RateCount(name="essais", who=str(n), started_at=old, count=1) for n in range(8))

    assert [run().get("counters", 0) for _ in range(3)] == [6, 2, 0]


def test_a_kind_that_fails_holds_up_no_other(counter, queued_mail, monkeypatch, caplog):
    delete = QuerySet.delete

    def fail(rows):
        if rows.model is QueuedMail:
            raise ValueError("broken")
        return delete(rows)

    monkeypatch.setattr(QuerySet, "delete", fail)

    run(30 * DAY)

    assert not counter.exists()
    assert queued_mail.exists()
    assert "purge_failed" in caplog.text


def test_the_worker_purges_once_an_hour(counter):
    RateCount.objects.update(started_at=timezone.now() - 30 * DAY)
    purging, now = known()["purge"], timezone.now()
    assert timedelta(0) < purging.next_due(now) - purging.last_due(now) <= timedelta(hours=1)

    purging.act()

    assert not counter.exists()


def test_the_privacy_page_writes_the_terms_from_the_table(client, db, monkeypatch):
    page = client.get("/donnees-personnelles/").content.decode()

    for kind in PURGES:
        row = page[page.index(no_break(kind.what)) :]
        assert told(kind.term) in row[: row.index("</tr>")]
        assert no_break(kind.since) in row[: row.index("</tr>")]


@pytest.mark.parametrize(
    ("term", "words"),
    [
        (timedelta(hours=1), "1\u00a0heure"),
        (timedelta(hours=12), "12\u00a0heures"),
        (DAY, "1\u00a0jour"),
        (7 * DAY, "7\u00a0jours"),
        (14 * DAY, "14\u00a0jours"),
        (30 * DAY, "30\u00a0jours"),
        (61 * DAY, "2\u00a0mois"),
        (100 * DAY, "100\u00a0jours"),
        (183 * DAY, "6\u00a0mois"),
        (365 * DAY, "1\u00a0an"),
        (731 * DAY, "2\u00a0ans"),
        (4018 * DAY, "11\u00a0ans"),
        (730 * DAY, "2\u00a0ans"),
    ],
)
def test_a_term_is_told_in_french(term, words):
    assert told(term) == words
