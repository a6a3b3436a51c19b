"""What is read of one episode or file costs the same among a million others: nothing is scanned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from crossclaim.store import expected_movements, rows, statement_tables
from crossclaim.store.session import Database
from tests.steps.rig import Rig

READS = {
    "a step's rows": rows._STEP_ROWS,
    "a step's splits": rows._STEP_SPLITS,
    "a step's payouts": rows._STEP_PAYOUTS,
    "all rows": rows._WORKER_ROWS,
    "what a party sees": rows._PARTY_ROWS,
    "payments of an account": expected_movements.FACTS,
    "another file of this message id": statement_tables.REUSED,
}
RARE = {
    "account_hold": "by bill and by account",
    "acquirer_difference": "by organisation and day",
    "allocation_share": "by bill and version",
    "charge_line": "by bill and version",
    "claim_taking": "by claim",
    "console_due": "a queue that is emptied",
    "cover_use": "by cover and by bill",
    "ebill_claimed": "by the e-bill's digest",
    "ehealth_consent": "by person",
    "expected_movement": "by account",
    "family_account_use": "by binding and by bill",
    "information_link": "by its digest",
    "name_token": "by token; by episode when somebody is forgotten",
    "patient_session": "by its digest and by link",
    "pay_later_order": "by claim",
    "payout_attempt": "by reference",
    "payout_report": "by reference and by bank",
    "settlement_difference": "by organisation and day",
    "source_item": "by organisation, source and day",
    "webhook_message": "by endpoint",
    "work_action": "by organisation and item",
    "work_care": "by organisation and item",
    "work_event": "by organisation and item",
}
"""Tables about episodes that nothing in daily work reads by the episode."""


def scanned(database: Database, statement: str) -> set[str]:
    """Tables of which a statement would have to read every row, for want of an index."""
    plain = re.sub(r"%\(\w+\)s", "'x'", statement)
    with database.begin() as connection:
        connection.execute("set local enable_seqscan = off")
        (whole,) = connection.execute(f"explain (format json) {plain}").scalars()
    return set(_read_whole(whole[0]["Plan"]))


def _read_whole(node: dict[str, Any]) -> Iterator[str]:
    """An index that gives an order and no condition is a scan as well."""
    if "Relation Name" in node and "Bitmap" not in node["Node Type"] and "Index Cond" not in node:
        yield node["Relation Name"]
    for below in node.get("Plans", []):
        yield from _read_whole(below)


@pytest.mark.parametrize("read", READS)
def test_nothing_is_scanned(rig: Rig, read: str) -> None:
    assert scanned(rig.database, READS[read]) == set()


def test_a_table_without_its_index_is_noticed(rig: Rig) -> None:
    by_amount = "select 1 from tender where amount_minor::text = %(amount)s"
    assert scanned(rig.database, by_amount) == {"tender"}
    assert scanned(rig.database, f"{by_amount} order by id") == {"tender"}


def test_every_table_about_episodes_is_found_by_the_episode_or_said_not_to_be(rig: Rig) -> None:
    with rig.database.begin() as connection:
        found = connection.execute(
            """
            select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
            join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
              and a.attname = 'episode_id' and not a.attisdropped
              and not exists (select 1 from pg_index i
                  where i.indrelid = c.oid and i.indkey[0] = a.attnum)
            """
        ).scalars()
        assert set(found) == set(RARE)
