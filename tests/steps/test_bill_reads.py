"""Versions, differences and the preview of a cancellation, as each party may see them."""

from __future__ import annotations

import pytest

from crossclaim.cli.bill import _cancellation, _differences, _versions
from crossclaim.domain.errors import NotFound
from crossclaim.security.roles import Principal, Role
from crossclaim.service.bills import SqlBills
from tests.steps.bill_cycle import DRUG, Cycle
from tests.steps.rig import HARBOUR, HOSPITAL, MUTUAL, Rig
from tests.steps.two_insurers import first_there, second_here


def principal(organisation: str, role: Role) -> Principal:
    return Principal(organisation=organisation, role=role, key_id="k")


DESK = principal(HOSPITAL, Role.HOSPITAL_BILLING)


def test_every_party_sees_its_own_part_of_versions_and_differences(rig: Rig) -> None:
    stay = Cycle.opened(rig, [first_there(), second_here(3)], version=1)
    assert isinstance(stay, Cycle)
    stay.send(stay.bill)
    stay.confirmed()
    stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
    stay.confirmed()
    bills, number = SqlBills(rig.intake._database), stay.bill["number"]

    told = bills.versions_told(DESK, stay.episode, number)
    assert [one["status"] for one in told["versions"]] == ["superseded", "confirmed"]
    parts = {p["organisation"] or p["funder"]: p for p in told["versions"][1]["funders"]}
    assert {who: part["state"] for who, part in parts.items()} == {
        HARBOUR: "confirmed",
        MUTUAL: "confirmed",
        "patient": "open",
    }
    assert parts[HARBOUR]["confirmed_at"] and told["versions"][1]["text"]["zh_hant"]
    found = bills.difference_told(DESK, stay.episode, number, 1, 2)
    assert found["reason"] == "late_charge" and found["change"]["amount"] == "1000.00"
    assert len(found["funders"]) == 3
    shown = bills.cancellation_told(DESK, stay.episode, number)
    assert shown["possible"] and "claim_withdrawn" in {s["what"] for s in shown["steps"]}

    insurer = principal(HARBOUR, Role.INSURER_SYSTEM)
    own = bills.difference_told(insurer, stay.episode, number, 1, 2)
    assert {f["organisation"] for f in own["funders"]} == {HARBOUR}
    assert MUTUAL not in str(own)
    seen = bills.versions_told(insurer, stay.episode, number)
    assert MUTUAL not in str(seen) and "patient" not in str(seen["versions"][1]["funders"])
    for stranger in ("jiangmen-central", "pearl-assurance"):
        with pytest.raises(NotFound):
            bills.versions_told(principal(stranger, Role.HOSPITAL_BILLING), stay.episode, number)
    with pytest.raises(NotFound):
        bills.difference_told(DESK, stay.episode, number, 1, 9)

    text = [*_versions(told, "en"), *_differences(found, "en"), *_cancellation(shown, "zh_hans")]
    assert f"{number} version 2  confirmed (late_charge of 1)" in text
    assert "Line 5 was added: CNY 1,000.00." in text
    assert any("撤回索赔" in line for line in text)
