"""What the database refuses of sanctions: one without hearing or notice, another text afterwards, a judge of oneself.

The acts say it in French before (acts.py, appeals.py). Each trigger raises Django's IntegrityError. Days are compared
with those of the row, so that an old decision can be read and restored.
"""

import pgtrigger

from directory.vetting.kinds import SET_ASIDE, State
from directory.vetting.sanctions.kinds import (
    APPEAL_MONTHS,
    EFFECTS,
    HEARING_DAYS,
    LONGEST_DAYS,
    LONGEST_URGENT_DAYS,
    NOTICE_DAYS,
    TEMPORARY,
    WITHOUT_HEARING,
    Measure,
    Stage,
)
from portal.triggers import deferred, one_line, refuse

PURGING = "portal.purging_sanctions"  # on, for a moment, where the purge lets go of them (retention.py)


def _in(values: tuple) -> str:
    return ", ".join(f"'{value}'" for value in values)


_DAY = "(new.decided_at at time zone 'Europe/Paris')::date"
_IS_URGENT = f"new.urgency in ({_in(WITHOUT_HEARING)})"
_HEARD = f"""
    if not {_IS_URGENT} then
        if tg_op = 'INSERT'
        then {refuse("sanctions_after_a_hearing", "sanction % was decided without a hearing", "new.number")} end if;
        if new.hearing_until < new.opened_on + {HEARING_DAYS}
        then {refuse("sanctions_after_a_hearing", "sanction % left too few days to answer", "new.number")} end if;
        if {_DAY} <= new.hearing_until
            and not exists (select from directory_observation where sanction_id = new.id)
        then {refuse("sanctions_after_a_hearing", "sanction % was decided before its term", "new.number")} end if;
        if new.heard_on is null
            and exists (select from directory_observation where sanction_id = new.id and wants_hearing)
        then {refuse("sanctions_after_a_hearing", "the merchant of sanction % was not heard", "new.number")} end if;
    end if;
"""
_WARNED = f"""
    if new.measure = '{Measure.SUSPENSION}' and new.urgency = '' and not exists (
        select from directory_sanction warning where warning.merchant_id = new.merchant_id
        and warning.id <> new.id and warning.measure in ('{Measure.WARNING}', '{Measure.SUSPENSION}')
        and warning.stage in ('{Stage.IN_FORCE}', '{Stage.ENDED}'))
    then {refuse("suspensions_after_a_warning", "sanction % was not preceded by a warning", "new.number")} end if;
    if new.urgency = 'repeated' and not exists (
        select from directory_sanction former where former.merchant_id = new.merchant_id and former.id <> new.id
        and former.measure = '{Measure.SUSPENSION}' and former.stage in ('{Stage.IN_FORCE}', '{Stage.ENDED}'))
    then {refuse("repeated_after_a_suspension", "sanction % is the first", "new.number")} end if;
"""
_TERMS = f"""
    if new.effective_on < {_DAY}
        or new.measure = '{Measure.END}' and new.urgency = '' and new.effective_on < {_DAY} + {NOTICE_DAYS}
    then {refuse("ends_with_notice", "sanction % takes effect too early", "new.number")} end if;
    if (new.measure in ({_in(TEMPORARY)})) <> (new.ends_on is not null)
        or new.ends_on < new.effective_on
        or new.ends_on > new.effective_on + (case when {_IS_URGENT} then {LONGEST_URGENT_DAYS} else {LONGEST_DAYS} end)
    then {refuse("sanctions_have_a_term", "sanction % has no term, or one too far", "new.number")} end if;
"""
_STATED = (
    "number", "merchant_title", "measure", "rule", "facts", "grievance", "notice", "opened_on", "opener",
)  # fmt: skip
_DECISION = (
    *("reasons", "remedies", "decided_at", "decider", "effective_on", "ends_on", "hearing_until", "heard_on"),
    *("minutes", "urgency", "urgency_proof"),
)
_OTHER = "({}) is distinct from ({})"


def _differ(columns: tuple[str, ...]) -> str:
    return _OTHER.format(*(", ".join(f"{row}.{column}" for column in columns) for row in ("old", "new")))


OF_SANCTIONS = [
    pgtrigger.FSM(
        name="stages_in_order",
        field="stage",
        transitions=[
            (Stage.HEARING, Stage.IN_FORCE),
            (Stage.HEARING, Stage.DROPPED),
            (Stage.IN_FORCE, Stage.LIFTED),
            (Stage.IN_FORCE, Stage.ENDED),
        ],
    ),
    pgtrigger.Trigger(
        name="sanctions_as_the_law_has_it",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=one_line(f"""
            if tg_op = 'INSERT' and new.stage not in ('{Stage.HEARING}', '{Stage.IN_FORCE}')
            then {refuse("sanctions_begin_at_the_beginning", "sanction % begins at its end", "new.number")} end if;
            if new.stage = '{Stage.IN_FORCE}' and (tg_op = 'INSERT' or old.stage <> new.stage)
            then {_HEARD} {_WARNED} {_TERMS} end if;
            return new;
        """),
    ),
    pgtrigger.Trigger(
        name="sanctions_stay_as_told",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=one_line(f"""
            if {_differ(_STATED)} or old.stage <> '{Stage.HEARING}' and {_differ(_DECISION)}
                or new.hearing_until < old.hearing_until
                or new.merchant_id is distinct from old.merchant_id and new.merchant_id is not null
            then {refuse("sanctions_stay_as_told", "sanction % was told: it is not altered", "new.number")} end if;
            return new;
        """),
    ),
    pgtrigger.Trigger(
        name="sanctions_are_kept",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        func=one_line(f"""
            if coalesce(current_setting('{PURGING}', true), '') <> 'on'
            then {refuse("sanctions_are_kept", "sanction % is kept", "old.number")} end if;
            return old;
        """),
    ),
]
OF_OBSERVATIONS = [
    pgtrigger.Trigger(
        name="observations_stay",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=one_line(f"""
            if {_differ(("sanction_id", "text", "wants_hearing", "author", "made_at"))}
            then {refuse("observations_stay", "observation % is kept as it came", "new.id")} end if;
            return new;
        """),
    ),
]
OF_APPEALS = [
    pgtrigger.Trigger(
        name="appeals_in_time",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=one_line(f"""
            if not exists (select from directory_sanction where id = new.sanction_id and decided_at is not null
                and stage <> '{Stage.DROPPED}'
                and new.filed_at < decided_at + interval '{APPEAL_MONTHS} months' + interval '1 day')
            then {refuse("appeals_in_time", "appeal on % comes too late", "new.sanction_id")} end if;
            return new;
        """),
    ),
    pgtrigger.Trigger(
        name="appeals_by_another_person",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=one_line(f"""
            if tg_op = 'UPDATE' and ({_differ(("sanction_id", "text", "filed_at", "author"))}
                or old.outcome <> '' and {_differ(("outcome", "answer", "decider", "decided_at"))})
            then {refuse("appeals_stay_as_told", "appeal % is kept as it came", "new.id")} end if;
            if new.outcome <> '' and (tg_op = 'INSERT' or old.outcome = '') and (new.decided_by_id is null or exists (
                select from directory_sanction first where first.id = new.sanction_id
                and (new.decided_by_id in (first.decided_by_id, first.opened_by_id) or new.decider = first.decider)))
            then {refuse("appeals_by_another_person", "appeal % needs another person", "new.id")} end if;
            return new;
        """),
    ),
]
_MEASURES = " or ".join(
    f"new.state = '{state}' and sanction.measure = '{measure}'" for measure, state in EFFECTS.items()
)
# A merchant is hidden, suspended or closed by a decision that was written down, or by their own, and not by a stroke
# in a table.
_DECIDED = f"""
    if exists (select from directory_vetting vetting where vetting.id = new.id and vetting.state = new.state)
        and not exists (select from directory_sanction sanction where sanction.merchant_id = new.merchant_id
        and sanction.stage = '{Stage.IN_FORCE}' and ({_MEASURES}))
        and not (new.state = '{State.CLOSED}' and exists (select from directory_termination left_by_itself
        where left_by_itself.merchant_id = new.merchant_id and left_by_itself.stage = 'in_force'))
    then {refuse("vettings_by_decision", "merchant % is set aside without a decision", "new.merchant_id")} end if;
    return null;
"""
_SET_ASIDE = f"NEW.state IN ({_in(SET_ASIDE)})"
OF_VETTINGS = [
    deferred("set_aside_by_decision", pgtrigger.Insert, _DECIDED, f"({_SET_ASIDE})"),
    deferred(
        "set_aside_later_by_decision",
        pgtrigger.Update,
        _DECIDED,
        f"({_SET_ASIDE} AND OLD.state IS DISTINCT FROM NEW.state)",
    ),
]
