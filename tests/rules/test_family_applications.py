"""Applications for family sharing: every fault at once, by the rules of the day of application."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime
from typing import Any

import pytest

from crossclaim.api.family_examples import FAMILY_EXAMPLES
from crossclaim.domain.family_submission import FamilyBindingSubmission
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_family import FAMILY_PLAN
from crossclaim.domain.faults import read_submission
from crossclaim.domain.reference import Reference
from crossclaim.domain.submission import SubmissionKind
from crossclaim.plans.loader import load_plans

PLAN = load_plans(demonstration=True).find(FAMILY_PLAN)
REFERENCE = Reference.model_construct(hospitals=[], insurers=[], consent_texts=[])
CONTEXT = Context(received_at=datetime(2026, 11, 21, tzinfo=UTC), family_plan=PLAN)
FOSHAN = {"pool": "foshan", "province": "guangdong"}
NANNING = {"pool": "nanning", "province": "guangxi"}


def application(on: str = "2026-03-02", **changes: Any) -> dict[str, Any]:
    """The example's, on a day; ``user__area`` changes a member of a member."""
    raw = copy.deepcopy(FAMILY_EXAMPLES[FamilyBindingSubmission])
    raw["applied_at"] = f"{on}T09:15:00+08:00"
    raw["consent"]["signed_at"] = f"{on}T09:10:00+08:00"
    for name, value in changes.items():
        outer, _, inner = name.partition("__")
        if inner:
            raw[outer][inner] = value
        else:
            raw[outer] = value
    return raw


def found(raw: dict[str, Any]) -> set[tuple[str, str]]:
    _, faults = read_submission(SubmissionKind.FAMILY_BINDING, raw, REFERENCE, CONTEXT)
    return {(fault.pointer, fault.code) for fault in faults}


def test_the_example_is_without_fault() -> None:
    assert found(application()) == set()


def test_every_fault_of_an_application_comes_at_once() -> None:
    raw = application(
        "2024-10-31",
        relation="other",
        authoriser__insurance="RESIDENT",
        user__area=FOSHAN,
        papers=[{"kind": "identity_document", "name": "a", "sha256": "1f" * 32}],
    )
    raw["user"]["document"]["number"] = "440703195803150006"
    raw["authoriser"]["name"] = {}
    raw["consent"]["signed_at"] = "2024-11-01T09:00:00+08:00"
    assert found(raw) == {
        ("/relation", "FAMILY_RELATION_NOT_ALLOWED"),
        ("/authoriser/insurance", "FAMILY_NO_PERSONAL_ACCOUNT"),
        ("/user/area", "FAMILY_POOL_MISMATCH"),
        ("/papers", "FAMILY_PAPER_MISSING"),
        ("/user/document/number", "MAINLAND_ID_CHECK_DIGIT"),
        ("/authoriser/name", "FAMILY_NAME_MISSING"),
        ("/consent/signed_at", "FAMILY_CONSENT_AFTER"),
    }


@pytest.mark.parametrize(
    ("on", "relation", "allowed"),
    [
        ("2024-07-31", "sibling", False),
        ("2024-08-01", "sibling", True),
        ("2024-07-31", "spouse", True),
        ("2024-08-01", "maternal_grandchild", True),
        ("2026-03-02", "other", False),
    ],
)
def test_kin_is_judged_by_the_day_of_the_application(on: str, relation: str, allowed: bool) -> None:
    wrong = set() if allowed else {("/relation", "FAMILY_RELATION_NOT_ALLOWED")}
    assert found(application(on, relation=relation)) == wrong


@pytest.mark.parametrize(
    ("on", "area", "allowed"),
    [
        ("2024-10-31", FOSHAN, False),
        ("2024-11-01", FOSHAN, True),
        ("2026-01-09", NANNING, False),
        ("2026-01-10", NANNING, True),
    ],
)
def test_the_pooling_area_is_judged_by_the_day_of_the_application(
    on: str, area: dict[str, str], allowed: bool
) -> None:
    wrong = set() if allowed else {("/user/area", "FAMILY_POOL_MISMATCH")}
    assert found(application(on, user__area=area)) == wrong


def test_a_relative_without_insurance_cannot_use_an_account() -> None:
    raw = application(user__insured=False, user__area=None)
    assert found(raw) == {("/user/insured", "FAMILY_USER_NOT_INSURED")}


def test_nobody_shares_an_account_with_himself() -> None:
    raw = application()
    raw["user"]["document"] = {"type": "mainland_id", "number": "44070319850601000x"}
    assert found(raw) == {("/user/document", "FAMILY_SAME_PERSON")}


def test_an_application_of_tomorrow_is_refused() -> None:
    raw = application("2026-11-23")
    assert ("/applied_at", "FAMILY_APPLIED_IN_FUTURE") in found(raw)


def test_what_cannot_be_read_hides_no_other_fault_and_has_only_its_own() -> None:
    raw = application(relation=7, user__area=FOSHAN, papers=[])
    raw["applied_at"] = "2024-10-31T09:15:00+08:00"
    raw["consent"]["signed_at"] = "2024-10-31T09:10:00+08:00"
    codes = found(raw)
    assert ("/user/area", "FAMILY_POOL_MISMATCH") in codes
    assert ("/papers", "FAMILY_PAPER_MISSING") in codes
    assert not any(code == "FAMILY_RELATION_NOT_ALLOWED" for _, code in codes)


@pytest.mark.parametrize("channel", ["alipay", "wechat"])
def test_both_channels_ask_for_their_papers_and_only_one_can_already_take_money(
    channel: str,
) -> None:
    raw = application(channel=channel, papers=[])
    assert found(raw) == {("/papers", "FAMILY_PAPER_MISSING")}
    assert PLAN is not None
    rule = PLAN.on(date(2026, 3, 2)).rule(f"applications.deducts.{channel}")
    assert rule.value is (channel == "alipay")
