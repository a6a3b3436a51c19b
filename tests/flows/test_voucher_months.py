"""A month of vouchers from the window to the Department's money, and the papers of each use."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crossclaim.stack import Stack
from tests.flows.clerk_stack import JIANGMEN
from tests.flows.flow_stack import hospital_of, simulator_of, start
from tests.flows.hospital import Body, Episode, Hospital
from tests.flows.money import ledger, with_vouchers
from tests.flows.paired_visit import PairedVisit
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import VoucherVisit
from tests.prepared import prepared_home
from tests.typed import typed


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with start(prepared_home(tmp_path_factory, "months")) as running:
        yield running


@pytest.fixture(scope="module")
def desk(stack: Stack) -> Iterator[Hospital]:
    hospital = hospital_of(stack, JIANGMEN)
    yield hospital
    hospital.close()


@pytest.fixture(scope="module")
def system(stack: Stack) -> Iterator[Simulator]:
    party = simulator_of(stack, "voucher")
    yield party
    party.close()


@pytest.fixture(scope="module")
def paid(desk: Hospital, system: Simulator) -> list[Episode]:
    """E1 and E2, closed: HKD 1,405 and HKD 600 + 1,000."""
    visit, pair = VoucherVisit(desk, system), PairedVisit(desk, system)
    single = visit.open()
    single.say("bills", visit.bill)
    single.say("tenders", visit.signed_tender("0.82"))
    both = pair.open_paired()
    both.say("bills", pair.bill)
    both.say("tenders", pair.both_signed("366.00"))
    for episode in (single, both):
        episode.closed()
    return [single, both]


def command(stack: Stack, *more: str) -> subprocess.CompletedProcess[str]:
    month = datetime.now(ZoneInfo("Asia/Hong_Kong")).strftime("%Y-%m")
    words = ["voucher", "reconcile", f"--month={month}", f"--data-dir={stack.home.root}"]
    return typed(*words, *more)


def reconciled(stack: Stack) -> dict[str, Any]:
    done = command(stack, "--json")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    assert done.returncode == (0 if all(m["adds_up"] for m in found) else 1), done.stderr
    (month,) = found
    return month


def outcome(month: dict[str, Any], claim: Body) -> str:
    return str(next(x["outcome"] for x in month["lines"] if x["reference"] == claim["reference"]))


def test_the_month_is_reconciled_claim_by_claim_and_each_difference_named(
    stack: Stack, desk: Hospital, system: Simulator, paid: list[Episode]
) -> None:
    single, both = paid
    (claim,) = single.rows()["claims"]
    assert reconciled(stack)["statement"] is None
    now = datetime.now().astimezone()
    after = now.replace(day=1) + timedelta(days=40)
    system.later((after - now).total_seconds())

    system.fault("wrong_total", operation="reimbursements")
    assert not reconciled(stack)["adds_up"]
    assert ledger(single.rows()) == with_vouchers(JIANGMEN, 1405)

    system.fault("wrong_amount", operation="reimbursements", details={"amount_hkd": 1})
    month = reconciled(stack)
    wrong = [x["reference"] for x in month["lines"] if x["outcome"] == "amount_differs"]
    assert len(wrong) == 1
    assert {x["outcome"] for x in month["lines"]} == {"amount_differs", "paid"}

    system.fault("foreign_claim", operation="reimbursements")
    month = reconciled(stack)
    assert outcome(month, {"reference": "CVFOREIGN-1"}) == "unknown"
    assert [outcome(month, c) for c in both.rows()["claims"]] == ["paid", "paid"]
    assert outcome(month, claim) == "paid"

    system.fault("listed_twice", operation="reimbursements")
    assert len([x for x in reconciled(stack)["lines"] if x["outcome"] == "amount_differs"]) == 1
    system.faults()
    assert {x["outcome"] for x in reconciled(stack)["lines"]} == {"paid"}
    for episode in paid:
        rows = episode.rows()
        assert ledger(rows) == {}
        assert all(e["resolved_at"] for e in rows["exceptions"])
    told = [x["text"] for x in desk.get(f"{single.path}/story").json()["story"]]
    assert any("The Department of Health reimbursed HKD 1,405.00" in text for text in told), told


def test_the_command_speaks_plainly_without_json(stack: Stack, paid: list[Episode]) -> None:
    done = command(stack)
    assert done.returncode == 0, done.stderr
    assert "3 claims as ours" in done.stdout or "no statement yet" in done.stdout
    wrong = command(stack, "--month=2025-13")
    assert wrong.returncode == 1 and "2025-10" in wrong.stderr


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Record on Use of Health Care Voucher"),
        ("zh-Hant", "醫療券使用記錄"),
        ("zh-Hans", "医疗券使用记录"),
    ],
)
def test_the_use_record_with_its_printed_balance_can_be_had_in_each_language(
    stack: Stack, desk: Hospital, paid: list[Episode], language: str, title: str
) -> None:
    single, both = paid
    (claim,) = single.rows()["claims"]
    path = f"{single.path}/voucher-use-records/{claim['id']}?language={language}"
    answer = desk.get(path)
    assert (answer.status_code, answer.headers["content-type"][:9]) == (200, "text/html")
    page = answer.text
    for told in (title, claim["number"], "HK$ 1,405", "RMB 1285.58", "0.9150", "HK$ 2,095"):
        assert told in page, told
    for secret in ("何美玲", "HO Mei Ling", "1949"):
        assert secret not in page
    _, spouse = both.rows()["claims"]
    second = desk.get(f"{both.path}/voucher-use-records/{spouse['id']}?language={language}").text
    assert "HK$ 1,000" in second and "HK$ 0" in second


def test_another_hospital_gets_no_use_record_and_nobody_one_that_is_not_there(
    stack: Stack, desk: Hospital, paid: list[Episode]
) -> None:
    single, _ = paid
    (claim,) = single.rows()["claims"]
    path = f"{single.path}/voucher-use-records/{claim['id']}"
    other = hospital_of(stack, "hku-szh")
    assert other.get(path).status_code == 404
    other.close()
    assert desk.get(f"{single.path}/voucher-use-records/cv_none").status_code == 404
    assert desk.get(f"{path}?language=fr").status_code == 422
