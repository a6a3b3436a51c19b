"""Fake steps over one binding's row in memory; what is due next is read off it by the real rules.

An exception to "real engines": only timers are looked at, on the server that skips time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from temporalio import activity

from activities.binding_orders import BindingApplied, BindingSubject, FamilyApply
from activities.orders import Receipt
from crossclaim.domain.errors import Final
from crossclaim.domain.family_binding import (
    BindingHabits,
    BindingRow,
    BindingStanding,
    BindingState,
    Change,
    office_said,
    standing_of_binding,
    unbind_asked,
)
from crossclaim.domain.family_office import OfficeAnswer, OfficeState
from crossclaim.domain.stay import local_day
from tests.rules.family_scene import REFERENCE, applied, made

HABITS = BindingHabits()


class TimedBinding:
    """Keeps (step, time). Submissions are named by what they say: ``apply``, ``unbind``, …"""

    def __init__(self, answer: Callable[[datetime], OfficeAnswer | None]) -> None:
        self.row: BindingRow | None = None
        self.steps: list[tuple[str, datetime]] = []
        self.refusals = 0
        self.exceptions: list[str] = []
        self._answer = answer

    def _standing(self, at: datetime) -> BindingStanding:
        if self.row is None:
            return BindingStanding()
        return standing_of_binding(self.row, HABITS, at)

    def _make(self, change: Change) -> None:
        assert self.row is not None
        if change.exception:
            self.exceptions.append(change.exception)
        self.row = made(self.row, change)

    def _set(self, **columns: Any) -> None:
        assert self.row is not None
        revision = self.row.revision + 1
        self.row = self.row.model_copy(update={**columns, "revision": revision})

    @activity.defn(name="take_binding_stock")
    async def take_binding_stock(self, order: BindingSubject) -> BindingStanding:
        return self._standing(order.at)

    @activity.defn(name="note_failed_binding_step")
    async def note_failed_binding_step(self, order: BindingSubject) -> BindingStanding:
        self.steps.append((f"failed {order.subject}", order.at))
        self._set()
        return self._standing(order.at)

    @activity.defn(name="apply_family_submission")
    async def apply_family_submission(self, order: FamilyApply) -> BindingApplied:
        what = order.submission_id.partition("-")[0]
        self.steps.append((what, order.at))
        status = 200
        if what == "apply" and self.row is None:
            self.row, status = applied(applied_at=order.at), 201
        elif what == "refuse":
            status = 422
        elif what == "unbind" and self.row is not None:
            self._make(unbind_asked(self.row, order.at))
        elif what in ("approved", "refused") and self.row is not None:
            answer = OfficeAnswer(
                reference=REFERENCE, state=OfficeState(what), decided_on=local_day(order.at)
            )
            self._make(office_said(self.row, answer, order.at))
        receipt = Receipt(submission_id=order.submission_id, status=status)
        return BindingApplied(receipt=receipt, standing=self._standing(order.at))

    @activity.defn(name="apply_for_binding")
    async def apply_for_binding(self, order: BindingSubject) -> BindingStanding:
        self.steps.append(("send", order.at))
        if self.refusals:
            self.refusals -= 1
            raise Final("nothing can be sent")
        assert self.row is not None
        # The office's own word may have come before its acknowledgement.
        early = self.row.state is not BindingState.APPLIED
        state = self.row.state if early else BindingState.UNDER_REVIEW
        self._set(state=state, sent_at=order.at, asked_at=order.at)
        return self._standing(order.at)

    @activity.defn(name="ask_about_binding")
    async def ask_about_binding(self, order: BindingSubject) -> BindingStanding:
        self.steps.append(("ask", order.at))
        answer = self._answer(order.at)
        if answer is not None and self.row is not None:
            self._make(office_said(self.row, answer, order.at))
        self._set(asked_at=order.at)
        return self._standing(order.at)

    @activity.defn(name="tell_binding_ended")
    async def tell_binding_ended(self, order: BindingSubject) -> BindingStanding:
        self.steps.append(("tell", order.at))
        self._set(office_told_at=order.at, asked_at=order.at)
        return self._standing(order.at)
