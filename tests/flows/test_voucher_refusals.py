"""Scenario E4: when vouchers do not apply the bill is refused whole, with every reason."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flows.hospital import Hospital
from tests.flows.money import ledger
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import VoucherVisit

CASES: dict[str, tuple[dict[str, Any], list[tuple[str, str]], list[str]]] = {
    "below 65": ({"birth_date": "1961-08-22"}, [], ["VOUCHER_AGE_BELOW_65"]),
    "a department outside the scheme": (
        {"visit": {"department": "cardiology"}},
        [],
        ["VOUCHER_DEPARTMENT_NOT_DESIGNATED"],
    ),
    "the ordinary window": (
        {"visit": {"channel": "ordinary"}},
        [],
        ["VOUCHER_CHANNEL_NOT_DEDICATED"],
    ),
    "an inpatient bed": ({}, [("room", "360.00")], ["VOUCHER_INPATIENT"]),
    "medicine only": ({}, [("drug", "210.00")], ["VOUCHER_GOODS_ONLY"]),
    "no consent to join eHealth": (
        {"consents": [], "ehealth_joined": False},
        [],
        ["VOUCHER_EHEALTH_CONSENT_MISSING"],
    ),
    "two things at once": (
        {"visit": {"channel": "ordinary"}},
        [("goods", "680.00")],
        ["VOUCHER_CHANNEL_NOT_DEDICATED", "VOUCHER_GOODS_ONLY"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_vouchers_are_refused_at_the_window_and_nothing_is_posted_for(
    case: str, jiangmen: Hospital, voucher: Simulator
) -> None:
    changes, lines, codes = CASES[case]
    visit = VoucherVisit(jiangmen, voucher, **changes)
    episode = visit.open()
    bill = visit.bill_of(*lines) if lines else visit.bill
    assert jiangmen.refused(f"{episode.path}/bills", bill) == codes
    rows = episode.rows()
    assert (rows["bills"], rows["claims"], ledger(rows)) == ([], [], {})
