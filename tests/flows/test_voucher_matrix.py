"""Scenario E4 whole, and E3, at the window: each row by the API, for each kind of visit."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.flows.hospital import Body, Hospital, cny, totals
from tests.flows.money import ledger, with_vouchers
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import VOUCHER_USE, WINDOW, VoucherVisit

JIANGMEN = "jiangmen-central"
CONSULT = [("consultation", "270.00")]
FLOWS: dict[str, tuple[str, str, str]] = {
    "outpatient": ("outpatient", "internal-medicine", "window-6"),
    "emergency": ("emergency", "emergency", "window-6"),
    "check-up": ("check_up", "health-management", "check-up-window-2"),
}
"""Kind of visit, department and the window where its vouchers are used."""


def on_day(bill: Body, day: date) -> Body:
    """The same bill for services of another day."""
    lines = [{**line, "service_date": day.isoformat()} for line in bill["lines"]]
    at = f"{day.isoformat()}T10:20:00+08:00"
    return {**bill, "lines": lines, "issued_at": at, "service_completed_at": at}


def visit_of(
    hospital: Hospital, voucher: Simulator, flow: str = "outpatient", **changes: Any
) -> VoucherVisit:
    kind, department, _ = FLOWS[flow]
    visit = {"encounter_class": kind, "department": department, **changes.pop("visit", {})}
    balance = changes.pop("balance_hkd", 2000)
    return VoucherVisit(hospital, voucher, balance_hkd=balance, visit=visit, **changes)


@pytest.mark.parametrize("flow", FLOWS)
def test_each_flow_uses_vouchers_at_its_own_window_after_the_service(
    flow: str, jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = visit_of(jiangmen, voucher, flow)
    episode = visit.open()
    bill = {**visit.bill_of(("consultation", "60.00"), ("drug", "210.00"))}
    bill["window"] = FLOWS[flow][2]
    assert totals(episode.say("bills", bill)) == {"voucher": "269.93", "patient": "0.07"}
    episode.say("tenders", visit.signed_tender("0.07", bill))
    assert ledger(episode.closed()) == with_vouchers(JIANGMEN, 295)


@pytest.mark.parametrize("flow", FLOWS)
def test_a_window_of_another_kind_of_visit_or_of_no_vouchers_is_refused(
    flow: str, jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = visit_of(jiangmen, voucher, flow)
    episode = visit.open()
    bill, right = visit.bill_of(*CONSULT), FLOWS[flow][2]
    for window in {"window-6", "check-up-window-2", "voucher-service-point"} - {right}:
        refused = jiangmen.refused(f"{episode.path}/bills", {**bill, "window": window})
        assert refused == ["VOUCHER_WINDOW_OTHER_VISIT"]
    refused = jiangmen.refused(f"{episode.path}/bills", {**bill, "window": "window-1"})
    assert refused == ["VOUCHER_CHANNEL_NOT_DEDICATED"]
    without = {**bill, "window": "window-1", "coverages": []}
    assert totals(episode.say("bills", without)) == {"patient": "270.00"}


ROWS: dict[str, tuple[dict[str, Any], list[tuple[str, str]], str]] = {
    "an inpatient bed": ({}, [("room", "360.00")], "VOUCHER_INPATIENT"),
    "an inpatient stay": (
        {"visit": {"encounter_class": "inpatient"}},
        [("treatment", "360.00")],
        "VOUCHER_INPATIENT",
    ),
    "a cataract as day procedure": ({}, [("theatre", "5000.00")], "VOUCHER_DAY_PROCEDURE"),
    "an endoscopy as day procedure": (
        {"visit": {"encounter_class": "day_procedure"}},
        [("examination", "5000.00")],
        "VOUCHER_DAY_PROCEDURE",
    ),
    "glasses only": ({}, [("goods", "680.00")], "VOUCHER_GOODS_ONLY"),
    "medicine only": ({}, [("drug", "210.00")], "VOUCHER_GOODS_ONLY"),
    "the ordinary window": (
        {"visit": {"channel": "ordinary"}},
        CONSULT,
        "VOUCHER_CHANNEL_NOT_DEDICATED",
    ),
    "eHealth refused": (
        {"consents": [], "ehealth_joined": False},
        CONSULT,
        "VOUCHER_EHEALTH_CONSENT_MISSING",
    ),
    "a carer's wages": ({}, [*CONSULT, ("carer_wages", "100.00")], "VOUCHER_NOT_SERVICE"),
    "cash": ({}, [*CONSULT, ("cash", "100.00")], "VOUCHER_NOT_SERVICE"),
    "a department that is not designated": (
        {"visit": {"department": "cardiology"}},
        CONSULT,
        "VOUCHER_DEPARTMENT_NOT_DESIGNATED",
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_each_row_is_refused_by_its_code_and_nothing_is_posted(
    row: str, jiangmen: Hospital, voucher: Simulator
) -> None:
    changes, lines, code = ROWS[row]
    visit = visit_of(jiangmen, voucher, **changes)
    episode = visit.open()
    answer = episode.post("bills", visit.bill_of(*lines))
    assert answer.status_code == 422, answer.text
    errors = answer.json()["errors"]
    assert [e["code"] for e in errors] == [code]
    assert all(errors[0][f"detail_{x}"] for x in ("en", "zh_hant", "zh_hans"))
    rows = episode.rows()
    assert (rows["bills"], rows["claims"], ledger(rows)) == ([], [], {})
    assert voucher.journal("claimed", account_id=visit.account) == []


@pytest.mark.parametrize(("flow", "completed"), [("outpatient", None), ("check-up", "later")])
def test_what_is_paid_before_the_service_is_refused(
    flow: str, completed: str | None, jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = visit_of(jiangmen, voucher, flow)
    episode = visit.open()
    bill = visit.bill_of(("deposit" if completed is None else "examination", "1000.00"))
    later = datetime.fromisoformat(bill["issued_at"]) + timedelta(hours=2)
    bill["service_completed_at"] = later.isoformat()
    refused = jiangmen.refused(f"{episode.path}/bills", bill)
    assert set(refused) == {"VOUCHER_PREPAID"}


def test_the_age_is_reached_on_the_birthday_and_not_the_day_before(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = visit_of(jiangmen, voucher, birth_date="1961-08-22")
    episode, bill = visit.open(), visit.bill_of(*CONSULT)
    day = date(2026, 8, 21)
    refused = jiangmen.refused(f"{episode.path}/bills", on_day(bill, day))
    assert refused == ["VOUCHER_AGE_BELOW_65"]
    split = episode.say("bills", on_day(bill, day + timedelta(days=1)))
    assert totals(split) == {"voucher": "269.93", "patient": "0.07"}


def test_a_permit_that_has_expired_is_refused_from_the_next_day(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = visit_of(jiangmen, voucher)
    visit.submission["patient"]["documents"][0]["valid_until"] = "2026-01-31"
    episode, bill = visit.open(), visit.bill_of(*CONSULT)
    refused = jiangmen.refused(f"{episode.path}/bills", on_day(bill, date(2026, 2, 1)))
    assert refused == ["VOUCHER_PERMIT_EXPIRED"]
    split = episode.say("bills", on_day(bill, date(2026, 1, 31)))
    assert totals(split)["voucher"] == "269.93"


def test_a_service_before_the_service_point_s_first_day_is_refused(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = visit_of(jiangmen, voucher)
    episode, bill = visit.open(), visit.bill_of(*CONSULT)
    refused = jiangmen.refused(f"{episode.path}/bills", on_day(bill, date(2025, 8, 20)))
    assert refused == ["VOUCHER_INSTITUTION_NOT_PILOT"]
    split = episode.say("bills", on_day(bill, date(2025, 8, 21)))
    assert totals(split)["voucher"] == "269.93"


@pytest.mark.parametrize(("balance", "amount"), [(0, "270.00"), (2000, "0.90")])
def test_no_balance_or_less_than_a_dollar_leaves_all_to_the_other_tenders(
    balance: int, amount: str, jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = visit_of(jiangmen, voucher, balance_hkd=balance)
    episode, bill = visit.open(), visit.bill_of(("consultation", amount))
    assert totals(episode.say("bills", bill)) == {"voucher": "0.00", "patient": amount}
    episode.say("tenders", visit.signed_tender(amount, bill))
    rows = episode.closed()
    assert (rows["claims"], ledger(rows)) == ([], {})


def test_e3_vouchers_with_basic_insurance_for_one_service_are_refused_and_one_may_be_chosen(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    coverages = [{"funder": "voucher"}, {"funder": "basic_insurance"}]
    visit = visit_of(jiangmen, voucher, coverages=coverages)
    episode, bill = visit.open(), visit.bill_of(("consultation", "420.00"))
    answer = episode.post("bills", bill)
    assert answer.status_code == 422
    body = answer.json()
    assert "VOUCHER_WITH_BASIC_INSURANCE" in [e["code"] for e in body["errors"]]
    chosen = next(a for a in body["alternatives"] if a["coverages"] == [0])
    assert chosen["patient"]["amount"] == "0.01"
    assert ledger(episode.rows()) == {}
    split = episode.say("bills", {**bill, "coverages": [0]})
    assert totals(split) == {"voucher": "419.99", "patient": "0.01"}
    leg = {"method": "wechat", "amount": cny("0.01"), "reference": f"WX-{visit.account}"}
    tender = {
        "bill_number": bill["number"],
        "bill_version": bill["version"],
        "tendered_at": WINDOW,
        "legs": [leg],
        "consents": [VOUCHER_USE],
    }
    episode.say("tenders", tender)
    assert ledger(episode.closed()) == with_vouchers(JIANGMEN, 459)
