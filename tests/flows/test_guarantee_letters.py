"""Letters of guarantee on the whole stack: raised there by callback, here by a person, told as
exposure until the stay is paid."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crossclaim.stack import Stack
from tests.flows.flow_stack import hospital_of
from tests.flows.hospital import Body, Hospital, cny, next_number, tender_of, totals
from tests.flows.inpatient_stay import (
    ADMITTED,
    AT_DISCHARGE,
    DISCHARGED,
    HERE,
    HERE_LIMITED,
    THERE,
    InpatientStay,
)
from tests.flows.money import ledger
from tests.flows.simulator import Simulator

MORE = {"planned_amount": cny("36600.00"), "requested_at": "2026-03-10T15:00:00+08:00"}
"""HKD 40,000.00 at the letter's rate."""


@pytest.fixture(scope="module")
def mutual(flow_stack: Stack) -> Iterator[Hospital]:
    """An insurer at the API; a desk posts alike, whosever it is."""
    with_key = hospital_of(flow_stack, HERE)
    yield with_key
    with_key.close()


def exposure(party: Hospital, insurer: str) -> tuple[int, int]:
    """Cents that are open and used of the insurer's letters, as ``party`` reads them."""
    told: list[Body] = party.get("/v1/exposures").json()["exposures"]
    own = [one for one in told if one["insurer"] == insurer]
    return _sum(own, "open"), _sum(own, "used")


def _sum(told: list[Body], what: str) -> int:
    return sum(int(one[what]["amount"].replace(".", "")) for one in told)


def test_more_is_promised_there_by_callback_and_the_stay_is_paid_in_full(
    shenzhen: Hospital, insurer: Simulator
) -> None:
    stay = InpatientStay(shenzhen, THERE, f"HL-2025-R{next_number():05d}")
    open_before, used_before = exposure(shenzhen, THERE)
    episode = stay.open()
    episode.wait("guarantees", state="granted", limit_minor=3000000)
    asked = {"number": "GR-1", "insurer": THERE, **MORE}
    assert episode.say("guarantee-requests", asked)["status"] == "due"
    rows = episode.wait("guarantees", state="granted", limit_minor=4000000)
    (letter,), (request,) = rows["guarantees"], rows["guarantee_requests"]
    assert (request["state"], request["reference"]) == ("granted", f"{letter['reference']}T1")
    assert len(insurer.journal("accepted", reference=request["reference"])) == 1
    assert exposure(shenzhen, THERE)[0] - open_before == 4000000
    episode.say("admission", ADMITTED)
    episode.say("discharge", DISCHARGED)
    assert totals(episode.say("bills", stay.bill))["insurer"] == "31040.33"
    episode.say("tenders", tender_of(stay.bill, "20810.17", AT_DISCHARGE))
    rows = episode.closed()
    assert rows["guarantees"][0]["state"] == "released"
    assert ledger(rows) == {} and rows["exceptions"] == []
    assert exposure(shenzhen, THERE) == (open_before, used_before)


def test_here_a_person_decides_what_the_rules_may_not_and_takes_it_back(
    shenzhen: Hospital, mutual: Hospital
) -> None:
    stay = InpatientStay(shenzhen, HERE, HERE_LIMITED)
    episode = stay.open()
    episode.wait("guarantees", state="granted", limit_minor=3000000)
    told = episode.say("guarantee-requests", {"number": "GR-1", "insurer": HERE, **MORE})
    assert (told["status"], told["reasons"]) == ("at_desk", ["ABOVE_POLICY_LIMIT"])
    assert told["due_at"] is not None
    word = {
        "request": told["request"],
        "approved": True,
        "limit": {"amount": "40000.00", "currency": "HKD"},
        "conditions": ["encounter-class:inpatient"],
        "decided_at": "2026-03-10T15:20:00+08:00",
    }
    open_before, _ = exposure(mutual, HERE)
    decided = mutual.say(f"{episode.path}/guarantee-decisions", word)
    assert (decided["limit"]["amount"], decided["open"]["amount"]) == ("40000.00", "40000.00")
    assert mutual.say(f"{episode.path}/guarantee-decisions", word) == decided, "sent again"
    assert exposure(mutual, HERE)[0] - open_before == 1000000
    episode.say("admission", ADMITTED)
    episode.say("bills", stay.interim)
    used = episode.rows()["guarantees"][0]["used_minor"]
    assert used > 0
    gone = {
        "guarantee": told["guarantee"],
        "reason": "POLICY_LAPSED",
        "withdrawn_at": "2026-03-13T20:00:00+08:00",
    }
    back = mutual.say(f"{episode.path}/guarantee-withdrawals", gone)
    assert (back["status"], back["open"]["amount"]) == ("withdrawn", "0.00")
    episode.say("discharge", DISCHARGED)
    split = episode.say("bills", stay.bill)
    (part,) = [t for t in split["totals"] if t["funder"] == "insurer"]
    assert part["in_funder_currency"]["amount"] == f"{used / 100:.2f}", "what was used stays"
    episode.say("tenders", tender_of(stay.bill, totals(split)["patient"], AT_DISCHARGE))
    rows = episode.closed()
    assert rows["guarantees"][0]["state"] == "released" and ledger(rows) == {}
