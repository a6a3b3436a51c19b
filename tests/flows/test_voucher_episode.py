"""Scenario E1: vouchers and another tender at the window, void and re-claim."""

from __future__ import annotations

from tests.flows.hospital import Hospital, totals
from tests.flows.money import ledger, with_vouchers
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import WINDOW, VoucherVisit


def test_vouchers_pay_whole_dollars_and_the_patient_the_residue(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    episode = visit.open()
    split = episode.say("bills", visit.bill)
    assert totals(split) == {"voucher": "1285.58", "patient": "0.82"}
    paid = episode.say("tenders", visit.signed_tender("0.82"))
    assert paid["still_due"] == {"amount": "0.00", "currency": "CNY"}
    rows = episode.closed()
    (claim,) = rows["claims"]
    assert (claim["state"], claim["benefit_minor"]) == ("approved", 140500)
    assert rows["voucher"]["balance_minor"] == 209500
    (taken,) = voucher.journal("claimed", account_id=visit.account)
    assert taken["amount"] == "1405.00"
    assert ledger(rows) == with_vouchers("jiangmen-central", 1405)
    assert rows["exceptions"] == []


def test_a_voided_bill_gives_the_vouchers_back_and_its_correction_is_claimed_anew(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    episode = visit.open()
    episode.say("bills", visit.bill)
    episode.say("tenders", visit.signed_tender("0.82"))
    episode.closed()
    void = {
        "bill_number": visit.bill["number"],
        "bill_version": 1,
        "voided_at": "2025-10-14T11:20:00+08:00",
        "reason": "the laboratory was not done",
    }
    assert episode.say("voids", void)["status"] == "voided"
    episode.paid_back()
    correction = visit.corrected_bill()
    split = episode.say("bills", correction)
    assert totals(split) == {"voucher": "1086.11", "patient": "0.29"}
    episode.tender(correction, "0.29", WINDOW)
    rows = episode.closed()
    assert [c["state"] for c in rows["claims"]] == ["voided", "approved"]
    assert rows["voucher"]["balance_minor"] == 231300
    assert [t["reversed"] for t in rows["tenders"]] == [True, False]
    assert len(voucher.journal("voided", amount="1405.00")) >= 1
    claimed = voucher.journal("claimed", account_id=visit.account)
    assert [c["amount"] for c in claimed] == ["1405.00", "1187.00"]
    assert ledger(rows) == with_vouchers("jiangmen-central", 1187)


def test_a_patient_who_does_not_sign_for_vouchers_keeps_them_and_the_episode_waits(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    episode = visit.open()
    episode.say("bills", visit.bill)
    episode.tender(visit.bill, "0.82", WINDOW)
    rows = episode.rows()
    assert rows["episode"]["status"] == "open"
    assert rows["claims"] == []
    assert voucher.journal("claimed", account_id=visit.account) == []
    assert ledger(rows) == {
        "funder:voucher:due": 128558,
        "hospital:jiangmen-central:bills": -128558,
    }
