"""A bank that holds orders back, and what our rows and its journal say about them."""

from __future__ import annotations

from tests.faults.house import House, Row
from tests.faults.story import Stay

LATE_S = 5.0
"""After the time-out and several questions, well before the fence."""


def script(house: House, **fault: object) -> None:
    house.control(
        "harbour-bank", "faults", {"faults": [{"match": {"operation": "payment"}, **fault}]}
    )


def attempts(house: House, episode_id: str, kind: str) -> list[Row]:
    return house.rows(
        "select a.reference, a.attempt, a.released_at, a.recorded_at from payout_attempt a"
        " where a.episode_id = %(id)s and a.kind = %(kind)s order by a.attempt",
        id=episode_id,
        kind=kind,
    )


def had_one_late_order(house: House, stay: Stay) -> str:
    """The bank held the one order of this stay back; the order's reference."""
    (sent,) = attempts(house, stay.episode_id, "order")
    mine: str = sent["reference"]
    received = [e for e in house.journal("harbour-bank", "received") if e["reference"] == mine]
    assert [e["faults"] for e in received] == [["late"]]
    return mine


def asked_in_vain(house: House, reference: str) -> bool:
    """Whether the bank was asked while it knew nothing of the order yet."""
    asked = [e for e in house.journal("harbour-bank", "asked") if e["reference"] == reference]
    return any(not e["found"] for e in asked)
