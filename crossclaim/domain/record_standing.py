"""What is due about an episode's health records, beside its money: one step, or when to look again.

Pure; computed from the rows like the rest of the standing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.record_rows import RecordDeliveryRow, RecordRequestRow

FETCH = "fetch_records"
DELIVER = "deliver_record"
GIVE_UP = "give_up_record"


class RecordStanding(Frozen):
    """``step`` about ``subject`` is due now, or nothing before ``look_again_at``."""

    step: str = ""
    subject: str = ""
    look_again_at: datetime | None = None


def record_standing(
    requests: list[RecordRequestRow],
    deliveries: list[RecordDeliveryRow],
    visit_over: bool,
    visit_over_at: datetime | None,
    at: datetime,
) -> RecordStanding | None:
    """None: nothing is open any more. What a person waits for at the window comes first."""
    found = [_of_request(r, at) for r in requests if r.open]
    found += list(_of_deliveries(deliveries, visit_over, visit_over_at, at))
    if not found:
        return None
    due = next((one for one in found if one.step), None)
    if due is not None:
        return due
    times = [one.look_again_at for one in found if one.look_again_at is not None]
    return RecordStanding(look_again_at=min(times, default=None))


def _of_request(request: RecordRequestRow, at: datetime) -> RecordStanding:
    return _turn(FETCH, request.id, request.give_up_at, request.next_try_at, at)


def _of_deliveries(
    deliveries: list[RecordDeliveryRow],
    visit_over: bool,
    visit_over_at: datetime | None,
    at: datetime,
) -> Iterator[RecordStanding]:
    for one in deliveries:
        if not one.open:
            continue
        if one.reports_consent:
            yield _turn(DELIVER, one.id, one.due_until(None), one.next_try_at, at)
        elif visit_over:
            yield _turn(DELIVER, one.id, one.due_until(visit_over_at), one.next_try_at, at)
        else:
            yield RecordStanding()


def _turn(
    step: str, subject: str, until: datetime, next_try_at: datetime | None, at: datetime
) -> RecordStanding:
    if at >= until:
        return RecordStanding(step=GIVE_UP, subject=subject)
    if next_try_at is None or at >= next_try_at:
        return RecordStanding(step=step, subject=subject)
    return RecordStanding(look_again_at=min(next_try_at, until))
