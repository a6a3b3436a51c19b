"""Writes holds, a cancellation and skipped steps of an episode; people's words are sealed."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.repair_rows import SkipToDecide
from crossclaim.domain.repair_submission import (
    EpisodeCancellation,
    HoldSubmission,
    SkipSubmission,
)
from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection

SEALED_AS = "repair"

_HOLD = """
insert into episode_hold (episode_id, number, organisation_id, held_by, reason, sealed, held_at,
                          until, at_end)
values (%(id)s, %(number)s, %(organisation)s, %(by)s, %(reason)s, %(sealed)s, %(at)s, %(until)s,
        %(at_end)s)
"""
_RELEASE = """
update episode_hold set released_at = %(at)s, released_by = %(by)s,
       released_organisation = %(organisation)s
where episode_id = %(id)s and number = %(number)s and released_at is null
"""
_REMINDED = """
update episode_hold set reminded_at = %(at)s
where episode_id = %(id)s and number = %(number)s and released_at is null and reminded_at is null
"""
_CANCEL = """
insert into episode_cancellation (episode_id, number, organisation_id, cancelled_by, reason, sealed,
                                  effect, cancelled_at)
values (%(id)s, %(number)s, %(organisation)s, %(by)s, %(reason)s, %(sealed)s, %(effect)s, %(at)s)
"""
_SKIP = """
insert into step_skip (episode_id, number, organisation_id, step, subject, reason, sealed,
                       proposed_by, proposed_at)
values (%(id)s, %(number)s, %(organisation)s, %(step)s, %(subject)s, %(reason)s, %(sealed)s,
        %(by)s, %(at)s)
"""
_DECIDE = """
update step_skip set decided_by = %(by)s, decided_at = %(at)s, approved = %(approved)s
where episode_id = %(id)s and number = %(number)s
"""


class RepairTables:
    """Part of a transaction."""

    _connection: Connection
    _keyring: Keyring

    def is_held(self, episode_id: str) -> bool:
        return bool(
            self._connection.execute(
                "select exists (select 1 from episode_hold where episode_id = %(id)s"
                " and released_at is null) as held",
                {"id": episode_id},
            ).scalar_one()
        )

    def add_hold(
        self, episode_id: str, hold: HoldSubmission, organisation: str, by: str, at: datetime
    ) -> None:
        self._connection.execute(
            _HOLD,
            {
                **self._ordered(episode_id, hold.number, organisation, by, hold.note, at),
                "reason": hold.reason.value,
                "until": hold.until,
                "at_end": hold.at_end,
            },
        )

    def release_hold(
        self, episode_id: str, number: str, organisation: str, by: str, at: datetime
    ) -> None:
        self._connection.execute(
            _RELEASE,
            {"id": episode_id, "number": number, "organisation": organisation, "by": by, "at": at},
        )

    def note_reminded(self, episode_id: str, number: str, at: datetime) -> None:
        self._connection.execute(_REMINDED, {"id": episode_id, "number": number, "at": at})

    def add_episode_cancellation(
        self, episode_id: str, order: EpisodeCancellation, organisation: str, by: str, at: datetime
    ) -> None:
        self._connection.execute(
            _CANCEL,
            {
                **self._ordered(episode_id, order.number, organisation, by, order.note, at),
                "reason": order.reason.value,
                "effect": order.effect,
            },
        )

    def add_skip(
        self, episode_id: str, skip: SkipSubmission, organisation: str, by: str, at: datetime
    ) -> None:
        self._connection.execute(
            _SKIP,
            {
                **self._ordered(episode_id, skip.number, organisation, by, skip.note, at),
                "step": skip.step,
                "subject": skip.subject,
                "reason": skip.reason.value,
            },
        )

    def skip(self, episode_id: str, number: str) -> SkipToDecide | None:
        row = self._connection.execute(
            "select step, subject, proposed_by, approved from step_skip"
            " where episode_id = %(id)s and number = %(number)s for update",
            {"id": episode_id, "number": number},
        ).mappings()
        found = list(row)
        return SkipToDecide.model_validate(dict(found[0])) if found else None

    def decide_skip(
        self, episode_id: str, number: str, by: str, approved: bool, at: datetime
    ) -> None:
        self._connection.execute(
            _DECIDE,
            {"id": episode_id, "number": number, "by": by, "approved": approved, "at": at},
        )

    def _ordered(
        self, episode_id: str, number: str, organisation: str, by: str, note: str, at: datetime
    ) -> dict[str, object]:
        return {
            "id": episode_id,
            "number": number,
            "organisation": organisation,
            "by": by,
            "sealed": self._keyring.encrypt(episode_id, note.encode(), SEALED_AS),
            "at": at,
        }
