"""What the database refuses: a merchant online whom nobody vetted, a decision without evidence, another journal.

Forms, imports and commands say it in French before (directory/vetting/rules.py); these triggers hold whatever way a row
is written. Each raises Django's IntegrityError.
"""

from typing import Any

import pgtrigger

from directory.vetting.kinds import FICTIONAL, REQUIRED, Result, State
from portal.triggers import deferred, one_line, refuse
from portal.watch import OnTable

_TODAY = "(now() at time zone 'Europe/Paris')::date"
_REQUIRED = ", ".join(f"'{kind}'" for kind in REQUIRED)


def _evidence(merchant: str) -> str:
    """Return the SQL of whether a merchant's required checks are passed and in force, for the SIRET of today."""
    return f"""exists (
        select from directory_merchantpage shop where shop.page_ptr_id = {merchant}
        and (shop.siret is not null or shop.source = '{FICTIONAL}')
        and not exists (
            select from unnest(array[{_REQUIRED}]) as required (kind) where not coalesce((
                select proof.result = '{Result.PASSED}'
                    and (proof.expires_on is null or proof.expires_on >= {_TODAY})
                from directory_check proof
                where proof.merchant_id = {merchant} and proof.kind = required.kind
                    and proof.siret = coalesce(shop.siret, '')
                order by proof.day desc, proof.id desc limit 1
            ), false)
        )
    )"""


def _may_be_live(merchant: str) -> str:
    return f"""exists (
        select from directory_vetting vetting where vetting.merchant_id = {merchant} and (
            vetting.state = '{State.PENDING}' and vetting.visible_until >= {_TODAY}
            or vetting.state = '{State.VERIFIED}' and {_evidence(merchant)}
        )
    )"""


_NOT_LIVE = refuse("live_only_when_vetted", "merchant % is not vetted: the page cannot be online", "{}")

# A page that goes online. One that is online and expires stays until the worker hides it.
GOING_LIVE = OnTable(
    name="online_only_when_vetted",
    table="wagtailcore_page",
    operation=pgtrigger.Update,
    when=pgtrigger.After,
    condition=pgtrigger.Condition("(NEW.live AND NOT OLD.live)"),
    func=one_line(f"""
        if exists (select from directory_merchantpage where page_ptr_id = new.id) and not {_may_be_live("new.id")}
        then {_NOT_LIVE.format("new.id")} end if;
        return null;
    """),
)
_IS_LIVE = "exists (select from wagtailcore_page where id = new.page_ptr_id and live)"
# A page stored online at once, and one that takes another SIRET: what was checked was said of another establishment.
STORED_LIVE = pgtrigger.Trigger(
    name="live_only_when_vetted",
    operation=pgtrigger.Insert,
    when=pgtrigger.After,
    func=one_line(f"""
        insert into directory_vetting (merchant_id, state, decider, reasons)
        values (new.page_ptr_id, '{State.PENDING}', '', '') on conflict do nothing;
        if {_IS_LIVE} and not {_may_be_live("new.page_ptr_id")}
        then {_NOT_LIVE.format("new.page_ptr_id")} end if;
        return null;
    """),
)
NEW_SIRET = pgtrigger.Trigger(
    name="siret_as_vetted",
    operation=pgtrigger.UpdateOf("siret", "source"),
    when=pgtrigger.After,
    condition=pgtrigger.Condition("((OLD.siret, OLD.source) IS DISTINCT FROM (NEW.siret, NEW.source))"),
    func=one_line(f"""
        if {_IS_LIVE} and not {_may_be_live("new.page_ptr_id")}
        then {_NOT_LIVE.format("new.page_ptr_id")} end if;
        return null;
    """),
)
OF_PAGES: list[Any] = [GOING_LIVE, STORED_LIVE, NEW_SIRET]

_VETTED_LIVE = f"""
    if exists (select from directory_merchantpage shop join wagtailcore_page page on page.id = shop.page_ptr_id
        where shop.page_ptr_id = old.merchant_id and page.live and not exists (
            select from directory_vetting vetting where vetting.merchant_id = old.merchant_id
            and (vetting.state = '{State.VERIFIED}'
                or vetting.state = '{State.PENDING}' and vetting.visible_until is not null)))
    then {_NOT_LIVE.format("old.merchant_id")} end if;
    return null;
"""
_RESTS = f"""
    if exists (select from directory_vetting where id = new.id and state = '{State.VERIFIED}')
        and not {_evidence("new.merchant_id")}
    then {refuse("verified_on_evidence", "merchant % lacks a required check", "new.merchant_id")} end if;
    return null;
"""


OF_VETTINGS: list[Any] = [
    deferred("live_pages_stay_vetted", pgtrigger.Update | pgtrigger.Delete, _VETTED_LIVE),
    deferred("verified_on_evidence", pgtrigger.Insert, _RESTS),
    deferred("verified_again_on_evidence", pgtrigger.Update, _RESTS, "(OLD.state IS DISTINCT FROM NEW.state)"),
]
OF_CHECKS: list[Any] = [
    pgtrigger.ReadOnly(
        name="checks_stay", fields=["merchant", "siret", "kind", "result", "source", "day", "expires_on", "made_at"]
    ),
    deferred(
        "checks_go_with_their_page",
        pgtrigger.Delete,
        f"""if exists (select from directory_merchantpage where page_ptr_id = old.merchant_id)
            then {refuse("checks_stay", "check % is evidence: it stays", "old.id")} end if; return null;""",
    ),
]
APPEND_ONLY: list[Any] = [
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
    pgtrigger.Trigger(
        name="never_emptied",
        operation=pgtrigger.Truncate,
        when=pgtrigger.Before,
        level=pgtrigger.Statement,
        func="raise exception 'the journal is only added to';",
    ),
]
