"""The journal: everything that a party took, decided and did, in order, for assertions."""

from __future__ import annotations

import json
from typing import Any

from crossclaim.simulators.clock import Clock
from crossclaim.simulators.state import State


class Journal:
    """Append-only; an entry commits together with what it tells of."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    def write(self, kind: str, **members: Any) -> None:
        self._state.execute(
            "INSERT INTO journal (at, kind, members) VALUES (?, ?, ?)",
            self._clock.now().isoformat(timespec="milliseconds"),
            kind,
            json.dumps(members),
        )

    def entries(self, kind: str | None = None) -> list[dict[str, Any]]:
        where, values = ("", []) if kind is None else (" WHERE kind = ?", [kind])
        rows = self._state.every(f"SELECT * FROM journal{where} ORDER BY seq", *values)
        return [
            {"seq": row["seq"], "at": row["at"], "kind": row["kind"], **json.loads(row["members"])}
            for row in rows
        ]
