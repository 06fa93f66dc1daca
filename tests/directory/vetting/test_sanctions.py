"""Sanctions: nothing without facts, rule, reasons, hearing, term and remedies; all is restored when one is lifted."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from directory.models import Appeal, JournalEntry, MerchantPage, Observation, Sanction, Vetting
from directory.vetting.kinds import Kind, Result, State
from directory.vetting.sanctions import acts, answers, clock
from directory.vetting.sanctions.kinds import Measure, Outcome, Rule, Stage, Urgency
from tests.directory.vetting.evidence import check, verify
from tests.directory.vetting.procedures import (
    FACTS,
    GRIEVANCE,
    PROOF,
    REASONS,
    after,
    case,
    hear_in_vain,
    impose_at_once,
    warn,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db
TEMPORARY = {Measure.HIDING: 30, Measure.SUSPENSION: 60}


@pytest.fixture
def shop(bakery):
    return verify(bakery)


@pytest.fixture
def colleague(editor):
    """Samir decides with Jeanne, and answers appeals against her decisions."""
    user = make_user("samir@region.example", first_name="Samir", last_name="Bel")
    user.groups.set(editor.groups.all())
    return user


def stored(page):
    return MerchantPage.objects.select_related("vetting").get(pk=page.pk)


def is_refused(act):
    try:
        with transaction.atomic():
            act()
            connection.check_constraints()
    except DatabaseError:
        return True
    return False


def acts_on(page):
    return list(JournalEntry.objects.filter(merchant_number=page.pk).order_by("pk").values_list("act", flat=True))


@pytest.mark.parametrize("measure", Measure)
def test_what_is_held_against_a_merchant_is_sent_with_the_day_to_answer_and_changes_nothing(shop, editor, measure):
    opened = acts.open_hearing(shop, editor, case(measure))

    (sent,) = mail.outbox
    assert sent.to == ["maud@fournil.example"]
    for part in (FACTS, GRIEVANCE, opened.get_rule_display(), "Jeanne Rey", f"/espace/{shop.pk}/decisions/"):
        assert part in sent.body.replace("\u00a0", " ")
    assert opened.hearing_until == timezone.localdate() + timedelta(days=15)
    assert stored(shop).live
    assert acts_on(shop) == ["hearing"]


@pytest.mark.parametrize("lacking", ["facts", "grievance"])
def test_nothing_is_held_against_anybody_without_facts_and_a_grievance(shop, editor, lacking):
    with pytest.raises(ValidationError):
        acts.open_hearing(shop, editor, case(**{lacking: " "}))
    opened = acts.open_hearing(shop, editor, case())
    assert is_refused(lambda: Sanction.objects.filter(pk=opened.pk).update(**{lacking: ""}))


@pytest.mark.parametrize(("measure", "days"), [(Measure.WARNING, None), *TEMPORARY.items(), (Measure.END, None)])
def test_nothing_is_decided_before_the_term_or_an_answer(shop, editor, baker, measure, days):
    warn(shop, editor, days_ago=60)
    opened = acts.open_hearing(shop, editor, case(measure))

    with pytest.raises(ValidationError, match="peut répondre jusqu"):
        acts.impose(opened, editor, REASONS, days=days)
    assert is_refused(lambda: decide_in_a_table(opened, editor))

    answers.observe(opened, baker, "Ces pots étaient un dépôt-vente, retiré depuis.", wants_hearing=False)
    acts.impose(opened, editor, REASONS, days=days)
    opened.refresh_from_db()
    assert (opened.stage, opened.decider) == (Stage.IN_FORCE, "Jeanne Rey")


def decide_in_a_table(sanction, by, **told):
    """Write a decision as a query would, past the acts."""
    today = timezone.localdate()
    known = {
        "stage": Stage.IN_FORCE,
        "reasons": REASONS,
        "remedies": "Recours.",
        "decided_at": timezone.now(),
        "decided_by": by,
        "decider": "Jeanne Rey",
        "effective_on": today + timedelta(days=30 if sanction.measure == Measure.END else 0),
        "ends_on": today + timedelta(days=9) if sanction.measure in TEMPORARY else None,
    }
    return Sanction.objects.filter(pk=sanction.pk).update(**known | told)


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        (Measure.SUSPENSION, {"reasons": ""}),
        (Measure.SUSPENSION, {"remedies": ""}),
        (Measure.SUSPENSION, {"decider": ""}),
        (Measure.SUSPENSION, {"decided_at": None}),
        (Measure.SUSPENSION, {"ends_on": None}),
        (Measure.SUSPENSION, {"ends_on": timezone.localdate() + timedelta(days=120)}),
        (Measure.HIDING, {"ends_on": timezone.localdate() - timedelta(days=1)}),
        (Measure.HIDING, {"effective_on": timezone.localdate() - timedelta(days=3)}),
        (Measure.WARNING, {"ends_on": timezone.localdate() + timedelta(days=5)}),
        (Measure.END, {"effective_on": timezone.localdate() + timedelta(days=29)}),
        (Measure.END, {"effective_on": timezone.localdate(), "urgency": "order"}),
        (Measure.END, {"effective_on": timezone.localdate(), "urgency": "repeated", "urgency_proof": PROOF}),
        (Measure.SUSPENSION, {"rule": "humeur"}),
        (Measure.SUSPENSION, {"stage": Stage.LIFTED}),
    ],
)
def test_the_database_refuses_a_decision_that_lacks_what_the_law_wants(shop, editor, measure, told):
    warn(shop, editor, days_ago=60)
    opened = hear_in_vain(shop, editor, measure)

    assert is_refused(lambda: decide_in_a_table(opened, editor, **told))
    assert not is_refused(lambda: decide_in_a_table(opened, editor))


def test_a_suspension_follows_a_warning(shop, editor):
    opened = hear_in_vain(shop, editor, Measure.SUSPENSION)

    with pytest.raises(ValidationError, match="avertissement"):
        acts.impose(opened, editor, REASONS, days=30)
    assert is_refused(lambda: decide_in_a_table(opened, editor))


def test_who_asks_to_be_heard_is_heard_before_the_decision(shop, editor, baker):
    opened = acts.open_hearing(shop, editor, case(Measure.WARNING))
    answers.observe(opened, baker, "Je viens avec mon comptable.", wants_hearing=True)

    with pytest.raises(ValidationError, match="audition"):
        acts.impose(opened, editor, REASONS)
    assert is_refused(lambda: decide_in_a_table(opened, editor))
    acts.note_hearing(opened, editor, timezone.localdate(), "Elle montre ses factures.")
    acts.impose(opened, editor, REASONS)

    assert acts_on(shop) == ["hearing", "observed", "heard", "warned"]


def test_an_end_has_thirty_days_of_notice_and_then_closes_the_page(shop, editor):
    opened = hear_in_vain(shop, editor, Measure.END)
    decided = acts.impose(opened, editor, REASONS)
    today = timezone.localdate()

    assert decided.effective_on == today + timedelta(days=30)
    clock.take_effect(today + timedelta(days=29))
    assert stored(shop).live
    clock.take_effect(today + timedelta(days=30))
    clock.take_effect(today + timedelta(days=31))

    page = stored(shop)
    assert (page.live, page.vetting.state, page.vetting.decider) == (False, State.CLOSED, "Jeanne Rey")
    assert acts_on(shop)[-2:] == ["end_notified", "closed"]


def test_repeated_breaches_spare_the_notice_of_an_end_never_its_hearing(shop, editor):
    with pytest.raises(ValidationError, match="audience"):
        impose_at_once(shop, editor, Measure.END, Urgency.REPEATED)
    opened = hear_in_vain(shop, editor, Measure.END)
    with pytest.raises(ValidationError, match="déjà prononcée"):
        acts.impose(opened, editor, REASONS, urgency=Urgency.REPEATED, proof=PROOF)
    with after(-40):
        impose_at_once(shop, editor)
    clock.end_terms(timezone.localdate())

    acts.impose(opened, editor, REASONS, urgency=Urgency.REPEATED, proof=PROOF)

    assert stored(shop).vetting.state == State.CLOSED


@pytest.mark.parametrize("urgency", [one for one in Urgency if one != Urgency.REPEATED])
@pytest.mark.parametrize("measure", [Measure.HIDING, Measure.SUSPENSION, Measure.END])
def test_an_urgency_is_proved_and_takes_effect_at_once(shop, editor, measure, urgency):
    with pytest.raises(ValidationError, match="urgence"):
        acts.impose_at_once(shop, editor, case(measure), urgency, " ", days=10)

    impose_at_once(shop, editor, measure, urgency)

    page = stored(shop)
    assert not page.live
    assert page.vetting.state == {"hiding": "hidden", "suspension": "suspended", "end": "closed"}[measure]
    body = mail.outbox[-1].body
    for part in (FACTS, "tribunal administratif", "Jeanne Rey", PROOF):
        assert part in body


@pytest.mark.parametrize("days", [None, 0, 16, 93])
def test_an_urgent_suspension_lasts_fifteen_days_at_most(shop, editor, days):
    with pytest.raises(ValidationError, match="durée"):
        impose_at_once(shop, editor, days=days)
    assert stored(shop).live


def test_a_merchant_answers_after_an_urgency_and_not_after_its_days(shop, editor, baker):
    decided = impose_at_once(shop, editor)

    answers.observe(decided, baker, "La douane a rendu les pots.", wants_hearing=False)
    with after(16), pytest.raises(ValidationError, match="contester"):
        answers.observe(decided, baker, "Encore.", wants_hearing=False)


def test_a_page_is_set_aside_by_a_decision_and_by_nothing_else(shop):
    MerchantPage.objects.get(pk=shop.pk).unpublish()
    for state in (State.HIDDEN, State.SUSPENDED, State.CLOSED):
        stroke = {"state": state, "reasons": "Parce que.", "decided_at": timezone.now(), "decider": "Jeanne Rey"}
        assert is_refused(lambda stroke=stroke: Vetting.objects.filter(merchant=shop).update(**stroke))


def test_what_was_told_is_never_altered_nor_deleted(shop, editor):
    decided = impose_at_once(shop, editor)
    rows = Sanction.objects.filter(pk=decided.pk)

    for change in (
        {"facts": "Autre chose."},
        {"reasons": "Autre chose."},
        {"rule": Rule.LOCAL},
        {"measure": Measure.END},
        {"decider": "Samir Bel"},
        {"ends_on": timezone.localdate() + timedelta(days=12)},
        {"urgency": ""},
        {"stage": Stage.HEARING},
        {"merchant_title": "Une autre"},
    ):
        assert is_refused(lambda change=change: rows.update(**change)), change
    assert is_refused(rows.delete)


def test_lifting_restores_what_was_there(shop, editor, colleague):
    online = stored(shop).live_revision_id
    decided = impose_at_once(shop, editor)

    assert acts.lift(decided, colleague, "Les pots sont bien d’ici.")

    page = stored(shop)
    assert (page.live, page.live_revision_id, page.vetting.state) == (True, online, State.VERIFIED)
    assert "de nouveau en ligne" in mail.outbox[-1].body
    assert acts_on(shop) == ["suspended", "reinstated", "verified"]


def test_a_page_of_before_the_vetting_gets_its_days_back(bakery, editor):
    until = stored(bakery).vetting.visible_until
    decided = impose_at_once(bakery, editor)
    assert stored(bakery).vetting.visible_until is None

    assert acts.lift(decided, editor, "Erreur.")

    page = stored(bakery)
    assert (page.live, page.vetting.state, page.vetting.visible_until) == (True, State.PENDING, until)


def test_a_page_whose_check_lacks_meanwhile_stays_offline(shop, editor):
    decided = impose_at_once(shop, editor)
    check(shop, Kind.REGISTER, result=Result.FAILED)

    assert not acts.lift(decided, editor, "Erreur.")
    assert not stored(shop).live


def test_a_page_that_was_offline_before_stays_so(shop, editor):
    MerchantPage.objects.get(pk=shop.pk).unpublish()
    decided = impose_at_once(shop, editor)

    assert not acts.lift(decided, editor, "Erreur.")
    assert not stored(shop).live


@pytest.mark.parametrize("first_lifted", [0, 1])
def test_of_two_sanctions_the_last_to_be_lifted_restores(shop, editor, first_lifted):
    both = [impose_at_once(shop, editor, Measure.HIDING), impose_at_once(shop, editor, Measure.SUSPENSION)]
    assert stored(shop).vetting.state == State.SUSPENDED

    assert not acts.lift(both[first_lifted], editor, "Erreur.")
    assert stored(shop).vetting.state == [State.SUSPENDED, State.HIDDEN][first_lifted]
    assert acts.lift(both[1 - first_lifted], editor, "Erreur.")
    assert stored(shop).live


def test_a_suspension_ends_by_itself_at_its_term(shop, editor):
    decided = impose_at_once(shop, editor, days=10)
    last = timezone.localdate() + timedelta(days=9)
    assert decided.ends_on == last

    assert clock.end_terms(last) == 0
    assert not stored(shop).live
    assert clock.end_terms(last + timedelta(days=1)) == 1

    assert stored(shop).live
    assert "arrive à son terme" in mail.outbox[-1].subject.replace("\u00a0", " ")
    assert clock.end_terms(last + timedelta(days=1)) == 0


def test_nobody_publishes_the_page_meanwhile(shop, editor):
    impose_at_once(shop, editor)

    with pytest.raises(ValidationError, match="décision"):
        stored(shop).save_revision().publish(user=editor)
    assert is_refused(lambda: MerchantPage.objects.filter(pk=shop.pk).update(live=True))


def test_another_person_answers_an_appeal(shop, editor, colleague, baker):
    decided = impose_at_once(shop, editor)
    appeal = answers.appeal(decided, baker, "Ces pots sont les miens.")

    with pytest.raises(ValidationError, match="autre personne"):
        answers.answer(decided, editor, Outcome.UPHELD, REASONS)
    told = {"outcome": "upheld", "answer": REASONS, "decided_at": timezone.now(), "decider": "Jeanne Rey"}
    rows = Appeal.objects.filter(pk=appeal.pk)
    assert is_refused(lambda: rows.update(**told, decided_by=editor))
    assert is_refused(lambda: rows.update(**told, decided_by=None))
    assert is_refused(lambda: rows.update(**told, decided_by=colleague))  # signed with the other's name
    answers.answer(decided, colleague, Outcome.OVERTURNED, "Les factures sont justes.")

    decided.refresh_from_db()
    assert (decided.stage, stored(shop).live) == (Stage.LIFTED, True)
    assert any("décision annulée" in message.body for message in mail.outbox)
    assert is_refused(lambda: rows.update(outcome="upheld"))


def test_who_opened_a_procedure_does_not_judge_it_either(shop, editor, colleague, baker):
    opened = hear_in_vain(shop, editor, Measure.WARNING)
    acts.impose(opened, colleague, REASONS)
    answers.appeal(opened, baker, "Non.")

    for person in (editor, colleague):
        with pytest.raises(ValidationError, match="autre personne"):
            answers.answer(opened, person, Outcome.UPHELD, REASONS)


@pytest.mark.parametrize(("days", "is_taken"), [(0, True), (180, True), (186, False), (400, False)])
def test_an_appeal_may_come_for_six_months(shop, editor, baker, days, is_taken):
    decided = impose_at_once(shop, editor, Measure.END)

    with after(days):
        if is_taken:
            answers.appeal(decided, baker, "Je conteste.")
        else:
            with pytest.raises(ValidationError, match="six mois"):
                answers.appeal(decided, baker, "Je conteste.")
            late = {"sanction": decided, "text": "Trop tard.", "filed_at": timezone.now(), "author": "Maud"}
            assert is_refused(lambda: Appeal.objects.create(**late))
    assert Appeal.objects.count() == is_taken


def test_what_a_merchant_wrote_stays_as_it_came(shop, editor, baker):
    opened = acts.open_hearing(shop, editor, case(Measure.WARNING))
    made = answers.observe(opened, baker, "Une erreur d’étiquette.", wants_hearing=False)

    assert is_refused(lambda: Observation.objects.filter(pk=made.pk).update(text="J’avoue tout."))
    assert "Une erreur d’étiquette." in mail.outbox[-1].body
    assert mail.outbox[-1].to == [editor.email]


def test_a_procedure_without_measure_is_closed_with_its_reasons(shop, editor):
    opened = acts.open_hearing(shop, editor, case())
    with pytest.raises(ValidationError):
        acts.drop(opened, editor, " ")

    acts.drop(opened, editor, "Le fait n’est pas établi.")

    assert "Le fait n’est pas établi." in mail.outbox[-1].body
    assert stored(shop).live
    with pytest.raises(ValidationError, match="entre-temps"):
        acts.impose(opened, editor, REASONS, days=5)


def test_decisions_outlive_the_page_and_the_accounts(shop, editor, baker):
    decided = impose_at_once(shop, editor)
    answers.observe(decided, baker, "Non.", wants_hearing=False)

    stored(shop).delete()
    editor.delete()
    baker.delete()

    decided.refresh_from_db()
    assert (decided.merchant, decided.merchant_title, decided.decider) == (None, shop.title, "Jeanne Rey")
    assert decided.observations.get().author == "Maud Vernet"
