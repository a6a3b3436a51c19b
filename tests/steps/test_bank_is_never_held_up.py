"""One order or one file that nobody can keep is answered, and what came behind it goes on."""

from __future__ import annotations

import asyncio
import itertools
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.inbox import InboxSteps
from activities.orders import InboxWatch
from crossclaim.store.match_orders import SqlMatchOrders
from tests.steps.bank_rig import DAY, Desk, booked
from tests.steps.rig import HARBOUR, Rig

ONE = {"amount": "1.00", "currency": "CNY"}
BEYOND = 10**30
_numbers = itertools.count(1)


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> Desk:
    return Desk.of(rig, tmp_path)


def remittance(hospital: str) -> dict[str, Any]:
    return {
        "number": f"HU-{next(_numbers)}",
        "hospital": hospital,
        "paid_on": str(DAY),
        "total": ONE,
        "lines": [{"reference": "X", "amount": ONE}],
    }


ORDERS = {
    "an unknown hospital": ("remittance", remittance("nobody"), "REMITTANCE_HOSPITAL_UNKNOWN"),
    "no hospital": ("remittance", remittance(HARBOUR), "REMITTANCE_HOSPITAL_UNKNOWN"),
    "an exception without end": (
        "explain",
        {"exceptions": [BEYOND], "reason": "the bank's letter", "by": "finance-1"},
        "MATCH_ITEM_UNKNOWN",
    ),
    "what no column holds": (
        "remittance",
        remittance("hku-szh") | {"number": "N" * 64, "paid_on": str(date.max - timedelta(days=1))},
        "MATCH_NOT_KEPT",
    ),
}


@pytest.mark.parametrize("kind", ORDERS)
def test_an_order_that_cannot_be_kept_holds_up_no_file_of_the_bank(desk: Desk, kind: str) -> None:
    """It came while the engine was down: the inbox finds it first, and files are behind it."""
    named, content, code = ORDERS[kind]
    if code == "MATCH_NOT_KEPT":
        content = _spoilt(content)
    orders, order = SqlMatchOrders(desk.rig.database), f"ro_hu_{desk.bank}"
    with desk.rig.database.begin() as connection:
        connection.execute(
            "insert into reconciliation_order (id, organisation_id, key_id, kind, content,"
            " received_at) values (%(id)s, %(organisation)s, 'key-1', %(kind)s, %(content)s,"
            " now() - interval '1 hour')",
            {"id": order, "organisation": HARBOUR, "kind": named, "content": json.dumps(content)},
        )
    one = desk.payout(5000)
    name = desk.comes(desk.statement(booked("DBIT", one, 5000), net=-5000))
    assert name in desk.lies_in("done")
    outcome = orders.apply_order(order, datetime.now(UTC))
    assert (outcome["status"], outcome["body"]["code"]) == (422, code)
    audited = desk.select(
        "select operation, outcome from audit where object = %(order)s", order=order
    )
    assert [tuple(row.values()) for row in audited] == [(f"{named}_bank_entries", "422")]


def _spoilt(content: dict[str, Any]) -> dict[str, Any]:
    """An amount that is more than a row can have."""
    much = {"amount_minor": 10**20, "currency": "CNY"}
    return content | {
        "paid_on": str(DAY),
        "total": much,
        "lines": [{"reference": "X", "amount": much}],
    }


def stopgap(day: str) -> dict[str, tuple[str, str]]:
    return {
        "closing day": (
            f"<Dt><Dt>{DAY}</Dt></Dt></Bal><Ntry>",
            f"<Dt><Dt>{day}</Dt></Dt></Bal><Ntry>",
        ),
        "booking day": (f"<BookgDt><Dt>{DAY}</Dt>", f"<BookgDt><Dt>{day}</Dt>"),
        "end of its period": ("<ToDtTm>2025-10-15T", f"<ToDtTm>{day}T"),
        "time of creation": ("<CreDtTm>2025-10-15T", f"<CreDtTm>{day}T"),
    }


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
@pytest.mark.parametrize("place", stopgap(""))
def test_a_day_that_stands_for_none_is_set_aside_and_the_next_file_is_read(
    desk: Desk, place: str, day: str
) -> None:
    content = desk.statement(booked("DBIT", "LETTER", 100), net=-100)
    old, new = stopgap(day)[place]
    if place == "closing day":
        head, _, _ = content.partition("<FrToDt>")
        _, _, tail = content.partition("</FrToDt>")
        content = head + tail
    assert old in content
    bad = desk.comes(content.replace(old, new))
    good = desk.comes(desk.statement(net=0))
    assert (bad in desk.lies_in("bad"), good in desk.lies_in("done")) == (True, True)
    assert desk.days() == {DAY: "closed"}


def test_a_statement_that_tells_of_days_to_come_closes_none_of_them(desk: Desk) -> None:
    content = desk.statement(net=0).replace("<ToDtTm>2025-10-15T", "<ToDtTm>2026-10-15T")
    bad = desk.comes(content)
    assert bad in desk.lies_in("bad")
    assert (desk.days(), desk.faults()) == ({}, ["BANK_STATEMENT_PERIOD"])


def test_a_worker_that_stops_leaves_its_stretch_to_the_next_one(desk: Desk) -> None:
    """Had the stretch ended well, nobody would watch until the next is due."""
    watch = InboxWatch(bank=desk.bank, seconds=60)

    async def stopped() -> None:
        here = ActivityEnvironment()
        here.worker_shutdown()
        await here.run(InboxSteps(desk.world).watch_inbox, watch)

    with pytest.raises(ApplicationError) as told:
        asyncio.run(stopped())
    assert told.value.type == "WORKER_STOPS" and not told.value.non_retryable
