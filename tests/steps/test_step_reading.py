"""What a step reads under its lock is what one statement would have told."""

from __future__ import annotations

import pytest

from activities.records import EpisodeTransaction
from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.submission import BankAccount, FunderKind
from crossclaim.store.rows import read_rows
from tests.steps.rig import AT, HARBOUR, MUTUAL, Rig, Visit, policy_number

ACCOUNT = BankAccount.model_validate(
    {
        "holder": "深圳医院",
        "number": "4000021009200123456",
        "bank_name": "中國銀行",
        "bank_code": "102584000002",
    }
)


def in_one_statement(rig: Rig, episode: str) -> EpisodeRows | None:
    with rig.database.begin() as connection:
        return read_rows(connection, episode)


def reserve(visit: Visit, tx: EpisodeTransaction) -> None:
    claim = visit.claim("direct")
    tx.add_intent(
        visit.episode,
        claim.id,
        f"CCSTEPS{claim.id[-12:].upper()}",
        ACCOUNT,
        payee="hospital",
        payee_organisation_id="hku-szh",
        payee_account_sha256="payee",
        debtor_organisation_id=HARBOUR,
        debtor_account_sha256="debtor",
        bank="harbour-bank",
        amount_minor=100,
        reserved_at=AT,
    )


def doubled(split: AllocationResult) -> AllocationResult:
    """Another split, told from the first by its total."""
    return split.model_copy(update={"total": split.total + split.total})


@pytest.mark.parametrize("insurer", [MUTUAL, HARBOUR])
def test_a_step_reads_the_same_rows_as_one_statement_does(rig: Rig, insurer: str) -> None:
    visit = rig.visit(policy_number(), insurer=insurer)
    visit.accepted()
    with rig.world.records.transaction() as tx:
        reserve(visit, tx)
    rows = visit.rows()
    assert rows == in_one_statement(rig, visit.episode)
    assert visit.rows() == rows, "also where the split was read before"
    assert (len(rows.allocations), len(rows.payouts), len(rows.guarantees)) == (1, 1, 1)
    assert rows.coverage(FunderKind.INSURER) is not None


def test_a_split_of_a_transaction_that_was_rolled_back_is_never_taken_for_the_one_that_stands(
    rig: Rig,
) -> None:
    visit = rig.visit(policy_number())
    first = visit.accepted()
    (bill,) = visit.rows().bills
    with pytest.raises(ValueError, match="ours"), rig.world.records.transaction() as tx:
        tx.add_allocation(visit.episode, bill.id, doubled(first), "TEST", AT)
        assert newest(tx.rows(visit.episode)) == (2, doubled(first).total)
        raise ValueError("ours")
    assert newest(visit.rows()) == (1, first.total)
    with rig.world.records.transaction() as tx:
        tx.add_allocation(visit.episode, bill.id, first, "TEST", AT)
    assert newest(visit.rows()) == (2, first.total)


def newest(rows: EpisodeRows) -> tuple[int, object]:
    (allocation,) = rows.allocations
    return allocation.version, allocation.result.total
