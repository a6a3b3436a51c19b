"""A bill that cannot be paid as asked: the window hears what is legal, and sends its choice."""

from __future__ import annotations

from tests.flows.hospital import Hospital, totals, varied
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import VoucherVisit

BOTH = [{"funder": "voucher"}, {"funder": "basic_insurance", "plan": "jiangmen-seed-caps"}]


def test_voucher_and_basic_insurance_in_one_bill_are_refused_with_what_is_legal_and_its_figures(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher, coverages=BOTH)
    episode = visit.open()
    refused = episode.post("bills", visit.bill)
    assert refused.status_code == 422
    problem = refused.json()
    assert "VOUCHER_WITH_BASIC_INSURANCE" in {e["code"] for e in problem["errors"]}
    cheapest = problem["alternatives"][0]
    assert cheapest["coverages"] == [0]
    assert totals(cheapest) == {"voucher": "1285.58", "patient": "0.82"}
    assert cheapest["patient"] == {"amount": "0.82", "currency": "CNY"}
    assert cheapest["detail_zh_hant"] != cheapest["detail_en"] != ""
    chosen = varied(visit.bill, coverages=cheapest["coverages"])
    assert totals(episode.say("bills", chosen)) == {"voucher": "1285.58", "patient": "0.82"}


def test_a_choice_of_a_coverage_that_is_not_there_is_a_fault_with_its_place(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    refused = visit.open().post("bills", varied(visit.bill, coverages=[0, 0, 3]))
    assert refused.status_code == 422
    found = {(e["code"], e["pointer"]) for e in refused.json()["errors"]}
    assert found == {
        ("COVERAGE_NOT_THERE", "/coverages/1"),
        ("COVERAGE_NOT_THERE", "/coverages/2"),
    }
