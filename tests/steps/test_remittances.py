"""An insurer's remittance is held against its payouts, and one credit is found as all of them."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from activities.payout_intent import account_sha256
from crossclaim.domain.bank_account import AccountKey
from crossclaim.store.match_orders import SqlMatchOrders
from tests.steps.bank_rig import DAY, PAYEE, Desk, booked, text
from tests.steps.rig import HARBOUR, Rig

_numbers = itertools.count(1)


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> Desk:
    desk = Desk.of(rig, tmp_path)
    # Other tests' payouts of this insurer are of another day.
    statement = (
        "update payout_intent set settled_at = settled_at - interval '9 years'"
        " where bank <> %(bank)s and settled_at > '2020-01-01'"
    )
    with rig.database.begin() as connection:
        connection.execute(statement, {"bank": desk.bank})
    return desk


def remit(
    desk: Desk, lines: dict[str, int], *, number: str = "", total: int | None = None
) -> dict[str, Any]:
    content = {
        "number": number or f"RA-{desk.bank}-{next(_numbers)}",
        "hospital": "hku-szh",
        "paid_on": str(DAY),
        "total": money(sum(lines.values()) if total is None else total),
        "lines": [{"reference": r, "amount": money(minor)} for r, minor in lines.items()],
    }
    orders, name = SqlMatchOrders(desk.rig.database), f"ro_ra_{desk.bank}_{next(_numbers)}"
    orders.add_order(name, HARBOUR, "key-1", "remittance", json.dumps(content))
    return orders.apply_order(name, datetime.now(UTC))


def money(minor: int) -> dict[str, str]:
    return {"amount": text(minor), "currency": "CNY"}


def statuses(outcome: dict[str, Any]) -> list[tuple[str, str]]:
    assert outcome["status"] == 201, outcome
    return [(line["payout"], line["status"]) for line in outcome["body"]["lines"]]


def test_each_line_has_its_status_and_what_is_left_out_is_missing(desk: Desk) -> None:
    one, two, three = desk.payout(100), desk.payout(200), desk.payout(300)
    postings = desk.postings()
    told = remit(desk, {one: 100, two: 201, "CL-UNKNOWN": 5})
    assert statuses(told) == [(one, "matched"), (two, "over"), ("", "missing"), (three, "missing")]
    assert told["body"]["status"] == "open"
    assert desk.postings() == postings


def test_what_an_earlier_remittance_told_is_a_duplicate(desk: Desk) -> None:
    one = desk.payout(100)
    assert statuses(remit(desk, {one: 100})) == [(one, "matched")]
    assert statuses(remit(desk, {one: 100})) == [(one, "duplicate")]


def test_the_same_remittance_again_is_answered_the_same_and_another_is_refused(desk: Desk) -> None:
    one = desk.payout(100)
    number = f"RA-{desk.bank}"
    first = remit(desk, {one: 100}, number=number)
    assert remit(desk, {one: 100}, number=number) == first
    other = remit(desk, {one: 99}, number=number)
    assert [e["code"] for e in other["body"]["errors"]] == ["REMITTANCE_NUMBER_REUSED"]


def test_a_remittance_that_does_not_add_up_is_refused(desk: Desk) -> None:
    one = desk.payout(100)
    found = remit(desk, {one: 100}, total=101)
    assert [e["code"] for e in found["body"]["errors"]] == ["REMITTANCE_SUMS"]
    assert statuses(remit(desk, {one: 100})) == [(one, "matched")]


def test_one_credit_is_found_as_all_that_the_remittance_names(desk: Desk) -> None:
    """Many of ours, one of the hospital's bank."""
    one, two = desk.payout(100), desk.payout(200)
    number = f"RA-{desk.bank}"
    remit(desk, {one: 100, two: 200}, number=number)
    credit = booked("CRDT", number, 300, payee="")
    desk.comes(desk.statement(credit, net=300, payer=PAYEE.number))
    assert desk.entries() == [(number, "matched", "TOTAL_OF_BATCH")]
    key = AccountKey(bank=desk.bank, account=account_sha256(PAYEE.number), organisation="hku-szh")
    ours = desk.select(
        "select reference, status from expected_movement where account_sha256 = %(account)s"
        " and bank = %(bank)s and reference = any(%(both)s) order by reference",
        account=key.account,
        both=[one, two],
    )
    assert {row["reference"]: row["status"] for row in ours} == {one: "matched", two: "matched"}
