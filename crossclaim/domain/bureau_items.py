"""A sum of the bureau's and what it is made of, as two lists to be matched. Pure.

3201 says that a sum agrees or not, and 3202 what differs: what it does not name, the bureau holds
as we do. Fund and accounts are two items, so that one is never taken for the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from crossclaim.domain.bank_days import BANK_ZONE
from crossclaim.domain.bureau import SettledDetail, SettledDifference, SettledTotal
from crossclaim.domain.bureau_settled import SettledClaim
from crossclaim.domain.matching import Expected, MatchStatus, Stated
from crossclaim.domain.source_items import Source, SourceFacts, SourceItem, SourceScope

PURSES = ("fund", "account")
_FIRST = 1


def scope_of(hospital: str, held: SettledTotal, source: Source) -> SourceScope:
    kind = "stays" if held.stay else "visits"
    days = f"{held.begins:%Y%m%d}-{held.ends:%Y%m%d}"
    name = f"{days}:{held.insurance.value}:{held.area_code}:{kind}"
    return SourceScope(source=source, organisation=hospital, name=name, day=held.ends)


def detail_items(
    held: SettledTotal, claims: Sequence[SettledClaim], differences: Sequence[SettledDifference]
) -> list[SourceItem]:
    told = {one.settlement: one for one in differences}
    facts = SourceFacts()
    for claim in claims:
        _hold(facts, claim, held.ends)
        difference = told.pop(claim.settlement, None)
        if difference is None:
            _state(facts, claim.detail, held.ends)
        elif difference.theirs is not None:
            _state(facts, difference.theirs, held.ends)
    for stranger in told.values():
        if stranger.theirs is not None:
            _state(facts, stranger.theirs, held.ends)
    return facts.judged(held.ends)


def total_items(
    held: SettledTotal,
    equal: bool,
    claims: Sequence[SettledClaim],
    differences: Sequence[SettledDifference],
) -> list[SourceItem]:
    """Each purse's sum by both books; theirs follows from what 3202 names."""
    found = []
    known = {claim.settlement: claim.detail for claim in claims}
    more = {
        purse: sum(
            _minor(one.theirs, purse) - _minor(known.get(one.settlement), purse)
            for one in differences
        )
        for purse in PURSES
    }
    told = any(more.values())
    for purse in PURSES:
        ours = _minor(held, purse)
        theirs = ours if equal else ours + more[purse]
        status, why = _verdict(equal or (told and not more[purse]), ours, theirs)
        for side, amount in (("ours", ours), ("theirs", theirs)):
            found.append(
                SourceItem(
                    side="ours" if side == "ours" else "theirs",
                    item=purse,
                    reference="",
                    amount_minor=amount,
                    currency=held.fund.currency.value,
                    status=status,
                    why=why,
                    match_name=purse,
                )
            )
    return found


def _verdict(equal: bool, ours: int, theirs: int) -> tuple[MatchStatus, str]:
    if equal:
        return MatchStatus.MATCHED, "TOTALS_AGREE"
    if theirs > ours:
        return MatchStatus.OVER, "TOTAL_DIFFERS"
    if theirs < ours:
        return MatchStatus.UNDER, "TOTAL_DIFFERS"
    return MatchStatus.WRONG_DATA, "TOTAL_DIFFERS"


def _hold(facts: SourceFacts, claim: SettledClaim, day: date) -> None:
    due = datetime.combine(day, time.min, BANK_ZONE)
    for purse in PURSES:
        amount = _minor(claim.detail, purse)
        if amount:
            name = f"{claim.settlement}:{purse}"
            one = Expected(name, "credit", amount, "CNY", name, due=due)
            facts.hold(one, claim.episode_id)


def _state(facts: SourceFacts, detail: SettledDetail, day: date) -> None:
    for purse in PURSES:
        amount = _minor(detail, purse)
        if amount:
            name = f"{detail.settlement}:{purse}"
            line = Stated(len(facts.theirs) + _FIRST, "credit", amount, "CNY", day, name)
            facts.state(name, line)


def _minor(one: SettledTotal | SettledDetail | None, purse: str) -> int:
    if one is None:
        return 0
    return (one.fund if purse == "fund" else one.account).amount_minor
