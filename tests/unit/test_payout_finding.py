"""What a finding makes of a payout, and when its payer's wish is looked at again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crossclaim.domain.habits import Habits
from crossclaim.domain.party import PaymentReport, PaymentState
from crossclaim.domain.payment import LedgerEffect, apply_report
from crossclaim.domain.payout_finding import found
from crossclaim.domain.payout_rows import EvidenceRow, net_debit
from crossclaim.domain.records import EpisodeRow, EpisodeRows, PayoutRow
from crossclaim.domain.standing_payout import payout_standing
from crossclaim.domain.submission import EncounterClass

NOW = datetime(2026, 4, 14, 2, 0, tzinfo=UTC)
FENCE = NOW + timedelta(hours=48)
HABITS = Habits(bank_answer_within_s=600, bank_inquire_every_s=3600)


def payout(reference: str = "PO1", sequence: int = 1, **changes: Any) -> PayoutRow:
    base = PayoutRow(
        reference=reference,
        claim_id="cl_1",
        sequence=sequence,
        payee="patient",
        payee_account_sha256="a" * 64,
        debtor_organisation_id="victoria-health",
        bank="harbour-bank",
        amount_minor=100,
        state="rejected",
        reserved_at=NOW,
        sent_at=NOW,
        fence_at=FENCE,
        closed_at=NOW,
        orders=1,
    )
    return base.model_copy(update=changes)


def rows(*payouts: PayoutRow) -> EpisodeRows:
    episode = EpisodeRow(
        id="ep_1",
        hospital_id="hku-szh",
        encounter_class=EncounterClass.OUTPATIENT,
        status="open",
        revision=1,
        opened_at=NOW,
    )
    return EpisodeRows(episode=episode, payouts=list(payouts))


@pytest.mark.parametrize("state", ["rejected", "returned", "cancelled"])
def test_a_closed_payout_that_was_paid_is_booked_anew(state: str) -> None:
    one = payout(state=state)
    effect = found(rows(one), one, "paid", FENCE)
    assert effect.book_credit and not effect.credit and not effect.overpaid
    assert effect.cancel == [] and effect.state == "credited"


@pytest.mark.parametrize("state", ["sent", "accepted", "unknown"])
def test_a_payout_under_way_that_was_paid_is_credited(state: str) -> None:
    one = payout(state=state, closed_at=None)
    assert found(rows(one), one, "paid", NOW).credit


@pytest.mark.parametrize("state", ["to_be_approved", "reserved"])
def test_what_follows_unsent_is_cancelled(state: str) -> None:
    one, two = payout(), payout("PO2", 2, state=state, orders=0, closed_at=None, sent_at=None)
    assert found(rows(one, two), one, "paid", FENCE).cancel == ["PO2"]


@pytest.mark.parametrize(
    ("state", "orders"), [("reserved", 1), ("sent", 1), ("accepted", 1), ("unknown", 2)]
)
def test_what_follows_and_may_have_been_seen_stands_against_it(state: str, orders: int) -> None:
    one, two = payout(), payout("PO2", 2, state=state, orders=orders, closed_at=None)
    assert found(rows(one, two), one, "paid", FENCE).code == "PAYOUT_FOLLOWED"


def test_where_both_were_paid_the_second_is_too_much() -> None:
    one, two = payout(), payout("PO2", 2, state="credited")
    effect = found(rows(one, two), one, "paid", FENCE)
    assert effect.overpaid and effect.book_credit


@pytest.mark.parametrize(
    ("state", "becomes", "back"),
    [
        ("credited", "returned", True),
        ("accepted", "rejected", True),
        ("unknown", "rejected", True),
        ("rejected", "rejected", False),
        ("cancelled", "cancelled", False),
    ],
)
def test_what_was_not_paid_is_taken_back_where_it_was_booked(
    state: str, becomes: str, back: bool
) -> None:
    one = payout(state=state)
    effect = found(rows(one), one, "not_paid", FENCE)
    assert (effect.state, effect.take_back, effect.code) == (becomes, back, "")
    early = found(rows(one), one, "not_paid", FENCE - timedelta(seconds=1))
    assert early.code == "PAYOUT_FENCE_STANDS"


def entry(direction: str, minor: int, source: str = "statement") -> EvidenceRow:
    return EvidenceRow(
        id=1,
        source=source,
        direction=direction,
        amount_minor=minor,
        currency="CNY",
        booked_on=date(2026, 4, 15),
    )


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ([], 0),
        ([entry("debit", 5)], 5),
        ([entry("debit", 5), entry("credit", 5)], 0),
        ([entry("debit", 5), entry("debit", 5, "notification")], 5),
        ([entry("debit", 5), entry("credit", 5), entry("debit", 5, "notification")], 5),
    ],
)
def test_the_account_is_read_by_the_statement_that_tells_of_most(
    told: list[EvidenceRow], left: int
) -> None:
    assert net_debit(told) == left


def report(state: PaymentState, reason: str = "") -> PaymentReport:
    return PaymentReport(
        reference="PO1",
        state=state,
        reason=reason,
        happened_at=NOW,
        message_id="M",
        message_type="camt.029.001.09",
        entry=1,
    )


@pytest.mark.parametrize("state", ["sent", "accepted", "unknown"])
def test_a_cancelled_order_is_released(state: str) -> None:
    step = apply_report(payout(state=state, closed_at=None), report(PaymentState.RECALLED))
    assert (step.state, step.effect) == ("cancelled", LedgerEffect.RELEASE)
    assert step.closed and step.exception == "PAYOUT_CANCELLED"


def test_a_bank_that_cancels_what_it_has_paid_contradicts_itself_and_moves_nothing() -> None:
    paid = payout(state="credited", credited_at=NOW, settled_at=NOW)
    settled = payout(state="accepted", settled_at=NOW, closed_at=None)
    for one in (paid, settled):
        step = apply_report(one, report(PaymentState.RECALLED))
        assert (step.state, step.effect) == (one.state, LedgerEffect.NONE)
        assert step.exception == "PAYOUT_REJECTED_AFTER_CREDIT"


@pytest.mark.parametrize("said", [PaymentState.RECALL_REFUSED, PaymentState.RECALL_PENDING])
def test_every_other_answer_leaves_the_payout_as_it_is(said: PaymentState) -> None:
    step = apply_report(payout(state="sent", closed_at=None), report(said))
    assert (step.state, step.effect, step.exception) == ("sent", LedgerEffect.NONE, "")
    closed = apply_report(payout(), report(PaymentState.RECALLED))
    assert (closed.state, closed.note) == ("rejected", "ALREADY_CLOSED")


def test_an_order_that_its_payer_wants_back_is_not_sent_again_after_the_fence() -> None:
    """The bank has proved that it has none: without the wish it would go out once more."""
    absent = {"absent_at": FENCE, "closed_at": None, "last_inquiry_at": FENCE, "inquiries": 3}
    plain = payout_standing(payout(state="unknown", **absent), HABITS, FENCE)
    assert plain is not None and plain.send_due
    asked = {"recall": "unknown", "recall_sent_at": FENCE, "recall_messages": 2}
    wanted = payout_standing(payout(state="unknown", **absent, **asked), HABITS, FENCE)
    assert wanted is not None and not wanted.send_due
    assert wanted.look_again_at == FENCE + timedelta(hours=1)
    after = payout_standing(
        payout(state="unknown", **absent, **{**asked, "recall": "refused"}), HABITS, FENCE
    )
    assert after is not None and after.send_due


def test_what_waits_for_a_second_key_is_neither_sent_nor_over() -> None:
    waits = payout(state="to_be_approved", orders=0, closed_at=None, sent_at=None)
    standing = payout_standing(waits, HABITS, NOW)
    assert standing is not None and not standing.send_due and standing.look_again_at is None
