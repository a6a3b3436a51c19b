"""What staff see of webhooks: endpoints that the worker had to disable."""

from __future__ import annotations

from typing import Any

from crossclaim.store.session import Database

_STOPPED = """
select e.id, e.organisation_id as organisation, e.reason, e.disabled_at as since,
       (select count(*) from webhook_message m
        where m.endpoint_id = e.id and m.state = 'pending') as waiting
from webhook_endpoint e
where e.ended_at is null and e.state = 'disabled' and e.reason in ('gone', 'given_up')
order by e.disabled_at
"""


def stopped_endpoints(database: Database) -> list[dict[str, Any]]:
    """Never an address or a secret: whose it is says whom to call."""
    with database.begin() as connection:
        rows = connection.execute(_STOPPED).mappings()
    return [{**row, "since": row["since"].isoformat()} for row in rows]
