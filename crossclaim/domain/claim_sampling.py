"""What reviews of a drawn sample say of all automatic decisions, with intervals of 95 %.

The share of wrong decisions has Wilson's score interval (Wilson 1927), which also holds near none
and all. The money is the difference estimator of survey sampling (Cochran 1977, chapter 2): the
mean difference of the sample times all decisions, with its standard error and the correction for a
finite population.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.money import Currency, Money, counted

_Z = Decimal("1.959963984540054")
"""The normal distribution's quantile for 95 % between."""
_SHARE = Decimal("0.0001")


class Reviewed(Frozen):
    """One drawn decision: what was decided, what would have been right; minor units."""

    decided: int
    right: int


class Extrapolated(Frozen):
    """Of one currency. Without a review nothing is estimated."""

    currency: Currency
    decisions: int
    """All that the rules made alone."""
    drawn: int
    reviewed: int
    wrong: int
    share_wrong: Decimal | None = None
    share_low: Decimal | None = None
    share_high: Decimal | None = None
    decisions_wrong: int | None = None
    decisions_wrong_low: int | None = None
    decisions_wrong_high: int | None = None
    overpaid: Money | None = None
    """What all decisions gave too much, less what they gave too little."""
    overpaid_low: Money | None = None
    overpaid_high: Money | None = None


def wilson(wrong: int, reviewed: int) -> tuple[Decimal, Decimal]:
    """The interval of the true share. Raises ValueError for an empty sample."""
    if not 0 <= wrong <= reviewed or reviewed == 0:
        raise ValueError("a share is of at least one, and not of more than all")
    n, share = Decimal(reviewed), Decimal(wrong) / reviewed
    square = _Z * _Z
    middle = share + square / (2 * n)
    half = _Z * (share * (1 - share) / n + square / (4 * n * n)).sqrt()
    whole = 1 + square / n
    return max((middle - half) / whole, Decimal(0)), min((middle + half) / whole, Decimal(1))


def total_difference(differences: Sequence[int], decisions: int) -> tuple[Decimal, Decimal | None]:
    """The estimated total of all decisions' differences, and the half width of its interval; None
    where a single review tells nothing of the spread."""
    n = len(differences)
    mean = Decimal(sum(differences)) / n
    if n == 1:
        half = Decimal(0) if decisions == 1 else None
        return mean * decisions, half
    spread = sum(((Decimal(one) - mean) ** 2 for one in differences), Decimal(0)) / (n - 1)
    rest = 1 - Decimal(n) / decisions
    return mean * decisions, _Z * decisions * (spread * rest / n).sqrt()


def extrapolated(
    reviews: Sequence[Reviewed], drawn: int, decisions: int, currency: Currency
) -> Extrapolated:
    """What the reviews say of all ``decisions``."""
    wrong = sum(one.decided != one.right for one in reviews)
    bare = Extrapolated(
        currency=currency, decisions=decisions, drawn=drawn, reviewed=len(reviews), wrong=wrong
    )
    if not reviews:
        return bare
    low, high = wilson(wrong, len(reviews))
    share = Decimal(wrong) / len(reviews)
    money, half = total_difference([one.decided - one.right for one in reviews], decisions)
    known: dict[str, object] = {
        "share_wrong": share.quantize(_SHARE, ROUND_HALF_UP),
        "share_low": low.quantize(_SHARE, ROUND_HALF_UP),
        "share_high": high.quantize(_SHARE, ROUND_HALF_UP),
        "decisions_wrong": _whole(share * decisions),
        "decisions_wrong_low": max(_whole(low * decisions), wrong),
        "decisions_wrong_high": _whole(high * decisions),
        "overpaid": counted(_whole(money), currency),
    }
    if half is not None:
        known |= {
            "overpaid_low": counted(_whole(money - half), currency),
            "overpaid_high": counted(_whole(money + half), currency),
        }
    return bare.model_copy(update=known)


def _whole(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))
