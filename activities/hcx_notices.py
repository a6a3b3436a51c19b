"""What we tell on the exchange unasked: a decision that has come, and topics."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from temporalio import activity

from activities.orders import HcxNoticeOrder, Subject
from activities.sending import open_attempt, recorded
from activities.world import World
from crossclaim.domain.errors import Final
from crossclaim.domain.hcx_cycle import DueNotice

TOLD, REFUSED = "told", "refused"
UNDECIDED, UNSUBSCRIBED = "undecided", "unsubscribed"
SUPERSEDED, UNCHANGED, ERASED = "superseded", "unchanged", "erased"


class HcxNoticeSteps:
    """One step: the attempt row before, how it ended after."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="send_hcx_notice")
    def send_hcx_notice(self, order: HcxNoticeOrder) -> str:
        """How it ended. One that has nothing to tell ends too: a later change is a later notice."""
        notices = self._world.hcx_notices
        assert notices is not None, "only an exchange is told anything"
        due = notices.due(order.notice)
        if due.over:
            return ""
        outcome = self._outcome(order, due)
        notices.end(due.number, outcome)
        return outcome

    def _outcome(self, order: HcxNoticeOrder, due: DueNotice) -> str:
        notices = self._world.hcx_notices
        assert notices is not None, "only an exchange is told anything"
        if due.erased or due.superseded:
            return ERASED if due.erased else SUPERSEDED
        content = notices.content(due)
        if content is None:
            return UNSUBSCRIBED if due.topic else UNDECIDED
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 == due.said_before:
            return UNCHANGED
        # Kept before it is sent: what may have arrived counts as said, but not as told.
        if not notices.note_said(due.number, sha256):
            return SUPERSEDED
        return self._sent(order, due, content)

    def _sent(self, order: HcxNoticeOrder, due: DueNotice, content: bytes) -> str:
        notices = self._world.hcx_notices
        assert notices is not None, "only an exchange is told anything"
        if due.episode_id is None:
            return _told(lambda: notices.send(due, content))
        subject = Subject(episode_id=due.episode_id, at=order.at)
        reference = f"notice-{due.number}"
        with self._world.records.transaction() as tx:
            attempt = open_attempt(tx, subject, due.organisation, "hcx-notice", reference, [])
        assert attempt is not None, "an asker hears what became of what he sent, and codes"

        def send() -> None:
            with recorded(self._world, attempt):
                notices.send(due, content)

        outcome = _told(send)
        if outcome == TOLD:
            with self._world.records.transaction() as tx:
                tx.close_attempt(attempt.reference, attempt.operation, attempt.number, "answered")
        return outcome


def _told(send: Callable[[], None]) -> str:
    """A refusal for good is an end: nobody tells it again."""
    try:
        send()
    except Final:
        return REFUSED
    return TOLD
