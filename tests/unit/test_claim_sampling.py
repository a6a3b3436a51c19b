"""What a drawn sample says of all decisions: the formulas on published numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crossclaim.domain.claim_sampling import Reviewed, extrapolated, total_difference, wilson
from crossclaim.domain.money import Currency, hk_cents

SHEETS = {
    42: 23,
    41: 4,
    36: 1,
    32: 1,
    29: 1,
    27: 2,
    23: 1,
    19: 1,
    16: 2,
    15: 2,
    14: 1,
    11: 1,
    10: 1,
    9: 1,
    7: 1,
    6: 3,
    5: 2,
    4: 1,
    3: 1,
}
"""Cochran 1977, table 2.2: signatures on 50 of 676 sheets of a petition."""


@pytest.mark.parametrize(
    ("wrong", "reviewed", "low", "high"),
    [
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
    ],
)
def test_shares_have_the_score_intervals_of_newcombes_table(
    wrong: int, reviewed: int, low: str, high: str
) -> None:
    """Newcombe 1998, table I, method 3."""
    found = [str(one.quantize(Decimal("0.0001"))) for one in wilson(wrong, reviewed)]
    assert found == [low, high]


def test_a_total_has_the_estimate_and_the_error_of_cochrans_petition() -> None:
    """19,888 signatures, standard error 1,391.5; his 80 % interval is that error times 1.28."""
    signatures = [value for value, count in SHEETS.items() for _ in range(count)]
    estimate, half = total_difference(signatures, 676)
    assert half is not None
    assert round(estimate) == 19_888
    error = half / Decimal("1.959963984540054")
    assert abs(error * Decimal("1.28") - 1781) < 3


def test_all_reviewed_leaves_nothing_to_guess() -> None:
    assert total_difference([100, 0, 0, 0], 4) == (Decimal(100), Decimal(0))


def test_the_result_is_of_all_decisions_and_never_less_than_what_was_found() -> None:
    reviews = [Reviewed(decided=75_191, right=75_191)] * 18
    reviews += [Reviewed(decided=75_191, right=40_000), Reviewed(decided=10_000, right=12_000)]
    found = extrapolated(reviews, drawn=25, decisions=400, currency=Currency.HKD)
    assert (found.drawn, found.reviewed, found.wrong) == (25, 20, 2)
    assert found.share_wrong == Decimal("0.1000") and found.decisions_wrong == 40
    assert found.decisions_wrong_low is not None and found.decisions_wrong_high is not None
    assert 2 <= found.decisions_wrong_low < 40 < found.decisions_wrong_high
    assert found.overpaid == hk_cents((75_191 - 40_000 - 2_000) * 400 // 20)
    assert found.overpaid_low is not None and found.overpaid_high is not None
    assert found.overpaid_low < found.overpaid < found.overpaid_high


def test_without_a_review_nothing_is_said_of_all() -> None:
    found = extrapolated([], drawn=3, decisions=60, currency=Currency.HKD)
    assert (found.share_wrong, found.overpaid) == (None, None)
    single = extrapolated([Reviewed(decided=5, right=4)], 3, 60, Currency.HKD)
    assert single.overpaid == hk_cents(60) and single.overpaid_low is None


@pytest.mark.parametrize(("wrong", "reviewed"), [(0, 0), (2, 1), (-1, 3)])
def test_a_share_of_nothing_is_refused(wrong: int, reviewed: int) -> None:
    with pytest.raises(ValueError, match="share"):
        wilson(wrong, reviewed)
