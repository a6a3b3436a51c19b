"""Appeals against decisions on claims, and what was decided after the first time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crossclaim.domain.appeal import AppealCase, AppealRow, RevisionRow, SealedWord
from crossclaim.domain.examination import LineDecision
from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection

# Whoever has decided on the claim before, at any level, may not decide on it again.
_APPEAL = """
insert into appeal (id, episode_id, claim_id, level, number, organisation_id, appellant_key, lines,
    reason_sealed, state, lodged_at, due_at, not_by)
select %(id)s, %(episode)s, %(claim)s, %(level)s, %(number)s, %(organisation)s, %(appellant)s,
    %(lines)s, %(reason)s, 'open', %(lodged_at)s, %(due_at)s,
    array(select distinct key from unnest(
        array[%(appellant)s] || array(select claim_deciders(%(claim)s))) as key where key <> '')
"""
_DECIDE = """
update appeal set state = %(state)s, decided_by = %(by)s, decided_at = %(at)s,
    decision_sealed = %(reason)s
where id = %(id)s and state = 'open'
"""
_REVISION = """
insert into claim_revision (claim_id, version, episode_id, cause, cause_reference, benefit_minor,
    pay_fen, upheld, change_fen, room_fen, allocation_version, sealed,
    decided_by, decided_at)
values (%(claim)s, %(version)s, %(episode)s, %(cause)s, %(cause_reference)s, %(benefit)s, %(pay)s,
    %(upheld)s, %(change)s, %(room)s, %(allocation)s, %(sealed)s,
    %(by)s, %(at)s)
"""


class AppealTables:
    """Part of a transaction: appeals and later decisions."""

    _connection: Connection
    _keyring: Keyring

    def add_appeal(
        self, episode_id: str, appeal: AppealRow, reason: str, lines: list[int], appellant: str
    ) -> None:
        """What is said of the patient's case is sealed."""
        self._connection.execute(
            _APPEAL,
            {
                "id": appeal.id,
                "episode": episode_id,
                "claim": appeal.claim_id,
                "level": appeal.level,
                "number": appeal.number,
                "organisation": appeal.organisation_id,
                "appellant": appellant,
                "lines": lines,
                "reason": self._sealed(episode_id, reason),
                "lodged_at": appeal.lodged_at,
                "due_at": appeal.due_at,
            },
        )

    def appeal_case(self, appeal_id: str) -> AppealCase:
        row = self._connection.execute(
            "select id, state, not_by from appeal where id = %(id)s for update", {"id": appeal_id}
        ).one()
        return AppealCase(id=row.id, state=row.state, not_by=list(row.not_by))

    def decide_appeal(
        self, appeal_id: str, state: str, decided_by: str, reason: str, at: datetime
    ) -> None:
        episode = self._connection.execute(
            "select episode_id from appeal where id = %(id)s", {"id": appeal_id}
        ).scalar_one()
        sealed = self._sealed(episode, reason)
        values = {"id": appeal_id, "state": state, "by": decided_by, "at": at, "reason": sealed}
        self._connection.execute(_DECIDE, values)

    def cover_version(self, bill_id: str, version: int) -> int:
        found: int = self._connection.execute(
            "select greatest(%(version)s, coalesce(max(version), 0) + 1) from cover_use"
            " where bill_id = %(bill)s",
            {"bill": bill_id, "version": version},
        ).scalar_one()
        return found

    def add_revision(
        self,
        episode_id: str,
        revision: RevisionRow,
        allocation_version: int,
        lines: Sequence[LineDecision],
        reason: str,
        decided_by: str,
    ) -> None:
        word = SealedWord(reason=reason, lines=list(lines))
        self._connection.execute(
            _REVISION,
            {
                "claim": revision.claim_id,
                "version": revision.version,
                "episode": episode_id,
                "cause": revision.cause.value,
                "cause_reference": revision.cause_reference,
                "benefit": revision.benefit_minor,
                "pay": revision.pay_fen,
                "upheld": revision.upheld,
                "change": revision.change_fen,
                "room": revision.room_fen,
                "allocation": allocation_version,
                "sealed": self._sealed(episode_id, word.model_dump_json()),
                "by": decided_by,
                "at": revision.decided_at,
            },
        )

    def _sealed(self, episode_id: str, text: str) -> bytes:
        return self._keyring.encrypt(episode_id, text.encode(), "appeal")
