"""A family binding's row and what the office may say of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from crossclaim.domain.family_binding import BindingRow, BindingState, Change
from crossclaim.domain.family_office import OfficeAnswer, OfficeState

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
REFERENCE = "FB01K0000000000000000000000A"


def applied(**changes: Any) -> BindingRow:
    row = BindingRow(
        id="fb_01K0000000000000000000000A",
        organisation_id="jiangmen-central",
        number="QQ-1",
        channel="alipay",
        relation="parent",
        state=BindingState.APPLIED,
        revision=1,
        reference=REFERENCE,
        applied_at=AT,
    )
    return row.model_copy(update=changes)


def made(row: BindingRow, change: Change) -> BindingRow:
    """The row after a change, as the store writes it."""
    if change.nothing:
        return row
    columns = dict(change.columns)
    if change.state is not None:
        columns["state"] = change.state
    return row.model_copy(update={**columns, "revision": row.revision + 1})


def said(state: str, day: int = 3, reason: str = "") -> OfficeAnswer:
    on = date(2026, 3, day)
    ended = state == "ended"
    return OfficeAnswer(
        reference=REFERENCE,
        state=OfficeState(state),
        number="JM00000001",
        decided_on=on if state in ("approved", "refused") else None,
        ended_on=on if ended else None,
        reason=reason,
    )


def later(days: float) -> datetime:
    return AT + timedelta(days=days)
