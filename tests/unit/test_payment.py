"""A payout's states under anything a bank may say, in any order, however often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossclaim.domain.money import fen
from crossclaim.domain.party import PaymentReport, PaymentState
from crossclaim.domain.payment import LedgerEffect, Transition, apply_report
from crossclaim.domain.records import PayoutRow

START = datetime(2026, 3, 14, 3, 0, tzinfo=UTC)
ACCOUNT = "a" * 64
Judge = Callable[[PayoutRow, PaymentReport], Transition]


def payout(**changes: object) -> PayoutRow:
    known = PayoutRow(
        reference="PO1",
        claim_id="cl_1",
        sequence=1,
        payee="hospital",
        payee_account_sha256=ACCOUNT,
        debtor_organisation_id="harbour-life",
        bank="harbour-bank",
        amount_minor=3104033,
        state="sent",
        reserved_at=START,
        sent_at=START,
        fence_at=START + timedelta(days=2),
        orders=1,
    )
    return known.model_copy(update=changes)


def report(state: PaymentState, **changes: object) -> PaymentReport:
    known = PaymentReport(
        reference="PO1",
        state=state,
        amount=fen(3104033),
        creditor_account_hash=ACCOUNT,
        happened_at=START + timedelta(hours=1),
        message_id="M1",
        message_type="pain.002.001.12",
        entry=0,
    )
    return known.model_copy(update=changes)


def after(known: PayoutRow, said: PaymentReport, judge: Judge) -> tuple[PayoutRow, LedgerEffect]:
    """The payout as the activity would store it."""
    step = judge(known, said)
    changes: dict[str, object] = {"state": step.state}
    if step.settled and known.settled_at is None:
        changes["settled_at"] = said.happened_at
    if step.credited:
        changes["credited_at"] = said.happened_at
    if step.closed:
        changes["closed_at"] = said.happened_at
    return known.model_copy(update=changes), step.effect


def balances(said: list[PaymentReport], judge: Judge) -> list[int]:
    """How often the payee has the money by our ledger, after each report."""
    known, held, reserved, seen = payout(), 0, 1, []
    for one in said:
        known, effect = after(known, one, judge)
        if effect is LedgerEffect.CREDIT:
            held += 1
        elif effect is LedgerEffect.TAKE_BACK:
            held, reserved = held - 1, reserved - 1
        elif effect is LedgerEffect.RELEASE:
            reserved -= 1
        seen.append(held)
        assert 0 <= reserved <= 1, "a reservation is reversed once at most"
        assert held <= reserved, "money credited is money reserved"
    return seen


REPORTS = st.lists(st.sampled_from([report(s) for s in PaymentState]), max_size=12)


@given(REPORTS)
def test_a_payee_is_credited_once_at_most_whatever_the_bank_says(
    said: list[PaymentReport],
) -> None:
    assert all(0 <= held <= 1 for held in balances(said, apply_report))


@given(REPORTS)
def test_settlement_counts_once_where_the_bank_sends_no_credit_advice(
    said: list[PaymentReport],
) -> None:
    def judge(known: PayoutRow, one: PaymentReport) -> Transition:
        return apply_report(known, one, credit_advice=False)

    without_advice = [r for r in said if r.state is not PaymentState.CREDITED]
    assert all(0 <= held <= 1 for held in balances(without_advice, judge))


def test_the_naive_twin_that_believes_every_confirmation_credits_twice() -> None:
    def believing(known: PayoutRow, one: PaymentReport) -> Transition:
        if one.state is PaymentState.CREDITED:
            return Transition(state="credited", effect=LedgerEffect.CREDIT)
        return apply_report(known, one)

    twice = [report(PaymentState.CREDITED), report(PaymentState.CREDITED)]
    with pytest.raises(AssertionError, match="money credited is money reserved"):
        balances(twice, believing)


@pytest.mark.parametrize("state", [PaymentState.DUPLICATE, PaymentState.UNKNOWN_TO_BANK])
def test_a_duplicate_or_an_unknown_reference_never_counts_as_paid(state: PaymentState) -> None:
    step = apply_report(payout(), report(state))
    assert (step.state, step.effect, step.closed) == ("unknown", LedgerEffect.NONE, False)


def test_a_credit_to_another_account_or_of_another_amount_is_for_a_person() -> None:
    other_account = report(PaymentState.CREDITED, creditor_account_hash="b" * 64)
    other_amount = report(PaymentState.CREDITED, amount=fen(3104032))
    assert apply_report(payout(), other_account).exception == "PAYOUT_ACCOUNT_DIFFERS"
    assert apply_report(payout(), other_amount).exception == "PAYOUT_AMOUNT_DIFFERS"
    assert apply_report(payout(), other_account).effect is LedgerEffect.NONE


def test_a_late_refusal_of_an_older_attempt_does_not_close_the_newer_one() -> None:
    sent_again = payout(orders=2)
    assert not apply_report(sent_again, report(PaymentState.REJECTED, attempt=1)).closed
    assert apply_report(sent_again, report(PaymentState.REJECTED, attempt=2)).closed


def test_settled_is_not_credited_where_the_bank_proves_credits() -> None:
    step = apply_report(payout(), report(PaymentState.SETTLED))
    assert (step.state, step.settled, step.effect) == ("accepted", True, LedgerEffect.NONE)


@pytest.mark.parametrize("state", [PaymentState.BOOKED, PaymentState.RETURNED])
def test_another_amount_than_ours_moves_nothing_and_is_for_a_person(state: PaymentState) -> None:
    step = apply_report(payout(), report(state, amount=fen(100)), credit_advice=False)
    assert (step.state, step.effect) == ("sent", LedgerEffect.NONE)
    assert step.exception == "PAYOUT_AMOUNT_DIFFERS"


def test_a_bank_that_denies_what_it_has_settled_is_contradicted_and_not_believed() -> None:
    known = payout(state="accepted", settled_at=START)
    step = apply_report(known, report(PaymentState.UNKNOWN_TO_BANK, amount=None))
    assert (step.state, step.exception) == ("accepted", "PAYOUT_CONTRADICTED")
