"""The difference of two versions: it sums to the difference of the totals, and applying it to the
one gives the other."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from crossclaim.domain.allocation import AllocationResult, FunderTotal, Share
from crossclaim.domain.bill_difference import BillVersion, ChargedLine, applied, difference
from crossclaim.domain.bill_sentences import line_sentence
from crossclaim.domain.money import fen
from crossclaim.domain.submission import FunderKind

DAY = date(2026, 4, 8)
PAYERS = [
    (FunderKind.INSURER, "harbour-life"),
    (FunderKind.INSURER, "kowloon-mutual"),
    (FunderKind.PATIENT, None),
]
Parts = dict[int, tuple[int, int, int]]
"""Line → fen of each payer."""


def version(number: int, parts: Parts, correction: str = "") -> BillVersion:
    shares = [
        Share(line=line, funder=funder, organisation=who, amount=fen(amount))
        for line, amounts in parts.items()
        for (funder, who), amount in zip(PAYERS, amounts, strict=True)
    ]
    totals = [
        FunderTotal(
            funder=funder,
            organisation=who,
            amount=fen(sum(amounts[place] for amounts in parts.values())),
        )
        for place, (funder, who) in enumerate(PAYERS)
    ]
    lines = [
        ChargedLine(
            number=line,
            category="drug",
            code=f"D-{line}",
            service_date=DAY,
            quantity=1,
            amount=fen(sum(amounts)),
        )
        for line, amounts in parts.items()
    ]
    whole = fen(sum(sum(amounts) for amounts in parts.values()))
    result = AllocationResult(total=whole, totals=totals, shares=shares)
    return BillVersion(version=number, correction=correction, lines=lines, result=result)


FEN = st.integers(0, 5_000_000)
SOME = st.dictionaries(st.integers(1, 9), st.tuples(FEN, FEN, FEN), max_size=9)


@given(SOME, SOME)
def test_the_lines_sum_to_the_total_and_give_the_new_version(old: Parts, new: Parts) -> None:
    before, after = version(1, dict(sorted(old.items()))), version(2, dict(sorted(new.items())))
    found = difference(before, after)
    assert sum(one.change.amount_minor for one in found.lines) == found.change.amount_minor
    assert found.change == after.result.total - before.result.total
    for place, (funder, who) in enumerate(PAYERS):
        whole = [f for f in found.funders if (f.funder, f.organisation) == (funder, who)]
        of_lines = [
            f.change.amount_minor
            for one in found.lines
            for f in one.funders
            if (f.funder, f.organisation) == (funder, who)
        ]
        change = after.result.totals[place].amount - before.result.totals[place].amount
        assert sum(f.change.amount_minor for f in whole) == change.amount_minor == sum(of_lines)
    assert applied(before.lines, found) == after.lines
    assert applied(after.lines, difference(after, before)) == before.lines


def test_what_has_not_changed_is_not_told_and_each_kind_has_its_sentence() -> None:
    old = version(1, {1: (100, 0, 0), 2: (50, 50, 0), 3: (0, 0, 900), 4: (10, 0, 0)})
    new = version(2, {1: (100, 0, 0), 2: (0, 50, 50), 3: (0, 0, 800), 5: (7, 0, 0)}, "replace")
    found = difference(old, new)
    assert {one.line: one.kind for one in found.lines} == {
        2: "split",
        3: "changed",
        4: "removed",
        5: "added",
    }
    told = [line_sentence(one) for one in found.lines]
    assert told[1].en == "Line 3 was CNY 9.00 and is CNY 8.00."
    assert all(one.zh_hant and one.zh_hans for one in told)
