"""A split without an insurer: every fen of every line stays, and nobody else's part moves."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossclaim.domain.allocation import (
    AllocationResult,
    CoverTerms,
    FunderTotal,
    Sentence,
    Share,
    TraceStep,
)
from crossclaim.domain.money import fen, hk_cents
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.withdrawal import Branch, Cancelled, Data, Status, Withdrawal
from crossclaim.domain.withdrawal_effect import Parts, effect_of
from crossclaim.domain.withdrawal_rows import CONSENT_WITHDRAWN
from crossclaim.domain.withdrawn_split import carries, without_insurer
from tests.rules.test_tables import Case, cases

GONE, STAYS = "harbour-life", "pearl-assurance"
FUNDERS = (
    (FunderKind.VOUCHER, None),
    (FunderKind.INSURER, GONE),
    (FunderKind.INSURER, STAYS),
    (FunderKind.PATIENT, None),
)
NO_TEXT = Sentence(en="", zh_hant="", zh_hans="")
BEFORE, WHY = (
    TraceStep(rule=name, on=date(2026, 5, 6), inputs={}, result="", text=NO_TEXT)
    for name in ("before", "why")
)
NOTHING = Parts(insurer=fen(0), pending=fen(0), patient=fen(0))


@st.composite
def splits(draw: st.DrawFn) -> AllocationResult:
    """Any lines, each carried by any of the funders; the patient may stand in none of them."""
    shares = []
    for line in range(1, draw(st.integers(1, 5)) + 1):
        for funder, organisation in FUNDERS:
            if funder is FunderKind.PATIENT and draw(st.booleans()):
                continue
            amount = fen(draw(st.integers(0, 500_000)))
            share = Share(line=line, funder=funder, organisation=organisation, amount=amount)
            shares.append(share)
    totals = [
        FunderTotal(
            funder=funder,
            organisation=organisation,
            amount=fen(_sum(shares, funder, organisation)),
            in_funder_currency=hk_cents(1) if organisation else None,
        )
        for funder, organisation in FUNDERS
    ]
    return AllocationResult(
        total=fen(sum(s.amount.amount_minor for s in shares)), totals=totals, shares=shares
    )


def _sum(shares: list[Share], funder: FunderKind, organisation: str | None) -> int:
    own = [s for s in shares if (s.funder, s.organisation) == (funder, organisation)]
    return sum(s.amount.amount_minor for s in own)


def by_line(result: AllocationResult) -> dict[int, int]:
    found: dict[int, int] = {}
    for share in result.shares:
        found[share.line] = found.get(share.line, 0) + share.amount.amount_minor
    return found


def adds_up(before: AllocationResult, after: AllocationResult) -> bool:
    whole = sum(t.amount.amount_minor for t in after.totals)
    patient = _sum(after.shares, FunderKind.PATIENT, None)
    told = after.of(FunderKind.PATIENT).amount_minor
    return (whole, patient, by_line(after)) == (after.total.amount_minor, told, by_line(before))


@settings(max_examples=200, deadline=None)
@given(splits())
def test_the_patient_has_the_insurers_part_line_by_line_and_others_theirs(
    result: AllocationResult,
) -> None:
    after = without_insurer(result, GONE, [])
    assert not carries(after, GONE) and adds_up(result, after)
    for funder, organisation in (FUNDERS[0], FUNDERS[2]):
        own = [s for s in result.shares if (s.funder, s.organisation) == (funder, organisation)]
        assert [s for s in after.shares if s in own] == own
    assert after.insurer(STAYS) == result.insurer(STAYS)
    assert without_insurer(after, GONE, []) == after


@given(splits())
def test_a_naive_twin_that_only_drops_the_part_loses_it(result: AllocationResult) -> None:
    kept = [t for t in result.totals if t.organisation != GONE]
    shares = [s for s in result.shares if s.organisation != GONE]
    twin = result.model_copy(update={"totals": kept, "shares": shares})
    gone = result.insurer(GONE)
    assert gone is not None
    assert adds_up(result, twin) is (gone.amount == fen(0))


def test_every_stop_and_every_stay_has_its_sentence_in_three_languages() -> None:
    for branch in Branch:
        found = Withdrawal(
            branch=branch,
            status=Status.UNCHANGED,
            cancelled=list(Cancelled),
            may_send=list(Data),
        )
        effect = effect_of(GONE, NOTHING, found)
        told = [*effect.stops, *effect.stays]
        assert {one.code for one in effect.stops} == {stop.value for stop in Cancelled}
        assert {"sent_before", "other_funders"} <= {one.code for one in effect.stays}
        for one in told:
            texts = (one.text.en, one.text.zh_hant, one.text.zh_hans)
            assert all(texts) and one.text.en != one.text.zh_hant


def funder_of(who: str) -> tuple[FunderKind, str | None]:
    kinds = {"voucher": FunderKind.VOUCHER, "patient": FunderKind.PATIENT}
    return (kinds[who], None) if who in kinds else (FunderKind.INSURER, who)


def total_of(who: str, minor: int) -> FunderTotal:
    funder, organisation = funder_of(who)
    return FunderTotal(funder=funder, organisation=organisation, amount=fen(minor))


def split_of(asked: Case) -> AllocationResult:
    shares, sums = [], Counter[str]()
    for line, who, minor in asked["shares"]:
        funder, organisation = funder_of(who)
        shares.append(Share(line=line, funder=funder, organisation=organisation, amount=fen(minor)))
        sums[who] += minor
    later = [total_of(who, minor) for who, minor in asked.get("later", [])]
    limit = asked.get("direct_limit")
    return AllocationResult(
        total=fen(sums.total()),
        totals=[total_of(who, minor) for who, minor in sums.items()],
        shares=shares,
        later_reimbursement=later[0] if later else None,
        further_reimbursements=later[1:],
        covers=[CoverTerms(organisation=who, plan="p") for who in asked.get("covers", [])],
        direct_limit=None if limit is None else hk_cents(limit),
        cover_use=asked.get("cover_use", {}),
        trace=[BEFORE],
    )


def told(result: AllocationResult) -> dict[str, Any]:
    """A split in the words of the table."""
    withdrawn = {(): [], (CONSENT_WITHDRAWN,): ["withdrawn"]}
    others = {
        t.organisation or t.funder.value: t.amount.amount_minor
        for t in result.totals
        if t.funder is not FunderKind.PATIENT
    }
    return {
        "shares": [
            [s.line, s.organisation or s.funder.value, s.amount.amount_minor]
            + withdrawn[tuple(s.reasons)]
            for s in result.shares
        ],
        "patient_fen": result.of(FunderKind.PATIENT).amount_minor,
        "others": others,
        "later": [[t.organisation, t.amount.amount_minor] for t in result.later],
        "covers": [c.organisation for c in result.covers],
        "direct_limit": result.direct_limit.amount_minor if result.direct_limit else "none",
        "cover_use": result.cover_use,
    }


@pytest.mark.parametrize("case", cases("withdrawn-split.yaml"))
def test_an_ended_part_is_laid_on_the_patient_as_the_table_says(case: Case) -> None:
    before, wanted = split_of(case["input"]), case["output"]
    after = without_insurer(before, GONE, [WHY])
    assert carries(before, GONE) is not wanted.get("same", False)
    if wanted.get("same"):
        assert after == before
        return
    found = told(after)
    assert {name: found[name] for name in wanted} == wanted
    assert not carries(after, GONE) and after.total == before.total
    assert [step.rule for step in after.trace] == ["before", "why"]
    (patient,) = [t for t in after.totals if t.funder is FunderKind.PATIENT]
    assert patient == after.totals[-1], "who is last pays what nobody else does"
