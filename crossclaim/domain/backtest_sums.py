"""What a back-test comes to: sums by payer, hospital and month, no claim or person. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.backtest_tally import PATIENT, Place, Sums, Tally


class PlaceSums(Frozen):
    """One payer at one hospital in one month; amounts are fen."""

    payer: str
    hospital: str
    month: str
    claims: int
    running_fen: int
    changed_fen: int
    pays_less: int
    pays_more: int
    refused_running: int = 0
    refused_changed: int = 0

    @property
    def difference_fen(self) -> int:
        return self.changed_fen - self.running_fen


class BacktestResult(Frozen):
    """``left_out``: bills that could not be split anew, by why."""

    claims: int
    moved: int
    refused_running: int = 0
    refused_changed: int = 0
    left_out: dict[str, int] = {}
    sums: list[PlaceSums] = []


class GroupSums(Frozen):
    """The sums of one payer, hospital or month."""

    name: str
    claims: int
    running_fen: int
    changed_fen: int
    pays_less: int
    pays_more: int

    @property
    def difference_fen(self) -> int:
        return self.changed_fen - self.running_fen


def told_sums(
    tally: Tally, plan_id: str, left_out: dict[str, int], *, own: str | None
) -> dict[str, Any]:
    """As it is kept. ``own``: an insurer's alone, which hears of its plan and of patients."""
    places = sorted(tally.sums.items(), key=lambda item: item[0])
    heard = [(p, s) for p, s in places if own is None or p.payer in (plan_id, PATIENT)]
    return BacktestResult(
        claims=tally.claims,
        moved=tally.moved,
        refused_running=tally.refused_running,
        refused_changed=tally.refused_changed,
        left_out=left_out,
        sums=[_told(place, sums) for place, sums in heard],
    ).model_dump(mode="json")


def _told(place: Place, sums: Sums) -> PlaceSums:
    return PlaceSums(
        payer=place.payer,
        hospital=place.hospital,
        month=place.month,
        claims=sums.claims,
        running_fen=sums.running_fen,
        changed_fen=sums.changed_fen,
        pays_less=sums.pays_less,
        pays_more=sums.pays_more,
        refused_running=sums.refused_running,
        refused_changed=sums.refused_changed,
    )


def grouped(sums: list[PlaceSums], by: Callable[[PlaceSums], str]) -> list[GroupSums]:
    """Added up by payer, hospital or month, in the order of their names, the patient last."""
    found: dict[str, GroupSums] = {}
    for one in sums:
        name = by(one)
        known = found.get(name) or GroupSums(
            name=name, claims=0, running_fen=0, changed_fen=0, pays_less=0, pays_more=0
        )
        found[name] = GroupSums(
            name=name,
            claims=known.claims + one.claims,
            running_fen=known.running_fen + one.running_fen,
            changed_fen=known.changed_fen + one.changed_fen,
            pays_less=known.pays_less + one.pays_less,
            pays_more=known.pays_more + one.pays_more,
        )
    return sorted(found.values(), key=lambda one: (one.name == PATIENT, one.name))
