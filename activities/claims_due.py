"""Opens the claims that a bill has become ready for: the one place that decides it."""

from __future__ import annotations

from datetime import datetime

from activities.case import Case
from activities.claim_marks import mark_hospital_claim
from activities.guarantee_books import use_guarantees
from activities.records import EpisodeTransaction
from crossclaim.domain.insurer_turns import Turn
from crossclaim.domain.records import BillRow, EpisodeRows
from crossclaim.domain.standing import direct_claim_wanted
from crossclaim.domain.standing_bureau import KIND, settlement_wanted
from crossclaim.domain.standing_pay_later import (
    PAY_LATER_CLAIM,
    charge_parts,
    pay_later_claim_wanted,
)
from crossclaim.domain.voucher_rows import OWN
from crossclaim.domain.voucher_standing import part_of, wanted_kinds


def open_due_claims(case: Case) -> None:
    """As ``open_claims``, for a submission."""
    open_claims(case.transaction, case.episode_id, case.at)


def open_claims(tx: EpisodeTransaction, episode_id: str, at: datetime) -> None:
    """Reads the rows again, within the transaction, and adds claims in state ``due``."""
    rows = tx.rows(episode_id)
    open_voucher_claims(tx, rows, at)
    for bill in rows.bills:
        if settlement_wanted(rows, bill):
            _open_settlement(tx, rows, bill, at)
        turn = direct_claim_wanted(rows, bill)
        if turn is not None:
            _open_direct_claim(tx, rows, bill, turn, at)
        if pay_later_claim_wanted(rows, bill):
            _open_pay_later_claim(tx, rows, bill, at)
    use_guarantees(tx, rows, at)


def _suffix(bill_id: str) -> str:
    return bill_id.partition("_")[2]


def open_voucher_claims(tx: EpisodeTransaction, rows: EpisodeRows, at: datetime) -> None:
    """Adds the claims on vouchers that are wanted: the spouse's only after the own was taken."""
    for bill in rows.bills:
        for kind in wanted_kinds(rows, bill):
            _open_voucher_claim(tx, rows, bill, kind, at)


def _open_voucher_claim(
    tx: EpisodeTransaction, rows: EpisodeRows, bill: BillRow, kind: str, at: datetime
) -> None:
    sequence = len(rows.claims_of(bill.id, kind)) + 1
    letter = "v" if kind == OWN else "s"
    tx.add_claim(
        f"c{letter}_{_suffix(bill.id)}-{sequence}",
        rows.episode.id,
        bill.id,
        kind,
        sequence=sequence,
        reference=f"C{letter.upper()}{_suffix(bill.id)}-{sequence}",
        state="due",
        forecast_minor=part_of(rows.allocation(bill.id), kind)[0],
        occurred_at=at,
    )


def _open_settlement(
    tx: EpisodeTransaction, rows: EpisodeRows, bill: BillRow, at: datetime
) -> None:
    """Counted in CNY; its parts stand in the bill's quote."""
    sequence = len(rows.claims_of(bill.id, KIND)) + 1
    quote = rows.quote(bill.id)
    assert quote is not None, "a wanted settlement was quoted"
    tx.add_claim(
        f"cb_{_suffix(bill.id)}-{sequence}",
        rows.episode.id,
        bill.id,
        KIND,
        sequence=sequence,
        reference=f"CB{_suffix(bill.id)}-{sequence}",
        state="due",
        forecast_minor=quote.pays_minor,
        benefit_currency="CNY",
        occurred_at=at,
    )


def _open_direct_claim(
    tx: EpisodeTransaction, rows: EpisodeRows, bill: BillRow, turn: Turn, at: datetime
) -> None:
    """The first insurer's claim is named after the bill, those after it by their places too."""
    coverage, part = rows.insured_with(turn.part.organisation), turn.part
    assert coverage is not None, "a wanted claim has a coverage"
    assert part.in_funder_currency is not None, "an insurer's part is counted in its currency"
    name = _suffix(bill.id) if turn.sequence == 1 else f"{_suffix(bill.id)}-{turn.sequence}"
    tx.add_claim(
        f"cl_{name}",
        rows.episode.id,
        bill.id,
        "direct",
        organisation_id=coverage.organisation_id,
        sequence=turn.sequence,
        reference=f"CL{name}",
        state="due",
        decides=coverage.decides,
        forecast_minor=part.in_funder_currency.amount_minor,
        benefit_currency=part.in_funder_currency.currency.value,
        occurred_at=at,
    )
    mark_hospital_claim(tx, rows, bill, f"cl_{name}", coverage.organisation_id)


def _open_pay_later_claim(
    tx: EpisodeTransaction, rows: EpisodeRows, bill: BillRow, at: datetime
) -> None:
    sequence = len(rows.claims_of(bill.id, PAY_LATER_CLAIM)) + 1
    parts, payer = charge_parts(rows, bill), rows.pay_later
    assert payer is not None and payer.account_id is not None, "a wanted charge has a payer"
    claim_id = f"cp_{_suffix(bill.id)}-{sequence}"
    tx.add_claim(
        claim_id,
        rows.episode.id,
        bill.id,
        PAY_LATER_CLAIM,
        sequence=sequence,
        reference=f"CP{_suffix(bill.id)}-{sequence}",
        state="due",
        forecast_minor=sum(part.amount_minor for part in parts.values()),
        benefit_currency="CNY",
        occurred_at=at,
    )
    tx.add_pay_later_order(claim_id, rows.episode.id, payer.account_id, parts)
