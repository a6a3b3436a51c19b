"""Entries of a bank against ours: one status each, sums that agree, nothing by amount alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossclaim.domain.matching import (
    SETTLED,
    Expected,
    Known,
    Matching,
    MatchStatus,
    Stated,
    Unmatched,
    Why,
    compared_by_hand,
    digest_of,
    look_of,
    match_entries,
)
from crossclaim.domain.matching_candidates import Because
from tests.unit.matching_cases import AFTER, CASES, DAY, DUE, LINE, OURS, line, ours


def told(matching: Matching) -> dict[int | str, tuple[str, str]]:
    """Item → (status, reason) of either side."""
    found: dict[int | str, tuple[str, str]] = {}
    for match in matching.matches:
        verdict = (match.status.value, match.why.value)
        found.update(dict.fromkeys(match.stated, verdict))
        found.update(dict.fromkeys(match.expected, verdict))
    for one in matching.unmatched:
        found[one.item] = (one.status.value, one.why.value)
    return found


def of(matching: Matching, item: int | str) -> Unmatched:
    return next(one for one in matching.unmatched if one.item == item)


@pytest.mark.parametrize("case", CASES)
def test_each_kind_of_entry_has_its_status(case: str) -> None:
    expected, stated, statuses = CASES[case]
    found = told(match_entries(expected, stated, covered_until=AFTER))
    assert {item: status for item, (status, _) in found.items()} == statuses


def why(expected: list[Expected], stated: list[Stated]) -> str:
    (match,) = match_entries(expected, stated, covered_until=AFTER).matches
    return match.why.value


def test_every_match_says_what_it_rests_on() -> None:
    two = [ours(group="F1"), ours(id="payout:PO2", reference="PO2", amount_minor=700, group="F1")]
    one = [ours(group="F1", reference="")]
    together = {"reference": "", "group": "F1"}
    assert why([OURS], [LINE]) == "REFERENCE_AND_AMOUNT"
    assert why(one, [line(**together)]) == "REFERENCE_AND_AMOUNT"
    assert why(two, [line(**together, amount_minor=5700)]) == "TOTAL_OF_BATCH"
    assert why(two, [line(**together, amount_minor=5701)]) == "MORE_THAN_EXPECTED"
    assert why(two, [line(**together, amount_minor=5699)]) == "LESS_THAN_EXPECTED"
    assert why([OURS], [line(amount_minor=4969, charges_minor=30)]) == "LESS_THAN_EXPECTED"
    assert why([OURS], [line(amount_minor=4971, charges_minor=30)]) == "LESS_THAN_EXPECTED"
    charged = [line(amount_minor=n, id=n, charges_minor=15) for n in (2000, 2970)]
    assert why([OURS], charged) == "LESS_BY_CHARGES", "each part bears its own"


def test_one_amount_that_fits_two_of_one_account_is_for_a_person() -> None:
    two = [OURS, ours(id="payout:PO2", reference="PO2")]
    matching = match_entries(two, [line(reference="")], covered_until=AFTER)
    assert not matching.matches
    candidates = of(matching, 1).candidates
    assert [c.item for c in candidates] == ["payout:PO1", "payout:PO2"]
    assert {c.because for c in candidates} == {Because.SAME_AMOUNT_AND_ACCOUNT.value}


def test_what_was_booked_before_anybody_ordered_is_another_payment() -> None:
    nameless = line(reference="")
    early = told(match_entries([ours(begins=DAY + timedelta(days=1))], [nameless]))
    assert early[1] == ("missing", "NOTHING_EXPECTED")
    on_the_day = told(match_entries([ours(begins=DAY)], [nameless]))
    assert on_the_day[1] == ("matched", "ACCOUNT_AND_AMOUNT")


def test_candidates_say_why_they_are_ones() -> None:
    facts = [
        ours(id="payout:A", reference="A", counterparty="other", amount_minor=1),
        ours(id="payout:B", reference="B", amount_minor=3000),
        ours(id="payout:C", reference="C", amount_minor=2000),
        ours(id="payout:D", reference="D", ended=True),
    ]
    foreign = [
        line(id=1, reference="X", amount_minor=1),
        line(id=2, reference="Y", amount_minor=5000),
        line(id=3, reference="D"),
        line(id=4, reference="B", direction="credit", amount_minor=3000),
    ]
    matching = match_entries(facts, foreign, covered_until=AFTER)
    found = {n: [(c.item, c.because) for c in of(matching, n).candidates] for n in (1, 2, 3, 4)}
    assert found == {
        1: [("payout:A", "SAME_AMOUNT")],
        2: [("payout:B", "SUM_OF_ACCOUNT"), ("payout:C", "SUM_OF_ACCOUNT")],
        3: [("payout:D", "CLOSED_REFERENCE"), *[(f"payout:{x}", "SUM_OF_ACCOUNT") for x in "BC"]],
        4: [("payout:B", "OTHER_DIRECTION")],
    }
    assert [c.item for c in of(matching, "payout:A").candidates] == [1]


def test_what_an_earlier_run_settled_is_not_paid_again_in_silence() -> None:
    known = Known(settled=frozenset({("debit", "PO1")}))
    again = match_entries([], [LINE], known)
    assert told(again) == {1: ("duplicate", Why.PAID_AGAIN.value)}
    booked = Known(bookings=frozenset({("B1", "debit", 5000, "CNY")}))
    copy = match_entries([OURS], [line(booking="B1")], booked)
    assert told(copy)[1] == ("duplicate", Why.SAME_BOOKING_AGAIN.value)


def test_what_was_settled_before_is_each_its_own_duplicate_and_hides_nothing_else() -> None:
    known = Known(settled=frozenset({("debit", "PO0")}))
    lines = [line(id=1, reference="PO0"), line(id=2, reference="PO0"), line(id=3)]
    found = told(match_entries([OURS], lines, known))
    assert [found[n][0] for n in (1, 2, 3)] == ["duplicate", "duplicate", "matched"]
    credit = match_entries([], [line(direction="credit", reference="PO0")], known)
    assert told(credit)[1] == ("missing", "NOTHING_EXPECTED"), "the other direction is another"
    other = Known(bookings=frozenset({("B1", "debit", 5001, "CNY"), ("B1", "credit", 5000, "CNY")}))
    assert told(match_entries([OURS], [line(booking="B1")], other))[1][0] == "matched"


def test_what_is_not_due_yet_is_no_candidate_of_anybody() -> None:
    """A foreign payment of the same amount says nothing of a movement that may still come."""
    foreign = line(reference="X", counterparty="stranger")
    early = match_entries([ours(due=AFTER)], [foreign], covered_until=AFTER)
    assert of(early, "payout:PO1").candidates == ()
    assert told(early)["payout:PO1"] == ("expected", "NOT_YET_DUE")
    late = match_entries([OURS], [foreign], covered_until=AFTER)
    assert [c.item for c in of(late, "payout:PO1").candidates] == [1]


def test_what_is_alone_names_the_movement_that_it_is_about() -> None:
    matching = match_entries([OURS], [LINE, line(id=2), line(id=3, currency="HKD")])
    assert [c.item for c in of(matching, 2).candidates] == ["payout:PO1"]
    assert [(c.item, c.because) for c in of(matching, 3).candidates] == [
        ("payout:PO1", "OTHER_CURRENCY")
    ]


def test_charges_that_the_bank_held_back_are_named() -> None:
    short = match_entries([OURS], [line(amount_minor=4970, charges_minor=30)])
    assert told(short)[1] == ("under", Why.LESS_BY_CHARGES.value)


def test_absence_means_nothing_where_no_statement_covers_it() -> None:
    for until in (None, DUE, DUE - timedelta(hours=1)):
        assert told(match_entries([OURS], [], covered_until=until)) == {
            "payout:PO1": ("expected", "NOT_YET_DUE")
        }


def test_a_match_by_hand_needs_both_sides_and_one_direction() -> None:
    assert compared_by_hand([OURS], []) is None
    assert compared_by_hand([], [LINE]) is None
    assert compared_by_hand([OURS], [line(amount_minor=5001)]) == (
        MatchStatus.OVER,
        Why.MORE_THAN_EXPECTED,
    )
    assert compared_by_hand([OURS], [line(amount_minor=2000), line(id=2, amount_minor=3000)]) == (
        MatchStatus.SPLIT,
        Why.BY_HAND,
    )
    of_both = [OURS, ours(id="payout:PO2", currency="HKD")]
    assert compared_by_hand(of_both, [LINE]) == (
        MatchStatus.WRONG_CURRENCY,
        Why.OTHER_CURRENCY,
    )
    assert compared_by_hand([OURS, ours(id="payout:PO2", direction="credit")], [LINE]) is None
    assert compared_by_hand([OURS], [line(direction="credit")]) is None
    assert compared_by_hand([OURS], [line(reference="X")]) == (MatchStatus.MATCHED, Why.BY_HAND)
    assert compared_by_hand([OURS], [line(currency="HKD")]) == (
        MatchStatus.WRONG_CURRENCY,
        Why.OTHER_CURRENCY,
    )


# Few values of each kind, so that clashes of every kind are common.
REFERENCES = st.sampled_from(["", "PO1", "PO2", "po-1", "F1"])
MONEY = {
    "direction": st.sampled_from(["debit", "credit"]),
    "amount_minor": st.sampled_from([1, 2, 3, 5]),
    "currency": st.sampled_from(["CNY", "HKD"]),
    "reference": REFERENCES,
    "group": st.sampled_from(["", "F1"]),
    "counterparty": st.sampled_from(["", "a", "b"]),
}
EXPECTED = st.lists(
    st.builds(
        Expected,
        id=st.integers(1, 99).map(lambda n: f"payout:{n}"),
        due=st.sampled_from([None, DUE]),
        ended=st.booleans(),
        **MONEY,
    ),
    max_size=6,
    unique_by=lambda e: e.id,
)
STATED = st.lists(
    st.builds(
        Stated,
        id=st.integers(1, 99),
        booked_on=st.just(DAY),
        look=st.sampled_from(["", look_of("PO1")]),
        booking=st.sampled_from(["", "B1"]),
        charges_minor=st.sampled_from([0, 1]),
        code=st.sampled_from(["", "CHRG"]),
        **MONEY,
    ),
    max_size=6,
    unique_by=lambda s: s.id,
)


@settings(deadline=None, max_examples=400)
@given(EXPECTED, STATED)
def test_every_item_ends_in_exactly_one_status(
    expected: list[Expected], stated: list[Stated]
) -> None:
    matching = match_entries(expected, stated, covered_until=AFTER)
    counts: Counter[int | str] = Counter()
    for match in matching.matches:
        counts.update(match.stated)
        counts.update(match.expected)
    counts.update(one.item for one in matching.unmatched)
    items = [s.id for s in stated] + [e.id for e in expected if not e.ended]
    assert counts == Counter(items)


def sums_agree(matching: Matching, ours: Sequence[Expected], lines: Sequence[Stated]) -> bool:
    """What counts as settled is the same money on both sides."""
    of_ours, of_lines = {e.id: e for e in ours}, {s.id: s for s in lines}
    for match in matching.matches:
        if match.status not in SETTLED or match.why is Why.BANK_CHARGE:
            continue
        left = Counter[tuple[str, str]]()
        for item in match.expected:
            one = of_ours[item]
            left[one.direction, one.currency] += one.amount_minor
        for number in match.stated:
            entry = of_lines[number]
            left[entry.direction, entry.currency] -= entry.amount_minor
        if any(left.values()):
            return False
    return True


@settings(deadline=None, max_examples=400)
@given(EXPECTED, STATED)
def test_the_two_sides_of_what_is_settled_are_the_same_money(
    expected: list[Expected], stated: list[Stated]
) -> None:
    assert sums_agree(match_entries(expected, stated, covered_until=AFTER), expected, stated)


@settings(deadline=None)
@given(EXPECTED, STATED, st.randoms())
def test_the_order_in_which_facts_are_read_changes_nothing(
    expected: list[Expected], stated: list[Stated], chance: Any
) -> None:
    first = told(match_entries(expected, stated, covered_until=AFTER))
    # Two of ours never share a reference; where invented ones do, the first by id counts.
    shuffled_e, shuffled_s = list(expected), list(stated)
    chance.shuffle(shuffled_e)
    chance.shuffle(shuffled_s)
    assert told(match_entries(shuffled_e, shuffled_s, covered_until=AFTER)) == first


def naive(expected: Sequence[Expected], stated: Sequence[Stated]) -> Matching:
    """As it is often done: by reference or else by amount, whatever else is said."""
    from crossclaim.domain.matching import Match

    open_ = {e.id: e for e in expected}
    matches, unmatched = [], []
    for entry in stated:
        fits = [
            e
            for e in open_.values()
            if e.reference == entry.reference or e.amount_minor == entry.amount_minor
        ]
        if fits:
            del open_[fits[0].id]
            matches.append(
                Match((entry.id,), (fits[0].id,), MatchStatus.MATCHED, Why.REFERENCE_AND_AMOUNT)
            )
        else:
            unmatched.append(Unmatched(entry.id, MatchStatus.MISSING, Why.NOTHING_EXPECTED))
    unmatched += [Unmatched(e, MatchStatus.MISSING, Why.NOT_STATED) for e in open_]
    return Matching(tuple(matches), tuple(unmatched))


def test_a_naive_twin_settles_other_money_and_other_peoples() -> None:
    wrong = 0
    for case, (expected, stated, statuses) in CASES.items():
        found = {i: s for i, (s, _) in told(naive(expected, stated)).items()}
        wrong += found != statuses
        if case in ("more", "less"):
            assert not sums_agree(naive(expected, stated), expected, stated)
    assert wrong >= 12


def test_a_debit_that_takes_a_credit_back_is_no_payment_of_ours() -> None:
    """Of the same reference and amount as a payout that is still expected."""
    line = Stated(1, "debit", 500, "CNY", DAY, "PO1", code="RVSL")
    ours = [
        Expected("payout:PO1", "debit", 500, "CNY", "PO1"),
        Expected("return:PO1", "credit", 500, "CNY", "PO1"),
    ]
    found = match_entries(ours, [line])
    assert found.matches == ()
    (alone,) = (one for one in found.unmatched if one.stated)
    assert (alone.status, alone.why.value) == (MatchStatus.MISSING, "TAKEN_BACK")
    assert [one.item for one in alone.candidates] == ["return:PO1"]


def test_a_reference_that_was_kept_as_a_digest_is_found_once_it_is_ours() -> None:
    line = Stated(1, "credit", 500, "CNY", DAY, digest_of("20251014001"))
    batch = Stated(2, "credit", 300, "CNY", DAY, "", digest_of("13800138000"))
    ours = [
        Expected("receipt:A", "credit", 500, "CNY", "20251014001"),
        *(Expected(f"receipt:{n}", "credit", n, "CNY", f"R{n}", "13800138000") for n in (100, 200)),
    ]
    found = match_entries(ours, [line, batch])
    assert [(m.stated, m.status.value) for m in found.matches] == [
        ((1,), "matched"),
        ((2,), "matched"),
    ]
    known = Known(settled=frozenset({("credit", "20251014001")}))
    (again,) = match_entries([], [line], known).unmatched
    assert again.status is MatchStatus.DUPLICATE
