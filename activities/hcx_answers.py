"""Answers that we owe on the exchange: sent on the callback of whoever asked, once that counts."""

from __future__ import annotations

from temporalio import activity

from activities.orders import HcxAnswerOrder, Subject
from activities.sending import open_attempt, recorded
from activities.world import World
from crossclaim.domain.errors import Final


class HcxAnswerSteps:
    """One step: the attempt row before, the note after."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="send_hcx_answer")
    def send_hcx_answer(self, order: HcxAnswerOrder) -> bool:
        """Whether it is taken. One that is refused for good stays in its attempt row: whoever
        asked can ask for the status."""
        answers = self._world.hcx
        assert answers is not None, "only an exchange has requests to answer"
        due = answers.due(order.message)
        if due.answered:
            answers.note_answered(due.id)
            return True
        if due.erased:
            answers.note_refused(due.id, "erased")
            return False
        if due.episode_id is None:
            # About no episode, so it says nothing but that.
            answers.send(due)
            answers.note_answered(due.id)
            return True
        subject = Subject(episode_id=due.episode_id, at=order.at)
        with self._world.records.transaction() as tx:
            attempt = open_attempt(tx, subject, due.organisation, "hcx-answer", due.api_call_id, [])
        assert attempt is not None, "an answer tells its asker nothing that he did not send"
        try:
            with recorded(self._world, attempt):
                answers.send(due)
        except Final:
            answers.note_refused(due.id, "refused")
            return False
        answers.note_answered(due.id)
        with self._world.records.transaction() as tx:
            tx.close_attempt(attempt.reference, attempt.operation, attempt.number, "answered")
        return True
