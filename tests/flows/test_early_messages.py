"""Messages that come early, in another order, or twice: none is lost, none counts twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.flows.hospital import Hospital, tender_of, totals
from tests.flows.inpatient_stay import ADMITTED, AT_DISCHARGE, DISCHARGED, InpatientStay
from tests.flows.money import ledger, with_vouchers
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import VoucherVisit


def test_a_bill_beside_the_admission_is_answered_whichever_comes_first(
    shenzhen: Hospital, bank: Simulator
) -> None:
    stay = InpatientStay(shenzhen)
    episode = stay.open()
    with ThreadPoolExecutor(2) as pool:
        bill = pool.submit(episode.say, "bills", stay.interim)
        admission = pool.submit(episode.say, "admission", ADMITTED)
        assert admission.result()["status"] == "admitted"
        assert bill.result()["total"] == {"amount": "21000.00", "currency": "CNY"}


def test_a_bill_that_comes_before_the_guarantee_waits_for_it(
    shenzhen: Hospital, insurer: Simulator
) -> None:
    stay = InpatientStay.there(shenzhen)
    insurer.fault("pend", operation="preauthorization", policy_number=stay.policy, delay_s=1.5)
    episode = stay.until_discharge()
    split = episode.say("bills", stay.bill)
    assert totals(split) == {"insurer": "31040.33", "patient": "20810.17"}


def test_a_discharge_after_the_final_bill_and_the_payment_ends_in_the_same_figures(
    shenzhen: Hospital, bank: Simulator
) -> None:
    stay = InpatientStay(shenzhen)
    episode = stay.billed_before_discharge()
    assert episode.rows()["claims"] == []
    episode.say("discharge", DISCHARGED)
    rows = episode.closed()
    assert [p["amount_minor"] for p in rows["payouts"]] == [3104033]
    assert ledger(rows) == {}


def test_a_callback_that_overtakes_the_answer_to_its_own_request_is_taken(
    shenzhen: Hospital, insurer: Simulator
) -> None:
    stay = InpatientStay.there(shenzhen)
    insurer.fault("timeout_after_accept", operation="claim", policy_number=stay.policy, delay_s=1.5)
    episode = stay.billed_before_discharge()
    episode.say("discharge", DISCHARGED)
    rows = episode.closed()
    assert insurer.journal("called_back", reference=stay.claim, status=204)
    assert len(insurer.journal("accepted", reference=stay.claim)) == 1
    assert [p["amount_minor"] for p in rows["payouts"]] == [3104033]
    assert ledger(rows) == {}


def test_a_tender_that_is_sent_twice_is_taken_once(jiangmen: Hospital, voucher: Simulator) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    episode = visit.open()
    episode.say("bills", visit.bill)
    tender = visit.signed_tender("0.82")
    first = jiangmen.post(f"{episode.path}/tenders", tender)
    second = jiangmen.post(f"{episode.path}/tenders", tender)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    rows = episode.closed()
    assert [t["amount_minor"] for t in rows["tenders"]] == [82]
    assert ledger(rows) == with_vouchers("jiangmen-central", 1405)


def test_a_patient_never_pays_more_than_he_owes(shenzhen: Hospital) -> None:
    stay = InpatientStay(shenzhen)
    episode = stay.until_discharge()
    episode.say("bills", stay.bill)
    too_much = tender_of(stay.bill, "20810.18", AT_DISCHARGE)
    assert shenzhen.refused(f"{episode.path}/tenders", too_much) == ["TENDER_ABOVE_DUE"]
