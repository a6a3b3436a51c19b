"""The gateway's calls beyond one own account, and answers that contradict themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from crossclaim.domain.errors import Final, OutcomeUnknown, Retryable
from crossclaim.domain.money import hk_cents
from crossclaim.domain.party import NewVoucherAccount
from crossclaim.domain.submission import DocumentType, IdentityDocument, PersonName
from crossclaim.domain.voucher_submission import SpouseSubmission
from crossclaim.gateways.voucher import VoucherGateway, read_refusal
from tests.gateways.raw_party import RawParty, answer
from tests.gateways.simulated_party import SimulatedParty
from tests.gateways.test_voucher import NOW, ORDER, gateway_to

HERE = "jiangmen-central"
SPOUSE = SpouseSubmission(
    name=PersonName(zh="陳志強"),
    birth_date=date(1958, 2, 11),
    document=IdentityDocument(type=DocumentType.HKID, number="C123456(9)"),
)
NEW = NewVoucherAccount(
    reference="VA1",
    document=IdentityDocument(type=DocumentType.HKID, number="R555555(3)"),
    name=PersonName(en="WONG"),
    birth_date=date(1951, 3, 4),
    institution=HERE,
    consent_signed_at=NOW,
    ehealth_consent_signed_at=NOW,
    checked_by="FD-1",
    checked_at=NOW,
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    with SimulatedParty("voucher", tmp_path_factory.mktemp("scheme")) as party:
        yield party


@pytest.fixture
def gateway(running: SimulatedParty) -> Iterator[VoucherGateway]:
    running.reset(NOW.isoformat())
    http = running.http(read_refusal=read_refusal)
    yield VoucherGateway(http)
    http.close()


def test_a_pairing_is_found_with_its_balance_or_not_at_all(gateway: VoucherGateway) -> None:
    found = gateway.find_pairing("va-0002", SPOUSE, HERE)
    assert found is not None
    assert (found.account_id, found.balance) == ("va-0006", hk_cents(100_000))
    assert found.paired_on == date(2025, 9, 1)
    assert gateway.find_pairing("va-0001", SPOUSE, HERE) is None


def test_a_paired_claim_says_who_was_told(gateway: VoucherGateway) -> None:
    own = ORDER.model_copy(update={"account_id": "va-0002", "amount": hk_cents(60_000)})
    assert gateway.claim(own).complete
    second = own.model_copy(
        update={
            "reference": "s-1",
            "account_id": "va-0006",
            "amount": hk_cents(100_000),
            "paired_with": "va-0002",
        }
    )
    receipt = gateway.claim(second)
    assert receipt.told_by_message == ("own", "spouse")
    assert receipt.balance_after == hk_cents(0)


def test_a_clerk_s_claim_is_complete_only_once_it_is_confirmed(gateway: VoucherGateway) -> None:
    entered = gateway.claim(ORDER.model_copy(update={"entered_by": "clerk"}))
    assert (entered.confirmed, entered.complete) == (False, False)
    said = gateway.confirm(entered.transaction_number, "k-1", "EHCP-1", NOW)
    assert said.complete
    found = gateway.find(ORDER.reference)
    assert found is not None and found.complete
    with pytest.raises(Final) as caught:
        gateway.confirm("TX000", "k-2", "EHCP-1", NOW)
    assert caught.value.code == "CLAIM_NOT_FOUND"


def test_a_new_account_is_temporary_with_the_rate_of_the_moment(gateway: VoucherGateway) -> None:
    first, second = gateway.open_account(NEW, NOW), gateway.open_account(NEW, NOW)
    assert first == second
    assert (first.validated, first.balance, first.rate.rate_id) == (
        False,
        hk_cents(200_000),
        "r-20251014",
    )
    with pytest.raises(Final) as caught:
        gateway.open_account(NEW.model_copy(update={"reference": "VA2"}), NOW)
    assert caught.value.code == "ACCOUNT_EXISTS"


def test_a_month_is_read_line_by_line_and_one_without_a_statement_is_none(
    gateway: VoucherGateway, running: SimulatedParty
) -> None:
    taken = gateway.claim(ORDER)
    assert gateway.reimbursements(HERE, "2025-10") is None
    running.set_clock((NOW + timedelta(days=20)).isoformat())
    found = gateway.reimbursements(HERE, "2025-10")
    assert found is not None
    (line,) = found.claims
    assert (line.reference, line.transaction_number) == (
        ORDER.reference,
        taken.transaction_number,
    )
    assert (line.state, found.total) == ("paid", hk_cents(140_500))


STATEMENT: dict[str, Any] = {
    "statement_number": "RS-1",
    "institution": HERE,
    "month": "2025-10",
    "paid_on": "2025-11-20",
    "total": {"amount": "1.00", "currency": "HKD"},
    "items": [],
}


@pytest.mark.parametrize(
    "change",
    [
        {"institution": "hku-szh"},
        {"month": "2025-09"},
        {"total": {"amount": "1.00", "currency": "CNY"}},
        {"items": [{"reference": "x"}]},
        {
            "items": [
                {
                    "reference": "x",
                    "transaction_number": "TX1",
                    "amount": {"amount": "1.50", "currency": "HKD"},
                    "state": "paid",
                }
            ]
        },
    ],
    ids=["another institution", "another month", "another currency", "a broken line", "cents"],
)
def test_a_statement_that_is_not_what_was_asked_for_is_never_read(change: dict[str, Any]) -> None:
    body = json.dumps(STATEMENT | change).encode()
    with RawParty(answer(200, body)) as party, pytest.raises(Retryable):
        gateway_to(party).reimbursements(HERE, "2025-10")


def test_a_confirmation_of_another_claim_tells_nothing_about_ours() -> None:
    body = {
        "reference": "x",
        "transaction_number": "TX-OTHER",
        "balance_after": {"amount": "1.00", "currency": "HKD"},
        "status": "confirmed",
    }
    with (
        RawParty(answer(200, json.dumps(body).encode())) as party,
        pytest.raises(OutcomeUnknown) as caught,
    ):
        gateway_to(party).confirm("TX-OURS", "k", "EHCP-1", NOW)
    assert caught.value.code == "ANSWER_FOREIGN"


def test_a_pairing_with_oneself_is_no_answer() -> None:
    body = {
        "account_id": "va-1",
        "paired_on": "2025-09-01",
        "balance": {"amount": "1.00", "currency": "HKD"},
    }
    with (
        RawParty(answer(200, json.dumps(body).encode())) as party,
        pytest.raises(Retryable) as caught,
    ):
        gateway_to(party).find_pairing("va-1", SPOUSE, HERE)
    assert caught.value.code == "ANSWER_FOREIGN"
