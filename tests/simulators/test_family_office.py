"""The simulated office over its wire: it decides by its own table and survives being killed."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulators.party_process import PartyProcess, eventually, running

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PERSON = {
    "name": "李国强",
    "document": {"type": "mainland_id", "number": "440703195803150005"},
    "pooling_area": "jiangmen",
    "province": "guangdong",
}
APPLICATION: dict[str, Any] = {
    "reference": "FB1",
    "channel": "alipay",
    "relation": "parent",
    "applied_at": "2026-03-02T09:15:00+08:00",
    "authoriser": {**PERSON, "insurance": "EMPLOYEE"},
    "user": {**PERSON, "insured": True},
    "papers": [{"kind": "undertaking", "sha256": "1f" * 32}],
    "undertaking": {"text_version": "2024-08", "signed_at": "2026-03-02T09:10:00+08:00"},
}


def options(url: str = "http://127.0.0.1:9") -> list[str]:
    return [f"--callback-url={url}", f"--callback-secret={SECRET}"]


def post(office: PartyProcess, path: str, body: Any) -> httpx.Response:
    headers = {"Idempotency-Key": "k"}
    return office.client.post(f"/family/v1/applications{path}", json=body, headers=headers)


def of_user(number: str, reference: str = "FB1") -> dict[str, Any]:
    body = copy.deepcopy({**APPLICATION, "reference": reference})
    body["user"]["document"]["number"] = number
    return body


def status(office: PartyProcess, reference: str = "FB1") -> str:
    path = f"/family/v1/applications?reference={reference}"
    return str(office.client.get(path).json().get("status", ""))


def test_it_decides_by_its_table_after_its_time_and_loses_nothing_when_killed(
    tmp_path: Path,
) -> None:
    with running("family_office", tmp_path, *options()) as office:
        office.set_tables({"review_s": 86400})
        assert post(office, "", APPLICATION).status_code == 202
        assert post(office, "", of_user("440703195803150013", "FB2")).status_code == 202
        office.restart_after_kill()
        assert (status(office), post(office, "", APPLICATION).status_code) == ("under_review", 200)
        now = office.client.get("/_control/health").json()["now"]
        office.set_clock(f"2030{now[4:]}")
        eventually(lambda: status(office) == "approved")
        eventually(lambda: status(office, "FB2") == "refused")
        assert len(office.journal("taken")) == 2


@pytest.mark.parametrize(
    "change", [{"channel": "fax"}, {"papers": [{"kind": "other", "sha256": "x"}]}, {"more": 1}]
)
def test_a_request_in_another_shape_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    with running("family_office", tmp_path, *options()) as office:
        answer = post(office, "", {**APPLICATION, **change})
        assert (answer.status_code, answer.json()["code"]) == (422, "REQUEST_INVALID")
        assert office.journal("taken") == []


def test_some_are_turned_away_at_the_counter(tmp_path: Path) -> None:
    with running("family_office", tmp_path, *options()) as office:
        answer = post(office, "", of_user("440604195001010001"))
        assert (answer.status_code, answer.json()["code"]) == (422, "NOT_SAME_POOLING_AREA")
        assert status(office) == ""


def test_an_end_is_remembered_and_one_fault_forgets_it(tmp_path: Path) -> None:
    with running("family_office", tmp_path, *options()) as office:
        office.set_faults(
            {"match": {"operation": "apply"}, "fault": "silent"},
            {"match": {"operation": "end"}, "fault": "decides_after_end", "delay_s": 0.05},
        )
        post(office, "", APPLICATION)
        end = {
            "reference": "FB1",
            "ended_on": "2026-04-01",
            "told_at": "2026-04-01T09:00:00+08:00",
        }
        assert post(office, "/end", end).json()["status"] == "ended"
        eventually(lambda: status(office) == "approved")
        assert post(office, "/end", {**end, "reference": "FB9"}).status_code == 404
