"""A claim's clock stands still while documents are owed, and never twice for one moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crossclaim.domain.information_rows import InformationRequestRow
from crossclaim.domain.information_standing import (
    awaits_information,
    information_standing,
    information_wait,
    pauses_of,
    stood_still,
)
from crossclaim.domain.records import ClaimRow, EpisodeRow, EpisodeRows
from crossclaim.domain.submission import EncounterClass

T0 = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def request(name: str, since: int, until: int | None, claim: str = "cl_1") -> InformationRequestRow:
    """Days from T0."""
    return InformationRequestRow(
        id=name,
        number=name,
        claim_id=claim,
        organisation_id="harbour-life",
        asked_of="hospital",
        state="open" if until is None else "answered",
        asked_at=T0 + since * DAY,
        due_at=T0 + 90 * DAY,
        remind_at=[T0 + (since + 7) * DAY],
        closed_at=None if until is None else T0 + until * DAY,
    )


def rows(*requests: InformationRequestRow, state: str = "queued") -> EpisodeRows:
    claim = ClaimRow(
        id="cl_1", bill_id="bl_1", kind="direct", sequence=1, reference="CL1", state=state
    )
    return EpisodeRows(
        episode=EpisodeRow(
            id="ep_1",
            hospital_id="hku-szh",
            encounter_class=EncounterClass.OUTPATIENT,
            status="open",
            revision=1,
            opened_at=T0,
        ),
        claims=[claim],
        information_requests=list(requests),
    )


def spans(known: EpisodeRows) -> list[tuple[int, int | None]]:
    found = pauses_of(known, "cl_1")
    return [((p.since - T0).days, None if p.until is None else (p.until - T0).days) for p in found]


@pytest.mark.parametrize(
    ("requests", "expected"),
    [
        ([(1, 3), (2, 5)], [(1, 5)]),
        ([(1, 9), (2, 5)], [(1, 9)]),
        ([(1, 3), (3, 4), (6, 7)], [(1, 4), (6, 7)]),
        ([(2, None), (1, 3)], [(1, None)]),
        ([(1, None), (4, 5)], [(1, None)]),
    ],
)
def test_requests_that_overlap_pause_the_clock_once(
    requests: list[tuple[int, int | None]], expected: list[tuple[int, int | None]]
) -> None:
    known = [request(f"ir_{at}", *span) for at, span in enumerate(requests)]
    assert spans(rows(*known, request("ir_x", 0, 50, claim="cl_2"))) == expected


def test_only_what_is_over_and_came_after_counts_as_stood_still() -> None:
    known = rows(request("a", 1, 4), request("b", 3, 6), request("c", 20, None))
    assert stood_still(known, "cl_1", T0) == 5 * DAY
    assert stood_still(known, "cl_1", T0 + 2 * DAY) == 4 * DAY
    assert stood_still(known, "cl_1", T0 + 7 * DAY) == timedelta()
    assert stood_still(known, "cl_2", T0) == timedelta()


def test_the_soonest_moment_of_all_open_requests_is_waited_for() -> None:
    known = rows(request("a", 5, None), request("b", 2, None), request("c", 0, 1))
    waits = information_standing(known, T0)
    assert waits is not None and (waits.due, waits.until) == ("", T0 + 9 * DAY)
    assert information_wait(known) == "HOSPITAL_DOCUMENTS"
    due = information_standing(known, T0 + 9 * DAY)
    assert due is not None and due.due == "b"
    assert information_standing(rows(request("c", 0, 1)), T0) is None


@pytest.mark.parametrize(
    ("decides", "state", "waits"),
    [
        ("here", "due", True),
        ("here", "pended", True),
        ("there", "queued", True),
        ("there", "due", False),
        ("there", "submitted", False),
        ("here", "approved", False),
    ],
)
def test_whoever_has_the_claim_before_him_waits_and_a_send_does_not(
    decides: str, state: str, waits: bool
) -> None:
    known = rows(request("a", 0, None), state=state)
    claim = known.claims[0].model_copy(update={"decides": decides})
    assert awaits_information(known, claim) is waits


@pytest.mark.parametrize("state", ["approved", "partial", "denied", "voided", "failed"])
def test_a_request_of_a_claim_that_is_over_is_ended_at_once(state: str) -> None:
    ends = information_standing(rows(request("a", 0, None), state=state), T0)
    assert ends is not None and ends.due == "a"
