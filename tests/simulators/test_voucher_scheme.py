"""The voucher simulator beyond one account: pairing, first use, two stages, years and months."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.simulators.party_process import PartyProcess, running
from tests.simulators.test_voucher import NOW, balance, claim, order, post

OWN, SPOUSE = "va-0002", "va-0006"
PERSON = {"document": {"type": "HKID", "number": "C1234569"}, "birth_date": "1958-02-11"}
CONFIRMED = {"reference": "k-1", "confirmed_by": "EHCP-1", "confirmed_at": NOW}


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PartyProcess]:
    with running("voucher", tmp_path_factory.mktemp("scheme")) as process:
        yield process


@pytest.fixture
def voucher(process: PartyProcess) -> PartyProcess:
    process.reset()
    process.set_clock(NOW)
    return process


def paired(voucher: PartyProcess, **changes: Any) -> httpx.Response:
    body = order("s-1", "1000.00", account_id=SPOUSE, paired_with=OWN) | changes
    return post(voucher, "/claims", body)


def month(voucher: PartyProcess) -> httpx.Response:
    asked = {"institution": "jiangmen-central", "month": "2025-10"}
    return voucher.client.get("/ehs/v1/reimbursements", params=asked)


def test_only_those_who_are_paired_find_each_other(voucher: PartyProcess) -> None:
    asked = {"account_id": OWN, "spouse": PERSON, "institution": "jiangmen-central"}
    found = post(voucher, "/pairings/search", asked).json()
    assert (found["account_id"], found["balance"]["amount"]) == (SPOUSE, "1000.00")
    other = post(voucher, "/pairings/search", {**asked, "account_id": "va-0001"})
    assert (other.status_code, other.json()["code"]) == (404, "PAIRING_NOT_FOUND")


def test_a_spouse_s_vouchers_are_used_only_after_the_own_and_both_are_told(
    voucher: PartyProcess,
) -> None:
    early = paired(voucher)
    assert (early.status_code, early.json()["code"]) == (409, "SPOUSE_BEFORE_OWN")
    assert claim(voucher, reference="o-1", amount="600.00", account_id=OWN).status_code == 201
    answer = paired(voucher)
    assert answer.json()["notices"] == ["own", "spouse"]
    assert [m["account_id"] for m in voucher.journal("text_message")] == [OWN, SPOUSE]


def test_a_pairing_that_has_ended_refuses(voucher: PartyProcess) -> None:
    claim(voucher, reference="o-1", amount="600.00", account_id=OWN)
    voucher.set_faults({"match": {"account": SPOUSE}, "fault": "pairing_ended"})
    assert paired(voucher).json()["code"] == "PAIRING_ENDED"
    assert balance(voucher, "C1234569", "1958-02-11") == "1000.00"


def test_an_entered_claim_holds_the_vouchers_and_lapses_unless_it_is_confirmed(
    voucher: PartyProcess,
) -> None:
    kept = claim(voucher, entered_by="clerk").json()
    lost = claim(voucher, reference="v-2", amount="100.00", entered_by="clerk").json()
    assert (kept["status"], balance(voucher)) == ("entered", "1995.00")
    path = f"/claims/{kept['transaction_number']}/confirm"
    first, second = (post(voucher, path, CONFIRMED).json() for _ in range(2))
    assert first == second and first["status"] == "confirmed"
    voucher.set_clock("2025-11-13T10:45:01+08:00")
    late = post(voucher, f"/claims/{lost['transaction_number']}/confirm", CONFIRMED)
    assert (late.status_code, late.json()["code"]) == (409, "CLAIM_LAPSED")
    found = voucher.client.get("/ehs/v1/claims?reference=v-2").json()
    assert found["status"] == "lapsed"
    assert voucher.client.get("/ehs/v1/claims?reference=v-1").json()["status"] == "confirmed"


def test_the_first_use_opens_one_temporary_account_that_is_validated_later(
    voucher: PartyProcess,
) -> None:
    new = {
        "reference": "a-1",
        "document": {"type": "HKID", "number": "R5555553"},
        "name": {"zh": "王五"},
        "birth_date": "1951-03-04",
        "institution": "jiangmen-central",
        "consent_signed_at": NOW,
        "ehealth_consent_signed_at": NOW,
        "identity_checked_by": "FD-1",
        "identity_checked_at": NOW,
    }
    first, second = post(voucher, "/accounts", new), post(voucher, "/accounts", new)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert (first.json()["status"], first.json()["balance"]["amount"]) == ("temporary", "2000.00")
    again = post(voucher, "/accounts", {**new, "reference": "a-2"})
    assert (again.status_code, again.json()["code"]) == (409, "ACCOUNT_EXISTS")
    stranger = {**new, "reference": "a-3", "document": {"type": "HKID", "number": "R6666660"}}
    assert post(voucher, "/accounts", stranger).json()["code"] == "PERSON_NOT_ELIGIBLE"
    account = first.json()["account_id"]
    assert claim(voucher, account_id=account).json()["account_status"] == "temporary"
    voucher.set_clock("2025-10-16T10:45:01+08:00")
    found = voucher.client.get("/ehs/v1/claims?reference=v-1").json()
    assert (found["status"], found["account_status"]) == ("confirmed", "validated")


def test_who_has_not_joined_ehealth_joins_with_a_claim_or_makes_none(
    voucher: PartyProcess,
) -> None:
    refused = claim(voucher, account_id="va-0005", amount="10.00")
    assert (refused.status_code, refused.json()["code"]) == (422, "EHEALTH_NOT_JOINED")
    joined = claim(voucher, account_id="va-0005", amount="10.00", ehealth_consent_signed_at=NOW)
    assert joined.status_code == 201
    assert claim(voucher, reference="v-2", account_id="va-0005", amount="10.00").status_code == 201


def test_the_first_of_january_brings_the_year_s_amount_up_to_the_limit(
    voucher: PartyProcess,
) -> None:
    voucher.set_tables({"accounts": {"va-0001": {"balance_hkd": 6700}}})
    assert balance(voucher) == "6700.00"
    voucher.set_clock("2026-01-01T00:00:01+08:00")
    assert balance(voucher) == "8000.00"
    assert [e["year"] for e in voucher.journal("allotted")] == [2026]


def test_the_reward_comes_once_a_year_on_the_day_after_and_says_until_when_it_can_be_used(
    voucher: PartyProcess,
) -> None:
    claim(voucher)
    assert balance(voucher) == "2095.00"
    voucher.set_clock("2025-10-15T09:00:00+08:00")
    assert balance(voucher) == "2595.00"
    claim(voucher, reference="v-2", amount="1200.00", rate_id="r-20251015")
    voucher.set_clock("2025-10-16T09:00:00+08:00")
    assert balance(voucher) == "1395.00"
    body = {
        "document": {"type": "HKID", "number": "A1234563"},
        "birth_date": "1949-05-01",
        "institution": "jiangmen-central",
    }
    (reward,) = post(voucher, "/accounts/search", body).json()["rewards"]
    assert (reward["amount"]["amount"], reward["usable_until"]) == ("500.00", "2026-12-31")


def test_a_month_lists_what_is_complete_as_paid_once_it_is_over(voucher: PartyProcess) -> None:
    claim(voucher)
    claim(voucher, reference="v-2", amount="100.00", entered_by="clerk")
    assert month(voucher).json()["code"] == "STATEMENT_NOT_READY"
    voucher.set_clock("2025-11-01T09:00:00+08:00")
    found = month(voucher).json()
    states = {item["reference"]: item["state"] for item in found["items"]}
    assert states == {"v-1": "paid", "v-2": "unconfirmed"}
    assert (found["total"]["amount"], found["paid_on"]) == ("1405.00", "2025-11-20")
    assert month(voucher).json() == found


@pytest.mark.parametrize(
    ("fault", "references", "total"),
    [
        ("foreign_claim", ["v-1", "CVFOREIGN-1"], "2810.00"),
        ("wrong_amount", ["v-1"], "1.00"),
        ("listed_twice", ["v-1", "v-1"], "2810.00"),
        ("wrong_total", ["v-1"], "1406.00"),
    ],
)
def test_a_statement_can_be_wrong_in_each_way_with_a_number_of_its_own(
    voucher: PartyProcess, fault: str, references: list[str], total: str
) -> None:
    claim(voucher)
    voucher.set_clock("2025-11-01T09:00:00+08:00")
    right = month(voucher).json()
    voucher.set_faults({"match": {"operation": "reimbursements"}, "fault": fault})
    wrong = month(voucher).json()
    assert [item["reference"] for item in wrong["items"]] == references
    assert wrong["total"]["amount"] == total
    assert wrong["statement_number"] != right["statement_number"]
    assert month(voucher).json() == right
