"""An episode that is held, begun anew in the middle of its steps, and released, pays once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crossclaim.security.api_keys import new_key
from crossclaim.security.roles import Role
from crossclaim.stack import Stack
from crossclaim.store.keys import SqlApiKeys
from crossclaim.wiring import worker_house
from tests.flows.hospital import Episode, Hospital
from tests.flows.inpatient_stay import DISCHARGED, InpatientStay
from tests.flows.money import ledger
from tests.flows.patience import until
from tests.flows.simulator import Simulator
from tests.steps.repairing import hold


@pytest.fixture
def supervisor(flow_stack: Stack) -> Iterator[Hospital]:
    """A supervisor of the platform's support, who posts as every desk does."""
    house = worker_house(flow_stack.settings)
    plaintext, record = new_key("demo")
    SqlApiKeys(house.database).add("crossclaim", Role.SUPPORT_SUPERVISOR.value, record)
    house.database.close()
    desk = Hospital("crossclaim", flow_stack.urls.api, plaintext)
    yield desk
    desk.close()


def begins_anew(supervisor: Hospital, episode: Episode) -> None:
    answer = supervisor.post(f"{episode.path}/resets", {"reason": "It hangs."})
    assert answer.status_code == 200, answer.text


def test_held_and_twice_begun_anew_it_is_claimed_and_paid_once(
    shenzhen: Hospital, supervisor: Hospital, insurer: Simulator, bank: Simulator
) -> None:
    stay = InpatientStay.there(shenzhen)
    insurer.fault("timeout_after_accept", operation="claim", policy_number=stay.policy)
    episode = stay.billed_before_discharge()
    body = hold()
    assert supervisor.say(f"{episode.path}/holds", body)["status"] == "held"
    episode.say("discharge", DISCHARGED)
    begins_anew(supervisor, episode)
    waits_for(episode, "HELD")
    assert not insurer.journal("accepted", reference=stay.claim)
    refused = shenzhen.refused(f"{episode.path}/releases", released(body["number"]))
    assert refused == ["HOLD_OF_ANOTHER"]
    supervisor.say(f"{episode.path}/releases", released(body["number"]))
    until(lambda: insurer.journal("accepted", reference=stay.claim), "the claim there")
    begins_anew(supervisor, episode)
    rows = episode.closed()
    assert len(insurer.journal("accepted", reference=stay.claim)) == 1
    assert [(p["reference"], p["state"]) for p in rows["payouts"]] == [(stay.payout, "credited")]
    assert len(bank.journal("executed", reference=stay.payout)) == 1
    assert ledger(rows) == {}
    texts = [line["text"] for line in shenzhen.get(f"{episode.path}/story").json()["story"]]
    assert sum("holds the episode" in text for text in texts) == 1
    assert sum("it goes on where it was" in text for text in texts) == 1


def released(number: str) -> dict[str, str]:
    return {"hold": number, "note": "Looked at.", "asked_at": "2026-04-14T12:00:00+08:00"}


def waits_for(episode: Episode, code: str) -> None:
    def waits() -> bool:
        told = episode.hospital.get(f"{episode.path}/story").json()
        return bool(told["waiting"] and told["waiting"]["code"] == code)

    until(waits, f"the wait {code}")
