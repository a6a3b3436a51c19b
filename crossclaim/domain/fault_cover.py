"""Faults of what is said about an insurer's cover, in an episode or beside a bill."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import Fault
from crossclaim.domain.fault_money import negative_faults, range_faults
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.money import Currency

ORDER_MAX = 9
_USED = ("deductible_used", "annual_benefit_used")


def cover_faults(cover: Piece) -> Iterator[Fault]:
    yield from range_faults(cover, "order", 1, ORDER_MAX)
    since, until = cover.day("covered_since"), cover.day("covered_until")
    if since is not None and until is not None and until < since:
        yield fault("COVER_ENDS_BEFORE_IT_BEGINS", cover.at("covered_until"), since=since)
    yield from negative_faults(cover, *_USED)
    for member in _USED:
        used = cover.money(member)
        if used is not None and used.currency is Currency.CNY:
            yield fault("COVER_COUNTED_IN_HKD", cover.member(member).at("currency"))


def stated_faults(bill: Piece) -> Iterator[Fault]:
    """Of every cover that a bill says something about."""
    facts = bill.member("cover_facts")
    for place in facts.value if isinstance(facts.value, dict) else ():
        yield from cover_faults(facts.member(place))
