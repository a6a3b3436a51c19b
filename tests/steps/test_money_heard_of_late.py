"""Money of which the books hear late: found as paid or not, brought back by the bank, or of an
insurer whose consent has gone. It is asked back once, and never where it was not paid."""

from __future__ import annotations

from dataclasses import replace

import pytest

from activities.payout_ends import enter_found
from activities.payouts import PayoutSteps
from crossclaim.domain.payout_finding import found
from crossclaim.domain.payout_rows import FindingRow
from crossclaim.domain.records import PayoutRow
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body
from tests.steps.bill_cycle import DRUG, Cycle
from tests.steps.payout_desk import HABITS
from tests.steps.rig import AT, HARBOUR, Rig
from tests.steps.test_bill_cycle import BILLS, CANCEL, A, settled
from tests.steps.test_changed_minds import LATER
from tests.steps.test_where_money_meets import (
    NOTHING_USED,
    all_paid_by_one,
    credited,
    ended_at_the_bank,
    of,
)

STATEMENT = """
with f as (
    insert into bank_file (sha256, bank, name, state)
    values (%(sha)s, 'b', 'n', 'processed') returning sha256
), s as (
    insert into account_statement (bank, file_sha256, message_id, message_type, source,
        account_sha256, state, occurred_at)
    select 'b', sha256, 'm', 'camt.053', 'statement', sha256, 'taken', now() from f returning id
)
insert into bank_entry (statement_id, bank, account_sha256, source, position, direction,
    amount_minor, currency, booked_on)
select id, 'b', %(sha)s, 'statement', 1, 'debit', 1, 'CNY', '2026-04-02' from s
"""
"""One entry of a payer's account; what it proves is tested where findings are."""


RETURNED = """
insert into payout_report (bank, message_id, entry, reference, attempt, episode_id, message_type,
    state, reason, amount_minor, currency, happened_at)
select bank, 'm-' || reference, 1, reference, 1, episode_id, 'pacs.004', 'returned', 'AC04',
    amount_minor, 'CNY', now() from payout_intent where reference = %(ref)s
"""


def debit(stay: Cycle, payout: PayoutRow, outcome: str) -> None:
    """Two keys have found how it ended."""
    stay.rig.change(STATEMENT, sha=payout.reference)
    (entry,) = stay.rig._select(
        "select id from bank_entry where account_sha256 = %(sha)s", sha=payout.reference
    )
    with stay.rig.world.records.transaction() as tx:
        rows = tx.rows(stay.episode)
        row = next(p for p in rows.payouts if p.reference == payout.reference)
        evidence = FindingRow(
            number="F-1",
            outcome=outcome,
            bank_entry=entry["id"],
            evidence="HB-17",
            found_by="key-one",
        )
        tx.add_finding(stay.episode, row.reference, evidence, AT)
        tx.decide_finding(row.reference, "F-1", "key-two", True, "compared", AT)
        enter_found(tx, rows, row, found(rows, row, outcome, AT), AT, AT)
        tx.change_episode(stay.episode, closed_at=None, status="open")


def test_money_found_as_paid_after_its_settlement_was_cancelled_is_asked_back(rig: Rig) -> None:
    stay = all_paid_by_one(rig)
    (first,) = of(stay, HARBOUR)
    ended_at_the_bank(stay, first, "rejected", "TECH")
    assert stay.order(CANCEL, 1).body["claw_backs"] == []
    stay.insurers_told()
    debit(stay, first, "paid")
    assert stay.given_back() == {HARBOUR: 5_200_000}
    assert stay.books() == {}


def test_money_found_as_not_paid_after_its_settlement_was_cancelled_is_not_asked_back(
    rig: Rig,
) -> None:
    stay = all_paid_by_one(rig)
    (first,) = of(stay, HARBOUR)
    credited(stay, first)
    stay.order(CANCEL, 1)
    stay.insurers_told()
    debit(stay, first, "not_paid")
    assert stay.given_back() == {}
    assert stay.books() == {}


def test_money_that_the_bank_brings_back_after_its_settlement_was_cancelled_is_not_asked_back(
    rig: Rig,
) -> None:
    stay = all_paid_by_one(rig)
    (first,) = of(stay, HARBOUR)
    credited(stay, first)
    stay.order(CANCEL, 1)
    stay.insurers_told()
    stay.rig.change(RETURNED, ref=first.reference)
    world = replace(stay.rig.world, bank_habits={first.bank: HABITS})
    standing = PayoutSteps(world).apply_reports(stay.about(first.reference))
    assert stay.given_back() == {}
    assert stay.books() == {}
    assert standing.waiting_for == "HOSPITAL_FINAL_BILL"


def withdrawn(insurer: str) -> Body:
    return {
        "withdrawn": "CLAIM_AUTH",
        "recipient": insurer,
        "stated_at": LATER.isoformat(),
        "number": "CW-1",
    }


def test_a_consent_withdrawn_before_a_correction_is_claimed_leaves_no_money_behind(
    rig: Rig,
) -> None:
    stay = settled(rig, **NOTHING_USED)
    stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
    asked = withdrawn(HARBOUR)
    kind = SubmissionKind.CONSENT
    answer = stay.rig.say(kind, asked, stay.episode, at=LATER)[1]
    assert answer.status == 200, answer.body
    back = stay.given_back()
    due = stay.books().get(A, 0)
    assert due == 0, (back, stay.books())


@pytest.mark.parametrize("state", ["cancelled", "rejected"])
def test_money_found_as_paid_after_a_correction_is_counted_once(rig: Rig, state: str) -> None:
    stay = all_paid_by_one(rig)
    (first,) = of(stay, HARBOUR)
    ended_at_the_bank(stay, first, state, "TECH")
    stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
    stay.decided(HARBOUR)
    stay.reserve()
    second = of(stay, HARBOUR)[-1]
    assert second.amount_minor == (5_300_000 if state == "cancelled" else 100_000)
    credited(stay, second)
    debit(stay, first, "paid")
    books = stay.books()
    if state == "cancelled":
        assert "PAYOUT_PAID_TWICE" in rig.exceptions(stay.episode)
        assert books.get(BILLS, 0) == 0
        stay.correct("cancel_item", 2, stay.bill["lines"])
        stay.decided(HARBOUR)
        assert stay.given_back() == {HARBOUR: 100_000}, "what was paid twice is owed already"
    else:
        assert "PAYOUT_PAID_TWICE" not in rig.exceptions(stay.episode)
        assert books == {}
