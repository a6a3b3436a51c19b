"""Rule files that were activated on a running system, newest last; rows are never changed."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from crossclaim.store.session import Database

_FROM = "coalesce(a.in_force_from, a.activated_at)"
_UNDONE = """exists (select 1 from plan_activation_undone u where u.proposal_id = a.proposal_id)"""
_COLUMNS = f"""a.id, a.plan_id, a.version, a.content, a.activated_by, a.reason, a.activated_at,
    {_FROM} as in_force_from, {_UNDONE} as undone, a.proposal_id"""
_NEWEST = f"""
select distinct on (a.plan_id) {_COLUMNS} from plan_activation a
where {_FROM} <= now() and not {_UNDONE}
order by a.plan_id, {_FROM} desc, a.id desc
"""
_ALL = f"""
select {_COLUMNS} from plan_activation a
where %(plan)s::text is null or a.plan_id = %(plan)s order by a.id desc limit 200
"""
_OF_VERSION = f"""
select distinct on (a.version) {_COLUMNS} from plan_activation a
where a.plan_id = %(plan)s and a.content is not null and starts_with(a.version, %(version)s)
order by a.version, a.id
"""
# Both sums only rise.
_MARK = f"""
select (select count(*) from plan_activation a where {_FROM} <= now())
     + (select count(*) from plan_activation_undone)
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
    in_force_from: datetime
    undone: bool = False
    """Taken back before its time."""
    proposal_id: str | None = None


class SqlPlans:
    """Reads and adds activations; the newest of a plan holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def mark(self) -> int:
        """Rises with every activation whose time has come; 0 when there was none. Rows are counted,
        since ids may become visible in another order than they were given."""
        with self._database.begin() as connection:
            mark: int = connection.execute(_MARK).scalar_one()
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
