"""Rows of scenario E5 for stories, with a patient's data in every column that a party may fill."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from crossclaim.domain.habits import Habits
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.reference import Reference
from crossclaim.domain.standing import standing_of
from crossclaim.domain.story import Story, tell
from crossclaim.domain.story_facts import Runs, StoryFacts

EXAMPLES = Path(__file__).parents[2] / "examples"
CANARIES = ("陳大文", "CHAN Tai Man", "AB987654(3)", "H0000000000", "HL-2025-000051", "K80.2")
START = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
HOSPITAL, INSURER, EPISODE = "hku-szh", "harbour-life", "ep_1"


def minute(number: float) -> str:
    """So many minutes after the opening, which is at 09:00 of the region."""
    return (START + timedelta(minutes=number)).isoformat()


def reference() -> Reference:
    return Reference.model_validate(
        yaml.safe_load((EXAMPLES / "reference.yaml").read_text("utf-8"))
    )


def split(insurer: str, patient: str) -> dict[str, Any]:
    return {
        "total": {"amount": "51850.50", "currency": "CNY"},
        "totals": [
            {
                "funder": "insurer",
                "organisation": INSURER,
                "amount": {"amount": insurer, "currency": "CNY"},
                "in_funder_currency": {"amount": "33923.86", "currency": "HKD"},
            },
            {"funder": "patient", "amount": {"amount": patient, "currency": "CNY"}},
        ],
        "rules": [{"plan": "vhis-standard-hk", "version": "417147645d595c2b", "on": "2026-03-11"}],
    }


def attempt(number: int, outcome: str | None, code: str = "", **fields: Any) -> dict[str, Any]:
    return {
        "id": number,
        "party": INSURER,
        "operation": "guarantee",
        "reference": "GU1",
        "attempt": number,
        "started_at": minute(number),
        "finished_at": minute(number + 0.5) if outcome else None,
        "outcome": outcome,
        "code": code,
        **fields,
    }


def rows_of(**changes: Any) -> dict[str, Any]:
    """The columns of an episode that was opened and has nothing else."""
    return {
        "episode": {
            "hospital_id": HOSPITAL,
            "encounter_class": "inpatient",
            "status": "open",
            "opened_at": minute(0),
            "recorded_at": minute(0),
        },
        **changes,
    }


def guarantee(**changes: Any) -> dict[str, Any]:
    return {
        "id": "gu_1",
        "insurer_id": INSURER,
        "reference": "GU1",
        "state": "granted",
        "number": "LOG-1",
        "limit_minor": 4_000_000,
        "valid_until": "2026-06-09",
        "requested_at": minute(1),
        "answered_at": minute(1),
        **changes,
    }


def story_from(
    facts: dict[str, Any], language: str = "en", runs: Runs | None = None, **known: Any
) -> Story:
    """``known`` are members of ``EpisodeRows`` that the wait is computed from."""
    episode = {
        "id": EPISODE,
        "revision": 1,
        **{k: v for k, v in facts["episode"].items() if k != "recorded_at"},
    }
    rows = EpisodeRows.model_validate({"episode": episode, **known})
    now = START + timedelta(days=1)
    return tell(
        StoryFacts.model_validate(facts),
        rows,
        standing_of(rows, Habits(), now),
        runs or Runs(),
        reference(),
        now,
        language,
    )


def texts(story: Story) -> list[str]:
    return [story.spoken(line.text) for line in story.lines]


def in_this_order(lines: list[str], *parts: str) -> None:
    """Every part occurs, each in a line after the line of the part before."""
    place = -1
    for part in parts:
        after = [n for n, text in enumerate(lines) if n > place and part in text]
        assert after, f"{part!r} is not told after line {place} of {lines}"
        place = after[0]
