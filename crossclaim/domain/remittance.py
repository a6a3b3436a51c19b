"""An insurer's remittance advice to a hospital, held against the payouts that it is about. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from crossclaim.domain.allocation import Fault, Frozen
from crossclaim.domain.match_order import fault
from crossclaim.domain.matching import Expected, Stated
from crossclaim.domain.money import Money
from crossclaim.domain.source_items import Source, SourceFacts, SourceScope
from crossclaim.domain.submission import Code, Text, Wire

MOST_LINES = 5000


class RemittanceLine(Wire):
    """``reference``: of the payout, or of the claim, ours or the insurer's number of it."""

    reference: Text
    amount: Money


class RemittanceOrder(Wire):
    """One payment to a hospital and everything that is in it."""

    number: Code
    hospital: Code
    paid_on: date
    total: Money
    lines: Annotated[list[RemittanceLine], Field(min_length=1, max_length=MOST_LINES)]

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def remittance_faults(order: RemittanceOrder) -> list[Fault]:
    currencies = {line.amount.currency for line in order.lines} | {order.total.currency}
    if len(currencies) > 1:
        return [fault("REMITTANCE_CURRENCIES", "/lines")]
    told = sum(line.amount.amount_minor for line in order.lines)
    if told != order.total.amount_minor:
        return [fault("REMITTANCE_SUMS", "/total")]
    return []


class Payout(Frozen):
    """One payout of the insurer's to the hospital, as our rows have it."""

    reference: str
    amount_minor: int
    currency: str
    due: datetime | None = None
    ended: bool = False
    claim: str
    number: str = ""
    """The insurer's own of the claim."""
    episode: str = ""


def remittance_facts(
    order: RemittanceOrder, ours: Sequence[Payout], settled: frozenset[str]
) -> SourceFacts:
    """A line names one payout, or the claim of several. ``settled``: references of payouts that an
    earlier remittance has told."""
    open_ = [one for one in ours if one.reference not in settled]
    calls = calls_of(ours)
    facts = SourceFacts(settled=frozenset(("credit", reference) for reference in settled))
    for one in open_:
        held = Expected(
            one.reference,
            "credit",
            one.amount_minor,
            one.currency,
            one.reference,
            group=one.claim,
            due=one.due,
            ended=one.ended,
        )
        facts.hold(held, one.episode or None)
    for place, line in enumerate(order.lines, start=1):
        payouts = calls.get(line.reference, ())
        several = len(payouts) > 1
        stated = Stated(
            place,
            "credit",
            line.amount.amount_minor,
            line.amount.currency.value,
            order.paid_on,
            payouts[0] if len(payouts) == 1 else "" if several else line.reference,
            _claim_of(ours, line.reference) if several else "",
        )
        facts.state(f"{place}:{line.reference}", stated)
    return facts


def calls_of(ours: Sequence[Payout]) -> dict[str, tuple[str, ...]]:
    """What a line may say → the payouts that it then means; those that ended only where no other
    is called so."""
    found: dict[str, list[Payout]] = {}
    for one in ours:
        for name in {one.reference, one.claim, one.number} - {""}:
            found.setdefault(name, []).append(one)
    return {
        name: tuple(p.reference for p in of if not p.ended) or (of[-1].reference,)
        for name, of in found.items()
    }


def _claim_of(ours: Sequence[Payout], name: str) -> str:
    return next(one.claim for one in ours if name in (one.claim, one.number))


def scopes_of(order: RemittanceOrder, insurer: str) -> list[SourceScope]:
    """Who paid and who was paid each have it on their own day, and each explains for himself."""
    return [
        SourceScope(
            source=Source.REMITTANCE,
            organisation=organisation,
            name=f"{insurer}:{order.number}",
            day=order.paid_on,
        )
        for organisation in sorted({insurer, order.hospital})
    ]
