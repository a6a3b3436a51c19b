"""What a migration promises to whoever has data: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from crossclaim.stack import Part, Stack, postgres
from crossclaim.store.migrate import upgrade

HALFWAY = "halfway"


@pytest.fixture
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The owner's address of a database without any schema."""
    home = tmp_path_factory.mktemp("migrations")
    parts = frozenset({Part.POSTGRES})
    with Stack.start(home, parts=parts, port_base=0, migrate=False, supervise=False) as stack:
        owner = stack.settings.database_owner_url.get_secret_value()
        password = postgres.password_of(stack.home, postgres.SUPERUSER)
        port = psycopg.conninfo.conninfo_to_dict(owner)["port"]
        with psycopg.connect(
            host="127.0.0.1",
            port=port,
            user=postgres.SUPERUSER,
            password=password,
            dbname="postgres",
            autocommit=True,
        ) as connection:
            connection.execute(f"create database {HALFWAY} owner {postgres.OWNER}")
        yield owner.rpartition("/")[0] + f"/{HALFWAY}"


def tables(url: str) -> set[str]:
    found = "select tablename from pg_tables where schemaname = 'public'"
    with psycopg.connect(url) as connection:
        return {str(name) for (name,) in connection.execute(found)}


def test_a_migration_that_fails_near_its_end_leaves_nothing_and_can_be_run_again(
    empty: str,
) -> None:
    with psycopg.connect(empty) as connection:
        connection.execute("create table account_balance (in_the_way integer)")
    with pytest.raises(Exception, match="account_balance"):
        upgrade(empty)
    assert tables(empty) - {"alembic_version"} == {"account_balance"}
    with psycopg.connect(empty) as connection:
        connection.execute("drop table account_balance")
    reached = upgrade(empty)
    assert {"episode", "posting"} < tables(empty)
    assert upgrade(empty) == reached, "a second run finds nothing to do"


def test_only_submissions_that_an_open_run_may_have_missed_are_handed_over_after_the_upgrade(
    empty: str,
) -> None:
    upgrade(empty, "0001")
    with psycopg.connect(empty) as connection:
        for table in ("submission", "episode"):
            connection.execute(f"alter table {table} no force row level security")
        connection.execute(
            "insert into organisation (id, kind, name, name_zh)"
            " values ('hospital', 'hospital', 'Hospital', '')"
        )
        connection.execute(
            """
            insert into episode (id, hospital_id, visit_number, encounter_class, department,
                                 channel, status, sealed, opened_at, closed_at)
            values ('open', 'hospital', '1', 'outpatient', '', '', 'open', '', now(), null),
                   ('closed', 'hospital', '2', 'outpatient', '', '', 'closed', '', now(), now())
            """
        )
        connection.execute(
            """
            insert into submission (id, organisation_id, business_key, kind, episode_id,
                                    content_sha256, content, outcome, outcome_at)
            select name, 'hospital', name, 'submit_bill', episode, '', '', outcome, now()
            from (values ('applied', 'closed', '{}'::jsonb), ('waiting', 'closed', null),
                         ('missed', 'open', '{}'::jsonb), ('refused', 'never', '{}'::jsonb)
                 ) as x(name, episode, outcome)
            """
        )
        for table in ("submission", "episode"):
            connection.execute(f"alter table {table} force row level security")
    upgrade(empty)
    with psycopg.connect(empty) as connection:
        untaken = "select id from submission where outcome is null or taken_at is null order by id"
        assert connection.execute(untaken).fetchall() == [("missed",), ("waiting",)]


OWED = """
insert into organisation (id, kind, name, name_zh)
    values ('h', 'hospital', 'H', ''), ('i', 'insurer', 'I', '');
insert into episode (id, hospital_id, visit_number, encounter_class, department, channel, status,
    sealed, opened_at) values ('e', 'h', '1', 'outpatient', '', '', 'open', '', now());
insert into bill (id, episode_id, number, version, status, state, total_minor, sealed, issued_at,
    occurred_at) values ('b', 'e', 'B', 1, 'final', 'current', 900, '', now(), now());
insert into claim (id, episode_id, bill_id, organisation_id, kind, reference, state, pay_fen,
    occurred_at) values ('cl_1', 'e', 'b', 'i', 'direct', 'CL1', 'approved', 500, now()),
           ('cr_2', 'e', 'b', 'i', 'reimbursement', 'CR1', 'approved', 300, now());
insert into account (id, kind, organisation_id, currency) values
    ('funder:insurer:i:due', 'funder_due', 'i', 'CNY'), ('claw_back:i', 'claw_back', 'i', 'CNY'),
    ('patient:reimbursements', 'reimbursement', null, 'CNY');
insert into exception_item (episode_id, code, reference, opened_at)
    values ('e', 'DECISION_CLAW_BACK_DUE', 'CL1', now()), ('e', 'PAYOUT_PAID_TWICE', 'PO1', now());
insert into payout_intent (reference, episode_id, claim_id, payee, payee_sealed,
    payee_account_sha256, debtor_organisation_id, debtor_account_sha256, bank, amount_minor, state,
    reserved_at)
    values ('PO1', 'e', 'cl_1', 'hospital', '', '', 'i', '', 'bank', 500, 'credited', now());
"""
POSTED = """
with made as (insert into entry (key, kind, episode_id, occurred_at)
    values (%(key)s, 'claw_back', 'e', now()) returning id)
insert into posting (entry_id, ordinal, account_id, amount_minor, currency)
select id, 0, %(paid)s, %(minor)s, 'CNY' from made union all
select id, 1, 'claw_back:i', -%(minor)s, 'CNY' from made
"""
BALANCES = "select account_id, sum(amount_minor)::bigint from posting group by 1 order by 1"


def test_what_later_decisions_had_asked_back_is_confirmed_as_any_other_after_the_upgrade(
    empty: str,
) -> None:
    upgrade(empty, "0027")
    forced = ("episode", "bill", "claim", "exception_item", "payout_intent", "entry", "posting")
    with psycopg.connect(empty) as connection:
        for table in forced:
            connection.execute(f"alter table {table} no force row level security")
        connection.execute(OWED)
        for key, paid, minor in (
            ("claw-back:CL1:2", "funder:insurer:i:due", 200),
            ("claw-back:CL1:3", "funder:insurer:i:due", 50),
            ("claw-back:CR1:2", "patient:reimbursements", 30),
        ):
            connection.execute(POSTED, {"key": key, "paid": paid, "minor": minor})
        connection.execute("set constraints all immediate")
        for table in forced:
            connection.execute(f"alter table {table} force row level security")
    upgrade(empty)
    with psycopg.connect(empty) as connection:
        rows = "select reference, payee, amount_minor, cause, state from claw_back order by 1"
        assert connection.execute(rows).fetchall() == [
            ("GB1", "hospital", 200, "DECISION", "due"),
            ("GB1-R2", "hospital", 50, "DECISION", "due"),
            ("GB1-T", "hospital", 500, "PAID_TWICE", "due"),
            ("GB2", "patient", 30, "DECISION", "due"),
        ]
        # The direct part's due is what the new split says; the patient's is lowered by its entry.
        assert [row for row in connection.execute(BALANCES) if row[1]] == [
            ("funder:insurer:i:due", -30),
            ("patient:reimbursements", 30),
        ]
        for table in ("exception_item", "payout_intent"):
            connection.execute(f"alter table {table} no force row level security")
        codes = "select code from exception_item where resolved_at is null order by 1"
        assert [code for (code,) in connection.execute(codes)] == [
            *["CLAW_BACK_DUE"] * 4,
            "PAYOUT_PAID_TWICE",
        ]
        twice = connection.execute("select paid_twice from payout_intent").fetchall()
        assert twice == [(True,)]
