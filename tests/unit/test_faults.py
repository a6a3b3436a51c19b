"""Every fault of a submission is found at once, with its place and its code."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from crossclaim.domain.business_key import episode_key, key_within
from crossclaim.domain.errors import Refused
from crossclaim.domain.faults import (
    faults_of,
    parse_submission,
    read_submission,
)
from crossclaim.domain.submission import (
    BillSubmission,
    EpisodeSubmission,
    FunderKind,
    SubmissionKind,
)
from tests.unit.faulty import CONTEXT, IN_STAY, REFERENCE, STAY, example, found

EPISODE, BILL = SubmissionKind.EPISODE, SubmissionKind.BILL
CONSENT, TENDER = SubmissionKind.CONSENT, SubmissionKind.TENDER


def cny(amount: Any) -> dict[str, Any]:
    return {"amount": amount, "currency": "CNY"}


@pytest.mark.parametrize("name", ["episode-1-inpatient", "episode-2-voucher"])
def test_the_example_episodes_have_no_fault(name: str) -> None:
    assert isinstance(
        parse_submission(EPISODE, example(name), REFERENCE, CONTEXT), EpisodeSubmission
    )


@pytest.mark.parametrize("name", ["episode-1-bill-interim", "episode-1-bill-final"])
def test_the_example_bills_have_no_fault_within_their_stay(name: str) -> None:
    assert isinstance(parse_submission(BILL, example(name), REFERENCE, IN_STAY), BillSubmission)


def test_faults_of_every_kind_in_one_episode_come_together() -> None:
    raw = example("episode-1-inpatient")
    raw["patient"]["documents"][0]["number"] = "AB987654(4)"
    raw["patient"]["documents"][1]["number"] = "X0000000000"
    raw["patient"]["birth_date"] = "2027-01-01"
    raw["visit"]["department"] = "astrology"
    raw["coverages"][0]["funder"] = "uncle"
    raw["consents"][1]["signed_at"] = "2025-12-31T23:59:59+08:00"
    raw["estimate"] = cny("52000.001")
    raw["colour"] = "red"
    del raw["visit"]["channel"]
    assert found(EPISODE, raw) == {
        ("/patient/documents/0/number", "HKID_CHECK_DIGIT"),
        ("/patient/documents/1/number", "HOME_RETURN_PERMIT_FORM"),
        ("/patient/birth_date", "BIRTH_DATE_FUTURE"),
        ("/visit/planned_admission", "ADMISSION_BEFORE_BIRTH"),
        ("/visit/department", "DEPARTMENT_UNKNOWN"),
        ("/coverages/0/funder", "FUNDER_UNKNOWN"),
        ("/consents/1/text_version", "CONSENT_TEXT_VERSION"),
        ("/estimate", "AMOUNT_NOT_EXACT"),
        ("/colour", "MEMBER_UNKNOWN"),
        ("/visit/channel", "MEMBER_MISSING"),
    }


def test_faults_of_every_kind_in_one_bill_come_together() -> None:
    raw = example("episode-1-bill-final")
    lines = raw["lines"]
    lines[0]["service_date"] = "2026-03-10"
    lines[1]["amount"] = cny("900.01")
    lines[2] |= {"unit_price": cny("-18000.00"), "amount": cny("-18000.00")}
    lines[3]["number"] = 1
    lines[4]["category"] = "magic"
    lines[5]["quantity"] = 0
    lines[7]["service_date"] = "2026-03-15"
    assert found(BILL, raw, IN_STAY) == {
        ("/lines/0/service_date", "LINE_OUTSIDE_STAY"),
        ("/lines/1/amount", "LINE_AMOUNT"),
        ("/lines/2/unit_price", "AMOUNT_NEGATIVE"),
        ("/lines/2/amount", "AMOUNT_NEGATIVE"),
        ("/lines/3/number", "LINE_NUMBER_TWICE"),
        ("/lines/4/category", "CATEGORY_UNKNOWN"),
        ("/lines/5/quantity", "NUMBER_OUT_OF_RANGE"),
        ("/lines/5/amount", "LINE_AMOUNT"),
        ("/lines/7/service_date", "LINE_OUTSIDE_STAY"),
        ("/lines/7/service_date", "LINE_AFTER_BILL"),
        ("/total", "TOTAL_NOT_SUM"),
    }


def test_a_judge_that_stops_at_the_first_layer_misses_what_ours_finds() -> None:
    """The naive twin: parse, and only then look at the meaning."""
    raw = example("episode-1-inpatient")
    raw["patient"]["documents"][0]["number"] = "AB987654(4)"
    raw["estimate"] = cny("52000.001")

    def naive() -> set[str]:
        try:
            model = EpisodeSubmission.model_validate(raw)
        except ValueError:
            return {"AMOUNT_NOT_EXACT"}
        return {fault.code for fault in faults_of(EPISODE, model, REFERENCE, CONTEXT)}

    assert {code for _, code in found(EPISODE, raw)} == {"AMOUNT_NOT_EXACT", "HKID_CHECK_DIGIT"}
    assert naive() != {"AMOUNT_NOT_EXACT", "HKID_CHECK_DIGIT"}


def test_a_bill_in_a_currency_that_the_hospital_does_not_charge_is_refused() -> None:
    raw = example("episode-1-bill-interim") | {"total": {"amount": "21000.00", "currency": "HKD"}}
    mixed = {
        (f"/lines/{i}/{member}/currency", "CURRENCY_MIXED")
        for i in range(3)
        for member in ("unit_price", "amount")
    }
    assert found(BILL, raw, IN_STAY) == {("/total/currency", "CURRENCY_NOT_CHARGED")} | mixed


def test_a_total_is_not_called_wrong_while_a_line_cannot_be_read() -> None:
    raw = example("episode-1-bill-final")
    raw["lines"][0]["amount"] = cny("3600.005")
    assert found(BILL, raw, IN_STAY) == {("/lines/0/amount", "AMOUNT_NOT_EXACT")}


@pytest.mark.parametrize("day", ["2026-03-11", "2026-03-14"])
def test_the_first_and_the_last_day_belong_to_the_stay(day: str) -> None:
    raw = example("episode-1-bill-final")
    raw["lines"][0]["service_date"] = day
    assert found(BILL, raw, IN_STAY) == set()


def test_the_day_of_admission_is_the_day_in_the_region_and_not_in_utc() -> None:
    early = STAY.model_copy(update={"admitted_at": datetime(2026, 3, 10, 17, 0, tzinfo=UTC)})
    assert early.admitted_on is not None
    assert early.admitted_on.isoformat() == "2026-03-11"


def test_a_line_before_the_patients_birth_is_a_fault() -> None:
    raw = example("episode-2-bill-1")
    raw["lines"][0]["service_date"] = "1949-04-30"
    context = CONTEXT.model_copy(update={"stay": STAY.model_copy(update={"admitted_at": None})})
    assert ("/lines/0/service_date", "SERVICE_BEFORE_BIRTH") in found(BILL, raw, context)


@pytest.mark.parametrize(
    ("signed_at", "version", "code"),
    [
        ("2025-12-31T23:59:59+08:00", "2026-01", "CONSENT_TEXT_VERSION"),
        ("2026-01-01T00:00:00+08:00", "2026-01", None),
        ("2025-12-31T16:00:00Z", "2026-01", None),
        ("2025-12-31T23:59:59+08:00", "2024-01", None),
        ("2026-01-01T00:00:00+08:00", "2024-01", "CONSENT_TEXT_VERSION"),
        ("2026-03-08T10:00:00+08:00", "2031-01", "CONSENT_TEXT_UNKNOWN"),
    ],
)
def test_a_consent_must_be_of_the_text_in_use_on_the_day_it_was_signed(
    signed_at: str, version: str, code: str | None
) -> None:
    raw = example("episode-1-inpatient")
    raw["consents"][0] |= {"signed_at": signed_at, "text_version": version}
    expected = {("/consents/0/text_version", code)} if code else set()
    assert found(EPISODE, raw) == expected


@pytest.mark.parametrize("index", range(4))
def test_each_consent_that_an_insurer_needs_is_missed(index: int) -> None:
    raw = example("episode-1-inpatient")
    missing = raw["consents"].pop(index)["type"]
    assert found(EPISODE, raw) == {("/consents", f"CONSENT_MISSING_{missing}")}


def test_a_consent_for_one_insurer_is_none_for_another() -> None:
    raw = example("episode-1-inpatient")
    raw["consents"][3]["recipient"] = "kowloon-mutual"
    assert found(EPISODE, raw) == {("/consents", "CONSENT_MISSING_CLAIM_AUTH")}


def test_a_consent_must_name_a_known_recipient_where_data_go_somewhere() -> None:
    raw = example("episode-1-inpatient")
    del raw["consents"][1]["recipient"]
    raw["consents"].append(raw["consents"][2] | {"recipient": "atlantis-life"})
    assert found(EPISODE, raw) == {
        ("/consents/1/recipient", "CONSENT_RECIPIENT_MISSING"),
        ("/consents/4/recipient", "CONSENT_RECIPIENT_UNKNOWN"),
    }


def test_an_insurers_coverage_must_be_complete_and_known() -> None:
    raw = example("episode-1-inpatient")
    raw["coverages"] = [
        {"funder": "insurer"},
        raw["coverages"][0] | {"plan": "gold"},
        raw["coverages"][0] | {"plan": "gold"},
        {"funder": "insurer", "organisation": "atlantis-life", "plan": "x", "policy_number": "1"},
    ]
    raw["diagnoses"] = []
    assert found(EPISODE, raw) >= {
        ("/coverages/0/organisation", "INSURER_MISSING"),
        ("/coverages/0/plan", "PLAN_MISSING"),
        ("/coverages/0/policy_number", "POLICY_MISSING"),
        ("/coverages/1/plan", "PLAN_UNKNOWN"),
        ("/coverages/2", "COVERAGE_TWICE"),
        ("/coverages/3/organisation", "INSURER_UNKNOWN"),
        ("/diagnoses", "DIAGNOSIS_MISSING"),
    }


def test_a_funder_that_this_installation_does_not_work_with_is_unknown() -> None:
    few = REFERENCE.model_copy(update={"funders": [FunderKind.PATIENT]})
    raw = example("episode-2-voucher")
    assert found(EPISODE, raw, reference=few) == {("/coverages/0/funder", "FUNDER_UNKNOWN")}


def test_a_hospital_can_only_name_itself() -> None:
    raw = example("episode-1-inpatient")
    as_other = CONTEXT.model_copy(update={"hospital": "jiangmen-central"})
    assert found(EPISODE, raw, as_other) == {("/hospital", "HOSPITAL_NOT_YOURS")}
    assert found(EPISODE, raw | {"hospital": "atlantis"}) == {("/hospital", "HOSPITAL_UNKNOWN")}


def test_a_patient_needs_a_name_and_a_document() -> None:
    raw = example("episode-2-voucher")
    raw["patient"] |= {"name": {}, "documents": []}
    assert found(EPISODE, raw) == {
        ("/patient/name", "NAME_MISSING"),
        ("/patient/documents", "IDENTITY_MISSING"),
    }


@pytest.mark.parametrize(
    ("kind", "number", "code"),
    [
        ("residence_permit", "81000019000101000X", None),
        ("residence_permit", "81010019000101000X", "RESIDENCE_PERMIT_REGION"),
        ("mainland_id", "440703190001010009", "MAINLAND_ID_CHECK_DIGIT"),
        ("hkid", "A12345(3)", "HKID_FORM"),
        ("cert_exemption", "whatever", None),
    ],
)
def test_each_identity_document_is_judged_by_its_own_rule(
    kind: str, number: str, code: str | None
) -> None:
    raw = example("episode-2-voucher")
    raw["patient"]["documents"] = [{"type": kind, "number": number}]
    assert found(EPISODE, raw) == ({("/patient/documents/0/number", code)} if code else set())


def test_a_discharge_before_its_admission_and_an_admission_after_its_discharge_are_faults() -> None:
    early = {"discharged_at": "2026-03-11T09:29:59+08:00"}
    assert found(SubmissionKind.DISCHARGE, early, IN_STAY) == {
        ("/discharged_at", "DISCHARGE_BEFORE_ADMISSION")
    }
    same = {"discharged_at": "2026-03-11T09:30:00+08:00"}
    assert found(SubmissionKind.DISCHARGE, same, IN_STAY) == set()
    late = {"admitted_at": "2026-03-14T11:00:01+08:00"}
    assert found(SubmissionKind.ADMISSION, late, IN_STAY) == {
        ("/admitted_at", "ADMISSION_AFTER_DISCHARGE")
    }


def test_a_tender_has_no_negative_and_no_repeated_leg() -> None:
    leg = {"method": "cash", "amount": cny("-0.01"), "reference": "R1"}
    raw = {
        "bill_number": "B1",
        "bill_version": 0,
        "tendered_at": "2026-03-14T11:00:00+08:00",
        "legs": [leg, leg | {"amount": {"amount": "1.00", "currency": "HKD"}}],
    }
    assert found(TENDER, raw, IN_STAY) == {
        ("/bill_version", "NUMBER_OUT_OF_RANGE"),
        ("/legs/0/amount", "AMOUNT_NEGATIVE"),
        ("/legs/1/amount/currency", "CURRENCY_NOT_CHARGED"),
        ("/legs/1/reference", "LEG_TWICE"),
    }


def test_a_consent_is_either_given_or_withdrawn() -> None:
    stated = {"number": "C1", "stated_at": "2026-03-14T11:00:00+08:00"}
    assert found(CONSENT, stated) == {("", "CONSENT_GIVEN_OR_WITHDRAWN")}
    consent = example("episode-1-inpatient")["consents"][0]
    both = stated | {"given": consent, "withdrawn": "PI_PROVIDE"}
    assert found(CONSENT, both) == {("", "CONSENT_GIVEN_OR_WITHDRAWN")}
    assert found(CONSENT, stated | {"given": consent}) == set()
    withdrawn = stated | {"withdrawn": "PI_PROVIDE"}
    assert found(CONSENT, withdrawn | {"recipient": "harbour-life"}) == set()
    stranger = withdrawn | {"recipient": "nobody-we-know"}
    assert found(CONSENT, stranger) == {("/recipient", "CONSENT_RECIPIENT_UNKNOWN")}


def test_a_payee_must_have_an_account_that_can_receive_rmb() -> None:
    raw = {
        "bill_number": "B1",
        "bill_version": 1,
        "account": {
            "holder": "h",
            "number": "4242424242424242",
            "bank_name": "b",
            "bank_code": "1",
        },
        "requested_at": "2026-03-14T11:00:00+08:00",
    }
    assert found(SubmissionKind.REIMBURSEMENT, raw) == {
        ("/account/number", "ACCOUNT_NUMBER_NETWORK"),
        ("/account/bank_code", "BANK_CODE_FORM"),
    }


def test_a_refusal_carries_every_fault_and_no_value_of_the_submission() -> None:
    raw = example("episode-1-inpatient")
    raw["patient"]["documents"][0]["number"] = "AB987654(4)"
    raw["patient"]["name"] = {"zh": ["陳大文"]}
    raw["patient"]["birth_date"] = "12/03/1968"
    with pytest.raises(Refused) as refusal:
        parse_submission(EPISODE, raw, REFERENCE, CONTEXT)
    assert len(refusal.value.faults) == 3
    told = refusal.value.detail + "".join(f.model_dump_json() for f in refusal.value.faults)
    for secret in ("AB987654", "陳大文", "1968"):
        assert secret not in told


def test_a_number_of_a_known_shape_is_judged_the_same_parsed_and_raw() -> None:
    raw = example("episode-1-bill-final")
    raw["total"] = cny("51850.51")
    model = BillSubmission.model_validate(raw)
    assert faults_of(BILL, model, REFERENCE, IN_STAY) == faults_of(BILL, raw, REFERENCE, IN_STAY)


def test_a_submission_without_fault_of_shape_can_still_be_looked_up_when_its_meaning_is_wrong() -> (
    None
):
    raw = example("episode-1-bill-final") | {"total": cny("1.00")}
    model, faults = read_submission(BILL, raw, REFERENCE, IN_STAY)
    assert isinstance(model, BillSubmission)
    assert [fault.code for fault in faults] == ["TOTAL_NOT_SUM"]


def test_keys_name_what_a_submission_is_about_and_nothing_of_the_person() -> None:
    episode = parse_submission(EPISODE, example("episode-1-inpatient"), REFERENCE, CONTEXT)
    assert isinstance(episode, EpisodeSubmission)
    assert episode_key(episode) == "hku-szh/ZY20260311-0087"
    bill = parse_submission(BILL, example("episode-1-bill-final"), REFERENCE, IN_STAY)
    assert isinstance(bill, BillSubmission)
    assert key_within("ep_1", bill) == "ep_1/bill/F20260314-0087/2"
