"""Services around an ordinary visit at the window: what pays them, what refuses, what is asked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flows.hospital import Body, Hospital, example, tender_of, totals, varied
from tests.flows.money import ledger, with_vouchers
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import VoucherVisit

JIANGMEN = "jiangmen-central"
CARE: dict[str, dict[str, Any]] = {
    "check_up": {"encounter_class": "check_up", "department": "health-management"},
    "chronic_care": {"department": "internal-medicine"},
    "chinese_medicine": {"department": "chinese-medicine"},
}


def visit_for(service: str, hospital: Hospital, voucher: Simulator, **more: Any) -> VoucherVisit:
    visit = {"service": service, **CARE.get(service, {}), **more}
    return VoucherVisit(hospital, voucher, balance_hkd=2000, visit=visit)


@pytest.mark.parametrize("service", CARE)
def test_vouchers_pay_a_service_that_is_given_in_person(
    service: str, jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = visit_for(service, jiangmen, voucher)
    episode = visit.open()
    bill = visit.bill_of(("consultation", "60.00"), ("drug", "210.00"))
    assert totals(episode.say("bills", bill)) == {"voucher": "269.93", "patient": "0.07"}
    episode.say("tenders", visit.signed_tender("0.07", bill))
    assert ledger(episode.closed()) == with_vouchers(JIANGMEN, 295)


def test_a_check_up_is_paid_after_it_and_at_its_own_window(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = visit_for("check_up", jiangmen, voucher)
    episode = visit.open()
    bill = visit.bill_of(("examination", "600.00"))
    early = varied(bill, service_completed_at="2025-10-14T11:40:00+08:00")
    assert jiangmen.refused(f"{episode.path}/bills", early) == ["VOUCHER_PREPAID"]
    elsewhere = varied(bill, window="window-6", number=f"{bill['number']}-W")
    codes = jiangmen.refused(f"{episode.path}/bills", elsewhere)
    assert codes == ["VOUCHER_WINDOW_OTHER_VISIT"]


def test_a_service_of_another_kind_of_visit_is_refused_and_a_condition_is_asked_for(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    check_up = visit_for("check_up", jiangmen, voucher, encounter_class="outpatient")
    assert jiangmen.refused("/v1/episodes", check_up.submission) == ["SERVICE_OTHER_ENCOUNTER"]
    chronic = visit_for("chronic_care", jiangmen, voucher)
    nameless = varied(chronic.submission, diagnoses=[])
    assert jiangmen.refused("/v1/episodes", nameless) == [
        "SERVICE_DIAGNOSIS_MISSING",
        "VISIT_REASON_MISSING",
    ]
    check_up = visit_for("check_up", jiangmen, voucher)
    # The voucher system takes no claim without a reason: better asked for now than refused later.
    nameless = varied(check_up.submission, diagnoses=[])
    assert jiangmen.refused("/v1/episodes", nameless) == ["VISIT_REASON_MISSING"]


class Remote:
    """A consultation over the internet at the international centre in Shenzhen."""

    def __init__(self, hospital: Hospital, voucher: Simulator, **changes: Any) -> None:
        visit = VoucherVisit(hospital, voucher, balance_hkd=2000)
        parts = example("service-internet-consultation")
        opening = {
            "patient": visit.submission["patient"],
            "visit": {"number": f"HL-{visit.account}", **changes.pop("visit", {})},
            **changes,
        }
        self.submission = varied(parts["episode"], **opening)
        self.bill: Body = varied(parts["bill-vouchers"], number=f"HLF-{visit.account}")
        self.hospital = hospital


def test_a_consultation_over_the_internet_never_takes_vouchers_and_the_patient_may_pay(
    shenzhen: Hospital, voucher: Simulator
) -> None:
    remote = Remote(shenzhen, voucher)
    episode = shenzhen.open(remote.submission)
    answer = episode.post("bills", remote.bill)
    assert answer.status_code == 422
    codes = {error["code"] for error in answer.json()["errors"]}
    assert "VOUCHER_NOT_IN_PERSON" in codes
    # What would be legal is told with the refusal: the patient pays it all.
    assert [way["coverages"] for way in answer.json()["alternatives"]] == [[]]
    own = varied(remote.bill, coverages=[])
    assert totals(episode.say("bills", own)) == {"patient": "800.00"}
    episode.say("tenders", tender_of(own, "800.00", "2026-03-10T10:50:00+08:00"))
    assert ledger(episode.closed()) == {}


def test_what_no_source_says_about_a_service_goes_to_a_person(
    shenzhen: Hospital, voucher: Simulator, insurer: Simulator
) -> None:
    insured = example("episode-1-inpatient")
    cover = {**insured["coverages"][0], "policy_number": "HL-2025-B77001"}
    remote = Remote(shenzhen, voucher, coverages=[cover], consents=insured["consents"])
    remote.submission["consents"] = [
        {**c, "signed_at": "2026-03-08T10:00:00+08:00"} for c in insured["consents"]
    ]
    episode = shenzhen.open(remote.submission)
    assert "RULE_NEEDS_PERSON" in shenzhen.refused(f"{episode.path}/bills", remote.bill)


def test_a_consultation_over_the_internet_opens_in_the_international_channel_only(
    shenzhen: Hospital, voucher: Simulator
) -> None:
    visit = {"channel": "ordinary", "department": "internal-medicine"}
    remote = Remote(shenzhen, voucher, visit=visit)
    assert shenzhen.refused("/v1/episodes", remote.submission) == ["SERVICE_OTHER_CHANNEL"]
