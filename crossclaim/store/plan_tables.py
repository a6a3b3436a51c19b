"""Rule files that were activated on a running system, newest last; rows are never changed."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from crossclaim.store.session import Database

_NEWEST = """
select distinct on (plan_id) id, plan_id, version, content, activated_by, reason, activated_at
from plan_activation order by plan_id, id desc
"""
_ALL = """
select id, plan_id, version, content, activated_by, reason, activated_at
from plan_activation where %(plan)s::text is null or plan_id = %(plan)s order by id desc limit 200
"""
_OF_VERSION = """
select distinct on (version) id, plan_id, version, content, activated_by, reason, activated_at
from plan_activation
where plan_id = %(plan)s and content is not null and starts_with(version, %(version)s)
order by version, id
"""


class Activation(BaseModel):
    """``content``: the rule file's text; None means back to the file of the program."""

    model_config = ConfigDict(frozen=True)

    id: int
    plan_id: str
    version: str
    content: str | None
    activated_by: str
    reason: str
    activated_at: datetime


class SqlPlans:
    """Reads and adds activations; the newest of a plan holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def mark(self) -> int:
        """Rises with every activation; 0 when there was none. Rows are counted, since ids may
        become visible in another order than they were given."""
        with self._database.begin() as connection:
            mark: int = connection.execute("select count(*) from plan_activation").scalar_one()
            return mark

    def newest(self) -> list[Activation]:
        """The activation that holds of each plan that ever had one."""
        with self._database.begin() as connection:
            rows = connection.execute(_NEWEST).mappings()
        return [Activation.model_validate(row) for row in rows]

    def history(self, plan_id: str | None) -> list[Activation]:
        """Newest first, at most 200."""
        with self._database.begin() as connection:
            rows = connection.execute(_ALL, {"plan": plan_id}).mappings()
        return [Activation.model_validate(row) for row in rows]

    def of_version(self, plan_id: str, version: str) -> list[Activation]:
        """Rule files of a plan whose version begins so, each once."""
        asked = {"plan": plan_id, "version": version}
        with self._database.begin() as connection:
            rows = connection.execute(_OF_VERSION, asked).mappings()
        return [Activation.model_validate(row) for row in rows]

    def activate(
        self, plan_id: str, version: str, content: str | None, by: str, reason: str
    ) -> None:
        with self._database.begin() as connection:
            connection.execute(
                """
                insert into plan_activation (plan_id, version, content, activated_by, reason)
                values (%(plan)s, %(version)s, %(content)s, %(by)s, %(reason)s)
                """,
                {
                    "plan": plan_id,
                    "version": version,
                    "content": content,
                    "by": by,
                    "reason": reason,
                },
            )
