"""The voucher gateway against the simulator, and against answers that no honest system gives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from activities.ports import VoucherSystem
from crossclaim.domain.errors import Final, OutcomeUnknown, Retryable
from crossclaim.domain.money import fen, hk_cents
from crossclaim.domain.party import VoucherClaimOrder
from crossclaim.domain.submission import DocumentType, IdentityDocument
from crossclaim.gateways.http import PartyHttp
from crossclaim.gateways.voucher import VoucherGateway, read_refusal
from tests.gateways.raw_party import RawParty, answer
from tests.gateways.simulated_party import API_KEY, SimulatedParty

REGION = timezone(timedelta(hours=8))
NOW = datetime(2025, 10, 14, 10, 45, tzinfo=REGION)
HKID = IdentityDocument(type=DocumentType.HKID, number="A123456(3)")
BORN = date(1949, 5, 1)
ORDER = VoucherClaimOrder(
    reference="ep_1-voucher-1",
    account_id="va-0001",
    institution="jiangmen-central",
    department="internal-medicine",
    service_completed_at=NOW - timedelta(minutes=25),
    claimed_at=NOW,
    amount=hk_cents(140500),
    net_fee=fen(128640),
    rate_id="r-20251014",
    reason_for_visit="follow-up",
    consent_signed_at=NOW - timedelta(hours=2),
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    with SimulatedParty("voucher", tmp_path_factory.mktemp("voucher")) as party:
        yield party


@pytest.fixture
def system(running: SimulatedParty) -> SimulatedParty:
    running.reset(NOW.isoformat())
    return running


@pytest.fixture
def gateway(system: SimulatedParty) -> Iterator[VoucherGateway]:
    http = system.http(read_refusal=read_refusal)
    yield VoucherGateway(http)
    http.close()


def gateway_to(party: RawParty) -> VoucherGateway:
    return VoucherGateway(PartyHttp(party.url, API_KEY, None, 2.0, "v", read_refusal=read_refusal))


def test_the_gateway_is_the_port_that_activities_expect(gateway: VoucherGateway) -> None:
    port: VoucherSystem = gateway
    assert port is gateway


def test_a_look_up_gives_balance_and_rate_of_this_moment(gateway: VoucherGateway) -> None:
    account = gateway.look_up(HKID, BORN, "jiangmen-central", NOW)
    assert account is not None
    assert (account.account_id, account.balance, account.ehealth_joined) == (
        "va-0001",
        hk_cents(350000),
        True,
    )
    assert (account.rate.cny_per_hkd, account.rate.rate_id) == (Decimal("0.9150"), "r-20251014")
    assert account.as_of == NOW


def test_a_person_without_an_account_is_none_and_no_error(gateway: VoucherGateway) -> None:
    assert gateway.look_up(HKID, date(1950, 5, 1), "jiangmen-central", NOW) is None


def test_a_certificate_of_exemption_is_looked_up_as_such(gateway: VoucherGateway) -> None:
    paper = IdentityDocument(type=DocumentType.CERT_EXEMPTION, number="XM1234561")
    account = gateway.look_up(paper, date(1950, 2, 3), "jiangmen-central", NOW)
    assert account is not None
    assert account.account_id == "va-0004"


def test_a_document_that_the_system_does_not_know_is_never_sent(gateway: VoucherGateway) -> None:
    permit = IdentityDocument(type=DocumentType.HOME_RETURN_PERMIT, number="H00000000")
    with pytest.raises(Final) as caught:
        gateway.look_up(permit, BORN, "jiangmen-central", NOW)
    assert caught.value.code == "DOCUMENT_TYPE_NOT_ACCEPTED"


def test_a_claim_is_confirmed_found_voided_and_found_voided(gateway: VoucherGateway) -> None:
    assert gateway.find(ORDER.reference) is None
    receipt = gateway.claim(ORDER)
    assert receipt.balance_after == hk_cents(209500)
    assert gateway.claim(ORDER) == receipt == gateway.find(ORDER.reference)
    voided = gateway.void(receipt.transaction_number, "ep_1-void-1", "BILL_VOIDED")
    assert (voided.voided, voided.balance_after) == (True, hk_cents(350000))
    assert gateway.void(receipt.transaction_number, "ep_1-void-1", "BILL_VOIDED") == voided
    assert gateway.find(ORDER.reference) == voided


def test_the_same_reference_for_another_use_is_refused_for_good(gateway: VoucherGateway) -> None:
    gateway.claim(ORDER)
    with pytest.raises(Final) as caught:
        gateway.claim(ORDER.model_copy(update={"amount": hk_cents(100)}))
    assert caught.value.code == "REFERENCE_REUSED"


def test_a_balance_that_became_too_small_comes_back_with_the_refusal(
    gateway: VoucherGateway, system: SimulatedParty
) -> None:
    system.script("balance_changed", match={"operation": "claim"}, balance_hkd=1200)
    with pytest.raises(Final) as caught:
        gateway.claim(ORDER)
    assert caught.value.code == "BALANCE_INSUFFICIENT"
    assert caught.value.answer["balance"] == "1200.00"


def test_an_old_rate_and_a_claim_before_the_service_are_refused_by_their_codes(
    gateway: VoucherGateway,
) -> None:
    with pytest.raises(Final) as rate:
        gateway.claim(ORDER.model_copy(update={"rate_id": "r-20250901"}))
    with pytest.raises(Final) as early:
        gateway.claim(ORDER.model_copy(update={"claimed_at": NOW - timedelta(hours=1)}))
    assert (rate.value.code, early.value.code) == ("RATE_EXPIRED", "CLAIM_BEFORE_SERVICE")


def test_a_void_after_its_window_is_refused_by_its_code(
    gateway: VoucherGateway, system: SimulatedParty
) -> None:
    receipt = gateway.claim(ORDER)
    system._control.put("/_control/clock", json={"now": "2025-10-20T09:00:00+08:00"})
    with pytest.raises(Final) as caught:
        gateway.void(receipt.transaction_number, "ep_1-void-1", "LATE")
    assert caught.value.code == "VOID_WINDOW_PASSED"


def test_a_system_that_is_down_has_taken_nothing(
    gateway: VoucherGateway, system: SimulatedParty
) -> None:
    system.script("down", match={"operation": "claim"})
    with pytest.raises(Retryable) as caught:
        gateway.claim(ORDER)
    assert caught.value.retry_after_s == 1
    assert system.journal("claimed") == []


@pytest.mark.parametrize(("fault", "taken"), [("accepted_answer_lost", True), ("error_500", False)])
def test_a_claim_without_an_answer_is_unknown_and_asking_tells(
    gateway: VoucherGateway, system: SimulatedParty, fault: str, taken: bool
) -> None:
    system.script(fault, match={"operation": "claim"})
    with pytest.raises(OutcomeUnknown):
        gateway.claim(ORDER)
    assert (gateway.find(ORDER.reference) is not None) is taken
    gateway.claim(ORDER)
    assert len(system.journal("claimed")) == 1


def confirmed(**changes: object) -> bytes:
    body = {
        "reference": ORDER.reference,
        "transaction_number": "TX1",
        "balance_after": {"amount": "1.00", "currency": "HKD"},
        "status": "confirmed",
    }
    return json.dumps(body | changes).encode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"reference": "ep_2-voucher-1"},
        {"balance_after": {"amount": "1.00", "currency": "CNY"}},
        {"balance_after": {"amount": "-1.00", "currency": "HKD"}},
        {"balance_after": {"amount": 1.0, "currency": "HKD"}},
        {"transaction_number": ""},
        {"status": "lost"},
    ],
)
def test_a_receipt_that_cannot_be_ours_leaves_the_outcome_unknown(wrong: dict[str, object]) -> None:
    with RawParty(answer(201, confirmed(**wrong))) as party, pytest.raises(OutcomeUnknown):
        gateway_to(party).claim(ORDER)


@pytest.mark.parametrize("body", [b"<html>not here</html>", b'{"code": "ROUTE_NOT_FOUND"}', b"{}"])
def test_only_the_system_s_own_word_proves_that_there_is_no_claim(body: bytes) -> None:
    """A 404 of a proxy or a wrong path read as absence would let us claim a second time."""
    with RawParty(answer(404, body)) as party, pytest.raises(Final):
        gateway_to(party).find(ORDER.reference)


def test_the_naive_twin_that_takes_any_404_as_absence_would_claim_again() -> None:
    def naive_find(http: PartyHttp) -> object:
        try:
            return http.get("/ehs/v1/claims").body
        except Final as error:
            return None if error.answer["status"] == "404" else error

    with RawParty(answer(404, b"<html>not here</html>")) as party:
        assert naive_find(PartyHttp(party.url, API_KEY, party_name="v")) is None


def test_an_account_that_is_not_validated_pays_nothing() -> None:
    body = {
        "account_id": "va-1",
        "status": "suspended",
        "ehealth_joined": True,
        "balance": {"amount": "1.00", "currency": "HKD"},
    }
    with RawParty(answer(200, json.dumps(body).encode())) as party, pytest.raises(Final) as caught:
        gateway_to(party).look_up(HKID, BORN, "jiangmen-central", NOW)
    assert caught.value.code == "ACCOUNT_NOT_VALIDATED"


def test_the_identity_number_travels_in_the_body_only() -> None:
    with RawParty(answer(404, b'{"code": "ACCOUNT_NOT_FOUND"}')) as party:
        gateway_to(party).look_up(HKID, BORN, "jiangmen-central", NOW)
    head, _, body = party.requests[0].partition(b"\r\n\r\n")
    assert b"A123456" not in head
    assert json.loads(body)["document"] == {"type": "HKID", "number": "A1234563"}
