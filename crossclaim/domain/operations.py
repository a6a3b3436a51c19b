"""What the page of operations is told, and whether each thing is fine or wants a look. Pure.

No member names a person or an episode. What could not be read is ``None``, never zero.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import ConfigDict

from crossclaim.domain.allocation import Frozen, Sentence
from crossclaim.domain.operation_words import FINE, LOOK
from crossclaim.domain.story_phrase import filled, local_time, sentence_of


class OperationLimits(Frozen):
    """From where on a thing wants a look; set by ``CROSSCLAIM_OPERATIONS``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    backlog: int = 200
    """Tasks of one queue that nobody has begun."""
    backlog_age_s: float = 60
    poll_age_s: float = 120
    """A worker asks for work at least every minute."""
    failed_percent: int = 20
    """Of a party's calls in the last quarter of an hour, where there were ten or more."""
    slow_s: float = 10
    """p99 of a party's calls in the last quarter of an hour."""
    silent_s: float = 900
    """No call of a party succeeded for so long while calls were made."""
    schedule_late_s: float = 300
    inbox_age_s: float = 300
    outbox_age_s: float = 300
    """Webhooks that are due, and submissions without an outcome."""
    audit_age_s: float = 600
    disk_free_percent: int = 10
    database_gib: int = 200


class Verdict(Frozen):
    fine: bool
    because: Sentence


class WorkerSeen(Frozen):
    """A process that asks a queue for work."""

    identity: str
    build: str
    last_poll: datetime


class QueueSeen(Frozen):
    """One task queue of one kind (workflow or activity), as the engine counts it."""

    name: str
    kind: str
    backlog: int
    oldest_s: float
    added_per_s: float
    taken_per_s: float
    workers: list[WorkerSeen] = []


class PartyCalls(Frozen):
    """Calls to one outside party in one stretch of time, from the rows of attempts."""

    party: str
    calls: int = 0
    failed: int = 0
    p50_s: float | None = None
    p99_s: float | None = None
    calls_day: int = 0
    failed_day: int = 0
    p50_day_s: float | None = None
    p99_day_s: float | None = None
    last_success: datetime | None = None
    last_call: datetime | None = None
    unknown: int = 0
    """Calls without an answer that the last try did not settle either."""

    @property
    def failed_percent(self) -> int:
        return self.failed * 100 // self.calls if self.calls else 0

    @property
    def failed_day_percent(self) -> int:
        return self.failed_day * 100 // self.calls_day if self.calls_day else 0


class StepLatency(Frozen):
    """One kind of call or step in the last day."""

    party: str
    operation: str
    calls: int
    p50_s: float
    p99_s: float


class EngineSeen(Frozen):
    """How quick the engine itself is: one question to it, and its own last tasks."""

    answers_s: float
    tasks: int = 0
    """Tasks of recent runs that the two below were measured by."""
    starts_p50_s: float | None = None
    starts_most_s: float | None = None
    """From when a task was there to be done until a worker had it."""


class ScheduleSeen(Frozen):
    id: str
    workflow: str
    paused: bool
    note: str = ""
    last_run: datetime | None = None
    next_run: datetime | None = None
    running: int = 0
    missed: int = 0


class LineSeen(Frozen):
    """Things that wait their turn: ``name`` is one of ``WAITING_LINES``."""

    name: str
    waits: int
    oldest: datetime | None = None


WAITING_LINES = ("submissions", "payout_reports", "bank_files_open", "bank_files_bad", "webhooks")


class FolderSeen(Frozen):
    """One of a bank's folders, as this process sees it; ``files`` is None where it cannot."""

    bank: str
    name: str
    files: int | None
    oldest: datetime | None = None


class AuditSeen(Frozen):
    """The audit's chain: how far it reaches, and whether its roots lie outside."""

    blocks: int
    sealed_at: datetime | None = None
    unanchored: int = 0
    oldest_unsealed: datetime | None = None


class RoomSeen(Frozen):
    disk_free: int | None = None
    disk_total: int | None = None
    database: int | None = None


def queue_verdict(queue: QueueSeen, limits: OperationLimits, now: datetime) -> Verdict:
    if not queue.workers:
        return _look("no_worker", queue=queue.name)
    newest = max(worker.last_poll for worker in queue.workers)
    if (silent := (now - newest).total_seconds()) > limits.poll_age_s:
        return _look("worker_silent", seconds=int(silent))
    if queue.oldest_s > limits.backlog_age_s:
        return _look("backlog_old", tasks=queue.backlog, seconds=int(queue.oldest_s))
    if queue.backlog > limits.backlog:
        return _look("backlog_long", tasks=queue.backlog)
    builds = sorted({worker.build for worker in queue.workers})
    if len(builds) > 1:
        return _look("builds_differ", builds=", ".join(builds))
    return _fine("queue_fine")


def party_verdict(party: PartyCalls, limits: OperationLimits, now: datetime) -> Verdict:
    if not party.calls_day and not party.unknown:
        return _fine("party_unused")
    if party.calls and party.failed == party.calls:
        return _look("party_down", calls=party.calls)
    if party.last_call and party.calls:
        since = party.last_success
        if since is None or (now - since).total_seconds() > limits.silent_s:
            return _look("party_silent", since=local_time(since) if since else "–")
    if party.calls >= 10 and party.failed_percent >= limits.failed_percent:
        return _look("party_fails", percent=party.failed_percent)
    if party.p99_s is not None and party.p99_s > limits.slow_s:
        return _look("party_slow", seconds=f"{party.p99_s:.1f}")
    if party.unknown:
        return _look("party_unknown", calls=party.unknown)
    return _fine("party_fine")


def connection_state(party: PartyCalls) -> str:
    """``answers``, ``partly``, ``silent`` or ``unused``: by the last quarter of an hour's calls."""
    if not party.calls:
        return "unused"
    if party.failed == party.calls:
        return "silent"
    return "partly" if party.failed else "answers"


def schedule_verdict(schedule: ScheduleSeen, limits: OperationLimits, now: datetime) -> Verdict:
    if schedule.paused:
        return _look("schedule_paused", note=schedule.note or "–")
    if schedule.next_run is None:
        return _look("schedule_over")
    if (late := (now - schedule.next_run).total_seconds()) > limits.schedule_late_s:
        return _look("schedule_late", seconds=int(late))
    return _fine("schedule_fine")


def line_verdict(line: LineSeen, limits: OperationLimits, now: datetime) -> Verdict:
    if line.name == "bank_files_bad":
        return _look("files_bad", files=line.waits) if line.waits else _fine("nothing_waits")
    if not line.waits or line.oldest is None:
        return _fine("nothing_waits")
    age = (now - line.oldest).total_seconds()
    inbound = line.name in ("payout_reports", "bank_files_open")
    most = limits.inbox_age_s if inbound else limits.outbox_age_s
    return _look("waits_long", seconds=int(age)) if age > most else _fine("moves")


def folder_verdict(folder: FolderSeen, limits: OperationLimits, now: datetime) -> Verdict:
    if folder.files is None:
        return _look("folder_unseen")
    if folder.name == "bad" and folder.files:
        return _look("files_bad", files=folder.files)
    if folder.oldest is not None and folder.name != "done":
        age = (now - folder.oldest).total_seconds()
        if age > limits.inbox_age_s:
            return _look("files_lie", files=folder.files, seconds=int(age))
    return _fine("folder_fine")


def audit_verdict(audit: AuditSeen, limits: OperationLimits, now: datetime) -> Verdict:
    oldest = audit.oldest_unsealed
    if oldest is not None and (age := (now - oldest).total_seconds()) > limits.audit_age_s:
        return _look("audit_unsealed", seconds=int(age))
    if audit.unanchored > 1:
        return _look("audit_unanchored", blocks=audit.unanchored)
    return _fine("audit_fine")


def disk_verdict(room: RoomSeen, limits: OperationLimits) -> Verdict:
    if not room.disk_total or room.disk_free is None:
        return _look("not_read")
    percent = room.disk_free * 100 // room.disk_total
    known = {"percent": percent}
    return _look("disk_full", **known) if percent < limits.disk_free_percent else _fine("disk_fine")


def database_verdict(room: RoomSeen, limits: OperationLimits) -> Verdict:
    if room.database is None:
        return _look("not_read")
    gib = room.database // 2**30
    return (
        _look("database_large", gib=gib) if gib >= limits.database_gib else _fine("database_fine")
    )


def _fine(code: str) -> Verdict:
    return Verdict(fine=True, because=sentence_of(FINE[code]))


def _look(code: str, **values: int | str) -> Verdict:
    return Verdict(fine=False, because=filled(LOOK[code], **values))
