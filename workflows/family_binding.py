"""Family sharing of an account: applied for, reviewed, in force for years, ended.

And the link that shows a relative's own code, which waits for nothing.
"""

from __future__ import annotations

import contextlib
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.binding_orders import BindingApplied, BindingSubject, FamilyApply
    from activities.orders import Receipt
    from crossclaim.domain.family_binding import BindingStanding
    from workflows.family_messages import BindingEnd, BindingStart, CodeLinkStart
    from workflows.messages import Submitted
    from workflows.policies import (
        BINDING_RENEWED_AFTER,
        BINDING_STEP_PATIENCE,
        BUREAU,
        OFFICE,
        OWN_ROWS,
    )


@workflow.defn(name="FamilyBindingWorkflow")
class FamilyBindingWorkflow:
    """One binding. It waits on one timer or on none, and begins a new run at least once a year.

    The run remembers nothing that is not in our rows: the standing that a new run is given only
    lets it answer questions at once, and is read from the rows again.
    """

    @workflow.init
    def __init__(self, start: BindingStart) -> None:
        self._binding_id = start.binding_id
        self._standing = start.standing
        self._runs = start.runs
        self._began = workflow.now()
        self._loaded = False
        self._answered = False

    @workflow.run
    async def run(self, start: BindingStart) -> BindingEnd:
        await self._own("take_binding_stock")
        self._loaded = True
        await workflow.wait_condition(lambda: self._standing.opened or self._answered)
        while not await self._over():
            await self._advance()
            self._renew_when_old()
        return BindingEnd(binding_id=self._binding_id, state=self._standing.state)

    async def _over(self) -> bool:
        """Nothing is open any more, or the application was refused before anything was opened."""
        if self._standing.opened and not self._standing.closed:
            return False
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._standing.closed or not self._standing.opened

    async def _advance(self) -> None:
        """Takes the one step that is due, or waits. No failed step ends the run."""
        try:
            await self._take_step(self._standing)
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            await self._give_it_time(error.activity_type)

    async def _take_step(self, now: BindingStanding) -> None:
        if now.send_due:
            await self._outside("apply_for_binding")
        elif now.ask_due:
            await self._outside("ask_about_binding")
        elif now.tell_due:
            await self._outside("tell_binding_ended")
        else:
            await self._wait_for_news(now)

    async def _wait_for_news(self, known: BindingStanding) -> None:
        """Until a message changed something, the next moment to ask, or the end of the run."""
        until = self._began + BINDING_RENEWED_AFTER
        if known.look_again_at is not None:
            until = min(until, known.look_again_at)
        workflow.set_current_details(f"Waiting for {known.waiting_for or 'the next event'}")
        try:
            await workflow.wait_condition(
                lambda: self._standing.revision != known.revision,
                timeout=max(until - workflow.now(), timedelta(0)),
            )
        except TimeoutError:
            await self._own("take_binding_stock")

    async def _give_it_time(self, step: str) -> None:
        """A person hears of the step; it is tried again on news, or when patience ends."""
        workflow.logger.warning("a step failed for good: %s", step)
        await self._own("note_failed_binding_step", step)
        known = self._standing.revision
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._standing.revision != known, timeout=BINDING_STEP_PATIENCE
            )
        await self._own("take_binding_stock")

    def _renew_when_old(self) -> None:
        """No run outlives a year, so no release must replay older code than the last year's."""
        old = workflow.now() - self._began >= BINDING_RENEWED_AFTER
        long = workflow.info().is_continue_as_new_suggested()
        if (old or long) and workflow.all_handlers_finished() and not self._standing.closed:
            workflow.continue_as_new(
                BindingStart(
                    binding_id=self._binding_id, standing=self._standing, runs=self._runs + 1
                )
            )

    def _subject(self, subject: str = "") -> BindingSubject:
        return BindingSubject(binding_id=self._binding_id, subject=subject, at=workflow.now())

    async def _own(self, name: str, subject: str = "") -> None:
        standing = await workflow.execute_local_activity(
            name, self._subject(subject), result_type=BindingStanding, **OWN_ROWS
        )
        self._learn(standing)

    async def _outside(self, name: str) -> None:
        standing = await workflow.execute_activity(
            name, self._subject(), result_type=BindingStanding, task_queue=BUREAU, **OFFICE
        )
        self._learn(standing)

    def _learn(self, standing: BindingStanding) -> None:
        """Keeps the newest standing: steps may end in another order than they committed."""
        if standing.revision >= self._standing.revision:
            self._standing = standing

    async def _apply(self, message: Submitted) -> Receipt:
        await workflow.wait_condition(lambda: self._loaded)
        applied = await _applied(self._binding_id, message)
        self._learn(applied.standing)
        self._answered = True
        return applied.receipt

    @workflow.update(name="apply_family_binding")
    async def apply_family_binding(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="unbind_family_binding")
    async def unbind_family_binding(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="record_office_answer")
    async def record_office_answer(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.query(name="standing")
    def standing(self) -> BindingStanding:
        return self._standing

    @workflow.query(name="runs")
    def runs(self) -> int:
        """How many runs there were before this one."""
        return self._runs


@workflow.defn(name="FamilyCodeLinkWorkflow")
class FamilyCodeLinkWorkflow:
    """A family code link has nothing to wait for: a run lives as long as its message."""

    @workflow.init
    def __init__(self, start: CodeLinkStart) -> None:
        self._link_id = start.link_id
        self._answered = False

    @workflow.run
    async def run(self, start: CodeLinkStart) -> None:
        await workflow.wait_condition(lambda: self._answered and workflow.all_handlers_finished())

    async def _apply(self, message: Submitted) -> Receipt:
        applied = await _applied(self._link_id, message)
        self._answered = True
        return applied.receipt

    @workflow.update(name="link_family_code")
    async def link_family_code(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="end_family_code")
    async def end_family_code(self, message: Submitted) -> Receipt:
        return await self._apply(message)


async def _applied(subject_id: str, message: Submitted) -> BindingApplied:
    """One submission, applied in one local activity."""
    order = FamilyApply(
        subject_id=subject_id, submission_id=message.submission_id, at=workflow.now()
    )
    applied: BindingApplied = await workflow.execute_local_activity(
        "apply_family_submission", order, result_type=BindingApplied, **OWN_ROWS
    )
    return applied
