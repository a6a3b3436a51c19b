"""A day closes only when remittances, basic insurance and vouchers are matched or explained too."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from activities.payout_intent import account_sha256
from activities.reconciliations import ReconciliationSteps
from crossclaim.cli.application import app
from crossclaim.domain.bank_account import AccountKey
from crossclaim.domain.errors import CrossclaimError
from crossclaim.stack import Stack
from crossclaim.store.match_orders import SqlMatchOrders
from crossclaim.wiring import api_house
from tests.steps.bank_rig import DAY, PAYEE, Desk, booked
from tests.steps.clinic import Clinic
from tests.steps.rig import HARBOUR, HOSPITAL, Rig
from tests.steps.test_reconciliation import DAY as CARE
from tests.steps.test_reconciliation import ORDER, settled
from tests.steps.test_remittances import remit, statuses

_numbers = itertools.count(1)


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk.of(rig, tmp_path)
    with rig.database.begin() as connection:
        connection.execute(
            "update payout_intent set settled_at = settled_at - interval '9 years'"
            " where bank <> %(bank)s and settled_at > '2020-01-01'",
            {"bank": desk.bank},
        )
    yield desk
    with rig.database.begin() as connection:
        connection.execute("update source_item set stands = false")


def order(desk: Desk, kind: str, organisation: str, **content: Any) -> dict[str, Any]:
    orders, name = SqlMatchOrders(desk.rig.database), f"ro_si_{desk.bank}_{next(_numbers)}"
    told = {"reason": "The letter of the 16th.", "by": "finance-1", **content}
    orders.add_order(name, organisation, "key-1", kind, json.dumps(told))
    outcome = orders.apply_order(name, datetime.now(UTC))
    assert orders.apply_order(name, datetime.now(UTC)) == outcome
    return outcome


def open_items(desk: Desk, organisation: str) -> list[dict[str, Any]]:
    return desk.select(
        "select * from source_item where organisation_id = %(o)s and stands and by_hand is null"
        " and status not in ('matched', 'split', 'expected') order by id",
        o=organisation,
    )


def days(desk: Desk, account: str) -> dict[date, str]:
    rows = desk.select(
        "select day, state from bank_day where bank = %(bank)s and account_sha256 = %(a)s",
        a=account_sha256(account),
    )
    return {row["day"]: row["state"] for row in rows}


def test_a_remittance_line_that_is_nobodys_keeps_the_day_open_until_it_is_explained(
    desk: Desk,
) -> None:
    one = desk.payout(100)
    postings = desk.postings()
    told = remit(desk, {one: 100, "CL-STRANGE": 5})
    assert statuses(told) == [(one, "matched"), ("", "missing")]
    desk.comes(desk.statement(booked("DBIT", one, 100), net=-100))
    assert desk.expected()[one] == "matched" and desk.days() == {}
    (stranger,) = open_items(desk, HARBOUR)
    assert (stranger["status"], stranger["why"]) == ("missing", "NOTHING_EXPECTED")

    made = order(desk, "explain_items", HARBOUR, items=[stranger["id"]])
    assert made["status"] == 201 and made["body"]["status"] == "explained"
    # Days at other tests' banks of the same insurer close with it.
    assert {(d["day"], d["event"]) for d in made["body"]["days"]} == {(str(DAY), "closed")}
    assert desk.days() == {DAY: "closed"}
    # The hospital has the same line on its own day, and explains it for itself.
    assert [row["item"] for row in open_items(desk, HOSPITAL)] == [stranger["item"]]
    again = order(desk, "explain_items", HARBOUR, items=[stranger["id"]])
    assert [e["code"] for e in again["body"]["errors"]] == ["MATCH_ALREADY_DONE"]

    undone = order(desk, "undo_items", HARBOUR, match=made["body"]["match"])
    assert undone["body"]["days"][0]["cause"] == "OPEN_ELSEWHERE"
    assert desk.days() == {DAY: "open"}
    twice = order(desk, "undo_items", HARBOUR, match=made["body"]["match"])
    assert [e["code"] for e in twice["body"]["errors"]] == ["MATCH_UNDONE"]
    foreign = order(desk, "explain_items", HOSPITAL, items=[stranger["id"]])
    assert [e["code"] for e in foreign["body"]["errors"]] == ["MATCH_ITEM_UNKNOWN"]
    assert desk.postings() == postings
    audited = desk.select("select operation from audit where operation like '%%_items_%%'")
    assert {row["operation"] for row in audited} >= {"explain_items_bank_entries"}


def test_a_payout_that_a_remittance_left_out_is_found_in_a_later_one(desk: Desk) -> None:
    one, two = desk.payout(100), desk.payout(200)
    remit(desk, {one: 100})
    assert [row["item"] for row in open_items(desk, HARBOUR)] == [two]
    remit(desk, {two: 200})
    assert open_items(desk, HARBOUR) == [] == open_items(desk, HOSPITAL)


def test_a_stranger_and_a_payout_left_out_are_matched_by_a_person(desk: Desk, stack: Stack) -> None:
    one = desk.payout(700)
    remit(desk, {"THEIR-NUMBER": 700})
    ids = [row["id"] for row in open_items(desk, HARBOUR)]
    (theirs,) = (row for row in open_items(desk, HARBOUR) if row["side"] == "theirs")
    assert theirs["candidates"] == [{"item": one, "because": "SAME_AMOUNT"}]

    def run(*words: str) -> str:
        told = ["settlement", *words, "--data-dir", str(stack.home.root)]
        result = CliRunner().invoke(app, told)
        if isinstance(result.exception, CrossclaimError):
            raise result.exception
        return result.stdout

    listed = json.loads(run("items", "--open", "--organisation", HARBOUR, "--json"))
    assert {row["id"] for row in listed} == set(ids)
    assert listed[-1]["candidates"][0]["detail"] == "The amount is the same."
    said = ("--reason", "their letter", "--by", "finance-1")
    named = [word for one_ in ids for word in ("--item", str(one_))]
    assert "matched" in run("match", *named, *said)
    assert open_items(desk, HARBOUR) == []
    with pytest.raises(CrossclaimError, match="matched or explained already"):
        run("explain", *named, *said)
    (made,) = desk.select("select max(id) as id from source_match")
    assert "undone" in run("undo", str(made["id"]), *said)
    assert len(open_items(desk, HARBOUR)) == 2


def test_a_difference_of_basic_insurance_keeps_the_hospitals_day_open(
    desk: Desk, clinic: Clinic
) -> None:
    with clinic.rig.database.begin() as connection:
        connection.execute(
            "update claim set decided_at = '2020-01-01' where kind = 'basic_insurance'"
        )
    visit = settled(clinic)
    steps = ReconciliationSteps(clinic.world)
    own = {"payer": PAYEE.number, "day": CARE}
    desk.comes(desk.statement(net=0, **own))  # type: ignore[arg-type]
    assert days(desk, PAYEE.number) == {CARE: "closed"}

    with clinic.rig.database.begin() as connection:
        connection.execute(
            "update settlement_quote set fund_minor = 401 where episode_id = %(id)s",
            {"id": visit.episode},
        )
    steps.compare(HOSPITAL, ORDER)
    assert days(desk, PAYEE.number) == {CARE: "open"}
    found = {(row["source"], row["side"], row["status"]) for row in open_items(desk, HOSPITAL)}
    assert found == {
        (source, side, "under")
        for source in ("bureau_total", "bureau_detail")
        for side in ("ours", "theirs")
    }
    key = AccountKey(bank=desk.bank, account=account_sha256(PAYEE.number), organisation=HOSPITAL)
    causes = desk.select(
        "select cause from bank_day_event where bank = %(bank)s and account_sha256 = %(a)s"
        " order by id desc limit 1",
        a=key.account,
    )
    assert causes == [{"cause": "OPEN_ELSEWHERE"}]

    ids = [row["id"] for row in open_items(desk, HOSPITAL)]
    explained = order(desk, "explain_items", HOSPITAL, items=ids)
    assert days(desk, PAYEE.number) == {CARE: "closed"}, explained
    steps.compare(HOSPITAL, ORDER)  # the same difference again asks nobody again
    assert days(desk, PAYEE.number) == {CARE: "closed"}
    _fund(clinic, visit.episode, 402)  # another one does
    steps.compare(HOSPITAL, ORDER)
    assert days(desk, PAYEE.number) == {CARE: "open"}
    _fund(clinic, visit.episode, 400)
    steps.compare(HOSPITAL, ORDER)
    assert (open_items(desk, HOSPITAL), days(desk, PAYEE.number)) == ([], {CARE: "closed"})
    assert visit.exceptions() == {}, "what agrees again settles its exception"


def _fund(clinic: Clinic, episode: str, fund: int) -> None:
    with clinic.rig.database.begin() as connection:
        connection.execute(
            "update settlement_quote set fund_minor = %(fund)s where episode_id = %(id)s",
            {"id": episode, "fund": fund},
        )


def test_an_organisation_sees_its_own_items_alone(desk: Desk, stack: Stack) -> None:
    remit(desk, {"NOBODYS": 5})
    house = api_house(stack.settings)
    try:
        for organisation, count in ((HARBOUR, 1), (HOSPITAL, 1), ("kowloon-mutual", 0)):
            with house.database.begin(organisation) as connection:
                rows = connection.execute("select * from source_item where stands").all()
            assert len(rows) == count
    finally:
        house.database.close()
