"""What a correction may change of the version before it: every fault at once, with its line."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import Fault
from crossclaim.domain.correction import CorrectionKind
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import BillSubmission, ChargeLine

_LINES, _KIND = "/lines", "/correction/kind"
_LAID_ON = ("coverages", "spouse", "own_voucher_dollars", "cover_facts", "accident")
"""Members that say who pays: only a replacement may change them."""


def correction_faults(old: BillSubmission, new: BillSubmission) -> list[Fault]:
    """Against the version that is corrected; a replacement may change everything."""
    assert new.correction is not None, "only a correction is judged"
    match new.correction.kind:
        case CorrectionKind.REPLACE:
            return []
        case CorrectionKind.LATE_CHARGE:
            return [*_laid_on_otherwise(old, new), *_late_charge(old, new)]
        case CorrectionKind.CANCEL_ITEM:
            return [*_laid_on_otherwise(old, new), *_cancel_item(old, new)]


def _laid_on_otherwise(old: BillSubmission, new: BillSubmission) -> Iterator[Fault]:
    for name in _LAID_ON:
        if getattr(old, name) != getattr(new, name):
            yield step_fault("CORRECTION_CHANGES_FUNDERS", f"/{name}", member=name)


def _late_charge(old: BillSubmission, new: BillSubmission) -> Iterator[Fault]:
    there = {line.number: line for line in new.lines}
    for line in old.lines:
        now = there.get(line.number)
        if now is None:
            yield step_fault("LATE_CHARGE_DROPS_LINE", _LINES, line=line.number)
        elif now != line:
            yield step_fault("LATE_CHARGE_CHANGES_LINE", _at(new, now), line=line.number)
    known = {line.number for line in old.lines}
    if not any(line.number not in known for line in new.lines):
        yield step_fault("LATE_CHARGE_ADDS_NOTHING", _KIND)


def _cancel_item(old: BillSubmission, new: BillSubmission) -> Iterator[Fault]:
    was = {line.number: line for line in old.lines}
    for line in new.lines:
        before = was.get(line.number)
        if before is None:
            yield step_fault("CANCEL_ITEM_ADDS_LINE", _at(new, line), line=line.number)
        elif line != before and not _smaller(before, line):
            yield step_fault("CANCEL_ITEM_CHANGES_LINE", _at(new, line), line=line.number)
    if old.lines == new.lines:
        yield step_fault("CANCEL_ITEM_TAKES_NOTHING", _KIND)


def _smaller(before: ChargeLine, line: ChargeLine) -> bool:
    """Less of the same thing: every other member is as it was."""
    fewer = line.quantity <= before.quantity
    less = line.amount.currency is before.amount.currency and (
        line.amount.amount_minor < before.amount.amount_minor
    )
    sized = {"quantity": before.quantity, "amount": before.amount, "unit_price": before.unit_price}
    priced_less = line.unit_price.amount_minor <= before.unit_price.amount_minor
    return fewer and less and priced_less and line.model_copy(update=sized) == before


def _at(bill: BillSubmission, line: ChargeLine) -> str:
    return f"{_LINES}/{bill.lines.index(line)}"
