"""Stopping and starting again, with newer code too, goes on with every open episode."""

from __future__ import annotations

import pytest

from tests.flows.flow_stack import hospital_of, simulator_of, start
from tests.flows.inpatient_stay import ADMITTED, DISCHARGED, InpatientStay
from tests.flows.voucher_visit import VoucherVisit
from tests.prepared import prepared_home


def test_open_episodes_go_on_after_a_restart_with_a_newer_build(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = prepared_home(tmp_path_factory, "restart")
    with start(home, {"CROSSCLAIM_BUILD_ID": "older"}) as stack:
        hospital = hospital_of(stack, "hku-szh")
        stay = InpatientStay.there(hospital)
        before_bill = stay.open()
        before_bill.say("admission", ADMITTED)
        early = InpatientStay.there(hospital)
        before_admission = early.open()
        visit = VoucherVisit(hospital_of(stack, "jiangmen-central"), simulator_of(stack, "voucher"))
        before_window = visit.open()
    with start(home, {"CROSSCLAIM_BUILD_ID": "newer"}) as stack:
        hospital = hospital_of(stack, "hku-szh")
        before_bill.hospital = before_admission.hospital = hospital
        before_window.hospital = hospital_of(stack, "jiangmen-central")
        before_admission.say("admission", ADMITTED)
        for known, episode in ((stay, before_bill), (early, before_admission)):
            episode.say("discharge", DISCHARGED)
            episode.say("bills", known.bill)
            episode.tender(known.bill, "20810.17", "2026-03-14T10:50:00+08:00")
            payouts = episode.closed()["payouts"]
            assert [(p["amount_minor"], p["state"]) for p in payouts] == [(3104033, "credited")]
        split = before_window.say("bills", visit.bill)
        assert split["total"]["amount"] == "1286.40"
