"""The audit in a real PostgreSQL: written freely, chained in blocks, and whatever somebody with all
rights does to it is named."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from threading import Thread

import psycopg
import pytest

from crossclaim.api.audit_port import AuditRecord
from crossclaim.domain.audit_chain import BreakKind, Broken, Root
from crossclaim.security.signing import Signer
from crossclaim.service.audit import SqlAudit
from crossclaim.stack import Stack, postgres
from crossclaim.store.audit_blocks import SqlAuditChain
from crossclaim.wiring import House, api_house, worker_house
from tests.steps.rig import Rig, policy_number

BLOCK = 40


@pytest.fixture(scope="module")
def house(stack: Stack) -> Iterator[House]:
    house = worker_house(stack.settings)
    yield house
    house.database.close()


@pytest.fixture(scope="module")
def book(stack: Stack) -> Iterator[SqlAudit]:
    house = api_house(stack.settings)
    yield SqlAudit(house.database)
    house.database.close()


@pytest.fixture(scope="module")
def chain(house: House) -> SqlAuditChain:
    return SqlAuditChain(house.database, Signer(house.keystore), block_rows=BLOCK)


@pytest.fixture(scope="module")
def thief(stack: Stack) -> Callable[..., None]:
    """Whom neither triggers nor row-level security hold."""
    url = postgres.url(stack.home, stack.ports["POSTGRES"], "postgres")

    def steal(*statements: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute("set session_replication_role = replica")
            for statement in statements:
                connection.execute(statement.encode())

    return steal


def write(book: SqlAudit, about: str, count: int = 1, outcome: str = "200") -> None:
    record = AuditRecord(
        organisation="hku-szh",
        key_id="cc_key",
        operation="read_episode",
        about=about,
        outcome=outcome,
    )
    for _ in range(count):
        asyncio.run(book.record(record))


def first_break(chain: SqlAuditChain, laid: list[Root] | None = None) -> Broken | None:
    return chain.first_break(laid or [])[0]


def test_what_was_read_submitted_and_denied_stands_in_one_chain(
    rig: Rig, book: SqlAudit, chain: SqlAuditChain, house: House
) -> None:
    visit = rig.visit(policy_number())
    write(book, visit.episode)
    write(book, visit.episode, outcome="403")
    chain.seal()
    with house.database.begin() as connection:
        linked = connection.execute(
            "select l.source, a.outcome from audit_link l left join audit a"
            " on l.source = 'audit' and a.id::text = l.row_id"
            " left join submission s on l.source = 'submission' and s.id = l.row_id"
            " where coalesce(a.object, s.episode_id) = %(id)s",
            {"id": visit.episode},
        ).all()
    assert ("audit", "200") in [tuple(row) for row in linked]
    assert ("audit", "403") in [tuple(row) for row in linked]
    assert "submission" in {row.source for row in linked}
    broken, checked, waiting = chain.first_break([])
    assert (broken, waiting) == (None, 0)
    assert checked >= 3


def test_writers_never_wait_for_the_sealing_and_no_row_is_left_out_or_chained_twice(
    book: SqlAudit, chain: SqlAuditChain, house: House
) -> None:
    writers = [Thread(target=write, args=(book, f"ep_w{n}", 15)) for n in range(4)]
    sealers = [Thread(target=chain.seal) for _ in range(3)]
    for thread in (*writers, *sealers):
        thread.start()
    for thread in (*writers, *sealers):
        thread.join()
    chain.seal()
    with house.database.begin() as connection:
        found = connection.execute(
            "select count(*) as rows, count(distinct l.position) as links from audit a"
            " join audit_link l on l.source = 'audit' and l.row_id = a.id::text"
            " where a.object like 'ep\\_w%%'"
        ).one()
    assert (found.rows, found.links) == (60, 60)
    assert first_break(chain) is None


def test_a_row_of_a_slow_transaction_joins_a_later_block(
    stack: Stack, book: SqlAudit, chain: SqlAuditChain
) -> None:
    url = stack.settings.database_url.get_secret_value()
    with psycopg.connect(url) as slow:
        slow.execute("select set_config('crossclaim.organisation', 'hku-szh', false)")
        slow.execute(
            "insert into audit (organisation_id, key_id, operation, object, outcome)"
            " values ('hku-szh', 'slow', 'read_episode', 'ep_slow', '200')"
        )
        write(book, "ep_fast")
        assert chain.seal() >= 1
    assert chain.seal() == 1
    assert first_break(chain) is None


TAMPERED: dict[str, tuple[str, str, BreakKind]] = {
    "a changed row": (
        "update audit set outcome = '999' where object = 'ep_victim'",
        "update audit set outcome = '200' where object = 'ep_victim'",
        BreakKind.CHANGED,
    ),
    "a deleted row": (
        "create table stolen as select * from audit where object = 'ep_victim';"
        " delete from audit where object = 'ep_victim'",
        "insert into audit overriding system value select * from stolen; drop table stolen",
        BreakKind.DELETED,
    ),
    "a row put in among the old ones": (
        "insert into audit (recorded_at, organisation_id, key_id, operation, object, outcome)"
        " values (now() - interval '3 days', 'hku-szh', 'k', 'read_episode', 'ep_forged', '200')",
        "delete from audit where object = 'ep_forged'",
        BreakKind.INSERTED,
    ),
    "two rows that changed places": (
        "update audit_link l set row_id = case l.row_id when v.a then v.b else v.a end || 'x'"
        " from (select min(id)::text a, max(id)::text b from audit where object = 'ep_pair') v"
        " where l.source = 'audit' and l.row_id in (v.a, v.b);"
        " update audit_link set row_id = rtrim(row_id, 'x') where row_id like '%x'"
        " and source = 'audit'",
        "update audit_link l set row_id = case l.row_id when v.a then v.b else v.a end || 'x'"
        " from (select min(id)::text a, max(id)::text b from audit where object = 'ep_pair') v"
        " where l.source = 'audit' and l.row_id in (v.a, v.b);"
        " update audit_link set row_id = rtrim(row_id, 'x') where row_id like '%x'"
        " and source = 'audit'",
        BreakKind.REORDERED,
    ),
    "a root that nobody signed": (
        "update audit_block set signature = reverse(signature) where number = 1",
        "update audit_block set signature = reverse(signature) where number = 1",
        BreakKind.FORGED,
    ),
}


@pytest.fixture(scope="module")
def victims(book: SqlAudit, chain: SqlAuditChain) -> None:
    write(book, "ep_victim")
    write(book, "ep_pair", 2)
    chain.seal()


@pytest.mark.parametrize("what", TAMPERED)
def test_the_check_names_what_was_done(
    chain: SqlAuditChain, victims: None, thief: Callable[..., None], what: str
) -> None:
    do, undo, kind = TAMPERED[what]
    assert first_break(chain) is None
    thief(*do.split("; "))
    try:
        broken = first_break(chain)
        assert broken is not None and broken.kind is kind
    finally:
        thief(*undo.split("; "))
    assert first_break(chain) is None


def test_a_chain_rewritten_whole_with_our_own_key_differs_from_the_roots_outside(
    book: SqlAudit, chain: SqlAuditChain, thief: Callable[..., None]
) -> None:
    write(book, "ep_hidden")
    chain.seal()
    laid = chain.unanchored()
    thief(
        "delete from audit where object = 'ep_hidden'",
        "delete from audit_link",
        "delete from audit_block",
    )
    chain.seal()
    assert first_break(chain) is None, "the naive check without roots outside finds nothing"
    broken = first_break(chain, laid)
    assert broken is not None
    assert broken.kind in (BreakKind.REWRITTEN, BreakKind.TRUNCATED)


def test_neither_role_of_ours_changes_what_is_chained(stack: Stack, house: House) -> None:
    for role in ("database_url", "database_worker_url"):
        url = getattr(stack.settings, role).get_secret_value()
        for statement in (
            "update audit_link set digest = ''",
            "delete from audit_link",
            "update audit_block set root = ''",
            "delete from audit_block",
            "truncate audit_link",
        ):
            refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
            with psycopg.connect(url) as connection, refused:
                connection.execute(statement.encode())
