"""The picture of one bill's money: from the whole down to what each funder carries. Pure."""

from __future__ import annotations

from crossclaim.domain.allocation import AllocationResult, Frozen
from crossclaim.domain.money import Money

_WIDTH = 1000
_THINNEST = 2


class Bar(Frozen):
    """One funder's part; ``left`` and ``width`` in thousandths of the bill."""

    funder: str
    organisation: str | None = None
    amount: Money
    own: Money | None = None
    left: int
    width: int


def bars_of(result: AllocationResult) -> list[Bar]:
    """In the order in which the funders pay; together exactly the bill, so the last ends right."""
    whole = result.total.amount_minor
    bars: list[Bar] = []
    before = 0
    for total in result.totals:
        part = total.amount.amount_minor
        left = before * _WIDTH // whole if whole else 0
        right = (before + part) * _WIDTH // whole if whole else 0
        bars.append(
            Bar(
                funder=total.funder.value,
                organisation=total.organisation,
                amount=total.amount,
                own=total.in_funder_currency,
                left=min(left, _WIDTH - _THINNEST),
                width=max(right - left, _THINNEST if part else 0),
            )
        )
        before += part
    return bars
