"""The acquirer's simulator over its wire: what it remembers, promises and survives."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulators.party_process import PartyProcess, eventually, running

NOW = "2026-04-14T10:45:00+08:00"
SECRET = "simulator-secret"


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PartyProcess]:
    with running("acquirer", tmp_path_factory.mktemp("acquirer")) as process:
        yield process


@pytest.fixture
def acquirer(process: PartyProcess) -> PartyProcess:
    process.reset()
    process.set_clock(NOW)
    return process


def signed(members: dict[str, Any]) -> dict[str, Any]:
    named = sorted((n, str(v)) for n, v in members.items() if v not in (None, ""))
    text = "&".join(f"{n}={v}" for n, v in named) + f"&key={SECRET}"
    sign = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest().upper()
    return {**members, "sign": sign}


def call(acquirer: PartyProcess, operation: str, **members: Any) -> dict[str, Any]:
    asked = {"mch_id": "MCH440307", "nonce_str": "n1", "sign_type": "HMAC-SHA256", **members}
    answer = acquirer.client.post(
        f"/pay/gateway/v2/{operation}", json=signed(asked), headers={"Idempotency-Key": "k"}
    )
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    sign = told.pop("sign")
    assert signed(told)["sign"] == sign
    return told


def pay(acquirer: PartyProcess, number: str = "PY1", code: str = "130000000000000001") -> Any:
    return call(
        acquirer,
        "micropay",
        out_trade_no=number,
        channel="WECHAT",
        auth_code=code,
        total_fee=90_000,
        fee_type="CNY",
    )


def test_orders_and_promises_survive_a_kill(acquirer: PartyProcess) -> None:
    assert pay(acquirer, "PY2", "130000000000000500")["trade_state"] == "USERPAYING"
    paid = pay(acquirer)
    acquirer.restart_after_kill()
    assert (
        call(acquirer, "orderquery", out_trade_no="PY1")["transaction_id"]
        == (paid["transaction_id"])
    )
    acquirer.set_clock("2026-04-14T10:45:30+08:00")
    eventually(lambda: call(acquirer, "orderquery", out_trade_no="PY2")["trade_state"] == "SUCCESS")


def test_one_order_is_charged_once_and_another_content_is_refused(acquirer: PartyProcess) -> None:
    assert pay(acquirer) == pay(acquirer)
    other = call(
        acquirer,
        "micropay",
        out_trade_no="PY1",
        channel="WECHAT",
        auth_code="130000000000000001",
        total_fee=1,
        fee_type="CNY",
    )
    assert (other["result_code"], other["err_code"]) == ("FAIL", "OUT_TRADE_NO_USED")
    assert len(acquirer.journal("charged")) == 1


def test_a_password_that_comes_after_the_close_charges_nothing(acquirer: PartyProcess) -> None:
    pay(acquirer, code="130000000000000500")
    closed = call(acquirer, "closeorder", out_trade_no="PY1", total_fee=90_000)
    assert closed["trade_state"] == "CLOSED"
    acquirer.set_clock("2026-04-14T11:45:00+08:00")
    assert call(acquirer, "orderquery", out_trade_no="PY1")["trade_state"] == "CLOSED"
    assert acquirer.journal("charged") == []


def test_a_signature_that_does_not_fit_is_refused(acquirer: PartyProcess) -> None:
    body = {"mch_id": "MCH440307", "nonce_str": "n", "sign": "0" * 64, "out_trade_no": "PY1"}
    answer = acquirer.client.post(
        "/pay/gateway/v2/orderquery", json=body, headers={"Idempotency-Key": "k"}
    )
    assert answer.json()["err_code"] == "SIGNERROR"
    assert call(acquirer, "orderquery", out_trade_no="PY9", mch_id="M-OTHER")["err_code"] == (
        "MCHID_NOT_EXIST"
    )


def test_a_refund_that_takes_days_is_given_back_then(acquirer: PartyProcess) -> None:
    number = pay(acquirer)["transaction_id"]
    asked = {
        "out_trade_no": "PY1",
        "transaction_id": number,
        "out_refund_no": "RF1",
        "total_fee": 90_000,
        "refund_fee": 30_000,
    }
    acquirer.set_faults({"match": {}, "fault": "refund_pending", "delay_s": 200_000})
    assert call(acquirer, "refund", **asked)["refund_status"] == "PROCESSING"
    acquirer.set_clock("2026-04-17T10:45:00+08:00")
    eventually(
        lambda: call(acquirer, "refundquery", out_refund_no="RF1")["refund_status"] == "SUCCESS"
    )
