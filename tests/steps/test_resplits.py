"""A bill that is split again because the voucher balance changed: counters and claims stay true."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from activities import apply_bill, voucher_splits
from activities.apply_bill import Judged
from activities.case import Case
from crossclaim.domain.errors import Unavailable
from crossclaim.domain.submission import BillSubmission, ConsentType
from crossclaim.store.cover_tables import CoverTables
from tests.steps.rig import (
    AT,
    HARBOUR,
    MUTUAL,
    VOUCHERS_ONLY,
    Rig,
    Visit,
    policy_number,
    used_before,
)

FIRST = {"voucher": "274.50", "insurer": "607.20", "patient": "18.30"}
"""Vouchers of HKD 300, then the policy, less HKD 20 a visit."""
AGAIN = {"voucher": "91.50", "insurer": "790.20", "patient": "18.30"}
"""Vouchers of HKD 100 only."""
FIRST_HK_CENTS, AGAIN_HK_CENTS = 66_361, 86_361
WAIT_S = 30.0


def judged_after_taking_back(case: Case, bill: BillSubmission, bill_id: str = "") -> Judged:
    """The naive order: what the bill used is taken back before anybody knows the new split."""
    case.transaction.reverse_cover_use(bill_id, case.at)
    return apply_bill.judged_bill(case, bill, "")


def test_a_claim_that_nobody_has_seen_asks_for_the_new_part(rig: Rig) -> None:
    policy = policy_number()
    visit = rig.visit(policy)
    visit.accepted()
    assert (visit.claim("direct").state, rig.used(policy)) == ("due", FIRST_HK_CENTS)
    visit.claim_vouchers()
    claim = visit.claim("direct")
    assert visit.totals() == [FIRST, AGAIN]
    assert (claim.state, claim.forecast_minor) == ("due", AGAIN_HK_CENTS)
    assert rig.used(policy) == AGAIN_HK_CENTS
    assert rig.exceptions(visit.episode) == {"VOUCHER_BALANCE_CHANGED": "BALANCE_INSUFFICIENT"}


@pytest.mark.parametrize(
    ("insurer", "step", "state"),
    [(MUTUAL, Visit.decide, ("approved", "partial")), (HARBOUR, Visit.send, ("queued",))],
    ids=["decided", "sent"],
)
def test_after_the_insurers_claim_is_out_the_old_split_stays_and_a_person_is_told(
    rig: Rig, insurer: str, step: Callable[[Visit], None], state: tuple[str, ...]
) -> None:
    policy = policy_number()
    visit = rig.visit(policy, insurer=insurer)
    visit.accepted()
    step(visit)
    before, used = visit.claim("direct"), rig.used(policy)
    assert before.state in state
    visit.claim_vouchers()
    assert (visit.totals(), visit.claim("direct"), rig.used(policy)) == ([FIRST], before, used)
    assert rig.exceptions(visit.episode) == {"VOUCHER_SPLIT_REFUSED": "INSURER_PART_CLAIMED"}


def refused_split(rig: Rig, policy: str) -> Visit:
    """Without the consent to ask the voucher system the bill can no longer be split."""
    visit = rig.visit(policy)
    visit.accepted()
    visit.withdraw(ConsentType.EHEALTH_JOIN)
    visit.claim_vouchers()
    assert visit.totals() == [FIRST]
    told = {"VOUCHER_SPLIT_REFUSED": "VOUCHER_EHEALTH_CONSENT_MISSING"}
    assert rig.exceptions(visit.episode) == told
    return visit


def test_a_refused_split_keeps_what_the_bill_used(rig: Rig) -> None:
    policy = policy_number()
    refused_split(rig, policy)
    assert rig.used(policy) == FIRST_HK_CENTS


def test_the_naive_twin_that_takes_back_first_forgets_what_a_refused_split_used(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voucher_splits, "judged_bill", judged_after_taking_back)
    policy = policy_number()
    refused_split(rig, policy)
    assert rig.used(policy) == 0


def test_a_split_made_again_counts_its_own_bill_as_not_used(rig: Rig) -> None:
    policy = policy_number()
    other = rig.visit(policy)
    other.accepted()
    visit = rig.visit(policy)
    visit.accepted()
    visit.claim_vouchers()
    assert [used_before(split) for split in visit.splits()] == ["HKD 663.61", "HKD 663.61"]
    assert rig.used(policy) == FIRST_HK_CENTS + AGAIN_HK_CENTS


def test_a_split_made_again_keeps_the_coverages_that_were_chosen(rig: Rig) -> None:
    policy = policy_number()
    visit = rig.visit(policy)
    visit.accepted(coverages=VOUCHERS_ONLY)
    visit.claim_vouchers()
    assert visit.totals() == [
        {"voucher": "274.50", "patient": "625.50"},
        {"voucher": "91.50", "patient": "808.50"},
    ]
    assert rig.used(policy) == 0


def both_again(
    rig: Rig, policy: str, monkeypatch: pytest.MonkeyPatch, patience_s: float
) -> list[BaseException]:
    """Two bills of one member are split again, each held until the other, too, has taken back what
    it used, or for ``patience_s``; what went wrong."""
    visits = [rig.visit(policy), rig.visit(policy)]
    for visit in visits:
        visit.accepted()
    meeting, take_back = threading.Barrier(2), CoverTables.reverse_cover_use
    wrong: list[BaseException] = []
    came: set[str] = set()

    def take_back_and_meet(self: CoverTables, bill_id: str, at: object) -> None:
        assert at == AT
        take_back(self, bill_id, AT)
        if bill_id in came:
            return
        came.add(bill_id)
        self._connection.execute("select 1").all()  # the statements before it have arrived
        try:
            meeting.wait(patience_s)
        except threading.BrokenBarrierError:
            return  # the other one waits for our lock

    def one(visit: Visit) -> None:
        try:
            visit.claim_vouchers()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test tells of it
            wrong.append(error)

    monkeypatch.setattr(CoverTables, "reverse_cover_use", take_back_and_meet)
    threads = [threading.Thread(target=one, args=(visit,), daemon=True) for visit in visits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * WAIT_S)
        assert not thread.is_alive()
    return wrong


def test_two_splits_of_one_cover_made_again_do_not_block_each_other_for_ever(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = policy_number()
    assert both_again(rig, policy, monkeypatch, patience_s=1.5) == []
    assert rig.used(policy) == 2 * AGAIN_HK_CENTS


def test_the_naive_twin_that_takes_back_before_the_lock_blocks_the_other(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voucher_splits, "judged_bill", judged_after_taking_back)
    wrong = both_again(rig, policy_number(), monkeypatch, patience_s=WAIT_S)
    assert [type(error) for error in wrong] == [Unavailable]
