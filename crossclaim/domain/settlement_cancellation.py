"""Everything that cancelling a bill's settlement takes back, shown before it is done. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import Fault, Frozen
from crossclaim.domain.bill_chain import standing_payouts, waits_unsent
from crossclaim.domain.bill_locks import TAKEN_WHOLE, cancellation_blocks, funder_of
from crossclaim.domain.bill_rows import TWICE, line_of
from crossclaim.domain.money import Money, fen
from crossclaim.domain.records import BillRow, ClaimRow, EpisodeRows, PayoutRow
from crossclaim.domain.standing_bureau import KIND
from crossclaim.domain.standing_pay_later import PAY_LATER_CLAIM
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.tender_refunds import paid_elsewhere, route_of, whole_back

_TAKEN_BACK = {KIND: "settlement_cancelled", PAY_LATER_CLAIM: "charge_refunded"}
_LIVES = ("due", "submitted", "queued", "pended", "approved", "partial", "denied", "failed")


class Undoing(Frozen):
    """One thing that is taken back. ``out``: the money, or the word, has left the house already."""

    what: str
    """``due_reversed``, ``tender_refunded``, ``voucher_voided``, ``settlement_cancelled``,
    ``charge_refunded``, ``claim_dropped``, ``claim_withdrawn``, ``payout_cancelled`` or
    ``claw_back``."""
    who: str
    reference: str
    amount: Money | None = None
    out: bool = False
    by: str = ""
    """How it goes back: a tender's method and route, or who gives back."""


class SettlementCancellation(Frozen):
    """With ``faults`` nothing can be taken back now."""

    steps: list[Undoing] = []
    faults: list[Fault] = []


def cancellation_of(rows: EpisodeRows, bill: BillRow) -> SettlementCancellation:
    if not bill.payable:
        fault = step_fault("BILL_NOT_CURRENT", "/bill_version", state=bill.state)
        return SettlementCancellation(faults=[fault])
    faults = cancellation_blocks(rows, bill)
    return SettlementCancellation(steps=list(_steps(rows, bill)), faults=faults)


def claims_to_end(rows: EpisodeRows, bill: BillRow) -> list[ClaimRow]:
    """Insurers' claims of the bill that are no more once its settlement is cancelled."""
    line = line_of(rows.bills, bill.id)
    own = (c for c in rows.claims if c.bill_id in line and c.kind not in TAKEN_WHOLE)
    return [c for c in own if c.state in _LIVES]


def told_there(rows: EpisodeRows, claim: ClaimRow) -> bool:
    """The insurer decides in a house of its own and has the claim, or may have it."""
    return claim.decides == "there" and claim.submitted_at is not None


def not_ordered(rows: EpisodeRows, bill: BillRow) -> list[PayoutRow]:
    """Payouts that no bank has heard of."""
    found = standing_payouts(rows, bill)
    return [p for _, p in found if waits_unsent(p)]


def money_out(rows: EpisodeRows, bill: BillRow) -> list[tuple[ClaimRow, PayoutRow]]:
    """What payees have got and still have."""
    return [
        (claim, payout)
        for claim, payout in standing_payouts(rows, bill)
        if payout.state not in ("rejected", "returned", "cancelled")
        and (payout.credited_at is not None or payout.settled_at is not None)
    ]


def to_claw_back(rows: EpisodeRows, bill: BillRow) -> list[tuple[ClaimRow, int]]:
    """What each insurer has paid each payee and has not asked back yet, by its newest claim."""
    line = line_of(rows.bills, bill.id)
    newest: dict[tuple[str | None, str], ClaimRow] = {}
    paid: dict[tuple[str | None, str], int] = {}
    for claim, payout in money_out(rows, bill):
        key = (claim.organisation_id, claim.kind)
        newest[key] = claim
        paid[key] = paid.get(key, 0) + payout.amount_minor
    kinds = {claim.id: claim.kind for claim in rows.claims}
    for back in rows.claw_backs:
        key = (back.organisation_id, kinds[back.claim_id])
        if back.bill_id in line and key in paid and back.counts and back.cause != TWICE:
            paid[key] -= back.amount_minor
    return [(newest[key], amount) for key, amount in paid.items() if amount > 0]


def _steps(rows: EpisodeRows, bill: BillRow) -> Iterator[Undoing]:
    allocation = rows.allocation(bill.id)
    # Care that its patient has had and paid elsewhere is no due of anybody's.
    elsewhere = paid_elsewhere(rows, bill)
    for part in allocation.result.totals if allocation and not elsewhere else ():
        if part.amount.amount_minor:
            who = part.organisation or part.funder.value
            yield Undoing(what="due_reversed", who=who, reference=bill.id, amount=part.amount)
    for back in whole_back(rows, bill):
        tender = back.tender
        yield Undoing(
            what="tender_refunded",
            who=FunderKind.PATIENT.value,
            reference=tender.reference,
            amount=fen(back.amount_minor),
            out=True,
            by=f"{tender.method}/{route_of(rows, tender)}",
        )
    for claim in (c for c in rows.claims if c.bill_id == bill.id and c.kind in TAKEN_WHOLE):
        if claim.state in ("due", "submitted", "queued", "approved"):
            yield _taken_whole(claim)
    for claim in claims_to_end(rows, bill):
        there = told_there(rows, claim)
        what = "claim_withdrawn" if there else "claim_dropped"
        benefit = None if claim.benefit_minor is None else claim.counted(claim.benefit_minor)
        yield Undoing(
            what=what, who=funder_of(claim), reference=claim.reference, amount=benefit, out=there
        )
    for payout in not_ordered(rows, bill):
        who = payout.debtor_organisation_id
        amount = fen(payout.amount_minor)
        yield Undoing(what="payout_cancelled", who=who, reference=payout.reference, amount=amount)
    for claim, paid in to_claw_back(rows, bill):
        yield Undoing(
            what="claw_back",
            who=funder_of(claim),
            reference=claim.reference,
            amount=fen(paid),
            out=True,
            by="hospital" if claim.kind == "direct" else "patient",
        )


def _taken_whole(claim: ClaimRow) -> Undoing:
    asked = claim.state != "due"
    minor = claim.forecast_minor if claim.benefit_minor is None else claim.benefit_minor
    return Undoing(
        what=_TAKEN_BACK.get(claim.kind, "voucher_voided") if asked else "claim_dropped",
        who=funder_of(claim),
        reference=claim.reference,
        amount=claim.counted(minor),
        out=asked,
    )
