"""What a bureau quoted, or when a patient came, is the hospital's: no insurer's SQL sees it."""

from __future__ import annotations

import pytest

from crossclaim.stack import Stack
from crossclaim.wiring import House, api_house, worker_house
from tests.steps.rig import HARBOUR, HOSPITAL, Rig, policy_number

HOSPITALS_OWN = (
    "funder_account",
    "settlement_quote",
    "voucher_spouse",
    "identity_check",
    "voucher_confirmation",
    "voucher_stage",
    "voucher_use_record",
    "appointment",
)


def seen(house: House, organisation: str, episode: str, table: str) -> int:
    with house.database.begin(organisation) as connection:
        found: int = connection.execute(
            f"select count(*)::int as n from {table} where episode_id = %(id)s", {"id": episode}
        ).scalar_one()
    return found


def test_an_insurer_of_the_episode_reads_no_row_about_another_funder(
    rig: Rig, stack: Stack
) -> None:
    visit = rig.visit(policy_number(), insurer=HARBOUR)
    worker, api = worker_house(stack.settings), api_house(stack.settings)
    with worker.database.begin() as connection:
        connection.execute(
            "insert into identity_check (episode_id, number, document_type, checked_by, checked_at)"
            " values (%(id)s, 'I-1', 'hkid', 'desk-1', now())",
            {"id": visit.episode},
        )
        connection.execute(
            "insert into appointment (episode_id, number, version, state, department, starts_at,"
            " stated_at) values (%(id)s, 'YY-1', 1, 'no_show', 'stomatology', now(), now())",
            {"id": visit.episode},
        )
        connection.execute(
            "insert into funder_account (episode_id, ordinal, funder, state, looked_up_at)"
            " values (%(id)s, 9, 'basic_insurance', 'absent', now())",
            {"id": visit.episode},
        )
    for table in ("identity_check", "funder_account", "appointment"):
        assert seen(api, HOSPITAL, visit.episode, table) == 1
        assert seen(api, HARBOUR, visit.episode, table) == 0
    # The insurer is a party all the same: its own rows it reads.
    assert seen(api, HARBOUR, visit.episode, "coverage") > 0
    worker.database.close()
    api.database.close()


@pytest.mark.parametrize("table", HOSPITALS_OWN)
def test_the_policy_of_each_such_table_asks_for_the_hospital(stack: Stack, table: str) -> None:
    house = worker_house(stack.settings)
    with house.database.begin() as connection:
        rule: str = connection.execute(
            "select qual from pg_policies where tablename = %(table)s"
            " and policyname = 'party_reads'",
            {"table": table},
        ).scalar_one()
    house.database.close()
    assert "'hospital'" in rule
