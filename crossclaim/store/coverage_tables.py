"""Writes a cover that was stated after the episode was opened."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.submission import EpisodeSubmission, FunderKind
from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection

_ADD = """
insert into coverage (episode_id, ordinal, funder, organisation_id, plan, decides, eligible,
    added_at)
values (%(id)s, %(place)s, %(funder)s, %(organisation)s, %(plan)s, %(decides)s, %(eligible)s,
    %(at)s)
"""
_PARTY = """
insert into episode_party (episode_id, organisation_id, role)
values (%(id)s, %(organisation)s, 'insurer') on conflict do nothing
"""


class CoverageTables:
    """Part of a transaction: covers of an episode that is there."""

    _connection: Connection
    _keyring: Keyring

    def add_coverage(
        self,
        episode_id: str,
        content: EpisodeSubmission,
        place: int,
        decides: str | None,
        at: datetime,
    ) -> None:
        """``content``: the episode's with the cover at ``place``."""
        added = content.coverages[place]
        sealed = self._keyring.encrypt(episode_id, content.model_dump_json().encode(), "episode")
        self._connection.execute(
            "update episode set sealed = %(sealed)s where id = %(id)s",
            {"sealed": sealed, "id": episode_id},
        )
        values = {
            "id": episode_id,
            "place": place,
            "funder": added.funder.value,
            "organisation": added.organisation,
            "plan": added.plan,
            "decides": decides,
            "eligible": None if added.funder is FunderKind.INSURER else True,
            "at": at,
        }
        self._connection.execute(_ADD, values)
        if added.organisation is not None:
            self._connection.execute(_PARTY, values)
