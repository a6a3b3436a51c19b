"""Whether each part of the system is fine or wants a look, and that the sentence says why."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from crossclaim.domain import operations
from crossclaim.domain.operation_words import FINE, LOOK
from crossclaim.domain.operations import (
    AuditSeen,
    FolderSeen,
    LineSeen,
    OperationLimits,
    PartyCalls,
    QueueSeen,
    RoomSeen,
    ScheduleSeen,
    Verdict,
    WorkerSeen,
    audit_verdict,
    connection_state,
    database_verdict,
    disk_verdict,
    folder_verdict,
    line_verdict,
    party_verdict,
    queue_verdict,
    schedule_verdict,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LIMITS = OperationLimits()


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def queue(backlog: int = 0, oldest: float = 0, *builds: str, polled: float = 5) -> QueueSeen:
    workers = [
        WorkerSeen(identity=f"w{n}", build=build, last_poll=ago(polled))
        for n, build in enumerate(builds)
    ]
    return QueueSeen(
        name="insurer",
        kind="activity",
        backlog=backlog,
        oldest_s=oldest,
        added_per_s=1,
        taken_per_s=1,
        workers=workers,
    )


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (queue(0, 0, "a"), None),
        (queue(5, 60, "a", "a"), None),
        (queue(5, 61, "a"), "5 task(s) wait, the oldest for 61 s"),
        (queue(201, 1, "a"), "201 tasks wait"),
        (queue(0, 0), "no worker serves the queue insurer"),
        (queue(0, 0, "a", polled=121), "no worker has asked for work for 121 s"),
        (queue(0, 0, "new", "old"), "several versions run: new, old"),
    ],
)
def test_a_queue_wants_a_look_when_nobody_serves_it_or_work_lies(
    seen: QueueSeen, why: str | None
) -> None:
    told(queue_verdict(seen, LIMITS, NOW), why)


def calls(**known: object) -> PartyCalls:
    return PartyCalls.model_validate(
        {"party": "mutual", "calls": 20, "calls_day": 50, "last_success": ago(5)}
        | {"last_call": ago(5)}
        | known
    )


@pytest.mark.parametrize(
    ("seen", "why", "state"),
    [
        (calls(), None, "answers"),
        (calls(calls=0, calls_day=0), None, "unused"),
        (calls(failed=3), None, "partly"),
        (calls(failed=4), "20 % of its calls fail", "partly"),
        (calls(calls=9, failed=8), None, "partly"),
        (calls(calls=1, failed=1), "none of its last 1 call(s) was answered", "silent"),
        (calls(last_success=ago(901)), "its last success was at", "answers"),
        (calls(last_success=None), "its last success was at –", "answers"),
        (calls(p99_s=10.04), "longer than 10.0 s", "answers"),
        (calls(p99_s=9.9), None, "answers"),
        (calls(unknown=2), "2 call(s) have an outcome that nobody knows", "answers"),
        (calls(calls=0, calls_day=0, unknown=2), "2 call(s)", "unused"),
    ],
)
def test_a_party_wants_a_look_when_it_is_silent_slow_fails_or_leaves_calls_open(
    seen: PartyCalls, why: str | None, state: str
) -> None:
    told(party_verdict(seen, LIMITS, NOW), why)
    assert connection_state(seen) == state


@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({"next_run": ago(-60)}, None),
        ({"next_run": ago(300)}, None),
        ({"next_run": ago(301)}, "its turn was 301 s ago"),
        ({"paused": True, "note": "bank asks"}, "it is paused: bank asks"),
        ({}, "it will never run again"),
    ],
)
def test_a_schedule_wants_a_look_when_it_is_paused_late_or_over(
    known: dict[str, object], why: str | None
) -> None:
    seen = ScheduleSeen.model_validate(
        {"id": "audit-seal", "workflow": "AuditSealWorkflow", "paused": False} | known
    )
    told(schedule_verdict(seen, LIMITS, NOW), why)


@pytest.mark.parametrize(
    ("name", "waits", "age", "why"),
    [
        ("submissions", 0, None, None),
        ("submissions", 3, 300, None),
        ("webhooks", 3, 301, "the oldest waits for 301 s"),
        ("payout_reports", 1, 301, "the oldest waits for 301 s"),
        ("bank_files_bad", 1, 5, "1 file(s) could not be read"),
        ("bank_files_bad", 0, None, None),
    ],
)
def test_what_waits_its_turn_wants_a_look_once_it_waits_too_long(
    name: str, waits: int, age: float | None, why: str | None
) -> None:
    seen = LineSeen(name=name, waits=waits, oldest=None if age is None else ago(age))
    told(line_verdict(seen, LIMITS, NOW), why)


@pytest.mark.parametrize(
    ("name", "files", "age", "why"),
    [
        ("inbound", 0, None, None),
        ("inbound", 2, 301, "2 file(s) lie here"),
        ("outbound", 2, 20, None),
        ("bad", 1, 5, "1 file(s) could not be read"),
        ("inbound", None, None, "does not see the folder"),
    ],
)
def test_a_folder_that_is_not_seen_is_said_and_never_taken_for_empty(
    name: str, files: int | None, age: float | None, why: str | None
) -> None:
    oldest = None if age is None else ago(age)
    told(
        folder_verdict(FolderSeen(bank="bank", name=name, files=files, oldest=oldest), LIMITS, NOW),
        why,
    )


def test_the_audit_the_disk_and_the_database_say_when_they_want_a_look() -> None:
    told(audit_verdict(AuditSeen(blocks=1, oldest_unsealed=ago(600)), LIMITS, NOW), None)
    told(
        audit_verdict(AuditSeen(blocks=1, oldest_unsealed=ago(601)), LIMITS, NOW),
        "rows of the audit wait for 601 s",
    )
    told(audit_verdict(AuditSeen(blocks=9, unanchored=2), LIMITS, NOW), "2 roots of the audit")
    told(disk_verdict(RoomSeen(disk_free=10, disk_total=100), LIMITS), None)
    told(disk_verdict(RoomSeen(disk_free=9, disk_total=100), LIMITS), "9 % of the disk is free")
    told(disk_verdict(RoomSeen(), LIMITS), "it could not be read")
    told(database_verdict(RoomSeen(database=199 * 2**30), LIMITS), None)
    told(database_verdict(RoomSeen(database=200 * 2**30), LIMITS), "it holds 200 GiB")
    told(database_verdict(RoomSeen(), LIMITS), "it could not be read")


def test_a_limit_is_a_setting_and_one_that_does_not_exist_is_refused() -> None:
    told(queue_verdict(queue(50, 1, "a"), OperationLimits(backlog=49), NOW), "50 tasks wait")
    with pytest.raises(ValidationError):
        OperationLimits.model_validate({"backlogs": 3})


def test_every_sentence_is_there_in_three_languages_and_is_said_somewhere() -> None:
    source = Path(operations.__file__).read_text("utf-8")
    for words, said in ((FINE, "_fine"), (LOOK, "_look")):
        for code, (english, traditional, simplified) in words.items():
            assert f'{said}("{code}"' in source, code
            assert english.isascii() and not traditional.isascii() and not simplified.isascii()
            places = [set(re.findall(r"{(\w+)}", one)) for one in words[code]]
            assert places[0] == places[1] == places[2], code


def told(verdict: Verdict, why: str | None) -> None:
    assert verdict.fine is (why is None), verdict.because.en
    assert (why or "") in verdict.because.en
