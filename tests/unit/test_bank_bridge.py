"""A day of an account by bank and ledger: the difference is always told to the last fen."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crossclaim.domain.bank_bridge import BRIDGE_TEXTS, Booked, BridgeReason, bridge

DAY = date(2025, 10, 14)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


def booked(key: str, amount: int, day: date = DAY) -> Booked:
    return Booked(key=key, amount_minor=amount, day=day)


def test_a_day_that_both_have_alike_needs_no_line() -> None:
    found = bridge(DAY, [booked("a", -5), booked("b", 3)], [booked("b", 3), booked("a", -5)])
    assert (found.bank_minor, found.ledger_minor, found.lines) == (-2, -2, [])


def test_each_kind_of_difference_is_named() -> None:
    bank = [
        booked("early", -1),
        booked("late", -2),
        booked("never", -4),
        booked("other", -8),
        booked("stated-before", -16, BEFORE),
        booked("stated-after", -32, AFTER),
    ]
    ledger = [
        booked("early", -1, BEFORE),
        booked("late", -2, AFTER),
        booked("other", -7),
        booked("stated-before", -16),
        booked("stated-after", -32),
        booked("unstated", -64),
    ]
    found = bridge(DAY, bank, ledger)
    assert {line.key: (line.amount_minor, line.reason.value) for line in found.lines} == {
        "early": (-1, "LEDGER_EARLIER"),
        "late": (-2, "LEDGER_LATER"),
        "never": (-4, "LEDGER_NOT_YET"),
        "other": (-1, "AMOUNT_DIFFERS"),
        "stated-before": (16, "BANK_EARLIER"),
        "stated-after": (32, "BANK_LATER"),
        "unstated": (64, "BANK_NOT_YET"),
    }
    assert found.unexplained_minor == 0


SIDE = st.lists(
    st.builds(
        Booked,
        key=st.sampled_from("abc"),
        amount_minor=st.integers(-9, 9),
        day=st.sampled_from([BEFORE, DAY, AFTER]),
    ),
    max_size=8,
)


@given(SIDE, SIDE)
def test_the_lines_are_always_the_whole_difference(
    bank: list[Booked], ledger: list[Booked]
) -> None:
    found = bridge(DAY, bank, ledger)
    assert found.unexplained_minor == 0
    assert found.bank_minor == sum(b.amount_minor for b in bank if b.day == DAY)


def test_every_reason_has_a_sentence_in_three_languages() -> None:
    assert set(BRIDGE_TEXTS) == {reason.value for reason in BridgeReason}
    assert all(len(set(triple)) == 3 for triple in BRIDGE_TEXTS.values())
