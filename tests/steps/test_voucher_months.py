"""A month's reimbursement on our rows: booked once, by exactly what was claimed, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from activities import voucher_months
from activities.voucher_months import VoucherReimbursements
from crossclaim.domain.money import hk_cents
from crossclaim.domain.party import ReimbursedClaim, ReimbursementStatement
from crossclaim.domain.submission import SubmissionKind
from crossclaim.domain.voucher_months import (
    ClaimKnown,
    Month,
    MonthAsked,
    MonthLine,
    Outcome,
    reconcile_month,
)
from crossclaim.store.voucher_months import SqlVoucherMonths
from tests.steps.rig import AT, HOSPITAL, Rig, Visit
from tests.steps.voucher_systems import TakingSystem

MONTH = "2026-04"
RECEIVABLE = f"hospital:{HOSPITAL}:voucher_receivable"
LATER = datetime(2026, 5, 21, tzinfo=UTC)


def with_system(rig: Rig, system: TakingSystem) -> Rig:
    return replace(rig, world=replace(rig.world, voucher=system))


def claimed(rig: Rig) -> Visit:
    """A visit whose HKD 300 of vouchers were claimed in April."""
    visit = Visit(rig, rig.open([{"funder": "voucher"}]))
    visit.accepted()
    visit.claim_vouchers()
    assert visit.claim("voucher").state == "approved"
    return visit


def reconciled(rig: Rig, system: TakingSystem) -> Month:
    work = VoucherReimbursements(rig.world.records, SqlVoucherMonths(rig.database), system)
    return work.reconcile(MonthAsked(hospital=HOSPITAL, month=MONTH, at=LATER))


def outcomes(month: Month, visit: Visit) -> list[str]:
    reference = visit.claim("voucher").reference
    return [line.outcome.value for line in month.lines if line.reference == reference]


def line_of(visit: Visit, system: TakingSystem, cents: int) -> ReimbursedClaim:
    reference = visit.claim("voucher").reference
    return ReimbursedClaim(
        reference=reference,
        transaction_number=system.taken[reference].transaction_number,
        amount=hk_cents(cents),
        state="paid",
    )


def test_what_was_claimed_and_paid_is_owed_no_more_and_a_repeat_books_nothing(rig: Rig) -> None:
    system = TakingSystem()
    rig = with_system(rig, system)
    visit = claimed(rig)
    assert rig.balances(visit.episode).get(RECEIVABLE, 0) == 30_000
    system.states(HOSPITAL, MONTH)
    for _ in range(2):
        month = reconciled(rig, system)
        assert (outcomes(month, visit), month.adds_up) == (["paid"], True)
    found = rig.balances(visit.episode)
    assert (found.get(RECEIVABLE), found.get("voucher:committed")) == (None, None)
    assert rig.exceptions(visit.episode) == {}


def test_a_wrong_amount_books_nothing_and_is_put_right_by_the_next_statement(rig: Rig) -> None:
    system = TakingSystem()
    rig = with_system(rig, system)
    visit, other = claimed(rig), claimed(rig)
    system.states(HOSPITAL, MONTH, line_of(visit, system, 29_900))
    assert outcomes(reconciled(rig, system), visit) == ["amount_differs"]
    assert rig.balances(visit.episode).get(RECEIVABLE, 0) == 30_000
    assert set(rig.exceptions(visit.episode)) == {"VOUCHER_PAID_OTHER_AMOUNT"}
    assert rig.balances(other.episode).get(RECEIVABLE, 0) == 0
    system.states(HOSPITAL, MONTH, number="RS-2")
    assert outcomes(reconciled(rig, system), visit) == ["paid"]
    assert rig.exceptions(visit.episode) == {}
    assert rig.balances(visit.episode).get(RECEIVABLE, 0) == 0


def test_a_line_about_no_claim_of_ours_or_with_another_s_number_books_nothing(rig: Rig) -> None:
    system = TakingSystem()
    rig = with_system(rig, system)
    visit = claimed(rig)
    stranger = ReimbursedClaim(
        reference="CVSTRANGER-1", transaction_number="TX9", amount=hk_cents(50_000), state="paid"
    )
    mixed = line_of(visit, system, 30_000).model_copy(update={"transaction_number": "TX8"})
    system.states(HOSPITAL, MONTH, stranger, mixed)
    month = reconciled(rig, system)
    assert outcomes(month, visit) == ["unknown"]
    assert [x.outcome.value for x in month.lines if x.reference == "CVSTRANGER-1"] == ["unknown"]
    assert rig.balances(visit.episode).get(RECEIVABLE, 0) == 30_000


def test_a_claim_listed_twice_is_not_booked_by_either_line(rig: Rig) -> None:
    system = TakingSystem()
    rig = with_system(rig, system)
    visit = claimed(rig)
    line = line_of(visit, system, 30_000)
    system.states(HOSPITAL, MONTH, line, line)
    month = reconciled(rig, system)
    assert (outcomes(month, visit), month.adds_up) == (["amount_differs"], True)
    assert rig.balances(visit.episode).get(RECEIVABLE, 0) == 30_000


def test_a_statement_that_does_not_add_up_books_nothing_at_all(rig: Rig) -> None:
    system = TakingSystem()
    rig = with_system(rig, system)
    visit = claimed(rig)
    system.states(HOSPITAL, MONTH)
    assert system.statement is not None
    wrong = system.statement.total + hk_cents(100)
    system.statement = system.statement.model_copy(update={"total": wrong})
    assert not reconciled(rig, system).adds_up
    assert rig.balances(visit.episode).get(RECEIVABLE, 0) == 30_000
    assert rig.exceptions(visit.episode) == {}


def test_what_the_statement_leaves_out_becomes_a_person_s_business(rig: Rig) -> None:
    system = TakingSystem()
    rig = with_system(rig, system)
    visit = claimed(rig)
    reference = visit.claim("voucher").reference
    del system.taken[reference]
    system.states(HOSPITAL, MONTH)
    assert outcomes(reconciled(rig, system), visit) == ["missing"]
    assert set(rig.exceptions(visit.episode)) == {"VOUCHER_NOT_REIMBURSED"}


def test_a_payment_for_a_claim_that_was_taken_back_books_nothing(rig: Rig) -> None:
    system = TakingSystem()
    rig = with_system(rig, system)
    visit = claimed(rig)
    bill = visit.rows().bills[0]
    void = {
        "bill_number": bill.number,
        "bill_version": 1,
        "voided_at": "2026-04-02T11:00:00+08:00",
        "reason": "not done",
    }
    assert rig.say(SubmissionKind.VOID, void, visit.episode)[1].status == 200
    visit.void_vouchers()
    system.states(HOSPITAL, MONTH)
    assert outcomes(reconciled(rig, system), visit) == ["voided"]
    assert rig.balances(visit.episode).get(RECEIVABLE, 0) == 0
    assert set(rig.exceptions(visit.episode)) == {"VOUCHER_PAID_WITHOUT_CLAIM"}


def test_no_statement_yet_changes_nothing(rig: Rig) -> None:
    system = TakingSystem()
    rig = with_system(rig, system)
    visit = claimed(rig)
    assert reconciled(rig, system).statement is None
    assert rig.exceptions(visit.episode) == {}


def test_the_daily_look_asks_from_the_plan_s_day_until_every_claim_is_settled(rig: Rig) -> None:
    system = TakingSystem()
    rig = with_system(rig, system)
    claimed(rig)
    work = VoucherReimbursements(rig.world.records, SqlVoucherMonths(rig.database), system)

    def months(day: int) -> list[str]:
        due = work.due(datetime(2026, 5, day, 4, tzinfo=UTC), rig.world.plans)
        return [asked.month for asked in due if asked.hospital == HOSPITAL]

    assert MONTH not in months(19)
    assert MONTH in months(20)


def trusting(statement: ReimbursementStatement, known: Sequence[ClaimKnown]) -> Month:
    """The naive twin: what the Department says it paid is taken as paid for what we claimed."""
    ours = {claim.reference: claim.episode_id for claim in known}
    lines = [
        MonthLine(
            reference=line.reference,
            outcome=Outcome.PAID,
            episode_id=ours.get(line.reference),
            paid_minor=line.amount.amount_minor,
        )
        for line in statement.claims
    ]
    whole = reconcile_month(statement, known)
    return whole.model_copy(update={"lines": lines, "adds_up": True})


def test_the_naive_twin_that_trusts_the_statement_books_a_wrong_amount(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = TakingSystem()
    rig = with_system(rig, system)
    visit = claimed(rig)
    monkeypatch.setattr(voucher_months, "reconcile_month", trusting)
    system.states(HOSPITAL, MONTH, line_of(visit, system, 29_900))
    reconciled(rig, system)
    assert rig.balances(visit.episode).get(RECEIVABLE, 0) == 100
    assert AT.month == 4
