"""Entered claims on our rows: chased in time, confirmed once, lapsed without any money."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from activities.orders import Subject
from activities.voucher_stages import VoucherStages
from crossclaim.domain.party import VoucherClaimReceipt
from crossclaim.domain.records import ClaimRow
from crossclaim.domain.standing import Standing
from crossclaim.domain.submission import SubmissionKind
from tests.steps.rig import AT, HOSPITAL, Rig, Visit
from tests.steps.voucher_systems import TakingSystem

RECEIVABLE = f"hospital:{HOSPITAL}:voucher_receivable"
DAY = timedelta(days=1)


def entered(rig: Rig, system: TakingSystem) -> Visit:
    """A claim of HKD 300 that the system has, and that is not complete."""
    rig = replace(rig, world=replace(rig.world, voucher=system))
    visit = Visit(rig, rig.open([{"funder": "voucher"}]))
    visit.accepted()
    visit.claim_vouchers()
    assert visit.claim("voucher").state == "queued"
    return visit


def at_the_time(visit: Visit, at: datetime) -> Standing:
    return visit.rig.standing(visit.episode, at)


def chased(visit: Visit, at: datetime) -> ClaimRow:
    claim = visit.claim("voucher")
    order = Subject(episode_id=visit.episode, subject=claim.id, at=at)
    VoucherStages(visit.rig.world).chase_voucher(order)
    return visit.claim("voucher")


def confirmation(visit: Visit) -> None:
    bill = visit.rows().bills[0]
    said = {
        "bill_number": bill.number,
        "bill_version": 1,
        "confirmed_by": "EHCP-1",
        "confirmed_at": "2026-04-02T17:00:00+08:00",
    }
    answer = visit.rig.say(SubmissionKind.VOUCHER_CONFIRMATION, said, visit.episode)[1]
    assert answer.status == 200, answer.body


def confirmed(visit: Visit, at: datetime = AT) -> ClaimRow:
    claim = visit.claim("voucher")
    order = Subject(episode_id=visit.episode, subject=claim.id, at=at)
    VoucherStages(visit.rig.world).confirm_voucher(order)
    return visit.claim("voucher")


def test_an_entered_claim_is_no_receivable_and_keeps_its_episode_open(rig: Rig) -> None:
    visit = entered(rig, TakingSystem(confirmed=False))
    found = at_the_time(visit, AT)
    assert (found.closable, found.waiting_for) == (False, "PROVIDER_CONFIRMATION")
    assert found.voucher_chase_due is None
    assert found.voucher_chase_at == found.deadline() == AT + 3 * DAY
    assert RECEIVABLE not in rig.balances(visit.episode)


def test_the_reminder_comes_on_its_day_and_the_escalation_before_the_lapse(rig: Rig) -> None:
    visit = entered(rig, TakingSystem(confirmed=False))
    assert at_the_time(visit, AT + 3 * DAY).voucher_chase_due == visit.claim("voucher").id
    chased(visit, AT + 3 * DAY)
    assert set(rig.exceptions(visit.episode)) == {"VOUCHER_CLAIM_UNCONFIRMED"}
    assert at_the_time(visit, AT + 3 * DAY).voucher_chase_at == AT + 6 * DAY
    chased(visit, AT + 22 * DAY)
    assert at_the_time(visit, AT + 22 * DAY).voucher_chase_at == AT + 23 * DAY
    chased(visit, AT + 23 * DAY)
    told = {"VOUCHER_CLAIM_UNCONFIRMED", "VOUCHER_CLAIM_LAPSES_SOON"}
    assert set(rig.exceptions(visit.episode)) == told
    assert at_the_time(visit, AT + 29 * DAY).voucher_chase_due is not None
    assert RECEIVABLE not in rig.balances(visit.episode)


def test_a_confirmation_settles_the_reminders_and_is_booked_once_however_often_it_runs(
    rig: Rig,
) -> None:
    visit = entered(rig, TakingSystem(confirmed=False))
    chased(visit, AT + 3 * DAY)
    confirmation(visit)
    assert at_the_time(visit, AT + 3 * DAY).voucher_confirm_due == visit.claim("voucher").id
    for _ in range(2):
        assert confirmed(visit, AT + 4 * DAY).state == "approved"
    assert rig.exceptions(visit.episode) == {}
    assert rig.balances(visit.episode).get(RECEIVABLE, 0) == 30_000
    assert at_the_time(visit, AT + 40 * DAY).deadline() is None


def test_a_confirmation_made_at_the_system_itself_is_found_by_the_chase(rig: Rig) -> None:
    system = TakingSystem(confirmed=False)
    visit = entered(rig, system)
    system.change(visit.claim("voucher").number, confirmed=True)
    assert chased(visit, AT + 3 * DAY).state == "approved"
    assert rig.balances(visit.episode).get(RECEIVABLE, 0) == 30_000


def test_a_claim_on_an_account_that_is_not_validated_waits_for_that_alone(rig: Rig) -> None:
    system = TakingSystem(validated=False)
    visit = entered(rig, system)
    assert at_the_time(visit, AT).waiting_for == "VOUCHER_VALIDATION"
    chased(visit, AT + 3 * DAY)
    assert set(rig.exceptions(visit.episode)) == {"VOUCHER_ACCOUNT_UNVALIDATED"}
    system.change(visit.claim("voucher").number, validated=True)
    assert chased(visit, AT + 6 * DAY).state == "approved"
    rows = visit.rows()
    assert rows.voucher is not None and rows.voucher.status == "validated"
    assert rig.exceptions(visit.episode) == {}


def test_a_lapsed_claim_books_nothing_is_not_chased_again_and_is_a_person_s_business(
    rig: Rig,
) -> None:
    system = TakingSystem(confirmed=False)
    visit = entered(rig, system)
    chased(visit, AT + 3 * DAY)
    system.change(visit.claim("voucher").number, lapsed=True)
    assert chased(visit, AT + 30 * DAY).state == "failed"
    assert set(rig.exceptions(visit.episode)) == {"VOUCHER_CLAIM_LAPSED"}
    found = at_the_time(visit, AT + 60 * DAY)
    assert (found.voucher_chase_due, found.deadline(), found.closable) == (None, None, False)
    assert RECEIVABLE not in rig.balances(visit.episode)


def test_a_claim_that_the_system_has_forgotten_is_told_and_changes_no_money(rig: Rig) -> None:
    system = TakingSystem(confirmed=False)
    visit = entered(rig, system)
    system.taken.clear()
    assert chased(visit, AT + 3 * DAY).state == "queued"
    assert set(rig.exceptions(visit.episode)) == {"VOUCHER_CLAIM_UNKNOWN"}
    assert RECEIVABLE not in rig.balances(visit.episode)


def test_the_naive_twin_that_owes_what_is_only_entered_is_found_out(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete = property(lambda receipt: True)
    monkeypatch.setattr(VoucherClaimReceipt, "complete", complete)
    system = TakingSystem(confirmed=False)
    world = replace(rig.world, voucher=system)
    visit = Visit(replace(rig, world=world), rig.open([{"funder": "voucher"}]))
    visit.accepted()
    visit.claim_vouchers()
    assert rig.balances(visit.episode).get(RECEIVABLE, 0) == 30_000
    assert visit.claim("voucher").state == "approved"
