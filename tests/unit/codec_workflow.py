"""A workflow that carries a person's name through everything that Temporal stores."""

from __future__ import annotations

from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from pydantic import BaseModel, ConfigDict

ONCE = RetryPolicy(maximum_attempts=1)
A_MINUTE = timedelta(minutes=1)


class Note(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str


@activity.defn(name="greet")
async def greet(note: Note) -> Note:
    activity.heartbeat(note.name)
    return Note(name=f"greeted {note.name}")


@activity.defn(name="stumble")
async def stumble(note: Note) -> None:
    try:
        raise ValueError(f"cause {note.name}")
    except ValueError as cause:
        activity.heartbeat(note.name)
        raise RuntimeError(f"stumbled over {note.name}") from cause


@workflow.defn(name="codec-child")
class ChildWorkflow:
    @workflow.run
    async def run(self, note: Note) -> Note:
        return Note(name=f"child of {note.name}")


@workflow.defn(name="codec-probe")
class ProbeWorkflow:
    @workflow.init
    def __init__(self, note: Note) -> None:
        self._heard: list[str] = []
        self._done = False

    @workflow.run
    async def run(self, note: Note) -> list[str]:
        own = workflow.info().workflow_id
        workflow.set_current_details(f"about {note.name}")
        met = await workflow.execute_activity(
            greet, note, start_to_close_timeout=A_MINUTE, summary=f"greet {note.name}"[:60]
        )
        local = await workflow.execute_local_activity(greet, note, start_to_close_timeout=A_MINUTE)
        try:
            await workflow.execute_activity(
                stumble, note, start_to_close_timeout=A_MINUTE, retry_policy=ONCE
            )
        except ActivityError as error:
            self._heard.append(str(error.cause))
        child = await workflow.execute_child_workflow(
            ChildWorkflow.run, note, id=f"{own}/child" if own.startswith("ep_") else f"{own}-child"
        )
        workflow.upsert_memo({"remembered": note.name})
        await workflow.wait_condition(lambda: self._done)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return [met.name, local.name, child.name, *self._heard]

    @workflow.update
    async def tell(self, note: Note) -> Note:
        self._heard.append(f"told {note.name}")
        return await workflow.execute_local_activity(greet, note, start_to_close_timeout=A_MINUTE)

    @workflow.update
    async def tell_wrongly(self, note: Note) -> None:
        raise ApplicationError(f"refused {note.name}", note, type="REFUSED", non_retryable=True)

    @workflow.signal
    async def whisper(self, note: Note) -> None:
        self._heard.append(f"whispered {note.name}")

    @workflow.query
    def heard(self, note: Note) -> list[str]:
        return [*self._heard, f"asked by {note.name}"]

    @workflow.signal
    async def finish(self) -> None:
        self._done = True


@workflow.defn(name="codec-stumbler")
class StumblingWorkflow:
    """Fails its first workflow tasks by an error that is no failure, then fails for good."""

    @workflow.run
    async def run(self, note: Note) -> None:
        if workflow.now().timestamp() and not workflow.unsafe.is_replaying():
            attempt = workflow.info().get_current_history_length()
            if attempt <= 3:
                raise ValueError(f"bug about {note.name}")
        raise ApplicationError(f"ended with {note.name}", type="ENDED")
