"""What is told of an account: pages, whose they are, a day by both books, and the command line."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from crossclaim.cli.application import app
from crossclaim.domain.errors import CrossclaimError, NotFound
from crossclaim.domain.ledger import credit_entry, hospital_bills
from crossclaim.domain.matching import digest_of
from crossclaim.stack import Stack
from crossclaim.store.bank_reads import BANK_LISTS, BankFilters, SqlBankReads
from crossclaim.wiring import api_house
from tests.steps.bank_rig import DAY, OPENING, Desk, booked
from tests.steps.rig import HARBOUR, Rig

NEXT = DAY + timedelta(days=1)


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> Desk:
    return Desk.of(rig, tmp_path)


def credited(desk: Desk, reference: str, minor: int, at: datetime) -> None:
    """Our ledger's entry of a payee's credit, as the step of the payout posts it."""
    payee = hospital_bills("hku-szh")
    entry = credit_entry(f"credit:{reference}", payee, HARBOUR, desk.bank, minor)
    (row,) = desk.select(
        "select episode_id from payout_intent where reference = %(r)s", r=reference
    )
    with desk.world.records.transaction() as tx:
        tx.post(row["episode_id"], entry, at)


def noon(day: Any) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def test_pages_follow_each_other_and_miss_nothing(desk: Desk) -> None:
    lines = [booked("DBIT", f"X{n}", 100 + n, payee="") for n in range(5)]
    desk.comes(desk.statement(*lines, net=-510))
    reads, seen, after = SqlBankReads(desk.rig.database), [], None
    filters = BankFilters(bank=desk.bank, limit=2)
    for _ in range(3):
        page, after = reads.page("entries", filters, after)
        seen += [row["reference"] for row in page]
    assert (seen, after) == ([digest_of(f"X{n}") for n in (4, 3, 2, 1, 0)], None)
    assert reads.page("entries", filters, "no cursor of ours")[0] == []


def test_an_organisation_sees_its_own_accounts_alone(desk: Desk, stack: Stack) -> None:
    one = desk.payout(100)
    desk.comes(desk.statement(booked("DBIT", one, 100), booked("DBIT", "Z", 1, payee=""), net=-101))
    desk.comes(desk.statement(net=0, number=9, day=NEXT, opening=OPENING))
    house = api_house(stack.settings)
    reads, filters = SqlBankReads(house.database), BankFilters(bank=desk.bank, limit=100)
    try:
        # Remittances are of no bank.
        for name in set(BANK_LISTS) - {"remittances"}:
            own = reads.page(name, filters, None, HARBOUR)[0]
            assert bool(own) == (name not in ("days", "matches", "items")), name
            assert reads.page(name, filters, None, "kowloon-mutual")[0] == [], name
        with pytest.raises(NotFound):
            reads.bridge(desk.bank, desk.key.account, DAY, "kowloon-mutual")
        assert reads.bridge(desk.bank, desk.key.account, DAY, HARBOUR)[1].bank_minor == -101
    finally:
        house.database.close()


def test_a_day_of_the_ledger_is_the_statements_or_the_difference_is_told(desk: Desk) -> None:
    same, later, unstated = desk.payout(5000), desk.payout(700), desk.payout(30)
    credited(desk, same, 5000, noon(DAY))
    credited(desk, later, 700, noon(NEXT))
    credited(desk, unstated, 30, noon(DAY))
    fee = booked("DBIT", "", 20, payee="", sub_family="CHRG", booking=f"F{desk.bank}")
    desk.comes(
        desk.statement(
            booked("DBIT", same, 5000),
            booked("DBIT", later, 700),
            booked("DBIT", "STRANGER", 1, payee=""),
            fee,
            net=-5721,
        )
    )
    _, found = SqlBankReads(desk.rig.database).bridge(desk.bank, desk.key.account, DAY)
    assert (found.bank_minor, found.ledger_minor) == (-5721, -5050)
    assert {(line.amount_minor, line.reason.value) for line in found.lines} == {
        (-700, "LEDGER_LATER"),
        (30, "BANK_NOT_YET"),
        (-1, "LEDGER_NOT_YET"),
    }
    assert found.unexplained_minor == 0


def run(stack: Stack, *words: str) -> str:
    result = CliRunner().invoke(app, ["bank", *words, "--data-dir", str(stack.home.root)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


def test_the_command_line_tells_what_is_open_and_takes_a_match(desk: Desk, stack: Stack) -> None:
    one = desk.payout(5000)
    desk.comes(desk.statement(booked("DBIT", "LETTER", 5000, payee=""), net=-5000))
    about = ("--bank", desk.bank)
    (tally,) = json.loads(run(stack, "reconcile", *about, "--json"))
    assert (tally["open"], tally["organisation"]) == (2, HARBOUR)
    (entry,) = json.loads(run(stack, "entries", *about, "--open", "--json"))
    assert entry["candidates"][0]["item"] == f"payout:{one}"
    assert entry["detail"] == "We expect nothing like it."
    (row,) = csv.DictReader(io.StringIO(run(stack, "movements", *about, "--csv")))
    assert (row["id"], row["amount"]) == (f"payout:{one}", "50.00 CNY")
    said = ("--reason", "the bank's letter", "--by", "finance-1")
    about_one = ("--entry", str(entry["id"]), "--expected", f"payout:{one}")
    assert f"{DAY} closed" in run(stack, "match", *about_one, *said)
    assert "matched" in run(stack, "entries", *about)
    (day,) = json.loads(run(stack, "day", str(DAY), *about, "--json"))
    assert (day["by_bank"], day["unexplained"]) == ("-50.00", "0.00")
    with pytest.raises(CrossclaimError) as refused:
        run(stack, "match", *about_one, *said)
    assert "matched or explained already" in refused.value.detail
    made = desk.select("select id from bank_match where bank = %(bank)s")[0]["id"]
    assert "undone" in run(stack, "undo", str(made), *said)
    assert json.loads(run(stack, "days", *about, "--json"))[0]["state"] == "open"
    for name in ("statements", "exceptions"):
        run(stack, name, *about)
