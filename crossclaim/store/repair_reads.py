"""Reads what was ordered about an episode as a whole, with who ordered it and in which words."""

from __future__ import annotations

from typing import Any

from crossclaim.store.connection import Connection

_HOLDS = """
select number, organisation_id as organisation, held_by as person, reason, sealed,
       recorded_at as at, until, at_end, released_at, released_organisation, released_by
from episode_hold where episode_id = %(id)s order by recorded_at desc, number
"""
_CANCELLATIONS = """
select number, organisation_id as organisation, cancelled_by as person, reason, sealed,
       recorded_at as at
from episode_cancellation where episode_id = %(id)s
"""
_SKIPS = """
select number, organisation_id as organisation, proposed_by as person, step, subject, reason,
       sealed, recorded_at as at, decided_at, decided_by, approved
from step_skip where episode_id = %(id)s order by recorded_at desc, number
"""


def read_repairs(connection: Connection, episode_id: str) -> dict[str, list[dict[str, Any]]]:
    """``holds``, ``cancellations`` and ``skips``, the newest first; words as they are sealed."""
    queries = {"holds": _HOLDS, "cancellations": _CANCELLATIONS, "skips": _SKIPS}
    return {
        name: [dict(row) for row in connection.execute(query, {"id": episode_id}).mappings()]
        for name, query in queries.items()
    }
