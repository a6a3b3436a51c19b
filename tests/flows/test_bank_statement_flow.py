"""A payout from the order to the statement's line, and a doubled one that a person explains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crossclaim.stack import Stack
from tests.flows.bank_desk import BankDesk
from tests.flows.flow_stack import hospital_of
from tests.flows.hospital import Hospital
from tests.flows.inpatient_stay import DISCHARGED, HERE, InpatientStay
from tests.flows.patience import until
from tests.flows.simulator import Simulator


@pytest.fixture(scope="module")
def mutual(flow_stack: Stack) -> Iterator[Hospital]:
    """The API with the key of the insurer that pays."""
    client = hospital_of(flow_stack, HERE)
    yield client
    client.close()


def listed(client: Hospital, name: str, reference: str) -> list[dict[str, Any]]:
    found = client.get(f"/v1/bank-{name}?bank=harbour-bank&limit=200").json()[name]
    return [
        row
        for row in found
        if row["reference"] == reference and row.get("source") != "notification"
    ]


def stated(client: Hospital, reference: str, count: int) -> list[dict[str, Any]]:
    """The payout's lines, once the statement is in and matched, oldest first."""

    def look() -> list[dict[str, Any]] | None:
        found = listed(client, "entries", reference)
        return found if [row["status"] for row in found if row["status"]][count - 1 :] else None

    return until(look, "the statement's lines")[::-1]


def test_a_payout_that_the_bank_made_twice_is_told_and_explained(
    shenzhen: Hospital, mutual: Hospital, bank: Simulator, desk: BankDesk
) -> None:
    stay = InpatientStay(shenzhen)
    episode = stay.billed_before_discharge()
    episode.say("discharge", DISCHARGED)
    episode.wait("payouts", state="credited")
    (order,) = desk.orders(stay.payout)
    desk.send_copy(order)
    until(
        lambda: len(bank.journal("executed", reference=stay.payout)) == 2,
        "the second execution",
    )
    bank.order("/statement", {})
    first, second = stated(mutual, stay.payout, 2)
    assert (first["status"], second["status"]) == ("matched", "duplicate")
    assert second["why"] == "PAID_AGAIN"
    assert second["candidates"] == [] or second["candidates"][0]["item"] == f"payout:{stay.payout}"
    (ours,) = listed(mutual, "movements", stay.payout)
    assert (ours["status"], ours["amount"]) == ("matched", first["amount"])

    # The hospital was credited twice, and its own account says so; it sees no other account.
    def credited_again() -> list[Any] | None:
        told = shenzhen.get("/v1/bank-entries?status=duplicate").json()["entries"]
        return [one for one in told if one["reference"] == stay.payout] or None

    (credited,) = until(credited_again, "the advice of the second credit")
    assert credited["organisation"] == "hku-szh"

    explained = {
        "entries": [second["id"]],
        "reason": "The bank takes the second one back.",
        "by": "finance-1",
    }
    key = {"Idempotency-Key": f"explain-{stay.payout}"}
    made = mutual.post("/v1/bank-explanations", explained, key)
    again = mutual.post("/v1/bank-explanations", explained, key)
    assert (made.status_code, again.status_code) == (201, 201)
    assert again.json() == made.json() and again.headers["Idempotent-Replayed"] == "true"
    (_, row) = stated(mutual, stay.payout, 2)
    assert (row["explanation"], row["explained_by"]) == (explained["reason"], "finance-1")
    refused = mutual.post("/v1/bank-explanations", explained).json()
    assert [error["code"] for error in refused["errors"]] == ["MATCH_ALREADY_DONE"]
    undone = {"match": made.json()["match"], "reason": "It stays.", "by": "finance-2"}
    assert mutual.post("/v1/bank-undoings", undone).status_code == 201
    (_, row) = stated(mutual, stay.payout, 2)
    assert (row["status"], row["explained_at"]) == ("duplicate", None)
    assert shenzhen.post("/v1/bank-undoings", undone).status_code == 422

    day = f"/v1/bank-days/harbour-bank/{row['account']}/{row['booked_on']}"
    told = mutual.get(day).json()
    assert told["unexplained"] == "0.00"
    assert {"item": f"entry:{row['id']}", "reason": "LEDGER_NOT_YET"}.items() <= next(
        line for line in told["lines"] if line["item"] == f"entry:{row['id']}"
    ).items()
    assert shenzhen.get(day).status_code == 404
