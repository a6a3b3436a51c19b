"""Scenario E11 through the whole stack, to both payouts and a trial balance of nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crossclaim.stack import Stack
from tests.flows.dual_stay import (
    DISCHARGED,
    HARBOUR,
    MUTUAL,
    PEARL,
    Cover,
    DualStay,
    first_there,
    parts,
    second_here,
    second_there,
)
from tests.flows.flow_stack import simulator_of
from tests.flows.hospital import Body, Episode, Hospital
from tests.flows.money import ledger
from tests.flows.simulator import Simulator

ACCOUNTS = {HARBOUR: "6222000000000051", MUTUAL: "6222000000000052", PEARL: "6222000000000054"}
A_FEN = 2_745_000


@pytest.fixture(scope="package")
def _pearl(flow_stack: Stack) -> Iterator[Simulator]:
    party = simulator_of(flow_stack, PEARL)
    yield party
    party.close()


@pytest.fixture
def pearl(_pearl: Simulator) -> Simulator:
    _pearl.behave()
    return _pearl


def settled(episode: Episode, bank: Simulator, paid: dict[str, int]) -> Body:
    """Closed; each insurer has paid its part once, from its own account; nothing is left over."""
    rows = episode.closed()
    assert {p["debtor_organisation_id"]: p["amount_minor"] for p in rows["payouts"]} == paid
    for payout in rows["payouts"]:
        (done,) = bank.journal("executed", reference=payout["reference"])
        assert done["debtor_account"] == ACCOUNTS[payout["debtor_organisation_id"]]
        assert done["amount"] == f"{payout['amount_minor'] / 100:.2f}"
        assert (payout["state"], payout["orders"]) == ("credited", 1)
    assert {g["state"] for g in rows["guarantees"]} == {"released"}
    assert ledger(rows) == {}
    return rows


@pytest.mark.parametrize(
    ("year", "second", "patient"),
    [
        (1, "0.00", "24550.00"),
        (2, "10980.00", "13570.00"),
        (3, "21960.00", "2590.00"),
        (4, "24550.00", "0.00"),
    ],
)
def test_e11_is_paid_by_both_insurers_by_the_year_of_the_second(
    year: int,
    second: str,
    patient: str,
    shenzhen: Hospital,
    insurer: Simulator,
    bank: Simulator,
) -> None:
    stay = DualStay(shenzhen, first_there(), second_here(year))
    episode = stay.until_discharge()
    episode.wait("guarantees", insurer_id=HARBOUR, state="granted")
    split = episode.say("bills", stay.bill)
    assert parts(split) == {HARBOUR: "27450.00", MUTUAL: second, "patient": patient}
    if patient != "0.00":
        episode.tender(stay.bill, patient, "2026-04-10T10:50:00+08:00")
    fen = int(second.replace(".", ""))
    rows = settled(episode, bank, {HARBOUR: A_FEN} | ({MUTUAL: fen} if fen else {}))
    assert rows["exceptions"] == []


def test_both_insurers_may_decide_in_houses_of_their_own(
    shenzhen: Hospital, insurer: Simulator, pearl: Simulator, bank: Simulator
) -> None:
    stay = DualStay(shenzhen, first_there(), second_there())
    episode = stay.billed_before_discharge("2590.00")
    episode.say("discharge", DISCHARGED)
    settled(episode, bank, {HARBOUR: A_FEN, PEARL: 2_196_000})
    (first,) = insurer.journal("accepted", reference=stay.claims[0])
    (second,) = pearl.journal("accepted", reference=stay.claims[1])
    assert (first["other_c"], second["other_c"]) == (None, 3_000_000)


def test_a_first_that_pays_less_than_forecast_re_allocates_the_seconds_part(
    shenzhen: Hospital, insurer: Simulator, bank: Simulator
) -> None:
    stay = DualStay(shenzhen, first_there("HL-2025-E11L"), second_here(4))
    episode = stay.billed_before_discharge("0.00")
    episode.say("discharge", DISCHARGED)
    rows = episode.wait("exceptions", code="DECISION_DIFFERS")
    decided = parts(rows["allocations"][0]["result"])
    assert decided == {HARBOUR: "9150.00", MUTUAL: "42850.00", "patient": "0.00"}
    settled(episode, bank, {HARBOUR: 915_000, MUTUAL: 4_285_000})


FAULTS: list[tuple[str, Body]] = [
    ("slow", {"delay_s": 0.7}),
    ("error_500", {}),
    ("timeout_after_accept", {}),
    ("callback_twice", {}),
    ("pend_silent", {"delay_s": 0.5}),
]


@pytest.mark.parametrize(("fault", "details"), FAULTS, ids=[name for name, _ in FAULTS])
def test_whatever_befalls_the_second_claim_it_is_made_and_paid_once(
    fault: str,
    details: Body,
    shenzhen: Hospital,
    insurer: Simulator,
    pearl: Simulator,
    bank: Simulator,
) -> None:
    stay = DualStay(shenzhen, first_there(), second_there())
    pearl.fault(fault, operation="claim", policy_number=stay.policies[PEARL], **details)
    episode = stay.billed_before_discharge("2590.00")
    episode.say("discharge", DISCHARGED)
    settled(episode, bank, {HARBOUR: A_FEN, PEARL: 2_196_000})
    assert len(pearl.journal("accepted", reference=stay.claims[1])) == 1


def test_the_second_is_not_told_of_the_bill_while_the_first_has_not_decided(
    shenzhen: Hospital, insurer: Simulator, pearl: Simulator, bank: Simulator
) -> None:
    stay = DualStay(shenzhen, first_there(), second_there())
    policy = stay.policies[HARBOUR]
    insurer.fault("pend", operation="claim", policy_number=policy, delay_s=3600)
    episode = stay.billed_before_discharge("2590.00")
    episode.say("discharge", DISCHARGED)
    rows = episode.wait("claims", state="queued", organisation_id=HARBOUR)
    assert [c["organisation_id"] for c in rows["claims"]] == [HARBOUR]
    assert pearl.journal("accepted", reference=stay.claims[1]) == []
    insurer.later(3600)
    settled(episode, bank, {HARBOUR: A_FEN, PEARL: 2_196_000})


def test_the_story_names_both_insurers_and_what_the_second_was_told(
    shenzhen: Hospital, insurer: Simulator, pearl: Simulator, bank: Simulator
) -> None:
    stay = DualStay(shenzhen, first_there(), second_there())
    episode = stay.billed_before_discharge("2590.00")
    episode.say("discharge", DISCHARGED)
    episode.closed()
    story = shenzhen.get(f"{episode.path}/story").json()
    told = " ".join(line["text"] for line in story["story"])
    for words in (
        "Harbour Life Assurance Ltd",
        "Pearl River Assurance",
        "Pearl River Assurance is told that Harbour Life Assurance Ltd pays CNY 27,450.00",
    ):
        assert words in told, story["story"]


def test_a_first_that_says_not_in_force_is_taken_out_at_the_window(
    shenzhen: Hospital, insurer: Simulator, bank: Simulator
) -> None:
    lapsed = Cover(HARBOUR, "gba-network-hk", "HL-2025-LAPSED", first_there().stated)
    stay = DualStay(shenzhen, lapsed, second_here(4))
    episode = stay.until_discharge()
    answer = episode.post("bills", stay.bill)
    body = answer.json()
    assert [e["code"] for e in body["errors"]] == ["INSURER_SAYS_NOT_IN_FORCE"]
    assert [a["coverages"] for a in body["alternatives"]] == [[1]]
    split = episode.say("bills", {**stay.bill, "coverages": [1]})
    assert parts(split) == {MUTUAL: "43920.00", "patient": "8080.00"}
    episode.tender(stay.bill, "8080.00", "2026-04-10T10:50:00+08:00")
    rows = episode.wait("payouts", state="credited")
    assert {p["debtor_organisation_id"]: p["amount_minor"] for p in rows["payouts"]} == {
        MUTUAL: 4_392_000
    }
