"""What the database itself refuses, whoever of ours asks by raw SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql

from tests.faults.house import House
from tests.faults.story import Stay

APP, WORKER, READER = "database_url", "database_worker_url", "database_reader_url"
OURS = (APP, WORKER)
LOCKED = ("episode", "claim", "payout_intent", "submission", "entry", "posting", "account")


@pytest.fixture(scope="module")
def stay(house: House) -> Stay:
    """A finished episode of hku-szh: something worth attacking."""
    house.heal()
    stay = Stay(house)
    stay.run()
    return stay


@contextmanager
def connected(house: House, role: str, organisation: str = "") -> Iterator[psycopg.Connection]:
    url = getattr(house.stack.settings, role).get_secret_value()
    with psycopg.connect(url) as connection:
        if organisation:
            connection.execute(
                "select set_config('crossclaim.organisation', %s, false)", [organisation]
            )
        yield connection


def refusal(house: House, role: str, *statements: str, organisation: str = "hku-szh") -> str:
    """The SQLSTATE with which the transaction is refused; fails when it is let through."""
    with pytest.raises(psycopg.Error) as refused, connected(house, role, organisation) as c:
        for statement in statements:
            c.execute(statement.encode())
        c.commit()
    assert refused.value.sqlstate is not None, refused.value
    return refused.value.sqlstate


ENTRY = (
    "insert into entry (key, kind, occurred_at) values (gen_random_uuid()::text, 'attack', now())"
)
LAST = "(select max(id) from entry where kind = 'attack')"
ACCOUNT = "(select id from account where currency = 'CNY' order by id {order} limit 1)"
FIRST, SECOND = ACCOUNT.format(order="asc"), ACCOUNT.format(order="desc")


def posting(ordinal: int, account: str, minor: int, currency: str = "CNY") -> str:
    return (
        "insert into posting (entry_id, ordinal, account_id, amount_minor, currency)"
        f" values ({LAST}, {ordinal}, {account}, {minor}, '{currency}')"
    )


UNBALANCED = (ENTRY, posting(1, FIRST, 100), posting(2, SECOND, -99))
WRONG_ENTRIES = {
    "unbalanced": UNBALANCED,
    "a single posting": (ENTRY, posting(1, FIRST, 100)),
    "no posting": (ENTRY,),
    "balanced over two currencies": (
        ENTRY,
        posting(1, FIRST, 100),
        posting(2, SECOND, -100, "HKD"),
    ),
    "another currency than its account's": (
        ENTRY,
        posting(1, FIRST, 100, "HKD"),
        posting(2, SECOND, -100, "HKD"),
    ),
    "checks put off and never made": ("set constraints all deferred", *UNBALANCED),
}


@pytest.mark.parametrize("wrong", WRONG_ENTRIES)
def test_a_wrong_entry_is_refused_at_its_commit(house: House, stay: Stay, wrong: str) -> None:
    assert refusal(house, WORKER, *WRONG_ENTRIES[wrong]) == "23514"
    assert refusal(house, APP, *WRONG_ENTRIES[wrong]) == "42501"


def test_a_right_entry_is_taken_so_that_the_refusals_mean_something(
    house: House, stay: Stay
) -> None:
    with connected(house, WORKER) as connection:
        for statement in (ENTRY, posting(1, FIRST, 100), posting(2, SECOND, -100)):
            connection.execute(statement.encode())
        # Checked now, and not kept.
        connection.execute("set constraints all immediate")
        connection.rollback()


def test_a_scratch_ledger_without_our_triggers_takes_the_unbalanced_entry(
    house: House, stay: Stay
) -> None:
    with psycopg.connect(house.superuser_url()) as connection:
        connection.execute("create schema scratch")
        for table in ("entry", "posting"):
            connection.execute(
                f"create table scratch.{table} (like public.{table} including all)".encode()
            )
        connection.execute("set local search_path to scratch, public")
        for statement in UNBALANCED:
            connection.execute(statement.encode())
        connection.execute("set constraints all immediate")
        left = connection.execute("select sum(amount_minor) from scratch.posting").fetchone()
        assert left == (1,)
        connection.rollback()


def test_a_settled_entry_never_grows(house: House, stay: Stay) -> None:
    into = "insert into posting (entry_id, ordinal, account_id, amount_minor, currency)"
    settled = "(select min(id) from entry)"
    pair = [
        f"{into} values ({settled}, {n}, {FIRST}, {minor}, 'CNY')"
        for n, minor in ((91, 5), (92, -5))
    ]
    assert refusal(house, WORKER, *pair) == "23514"


CHANGES = {
    "entry": "kind = 'changed'",
    "posting": "amount_minor = amount_minor + 1",
    "account": "currency = 'HKD'",
    "audit": "outcome = 'changed'",
    "payout_intent": "amount_minor = amount_minor + 1",
    "submission": "content_sha256 = '\\x00'",
}


@pytest.mark.parametrize("role", OURS)
@pytest.mark.parametrize("table", CHANGES)
def test_what_is_settled_is_never_changed_removed_or_emptied(
    house: House, stay: Stay, role: str, table: str
) -> None:
    for statement in (
        f"update {table} set {CHANGES[table]}",
        f"delete from {table}",
        f"truncate {table} cascade",
    ):
        assert refusal(house, role, statement) == "42501", statement


@pytest.mark.parametrize(
    "change",
    [
        "payee_account_sha256 = 'another'",
        "debtor_organisation_id = 'kowloon-mutual'",
        "reference = reference || 'B'",
        "currency = 'HKD'",
        "bank = 'quiet-bank'",
        "payee_sealed = '\\x00'",
        "state = 'reserved'",
    ],
)
def test_a_payout_keeps_its_payee_its_debtor_and_its_end(
    house: House, stay: Stay, change: str
) -> None:
    for role in OURS:
        assert refusal(house, role, f"update payout_intent set {change}") == "42501"


def test_an_outcome_that_was_given_stays(house: House, stay: Stay) -> None:
    for role in OURS:
        for change in ("outcome = '{}'", "outcome = null", "content = '\\x00'"):
            assert refusal(house, role, f"update submission set {change}") == "42501"


@pytest.mark.parametrize("role", [*OURS, READER])
@pytest.mark.parametrize(
    "statement",
    [
        "alter table posting disable trigger all",
        "alter table episode disable row level security",
        "set session_replication_role = replica",
        "set role crossclaim_owner",
        "set role postgres",
        "set session authorization postgres",
        "drop table posting cascade",
        "drop trigger posting_balanced on posting",
        "alter table payout_intent add column extra text",
        "create table public.mine (id int)",
        "create or replace function entry_is_balanced() returns trigger language plpgsql"
        " as 'begin return null; end'",
        "drop policy party_reads on episode",
        "copy posting to program 'true'",
        "select pg_read_file('postgresql.conf')",
        "create extension dblink",
    ],
)
def test_no_role_of_ours_gets_round_the_rules(
    house: House, stay: Stay, role: str, statement: str
) -> None:
    # 42P17 and 0A000 would be another cause than the lack of a right.
    assert refusal(house, role, statement) in ("42501", "0LP01")


@pytest.mark.parametrize("role", [*OURS, READER])
def test_no_role_of_ours_hands_its_rights_on(house: House, stay: Stay, role: str) -> None:
    with connected(house, role) as connection:
        # PostgreSQL only warns about a grant that grants nothing.
        connection.execute("grant all on posting, payout_intent to public")
        connection.commit()
    granted = house.rows(
        "select relname from pg_class, aclexplode(relacl) a"
        " where relnamespace = 'public'::regnamespace and a.grantee = 0"
    )
    assert granted == []


def tables_about_episodes(house: House) -> list[str]:
    found = house.rows(
        "select distinct c.table_name from information_schema.columns c"
        " join information_schema.tables t using (table_schema, table_name)"
        " where table_schema = 'public' and t.table_type = 'BASE TABLE'"
        " and c.column_name in ('episode_id', 'entry_id') order by 1"
    )
    return [row["table_name"] for row in found] + ["episode"]


@pytest.mark.parametrize("organisation", ["", "jiangmen-central", "kowloon-mutual", "nobody", "%"])
def test_who_has_no_part_in_an_episode_sees_no_row_of_it(
    house: House, stay: Stay, organisation: str
) -> None:
    tables = tables_about_episodes(house)
    assert len(tables) > 20
    with connected(house, APP, organisation) as connection:
        for table in tables:
            column = {"episode": "id", "posting": "entry_id"}.get(table, "episode_id")
            mine = "select id from entry where episode_id = %s"
            where = f"in ({mine})" if table == "posting" else "= %s"
            values = [stay.episode_id]
            query = sql.SQL("select count(*) from {} where {} " + where).format(
                sql.Identifier(table), sql.Identifier(column)
            )
            try:
                seen = connection.execute(query, values).fetchone()
            except psycopg.errors.InsufficientPrivilege:
                connection.rollback()
                if organisation:
                    connection.execute(
                        "select set_config('crossclaim.organisation', %s, false)", [organisation]
                    )
                    connection.commit()
                continue
            assert seen == (0,), f"{organisation or 'nobody'} sees {table}"


def test_its_own_hospital_sees_the_episode_so_that_the_zeros_mean_something(
    house: House, stay: Stay
) -> None:
    with connected(house, APP, "hku-szh") as connection:
        for table in ("bill", "claim", "payout_intent", "entry", "consent", "submission"):
            query = sql.SQL("select count(*) from {} where episode_id = %s")
            seen = connection.execute(
                query.format(sql.Identifier(table)), [stay.episode_id]
            ).fetchone()
            assert seen is not None and seen[0] > 0, table


def test_an_organisation_named_within_one_transaction_is_forgotten_after_it(
    house: House, stay: Stay
) -> None:
    with connected(house, APP) as connection:
        setting = "select set_config('crossclaim.organisation', 'hku-szh', true)"
        count = "select count(*) from episode"
        connection.execute(setting)
        inside = connection.execute(count).fetchone()
        connection.commit()
        assert inside is not None and inside[0] > 0
        assert connection.execute(count).fetchone() == (0,)


def writable(house: House, role: str, right: str) -> set[str]:
    found = house.rows(
        "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = 'public' and c.relkind in ('r', 'p', 'v')"
        " and (has_table_privilege(%(role)s, c.oid, %(right)s)"
        "      or %(right)s in ('INSERT', 'UPDATE')"
        "         and has_any_column_privilege(%(role)s, c.oid, %(right)s))",
        role=role,
        right=right,
    )
    return {row["relname"] for row in found}


def test_the_api_writes_what_is_submitted_and_nothing_else(house: House, stay: Stay) -> None:
    assert writable(house, "crossclaim_app", "INSERT") <= {
        "submission",
        "document",
        "data_key",
        "audit",
        # Who looked at a health record: an audit row of its own kind.
        "record_access",
        # What finance orders about bank entries: applied by a workflow, as a submission is.
        "reconciliation_order",
        # A link by which documents of one request are sent: a credential, as a key is.
        "information_link",
        # The same to a patient's own pages, and the sessions that begin with it.
        "patient_link",
        "patient_session",
        # What a sender states before he sends a file, and what its e-bill says of itself.
        "upload_slot",
        "document_reading",
        # Papers that are issued when somebody entitled asks for them.
        "issued_paper",
        # What a person asks about his own data, the second person's word, and who fetched a copy.
        "subject_request",
        "subject_confirmation",
        "subject_fetch",
        # Who signs in and with what: credentials too, each seen only by who shows it.
        "person_session",
        "login_attempt",
        "oauth_assertion",
        "token_key",
        # Where an organisation wants its events, a test event, and what it wants sent again.
        "webhook_endpoint",
        "webhook_message",
        "webhook_replay",
        # What came over the exchange, and what a request is to be answered.
        "hcx_message",
        # What a participant of it wants to be told of.
        "hcx_subscription",
        # Sealed words of staff about an episode, never changed.
        "staff_note",
        # Who of an organisation looks after an exception, what he did, and views that he keeps.
        "work_care",
        "work_action",
        "work_event",
        "work_person",
        "saved_view",
        # Who works at which claim: rows are added, never changed.
        "claim_taking",
        # Proposed rule files, what people say of them, and what they want to have compared.
        "plan_proposal",
        "plan_proposal_word",
        "plan_backtest",
        # What a FHIR message says beyond its submissions: its sender's own words, never changed.
        "fhir_message",
    }
    # Of sessions how they go on and end, of links that they are tried and used, of keys their hash.
    credentials = {"person_session", "login_attempt", "api_key", "patient_link", "patient_session"}
    # Of an upload how it ended, of a paper that a newer one replaces it; nothing else of either.
    changed = {"submission", "upload_slot", "issued_paper", "webhook_endpoint"}
    # Of an exception who looks after it now; of a view its name and filters.
    changed |= {"work_care", "work_person", "saved_view"}
    assert writable(house, "crossclaim_app", "UPDATE") == changed | credentials
    for right in ("DELETE", "TRUNCATE"):
        assert writable(house, "crossclaim_app", right) == set()
    payout = ("payout_rail", "payout_approval", "payout_recall", "payout_finding")
    words = (*payout, "claw_back_write_off", "claw_back_finding", "episode_hold", "console_due")
    words = (*words, "console_total", "day_due", "day_count")
    for table in ("bill", "claim", "payout_intent", "entry", "posting", "episode", *words):
        assert refusal(house, APP, f"insert into {table} default values") == "42501"
    other = (
        "insert into submission (id, organisation_id, business_key, kind, episode_id,"
        " content_sha256, content) values ('sb_x', 'jiangmen-central', 'x', 'x', 'x', '', '')"
    )
    assert refusal(house, APP, other) == "42501"


def test_the_api_may_note_of_a_submission_that_its_run_has_it_and_change_nothing_else(
    house: House, stay: Stay
) -> None:
    columns = house.rows(
        "select attname from pg_attribute where attrelid = 'submission'::regclass and attnum > 0"
        " and has_column_privilege('crossclaim_app', attrelid, attnum, 'UPDATE')"
    )
    assert [column["attname"] for column in columns] == ["taken_at"]
    for role in OURS:
        for value in ("null", "now()"):
            again = f"update submission set taken_at = {value} where taken_at is not null"
            assert refusal(house, role, again) == "42501"


def test_nobody_of_ours_removes_anything(house: House, stay: Stay) -> None:
    for role in ("crossclaim_app", "crossclaim_worker", "crossclaim_reader"):
        for right in ("DELETE", "TRUNCATE", "TRIGGER"):
            assert writable(house, role, right) == set(), f"{role} {right}"
    for right in ("INSERT", "UPDATE"):
        assert writable(house, "crossclaim_reader", right) == set()


def test_no_role_of_ours_stands_above_row_level_security(house: House, stay: Stay) -> None:
    roles = house.rows(
        "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication"
        " from pg_roles where rolname like 'crossclaim%%'"
    )
    assert len(roles) >= 4
    for role in roles:
        above = {right for right, has in role.items() if right != "rolname" and has}
        assert above == set(), role["rolname"]
    free = house.rows(
        "select relname from pg_class where relname = any(%(names)s)"
        " and not (relrowsecurity and relforcerowsecurity)",
        names=[table for table in LOCKED if table != "account"],
    )
    assert free == []
