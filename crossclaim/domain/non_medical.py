"""The part of a bill that is no medical care, such as a bundle's journey: the patient's alone.

Funders are asked about the medical part, as if the rest stood on another bill; afterwards both are
one split again. So no rule of a funder can reach the other part, whatever it says.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from crossclaim.domain.allocation import (
    AllocationResult,
    BillFacts,
    Fault,
    FunderTotal,
    Share,
    share_of,
)
from crossclaim.domain.money import Currency, Money, fen, total
from crossclaim.domain.sentences_bundle import BundleReason
from crossclaim.domain.submission import BillSubmission, ChargeCategory, FunderKind
from crossclaim.domain.trace import plain
from crossclaim.domain.voucher import service_day

NON_MEDICAL = frozenset({ChargeCategory.TRAVEL, ChargeCategory.INSURANCE_PREMIUM})
"""What a bundle of medical care, insurance and travel holds beside the care."""

_LINE = re.compile(r"^/lines/(\d+)(?=/|$)")


def medical_part(bill: BillSubmission) -> BillSubmission:
    """The bill as every funder sees it; itself where nothing is kept apart."""
    if not any(line.category in NON_MEDICAL for line in bill.lines):
        return bill
    lines = [line for line in bill.lines if line.category not in NON_MEDICAL]
    summed = total((line.amount for line in lines), bill.total.currency)
    return bill.model_copy(update={"lines": lines, "total": summed})


def with_non_medical(
    facts: BillFacts, split: Callable[[BillFacts], AllocationResult]
) -> AllocationResult:
    """The split of the medical part, with the rest put to the patient."""
    bill, medical = facts.bill, medical_part(facts.bill)
    if medical is bill:
        return split(facts)
    result = split(facts.model_copy(update={"bill": medical}))
    if result.refused:
        return result.model_copy(
            update={"total": bill.total, "faults": [_at_its_line(f, bill) for f in result.faults]}
        )
    shares = [
        share_of(
            line.number, FunderKind.PATIENT, line.amount, reasons=[BundleReason.NON_MEDICAL.value]
        )
        for line in bill.lines
        if line.category in NON_MEDICAL
    ]
    return _joined(_told(facts, result, shares), shares)


def _told(facts: BillFacts, result: AllocationResult, shares: list[Share]) -> AllocationResult:
    amount = _sum(shares)
    inputs: dict[str, object] = {
        "lines": " ".join(str(share.line) for share in shares),
        "medical": result.total,
    }
    step = plain(
        "allocation:non_medical",
        service_day(facts),
        BundleReason.NON_MEDICAL,
        amount,
        inputs,
        amount=amount,
    )
    return result.model_copy(update={"trace": [*result.trace, step]})


def redone(
    result: AllocationResult, change: Callable[[AllocationResult], AllocationResult]
) -> AllocationResult:
    """``change`` of the medical part of a split; what was kept apart stays as it was."""
    if result.non_medical is None:
        return change(result)
    changed = change(medical_split(result))
    return changed if changed.refused else _joined(changed, _apart(result))


def medical_split(result: AllocationResult) -> AllocationResult:
    """The split of what funders were asked about; itself where nothing is kept apart."""
    if result.non_medical is None:
        return result
    lines = {share.line for share in _apart(result)}
    return result.model_copy(
        update={
            "total": result.total - result.non_medical,
            "totals": _less(result.totals, result.non_medical),
            "shares": [s for s in result.shares if s.line not in lines],
            "non_medical": None,
        }
    )


def _apart(result: AllocationResult) -> list[Share]:
    return [s for s in result.shares if BundleReason.NON_MEDICAL.value in s.reasons]


def _joined(result: AllocationResult, apart: list[Share]) -> AllocationResult:
    amount = _sum(apart)
    return result.model_copy(
        update={
            "total": result.total + amount,
            "totals": _less(result.totals, fen(-amount.amount_minor)),
            "shares": sorted([*result.shares, *apart], key=lambda share: share.line),
            "non_medical": amount,
        }
    )


def _less(totals: list[FunderTotal], amount: Money) -> list[FunderTotal]:
    """The same with so much less at the patient, who stands in every split."""
    return [
        t.model_copy(update={"amount": t.amount - amount}) if t.funder is FunderKind.PATIENT else t
        for t in totals
    ]


def _sum(shares: list[Share]) -> Money:
    return total((share.amount for share in shares), Currency.CNY)


def _at_its_line(found: Fault, bill: BillSubmission) -> Fault:
    """A fault of the medical part at the place that the line has in the whole bill."""
    places = [i for i, line in enumerate(bill.lines) if line.category not in NON_MEDICAL]
    pointer = _LINE.sub(lambda match: f"/lines/{places[int(match[1])]}", found.pointer)
    return found.model_copy(update={"pointer": pointer})
