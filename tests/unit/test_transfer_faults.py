"""What is wrong with a hand-over before anything is known of its episode: all of it at once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import yaml

from crossclaim.domain.fault_context import Context
from crossclaim.domain.faults import faults_of
from crossclaim.domain.reference import Reference
from crossclaim.domain.submission import ConsentType, SubmissionKind
from crossclaim.domain.transfer import doubts, emergency_rule, needs_on, release_of
from crossclaim.domain.transfer_submission import Region, VehicleApproval
from crossclaim.plans.loader import load_plans
from crossclaim.seed import EXAMPLES
from tests.flows.hospital import example, varied

REFERENCE = Reference.model_validate(yaml.safe_load((EXAMPLES / "reference.yaml").read_text()))
RECEIVED = datetime(2026, 4, 14, 4, 0, tzinfo=UTC)
CONTEXT = Context(received_at=RECEIVED, hospital="hku-szh")
PLANS = load_plans()


def codes(context: Context = CONTEXT, **changes: Any) -> list[tuple[str, str]]:
    raw = varied(example("ambulance-transfer")["hand-over"], **changes)
    found = faults_of(SubmissionKind.HAND_OVER, raw, REFERENCE, context)
    for fault in found:
        assert fault.text.en and fault.text.zh_hant and fault.text.zh_hans
    return [(fault.code, fault.pointer) for fault in found]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        (
            {"taken_over_by": {"institution": "hku-szh"}},
            [("TRANSFER_SAME_INSTITUTION", "/taken_over_by/institution")],
        ),
        (
            {"taken_over_by": {"institution": "jiangmen-central"}},
            [("TRANSFER_NOT_ACROSS", "/taken_over_by/institution")],
        ),
        (
            {"taken_over_by": {"institution": "nowhere"}},
            [("TRANSFER_INSTITUTION_UNKNOWN", "/taken_over_by/institution")],
        ),
        (
            {"handed_over_by": {"institution": "jiangmen-central"}},
            [("TRANSFER_NOT_OURS", "/handed_over_by/institution")],
        ),
        (
            {"handed_over_at": "2026-04-14T09:09:59+08:00"},
            [("TRANSFER_TIMES", "/handed_over_at")],
        ),
        ({"handed_over_at": "2026-04-14T09:10:00+08:00"}, []),
        ({"handed_over_at": "2026-04-14T12:05:00+08:00"}, []),
        (
            {"handed_over_at": "2026-04-14T12:05:01+08:00"},
            [("TRANSFER_TIME_AHEAD", "/handed_over_at")],
        ),
        ({"crew": []}, [("TRANSFER_CREW_MISSING", "/crew")]),
    ],
)
def test_a_hand_over_is_judged_by_itself(
    changes: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    assert codes(**changes) == told


def test_a_patient_may_be_taken_over_as_well_as_handed_over() -> None:
    there = {"institution": "example-hospital-hk", "staff": "AE-0071"}
    here = {"institution": "hku-szh", "staff": "DR-1024"}
    assert codes(handed_over_by=there, taken_over_by=here) == []


def test_an_emergency_opens_the_border_from_the_day_of_the_law_where_it_is_needed() -> None:
    last, first = datetime(2024, 12, 31, 15, tzinfo=UTC), datetime(2024, 12, 31, 16, tzinfo=UTC)
    needs = needs_on(PLANS, first)
    assert set(needs) == {
        ConsentType.AMBULANCE_TRANSFER,
        ConsentType.PI_SENSITIVE,
        ConsentType.PI_PROVIDE,
        ConsentType.PI_CROSS_BORDER,
    }
    assert emergency_rule(PLANS, last) is None and emergency_rule(PLANS, first) is not None
    assert release_of(needs, needs, "life_at_risk", PLANS, last).basis == "consent"
    assert release_of(needs, needs[1:], "life_at_risk", PLANS, last).basis == ""
    assert release_of(needs, needs[1:], "life_at_risk", PLANS, first).missing == needs[:1]
    assert release_of(needs, needs[1:], "", PLANS, first).basis == ""


def test_doubts_about_hospital_and_vehicle_are_for_a_person() -> None:
    plan = PLANS.find("ambulance-transfer")
    assert plan is not None
    paper = VehicleApproval(region=Region.HONG_KONG, number="A", valid_until=date(2026, 4, 14))
    assert doubts(plan.on(date(2026, 4, 14)), "hku-szh", [paper]) == []
    assert doubts(plan.on(date(2026, 4, 15)), "hku-szh", [paper]) == ["TRANSFER_APPROVAL_EXPIRED"]
    for day, hospital in ((date(2024, 9, 30), "hku-szh"), (date(2026, 4, 14), "jiangmen-central")):
        assert doubts(plan.on(day), hospital, []) == ["TRANSFER_HOSPITAL_UNKNOWN"]
    key = "transfer.approvals"
    stated = plan.parameters[key].values[0].model_copy(update={"value": ("CN", "HK")})
    known = plan.parameters[key].model_copy(update={"values": (stated,)})
    told = plan.model_copy(update={"parameters": plan.parameters | {key: known}})
    on = told.on(date(2026, 4, 14))
    assert doubts(on, "hku-szh", [paper]) == ["TRANSFER_APPROVAL_MISSING"]
    both = [paper, paper.model_copy(update={"region": Region.MAINLAND})]
    assert doubts(on, "hku-szh", both) == []
