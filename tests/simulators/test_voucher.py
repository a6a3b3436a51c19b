"""The voucher simulator over its wire: what it decides, remembers and spoils."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulators.party_process import PartyProcess, running
from tests.simulators.self_signed import self_signed

NOW = "2025-10-14T10:45:00+08:00"


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PartyProcess]:
    with running("voucher", tmp_path_factory.mktemp("voucher")) as process:
        yield process


@pytest.fixture
def voucher(process: PartyProcess) -> PartyProcess:
    process.reset()
    process.set_clock(NOW)
    return process


def order(reference: str = "v-1", amount: str = "1405.00", **changes: Any) -> dict[str, Any]:
    return {
        "reference": reference,
        "account_id": "va-0001",
        "institution": "jiangmen-central",
        "department": "internal-medicine",
        "service_completed_at": "2025-10-14T10:20:00+08:00",
        "claimed_at": NOW,
        "voucher_amount": {"amount": amount, "currency": "HKD"},
        "net_service_fee": {"amount": "1286.40", "currency": "CNY"},
        "rate_id": "r-20251014",
        "reason_for_visit": "I10",
        "consent_signed_at": "2025-10-14T08:40:00+08:00",
    } | changes


def post(voucher: PartyProcess, path: str, body: Any) -> httpx.Response:
    return voucher.client.post(f"/ehs/v1{path}", json=body, headers={"Idempotency-Key": "k"})


def claim(voucher: PartyProcess, **changes: Any) -> httpx.Response:
    return post(voucher, "/claims", order(**changes))


def balance(voucher: PartyProcess, number: str = "A1234563", born: str = "1949-05-01") -> str:
    body = {
        "document": {"type": "HKID", "number": number},
        "birth_date": born,
        "institution": "jiangmen-central",
    }
    answer = post(voucher, "/accounts/search", body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["balance"]["amount"])


def test_only_requests_with_the_key_are_served(voucher: PartyProcess) -> None:
    for key in ("", "Bearer wrong", "Basic x"):
        answer = voucher.client.get("/ehs/v1/rates/CNY", headers={"Authorization": key})
        assert answer.status_code == 401
        assert set(answer.json()) == {"code", "message"}


def test_a_post_without_an_idempotency_key_is_refused(voucher: PartyProcess) -> None:
    assert voucher.client.post("/ehs/v1/claims", json=order()).status_code == 400


def test_an_account_is_found_by_document_and_birth_date_only_together(
    voucher: PartyProcess,
) -> None:
    assert balance(voucher) == "3500.00"
    body = {
        "document": {"type": "HKID", "number": "A1234563"},
        "birth_date": "1949-05-02",
        "institution": "jiangmen-central",
    }
    answer = post(voucher, "/accounts/search", body)
    assert (answer.status_code, answer.json()["code"]) == (404, "ACCOUNT_NOT_FOUND")


def test_the_rate_is_the_tables_and_named_after_the_partys_day(voucher: PartyProcess) -> None:
    rate = voucher.client.get("/ehs/v1/rates/CNY").json()
    assert (rate["rate_id"], rate["cny_per_hkd"]) == ("r-20251014", "0.9150")


def test_a_claim_lowers_the_balance_once_however_often_it_is_sent(voucher: PartyProcess) -> None:
    first, second = claim(voucher), claim(voucher)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.json()["balance_after"]["amount"] == "2095.00"
    assert balance(voucher) == "2095.00"
    assert voucher.client.get("/ehs/v1/claims?reference=v-1").json() == first.json()
    assert len(voucher.journal("claimed")) == 1


def test_a_reference_with_another_body_is_refused(voucher: PartyProcess) -> None:
    claim(voucher)
    answer = claim(voucher, amount="1404.00")
    assert (answer.status_code, answer.json()["code"]) == (409, "REFERENCE_REUSED")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"amount": "3501.00"}, 409, "BALANCE_INSUFFICIENT"),
        ({"rate_id": "r-20251001"}, 409, "RATE_EXPIRED"),
        ({"claimed_at": "2025-10-14T10:19:59+08:00"}, 422, "CLAIM_BEFORE_SERVICE"),
        ({"account_id": "va-9999"}, 404, "ACCOUNT_NOT_FOUND"),
        ({"amount": "1405.50"}, 422, "REQUEST_INVALID"),
        ({"more": "than known"}, 422, "REQUEST_INVALID"),
    ],
)
def test_a_wrong_claim_is_refused_by_its_code_and_changes_nothing(
    voucher: PartyProcess, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = claim(voucher, **changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert balance(voucher) == "3500.00"
    assert voucher.client.get("/ehs/v1/claims?reference=v-1").status_code == 404


def test_a_void_restores_the_balance_once_and_not_after_its_window(voucher: PartyProcess) -> None:
    number = claim(voucher).json()["transaction_number"]
    void = {"reference": "v-1-void", "reason": "test not done"}
    first, second = (post(voucher, f"/claims/{number}/void", void) for _ in range(2))
    assert first.json() == second.json()
    assert first.json()["status"] == "voided"
    assert balance(voucher) == "3500.00"
    late = claim(voucher, reference="v-2").json()["transaction_number"]
    voucher.set_clock("2025-10-16T00:00:01+08:00")
    answer = post(voucher, f"/claims/{late}/void", void)
    assert (answer.status_code, answer.json()["code"]) == (409, "VOID_WINDOW_PASSED")


def test_a_restored_balance_never_passes_the_cap(voucher: PartyProcess) -> None:
    number = claim(voucher).json()["transaction_number"]
    voucher.set_tables({"accounts": {"va-0001": {"balance_hkd": 7000}}})
    answer = post(voucher, f"/claims/{number}/void", {"reference": "x", "reason": "y"})
    assert answer.json()["balance_after"]["amount"] == "8000.00"


def test_the_inexhaustible_account_stays_full(voucher: PartyProcess) -> None:
    answer = claim(voucher, account_id="va-0050")
    assert answer.json()["balance_after"]["amount"] == "8000.00"
    assert balance(voucher, "ZZ0000050", "1950-01-01") == "8000.00"


def test_a_kill_loses_no_claim_no_clock_no_fault_and_no_journal(tmp_path: Path) -> None:
    with running("voucher", tmp_path) as voucher:
        voucher.set_clock(NOW)
        voucher.set_faults({"match": {"reference": "v-9"}, "fault": "down", "times": 1})
        answer = claim(voucher)
        voucher.restart_after_kill()
        assert claim(voucher).json() == answer.json()
        assert balance(voucher) == "2095.00"
        assert len(voucher.journal("claimed")) == 1
        rate = voucher.client.get("/ehs/v1/rates/CNY").json()
        assert rate["rate_id"] == "r-20251014"
        assert claim(voucher, reference="v-9").status_code == 503
        assert claim(voucher, reference="v-9").status_code == 201
        assert voucher.stop() == 0


def test_down_says_when_to_come_back_and_does_nothing(voucher: PartyProcess) -> None:
    voucher.set_faults({"match": {"operation": "claim"}, "fault": "down", "times": 2})
    answers = [claim(voucher) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503, 503, 201]
    assert answers[0].headers["Retry-After"] == "1"
    assert balance(voucher) == "2095.00"


def test_an_internal_error_does_nothing(voucher: PartyProcess) -> None:
    voucher.set_faults({"match": {}, "fault": "error_500", "times": -1})
    assert [claim(voucher).status_code for _ in range(2)] == [500, 500]
    voucher.set_faults()
    assert balance(voucher) == "3500.00"


def test_an_accepted_claim_whose_answer_is_lost_can_be_found(voucher: PartyProcess) -> None:
    voucher.set_faults({"match": {"reference": "v-"}, "fault": "accepted_answer_lost"})
    with pytest.raises(httpx.RemoteProtocolError):
        claim(voucher)
    found = voucher.client.get("/ehs/v1/claims", params={"reference": "v-1"})
    assert found.json()["status"] == "confirmed"
    assert claim(voucher).status_code == 200
    assert len(voucher.journal("claimed")) == 1


def test_a_balance_that_changed_meanwhile_refuses_the_claim(voucher: PartyProcess) -> None:
    voucher.set_faults({"match": {"account": "va-0001"}, "fault": "balance_changed"})
    answer = claim(voucher)
    assert (answer.status_code, answer.json()["code"]) == (409, "BALANCE_INSUFFICIENT")
    assert answer.json()["balance"] == {"amount": "500.00", "currency": "HKD"}
    assert balance(voucher) == "500.00"


def test_a_slow_request_is_answered_late_and_blocks_no_other(voucher: PartyProcess) -> None:
    voucher.set_faults({"match": {"operation": "claim"}, "fault": "slow", "delay_s": 60})
    with pytest.raises(httpx.ReadTimeout):
        voucher.client.post(
            "/ehs/v1/claims", json=order(), headers={"Idempotency-Key": "k"}, timeout=0.2
        )
    assert balance(voucher) == "3500.00"
    voucher.set_faults({"match": {"operation": "claim"}, "fault": "slow", "delay_s": 0.01})
    assert claim(voucher, reference="v-2").status_code == 201


def test_over_tls_a_cut_connection_says_nothing_either(
    tmp_path: Path,
) -> None:
    certificate, key = self_signed(tmp_path)
    trust = ssl.create_default_context(cafile=str(certificate))
    tls = [f"--tls-cert={certificate}", f"--tls-key={key}"]
    with running("voucher", tmp_path / "data", *tls, trust=trust) as voucher:
        voucher.set_clock(NOW)
        voucher.set_faults({"match": {}, "fault": "accepted_answer_lost"})
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            claim(voucher)
        assert claim(voucher).status_code == 200


def test_an_unknown_fault_is_refused(voucher: PartyProcess) -> None:
    answer = voucher.client.put("/_control/faults", json={"faults": [{"fault": "explode"}]})
    assert answer.status_code == 422
