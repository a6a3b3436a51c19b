"""A month's reimbursement by the Department of Health as two lists to be matched. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from crossclaim.domain.bank_days import BANK_ZONE
from crossclaim.domain.matching import Expected, MatchStatus, Stated
from crossclaim.domain.party import ReimbursedClaim, ReimbursementStatement
from crossclaim.domain.source_items import Source, SourceFacts, SourceItem, SourceScope
from crossclaim.domain.voucher_months import ClaimKnown

_STANDING = ("approved", "queued")
_UNPAID = {"unconfirmed": "NOT_CONFIRMED", "unvalidated": "NOT_VALIDATED"}
TOTAL = "total"


def scope_of(statement: ReimbursementStatement) -> SourceScope:
    return SourceScope(
        source=Source.VOUCHER,
        organisation=statement.institution,
        name=statement.number,
        day=statement.paid_on,
    )


def voucher_items(
    statement: ReimbursementStatement, known: Sequence[ClaimKnown]
) -> list[SourceItem]:
    """Every paid line, every claim that should be among them, and the statement's own total."""
    facts, ours = SourceFacts(), {claim.reference: claim for claim in known}
    due = datetime.combine(statement.paid_on, time.min, BANK_ZONE)
    again = {c.reference for c in known if c.paid_by not in ("", statement.number)}
    listed = {line.reference for line in statement.claims}
    for claim in known:
        if claim.reference in again or not (claim.in_month or claim.reference in listed):
            continue
        ended = claim.state not in _STANDING
        if ended and claim.reference not in listed:
            continue
        one = Expected(
            claim.reference,
            "credit",
            claim.claimed_minor,
            "HKD",
            claim.reference,
            due=due,
            ended=ended,
        )
        facts.hold(one, claim.episode_id)
    facts.settled = frozenset(("credit", reference) for reference in again)
    for place, line in enumerate(statement.claims, start=1):
        if line.state == "paid":
            facts.state(f"{place}:{line.reference}", _stated(place, line, statement))
    judged = [_corrected(one, statement.claims, ours) for one in facts.judged(statement.paid_on)]
    return judged + _total(statement)


def _stated(place: int, line: ReimbursedClaim, statement: ReimbursementStatement) -> Stated:
    return Stated(
        place,
        "credit",
        line.amount.amount_minor,
        line.amount.currency.value,
        statement.paid_on,
        line.reference,
    )


def _corrected(
    one: SourceItem, said: Sequence[ReimbursedClaim], ours: dict[str, ClaimKnown]
) -> SourceItem:
    """What amounts and references alone do not show."""
    claim = ours.get(one.reference)
    lines = [line for line in said if line.reference == one.reference]
    if claim is None or not lines:
        return one
    status, why = one.status, one.why
    if status is MatchStatus.MISSING and one.side == "ours" and lines[0].state in _UNPAID:
        why = _UNPAID[lines[0].state]
    elif status is MatchStatus.MATCHED and claim.state == "queued":
        status, why = MatchStatus.WRONG_DATA, "CLAIM_NOT_COMPLETE"
    elif status is MatchStatus.MATCHED and lines[0].transaction_number != claim.number:
        status, why = MatchStatus.WRONG_DATA, "OTHER_NUMBER"
    return one.model_copy(update={"status": status, "why": why})


def _total(statement: ReimbursementStatement) -> list[SourceItem]:
    """Only where it is not the sum of its lines: then nothing of it is booked."""
    paid = sum(line.amount.amount_minor for line in statement.claims if line.state == "paid")
    stated = statement.total.amount_minor
    if stated == paid:
        return []
    return [
        SourceItem(
            side="theirs",
            item=TOTAL,
            reference="",
            amount_minor=stated,
            currency=statement.total.currency.value,
            status=MatchStatus.OVER if stated > paid else MatchStatus.UNDER,
            why="TOTAL_IS_NO_SUM",
        )
    ]
