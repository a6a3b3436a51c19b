"""Nothing that we keep of a pay-after-care account holds its holder in the open."""

from __future__ import annotations

import psycopg
from psycopg import sql

from crossclaim.stack import Stack, postgres
from tests.faults.leak_scanner import Scanner
from tests.flows.credit_account import NAME, CreditAccount, bill_of
from tests.flows.hospital import Hospital
from tests.flows.simulator import Simulator

CARD = "6222020000000006621"
MOBILE = "13987654321"


def superuser(stack: Stack) -> str:
    owner = psycopg.conninfo.conninfo_to_dict(stack.settings.database_owner_url.get_secret_value())
    password = postgres.password_of(stack.home, postgres.SUPERUSER)
    told = {"host": "127.0.0.1", "port": str(owner["port"]), "dbname": str(owner["dbname"])}
    return psycopg.conninfo.make_conninfo(user=postgres.SUPERUSER, password=password, **told)


def test_no_byte_of_ours_names_the_holder_his_papers_his_card_or_his_telephone(
    dongguan: Hospital, huimin: Simulator, flow_stack: Stack
) -> None:
    account = CreditAccount(dongguan, huimin, mobile=MOBILE)
    account.ready()
    episode = account.mother()
    episode.say("bills", bill_of("980.00"))
    episode.closed()
    account.repay("720.00")
    account.owes("0.00")
    account.close()
    mother = episode.submission["patient"]
    papers = mother["documents"][0]["number"]
    scanner = Scanner([NAME, account.person, CARD, MOBILE, papers, mother["name"]["zh"]])
    home = flow_stack.home
    with psycopg.connect(superuser(flow_stack), autocommit=True) as connection:
        connection.execute("checkpoint")
        for (table,) in connection.execute(
            "select relname from pg_class where relkind = 'r'"
            " and relnamespace = 'public'::regnamespace"
        ).fetchall():
            query = sql.SQL("select string_agg(t::text, chr(10)) from {} t")
            (content,) = connection.execute(query.format(sql.Identifier(table))).fetchone() or ("",)
            assert scanner.scan(table, (content or "").encode()) == []
    assert scanner.scan_folder(home.root, [home.bank, home.simulators]) == []
    kept = scanner.scan_folder(home.simulators)
    assert {hit.canary for hit in kept} >= {CARD, account.person}, "the platform itself knows him"
