"""Information requests: what may be asked, each document once, and when the one asked is reminded.

Pure. The days are of the plan ``information-requests``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from crossclaim.domain.allocation import Fault, Frozen
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.information_rows import OPEN, RECEIVED, WANTED
from crossclaim.domain.information_submission import (
    DocumentWanted,
    InformationWanted,
    WantedKind,
)
from crossclaim.domain.plan import Plan
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.stay import local_day

INFORMATION_PLAN: Final = "information-requests"
OVERDUE: Final = "INFORMATION_OVERDUE"
_ASKED, _HERE = "INFORMATION_ALREADY_ASKED", "INFORMATION_ALREADY_HERE"
Named = tuple[str, int | None, str]


class Timetable(Frozen):
    due_at: datetime
    remind_at: list[datetime] = []


class Scope(Frozen):
    """What a request of a claim can be about, and what is asked for or here already."""

    lines: frozenset[int]
    papers: frozenset[str] = frozenset()
    taken: dict[str, str] = {}
    """``_name`` of a document → the code of the fault of asking for it."""


def name_of(named: Named) -> str:
    kind, line, paper = named
    return f"{kind}/{'' if line is None else line}/{paper}"


def on_bill(filed: Iterable[str]) -> dict[str, str]:
    """What came with the bill, by its kind, is here already; of what is ``other`` nobody knows."""
    return {name_of((kind, None, "")): _HERE for kind in filed if kind != WantedKind.OTHER}


def taken_in(rows: EpisodeRows, about: str, filed: Iterable[str]) -> dict[str, str]:
    """The documents of a claim, or of a question about a letter, that are asked for already, or
    here: answered, or with the bill or the question."""
    found, requests = on_bill(filed), rows.information_requests
    states = {r.id: r.state for r in requests if about in (r.claim_id, r.guarantee)}
    for item in rows.information_items:
        if item.request_id not in states:
            continue
        if item.state == RECEIVED:
            found.setdefault(name_of(item.named), _HERE)
        elif item.state == WANTED and states[item.request_id] == OPEN:
            found[name_of(item.named)] = _ASKED
    return found


def wanted_faults(
    wanted: InformationWanted, scope: Scope, plan: Plan | None, at: datetime, pointer: str = ""
) -> list[Fault]:
    """Everything that is wrong with what is asked, given what its claim has."""
    faults = list(_document_faults(wanted.documents, scope, f"{pointer}/documents"))
    if plan is None:
        return [*faults, fault("INFORMATION_RULES_MISSING", pointer)]
    rules, due = plan.on(local_day(at)), wanted.due_at
    most, listed = rules.count("information.due_most"), rules.count("information.documents_most")
    if len(wanted.documents) > listed:
        faults.append(fault("INFORMATION_TOO_MANY", f"{pointer}/documents", most=listed))
    if due is not None and not at < due <= at + timedelta(days=most):
        faults.append(fault("INFORMATION_DUE", f"{pointer}/due_at", most=most))
    return faults


def _document_faults(
    documents: list[DocumentWanted], scope: Scope, pointer: str
) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, one in enumerate(documents):
        name, at = name_of((one.type.value, one.line, one.paper or "")), f"{pointer}/{place}"
        if one.line is not None and one.line not in scope.lines:
            yield fault("INFORMATION_LINE_UNKNOWN", f"{at}/line", line=one.line)
        if one.paper is not None and one.paper not in scope.papers:
            yield fault("INFORMATION_PAPER_UNKNOWN", f"{at}/paper", paper=one.paper)
        if name in seen:
            yield fault("INFORMATION_WANTED_TWICE", at)
        seen.add(name)
        taken = scope.taken.get(name)
        if taken is not None and not (one.again and taken == _HERE):
            yield fault(taken, at)


def timetable(plan: Plan, due_at: datetime | None, at: datetime) -> Timetable:
    """The due time, by the plan where the insurer names none, and the reminders before it."""
    rules = plan.on(local_day(at))
    due = due_at or at + timedelta(days=rules.count("information.due"))
    every = timedelta(days=rules.count("information.remind_every"))
    reminders, next_at = [], at + every
    while next_at < due:
        reminders.append(next_at)
        next_at += every
    return Timetable(due_at=due, remind_at=reminders)
