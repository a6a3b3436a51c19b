"""Where a proposal stands, and which of a plan's files is in force at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crossclaim.domain.plan_proposal import (
    PlanProposal,
    ProposalState,
    ProposalWord,
    in_force,
    still_ahead,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Row:
    id: int
    in_force_from: datetime
    undone: bool = False


def test_the_newest_that_has_begun_is_in_force_and_what_was_taken_back_never_was() -> None:
    older, later = Row(2, NOW - 2 * HOUR), Row(1, NOW - HOUR)
    undone, ahead = Row(3, NOW - HOUR, undone=True), Row(4, NOW + HOUR)
    history = [ahead, undone, older, later]
    assert in_force(history, NOW) is later
    assert in_force(history, NOW - 3 * HOUR) is None
    assert in_force(history, NOW + HOUR) is ahead, "at its very moment"
    assert still_ahead(history, NOW) == [ahead]
    assert still_ahead([Row(5, NOW + HOUR, undone=True)], NOW) == []


def test_of_two_that_begin_at_once_the_later_row_is_in_force() -> None:
    assert in_force([Row(8, NOW), Row(9, NOW)], NOW) == Row(9, NOW)


def proposal(*said: str, starts: datetime | None = None) -> PlanProposal:
    return PlanProposal(
        id="pp_1",
        organisation_id="crossclaim",
        plan_id="plan",
        version="v",
        follows="u",
        reason="new tariff",
        proposed_by="a",
        proposed_at=NOW,
        words=[ProposalWord(kind=kind, person="b", said_at=NOW) for kind in said],
        in_force_from=starts,
    )


def test_a_proposal_waits_is_activated_comes_into_force_or_ends() -> None:
    assert proposal().state(NOW) is ProposalState.WAITS
    confirmed = proposal("confirmed", starts=NOW + HOUR)
    assert confirmed.state(NOW) is ProposalState.ACTIVATED
    assert confirmed.state(NOW + HOUR) is ProposalState.IN_FORCE
    undone = proposal("confirmed", "taken_back", starts=NOW + HOUR)
    assert undone.state(NOW + 2 * HOUR) is ProposalState.TAKEN_BACK
    assert proposal("refused").state(NOW) is ProposalState.REFUSED


def test_whoever_forgets_what_was_taken_back_would_run_it() -> None:
    begun, undone = Row(1, NOW - 2 * HOUR), Row(2, NOW - HOUR, undone=True)
    careless = max((begun, undone), key=lambda row: row.in_force_from)
    assert careless is undone
    assert in_force([begun, undone], NOW) is begun
