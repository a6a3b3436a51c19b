"""An episode as it stood at a moment: stages, money, waits. Pure, from rows and their times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crossclaim.console.services import ToldEpisode
from crossclaim.console.waterfall import Bar, bars_of
from crossclaim.domain.allocation import Frozen, Sentence
from crossclaim.domain.as_of import as_of
from crossclaim.domain.episode_clocks import Clock, clocks_of
from crossclaim.domain.episode_stages import Stage, stages_of
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.reference import Reference
from crossclaim.domain.running_balance import LedgerPosting, RunningPosting, balances_at
from crossclaim.domain.standing import standing_of
from crossclaim.domain.story_facts import Runs
from crossclaim.domain.story_line import Scene
from crossclaim.domain.story_waiting import waiting_of


class PastBill(Frozen):
    number: str
    version: int
    status: str
    total_minor: int
    bars: list[Bar]


class Past(Frozen):
    at: datetime
    rows: EpisodeRows
    stages: list[Stage]
    bills: list[PastBill]
    balances: list[RunningPosting]
    clocks: list[Clock]
    wait: Sentence | None = None
    exceptions: list[str] = []


def past_of(
    told: ToldEpisode,
    postings: Sequence[LedgerPosting],
    reference: Reference,
    moment: datetime,
    *,
    whole: bool,
) -> Past:
    """``whole``: the visitor hears everything, so also what was waited for then."""
    rows = as_of(told.rows, told.facts, moment)
    splits = {one.bill_id: one.result for one in rows.allocations}
    return Past(
        at=moment,
        rows=rows,
        stages=stages_of(rows),
        bills=[
            PastBill(
                number=bill.number,
                version=bill.version,
                status=bill.status,
                total_minor=bill.total_minor,
                bars=bars_of(splits[bill.id]) if bill.id in splits else [],
            )
            for bill in rows.bills
            if bill.state == "current"
        ],
        balances=balances_at(postings, moment),
        clocks=[one for one in clocks_of(rows, told.habits.payout_plan, moment) if one.runs],
        wait=_wait(told, rows, reference, moment) if whole else None,
        exceptions=[x.code for x in rows.exceptions if x.resolved_at is None],
    )


def _wait(
    told: ToldEpisode, rows: EpisodeRows, reference: Reference, moment: datetime
) -> Sentence | None:
    if rows.episode.closed_at is not None:
        return None
    scene = Scene(told.facts, reference)
    lines = [line for line in told.story.lines if line.at <= moment]
    standing = standing_of(rows, told.habits, moment)
    waiting = waiting_of(scene, rows, standing, Runs(), lines)
    return waiting.text if waiting is not None else None
