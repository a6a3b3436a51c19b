"""The voucher system slow, down, silent after acting, or with another balance than before."""

from __future__ import annotations

from tests.flows.hospital import Hospital, tender_of, totals
from tests.flows.money import ledger, with_vouchers
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import WINDOW, VoucherVisit


def test_a_slow_voucher_system_delays_the_window_and_changes_nothing(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    voucher.faults(
        {"match": {"operation": "search"}, "fault": "slow", "delay_s": 1.0},
        {"match": {"account": visit.account}, "fault": "slow", "delay_s": 1.0},
    )
    episode = visit.open()
    assert totals(episode.say("bills", visit.bill))["voucher"] == "1285.58"
    episode.say("tenders", visit.signed_tender("0.82"))
    assert ledger(episode.closed()) == with_vouchers("jiangmen-central", 1405)
    assert len(voucher.journal("claimed", account_id=visit.account)) == 1


def test_a_voucher_system_that_is_down_keeps_the_window_waiting_and_the_episode_goes_on_after(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    voucher.fault("down", operation="search", times=-1)
    episode = visit.open()
    answer = jiangmen.post(f"{episode.path}/bills", visit.bill)
    assert answer.status_code in (202, 503), answer.text
    assert episode.rows()["bills"] == []
    voucher.faults()
    assert totals(episode.say("bills", visit.bill)) == {"voucher": "1285.58", "patient": "0.82"}
    episode.say("tenders", visit.signed_tender("0.82"))
    assert ledger(episode.closed()) == with_vouchers("jiangmen-central", 1405)


def test_a_claim_whose_answer_is_lost_is_looked_for_and_never_made_twice(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    voucher.fault("accepted_answer_lost", operation="claim", account=visit.account)
    episode = visit.open()
    episode.say("bills", visit.bill)
    episode.say("tenders", visit.signed_tender("0.82"))
    rows = episode.closed()
    (claim,) = rows["claims"]
    (taken,) = voucher.journal("claimed", account_id=visit.account)
    assert taken["reference"] == claim["reference"]
    assert voucher.journal("asked", reference=claim["reference"])
    assert rows["voucher"]["balance_minor"] == 209500
    assert ledger(rows) == with_vouchers("jiangmen-central", 1405)


def test_a_balance_that_fell_meanwhile_is_split_anew_and_the_patient_pays_the_difference(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    voucher.fault(
        "balance_changed",
        operation="claim",
        account=visit.account,
        details={"balance_hkd": 500},
    )
    episode = visit.open()
    episode.say("bills", visit.bill)
    episode.say("tenders", visit.signed_tender("0.82"))
    rows = episode.wait("exceptions", code="VOUCHER_BALANCE_CHANGED")
    assert rows["episode"]["status"] == "open"
    assert totals(rows["allocations"][0]["result"]) == {"voucher": "457.50", "patient": "828.90"}
    assert ledger(rows) == {
        "funder:patient:due": 82890 - 82,
        "funder:voucher:due": 45750,
        "hospital:jiangmen-central:bills": -128640 + 82,
    }
    second = tender_of(visit.bill, "828.08", WINDOW)
    assert episode.say("tenders", second)["still_due"]["amount"] == "0.00"
    rows = episode.closed()
    assert [c["state"] for c in rows["claims"]] == ["failed", "approved"]
    assert ledger(rows) == with_vouchers("jiangmen-central", 500)
    assert all(e["resolved_at"] for e in rows["exceptions"])
    assert [c["amount"] for c in voucher.journal("claimed", account_id=visit.account)] == ["500.00"]
