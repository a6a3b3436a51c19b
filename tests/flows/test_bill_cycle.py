"""The bill cycle through the whole stack: a late charge after closing in a run of its own, then the
settlement cancelled, by the API alone."""

from __future__ import annotations

from crossclaim.stack import Stack
from tests.flows.dual_stay import (
    AT_DISCHARGE,
    HARBOUR,
    MUTUAL,
    DualStay,
    first_there,
    parts,
    second_here,
)
from tests.flows.flow_stack import hospital_of
from tests.flows.hospital import Body, Episode, Hospital, cny, tender_of
from tests.flows.money import ledger
from tests.flows.simulator import Simulator

LATE: Body = {
    "number": 5,
    "category": "miscellaneous",
    "code": "MISC-IP-2",
    "description": "pathology",
    "service_date": "2026-04-09",
    "quantity": 1,
    "unit_price": cny("1000.00"),
    "amount": cny("1000.00"),
}


def told(episode: Episode, number: str, what: str) -> Body:
    answer = episode.hospital.get(f"{episode.path}/bills/{number}/{what}")
    assert answer.status_code == 200, answer.text
    content: Body = answer.json()
    return content


def statuses(episode: Episode, number: str) -> list[str]:
    return [one["status"] for one in told(episode, number, "versions")["versions"]]


def test_a_late_charge_after_closing_and_then_a_cancelled_settlement(
    shenzhen: Hospital, flow_stack: Stack, insurer: Simulator, bank: Simulator
) -> None:
    stay = DualStay(shenzhen, first_there(), second_here(3))
    episode, bill = stay.until_discharge(), {**stay.bill, "version": 1}
    number = bill["number"]
    draft = episode.say("bills", {**bill, "status": "draft"})
    assert (draft["kind"], ledger(episode.rows())["guarantee:harbour-life:reserved"] > 0) == (
        "draft",
        True,
    )
    bill |= {"version": 2}
    episode.say("bills", bill)
    episode.tender(bill, "2590.00", AT_DISCHARGE)
    rows = episode.closed()
    assert ledger(rows) == {}
    assert statuses(episode, number) == ["superseded", "final"]

    late = {
        **bill,
        "version": 3,
        "lines": [*bill["lines"], LATE],
        "total": cny("53000.00"),
        "correction": {"kind": "late_charge", "of_version": 2, "reason": "Reported late."},
    }
    split = episode.say("bills", late)
    assert parts(split) == {HARBOUR: "27450.00", MUTUAL: "21960.00", "patient": "3590.00"}
    difference = told(episode, number, "differences?from=2&to=3")
    (added,) = [line for line in difference["lines"] if line["kind"] == "added"]
    assert (added["line"], difference["change"]) == (5, cny("1000.00"))
    payment = tender_of(late, "1000.00", AT_DISCHARGE)
    episode.say("tenders", payment)
    rows = episode.closed()
    assert len(rows["payouts"]) == 2, "the insurers pay once"
    assert ledger(rows) == {}

    shown = told(episode, number, "cancellation")
    assert shown["possible"] and {s["what"] for s in shown["steps"] if s["out"]} == {
        "tender_refunded",
        "claim_withdrawn",
        "claw_back",
    }
    named = {"bill_number": number, "bill_version": 3, "reason": "Another patient's stay."}
    order = {**named, "cancelled_at": "2026-04-20T10:00:00+08:00"}
    answer = episode.say("settlement-cancellations", order)
    assert answer["reversed"] == [
        {name: value for name, value in step.items() if name != "text"} for step in shown["steps"]
    ]
    episode.wait("claims", state="voided", organisation_id=HARBOUR)
    episode.paid_back()
    for back in episode.rows()["claw_backs"]:
        desk = hospital_of(flow_stack, back["organisation_id"])
        received = {"claw_back": back["reference"], "receipt": "RC-1"}
        path = f"{episode.path}/claw-backs"
        desk.say(path, {**received, "received_at": "2026-04-25T10:00:00+08:00"})
        desk.close()
    rows = episode.rows()
    assert ledger(rows) == {}
    assert statuses(episode, number) == ["superseded", "superseded", "voided"]
    story = shenzhen.get(f"{episode.path}/story").json()
    kinds = [line["kind"] for line in story["story"]]
    for kind in ("bill_draft", "bill_corrected", "claim_replaced", "settlement_taken_back"):
        assert kind in kinds, kinds
    assert kinds.count("claw_back_ordered") == kinds.count("claw_back_received") == 2
