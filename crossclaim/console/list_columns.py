"""Columns of the lists that are saved as files: as a person reads them, or as a program does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Generic, TypeVar

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request

from crossclaim.console.services import ListedEpisode, services_of
from crossclaim.console.view import Speech, language_of
from crossclaim.console.worklist import WorkItem
from crossclaim.documents.xlsx_stream import Cell
from crossclaim.domain.money import fen
from crossclaim.domain.worklist import urgency

Listed = TypeVar("Listed")
FOR_PROGRAMS = "codes"
"""Names of columns and values that no language changes: ``columns=codes``."""


@dataclass(frozen=True)
class Column(Generic[Listed]):
    """``name`` and ``code`` for programs; ``word`` of the pages and ``told`` for people."""

    name: str
    code: Callable[[Listed], Cell]
    word: str = ""
    told: Callable[[Listed, Speech], Cell] | None = None
    """None: the code is what a person reads too. Without a ``word``: for programs alone."""


def speech_for(request: Request, given: FormData | QueryParams) -> Speech | None:
    """None where a program asks."""
    if given.get("columns") == FOR_PROGRAMS:
        return None
    return Speech(language_of(request), services_of(request).reference)


def heading(columns: Sequence[Column[Listed]], say: Speech | None) -> list[str]:
    if say is None:
        return [column.name for column in columns]
    return [say(column.word) for column in columns if column.word]


async def cells(
    columns: Sequence[Column[Listed]], found: AsyncIterator[Listed], say: Speech | None
) -> AsyncIterator[list[Cell]]:
    async for one in found:
        if say is None:
            yield [column.code(one) for column in columns]
        else:
            yield [
                column.told(one, say) if column.told else column.code(one)
                for column in columns
                if column.word
            ]


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _yuan(minor: int) -> Decimal:
    return Decimal(fen(minor).decimal_text())


EPISODE_COLUMNS: Sequence[Column[ListedEpisode]] = (
    Column("id", lambda e: e.id, "episode"),
    Column(
        "hospital_id",
        lambda e: e.hospital_id,
        "hospital",
        lambda e, s: s.organisation(e.hospital_id),
    ),
    Column("visit_number", lambda e: e.visit_number, "visit"),
    Column(
        "encounter_class",
        lambda e: e.encounter_class,
        "kind",
        lambda e, s: s.state(e.encounter_class),
    ),
    Column("status", lambda e: e.status, "state", lambda e, s: s.state(e.status)),
    Column(
        "stage", lambda e: e.stage, "by_stage", lambda e, s: s.stage(e.stage) if e.stage else ""
    ),
    Column("opened_at", lambda e: _iso(e.opened_at), "opened", lambda e, s: s.time(e.opened_at)),
    Column("closed_at", lambda e: _iso(e.closed_at), "closed_on", lambda e, s: s.time(e.closed_at)),
    # The cells are yuan, so the heading says no minor units.
    Column("billed_cny", lambda e: _yuan(e.billed_minor), "billed_cny"),
    Column("paid_cny", lambda e: _yuan(e.paid_minor), "paid_cny"),
    Column("due_at", lambda e: _iso(e.due_at), "due", lambda e, s: s.time(e.due_at)),
    Column(
        "waits_since",
        lambda e: _iso(e.waits_since),
        "waits_from",
        lambda e, s: s.time(e.waits_since),
    ),
    Column(
        "exceptions",
        lambda e: " ".join(e.exceptions),
        "exceptions",
        lambda e, s: "; ".join(s.exception(code) for code in e.exceptions),
    ),
)


def work_columns(people: dict[str, str]) -> Sequence[Column[WorkItem]]:
    """``people``: names of those who look after something."""
    now = datetime.now(UTC)
    return (
        Column("id", lambda i: i.id),
        Column("priority", lambda i: f"{i.score(now):.1f}", "work_score"),
        Column(
            "urgency",
            lambda i: urgency(i.score(now)).value,
            "work_priority",
            lambda i, s: s(f"work_urgency_{urgency(i.score(now)).value}"),
        ),
        Column("code", lambda i: i.code, "by_reason", lambda i, s: s.exception(i.code)),
        Column(
            "party",
            lambda i: i.party,
            "party",
            lambda i, s: s.organisation(i.party) if i.party else "",
        ),
        Column("episode_id", lambda i: i.episode_id, "episode"),
        Column(
            "hospital_id",
            lambda i: i.hospital_id,
            "hospital",
            lambda i, s: s.organisation(i.hospital_id) if i.hospital_id else "",
        ),
        Column("reference", lambda i: i.reference, "reference"),
        Column("held_up_cny", lambda i: _yuan(i.amount_minor), "held_up_cny"),
        Column(
            "opened_at", lambda i: _iso(i.opened_at), "opened", lambda i, s: s.time(i.opened_at)
        ),
        Column("due_at", lambda i: _iso(i.due_at), "due", lambda i, s: s.time(i.due_at)),
        Column("state", lambda i: i.state.value, "state", lambda i, s: s.work_state(i.state.value)),
        Column("owner", lambda i: people.get(i.owner, i.owner), "work_owner"),
    )
