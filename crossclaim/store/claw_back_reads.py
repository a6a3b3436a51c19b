"""Money that payees give back, with what people said of it."""

from __future__ import annotations

from typing import Any

from crossclaim.store.connection import Connection

_CLAW_BACKS = """
select k.reference, k.episode_id, c.reference as claim, e.hospital_id,
       k.organisation_id as insurer, k.payee, k.amount_minor, k.undone_minor, k.cause, k.state,
       k.ordered_at, k.received_at, k.ended_at, coalesce(k.receipt, '') as receipt,
       coalesce(k.payout_reference, '') as payout_reference,
       exists (select 1 from claw_back_write_off w where w.claw_back = k.reference
               and w.approved is null and k.state = 'due')
         or (x.open and exists (select 1 from claw_back_finding f where f.claw_back = k.reference
                                and f.approved is null)) as proposed,
       x.open as had_twice
from claw_back k cross join lateral (
  select exists (select 1 from exception_item i where i.episode_id = k.episode_id
                 and i.code = 'GIVEN_BACK_TWICE' and i.reference = k.reference
                 and i.resolved_at is null) as open) x
join claim c on c.id = k.claim_id join episode e on e.id = k.episode_id
where (cast(%(insurer)s as text) is null or k.organisation_id = %(insurer)s)
"""
_LISTED = f"""
select * from ({_CLAW_BACKS}) y
where cardinality(cast(%(states)s as text[])) = 0 or y.state = any(%(states)s)
order by not (y.proposed or y.had_twice), y.state <> 'due', y.ordered_at, y.reference
limit %(limit)s
"""
_ONE = f"{_CLAW_BACKS} and k.reference = %(reference)s"
_PROPOSALS = """
select 'write_off' as what, number, reason as why, null::bigint as amount_minor, '' as proof,
       proposed_by as by,
       proposed_at as at, decided_by, decided_at, approved
from claw_back_write_off where claw_back = %(reference)s
union all
select 'finding', number, outcome, amount_minor, proof, found_by, found_at, decided_by,
       decided_at, approved
from claw_back_finding where claw_back = %(reference)s
order by at desc, number desc
"""

Row = dict[str, Any]


def read_claw_backs(
    connection: Connection, insurer: str | None, states: list[str], limit: int
) -> list[Row]:
    values = {"insurer": insurer, "states": states, "limit": limit}
    return connection.execute(_LISTED, values).mappings()


def read_claw_back(connection: Connection, insurer: str | None, reference: str) -> Row | None:
    """``insurer``: of whose money alone."""
    values = {"insurer": insurer, "reference": reference}
    rows = connection.execute(_ONE, values).mappings()
    return rows[0] if rows else None


def read_claw_back_proposals(connection: Connection, reference: str) -> list[Row]:
    return connection.execute(_PROPOSALS, {"reference": reference}).mappings()
