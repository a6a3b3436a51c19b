"""The acquirer's gateway against the simulator, and against answers that no honest one gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from pydantic import SecretStr

from activities.acquirer_port import Acquirer
from crossclaim.domain.acquirer import (
    AnswerNotBelieved,
    PaymentState,
    PayOrder,
    RefundOrder,
    RefundState,
    StatementKind,
)
from crossclaim.domain.errors import OutcomeUnknown, Retryable
from crossclaim.domain.money import fen
from crossclaim.gateways.acquirer import AcquirerGateway
from crossclaim.gateways.acquirer_envelope import AcquirerCall, signature
from tests.gateways.simulated_party import SimulatedParty

REGION = timezone(timedelta(hours=8))
NOW = datetime(2026, 4, 14, 10, 45, tzinfo=REGION)
SECRET = SecretStr("simulator-secret")
HOSPITAL = "hku-szh"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    with SimulatedParty("acquirer", tmp_path_factory.mktemp("acquirer")) as party:
        yield party


@pytest.fixture
def party(running: SimulatedParty) -> SimulatedParty:
    running.reset(NOW.isoformat())
    return running


@pytest.fixture
def gateway(party: SimulatedParty) -> Iterator[AcquirerGateway]:
    http = party.http()
    yield AcquirerGateway(AcquirerCall(http, SECRET), {HOSPITAL: "MCH440307"})
    http.close()


def order(reference: str = "PY1", fen_: int = 43_920, code: str = "VISA-00000001") -> PayOrder:
    return PayOrder(
        reference=reference,
        hospital=HOSPITAL,
        method="foreign_card" if code.startswith("VISA") else "wechat",
        payer_code=code,
        amount=fen(fen_),
    )


def back(number: str, fen_: int, reference: str = "RF1") -> RefundOrder:
    return RefundOrder(
        reference=reference,
        hospital=HOSPITAL,
        payment_reference="PY1",
        payment_number=number,
        paid=fen(43_920),
        amount=fen(fen_),
    )


def test_the_gateway_is_the_port_that_activities_expect(gateway: AcquirerGateway) -> None:
    port: Acquirer = gateway
    assert port.hospitals == [HOSPITAL]


def test_a_payment_is_taken_once_and_found_again(
    gateway: AcquirerGateway, party: SimulatedParty
) -> None:
    told = gateway.pay(order())
    assert (told.state, told.number != "") == (PaymentState.PAID, True)
    assert gateway.pay(order()) == told == gateway.find_payment(order())
    assert told.card is not None
    assert (told.card.amount, told.card.currency) == (Decimal("480.00"), "HKD")
    assert (told.card.rate, told.card.rate_by) == (Decimal("1.0929"), "scheme")
    assert told.paid_at is not None and told.paid_at.tzinfo is not None
    assert len(party.journal("charged")) == 1
    assert gateway.find_payment(order("PY2")) is None


def test_partial_refunds_add_up_to_the_payment_and_no_further(gateway: AcquirerGateway) -> None:
    number = gateway.pay(order()).number
    first = gateway.refund(back(number, 20_000))
    assert first.state is RefundState.REFUNDED
    assert first.card is not None and first.card.amount == Decimal("218.24")
    assert (
        gateway.refund(back(number, 20_000)) == first == gateway.find_refund(back(number, 20_000))
    )
    assert gateway.refund(back(number, 23_920, "RF2")).state is RefundState.REFUNDED
    above = gateway.refund(back(number, 1, "RF3"))
    assert (above.state, above.code) == (RefundState.REFUSED, "REFUND_FEE_EXCEEDS")
    assert gateway.find_refund(back(number, 1, "RF3")) is None


def test_an_order_that_was_never_seen_is_closed_and_what_comes_after_finds_it_so(
    gateway: AcquirerGateway, party: SimulatedParty
) -> None:
    assert gateway.close_payment(order()).state is PaymentState.CLOSED
    assert gateway.pay(order()).state is PaymentState.CLOSED
    assert party.journal("charged") == []


def test_a_paid_order_cannot_be_closed(gateway: AcquirerGateway) -> None:
    gateway.pay(order())
    assert gateway.close_payment(order()).state is PaymentState.PAID


def test_a_refusal_has_its_code(gateway: AcquirerGateway) -> None:
    told = gateway.pay(order(code="130000000000000404"))
    assert (told.state, told.code) == (PaymentState.REFUSED, "NOTENOUGH")
    told = gateway.pay(order("PY2", code="990000000000000001"))
    assert (told.state, told.code) == (PaymentState.REFUSED, "AUTH_CODE_INVALID")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("wrong_amount", "ACQUIRER_OTHER_AMOUNT"),
        ("other_order", "ACQUIRER_OTHER_ORDER"),
        ("bad_signature", "ACQUIRER_SIGNATURE_WRONG"),
        ("other_nonce", "ACQUIRER_OTHER_QUESTION"),
    ],
)
def test_what_cannot_be_ours_is_not_believed_and_the_document_is_kept(
    gateway: AcquirerGateway, party: SimulatedParty, fault: str, code: str
) -> None:
    party.script(fault)
    with pytest.raises(AnswerNotBelieved) as raised:
        gateway.pay(order())
    assert raised.value.code == code
    assert "nonce_str" in raised.value.document
    found = gateway.find_payment(order())
    assert found is not None and found.state is PaymentState.PAID


def test_what_fails_is_told_apart_by_what_may_have_happened(
    gateway: AcquirerGateway, party: SimulatedParty
) -> None:
    party.script("down", match={"operation": "micropay"})
    with pytest.raises(Retryable):
        gateway.pay(order())
    party.script("accepted_answer_lost", match={"operation": "micropay"})
    with pytest.raises(OutcomeUnknown):
        gateway.pay(order())
    party.script("accepted_answer_lost", match={"operation": "orderquery"})
    with pytest.raises(Retryable):
        gateway.find_payment(order())
    party.script("refused", match={"operation": "refund"}, code="MCH_NOTENOUGH")
    with pytest.raises(OutcomeUnknown):
        gateway.refund(back("42", 1))


def test_a_secret_that_is_not_ours_signs_nothing(party: SimulatedParty) -> None:
    http = party.http()
    wrong = AcquirerGateway(AcquirerCall(http, SecretStr("another")), {HOSPITAL: "MCH440307"})
    with pytest.raises(AnswerNotBelieved):
        wrong.pay(order())
    http.close()
    assert party.journal("charged") == []


def test_the_statement_has_every_movement_of_a_day_that_is_over(
    gateway: AcquirerGateway, party: SimulatedParty
) -> None:
    number = gateway.pay(order()).number
    gateway.refund(back(number, 20_000))
    with pytest.raises(Retryable):
        gateway.statement(HOSPITAL, NOW.date())
    party.set_clock((NOW + timedelta(days=1)).isoformat())
    lines = gateway.statement(HOSPITAL, NOW.date()).lines
    assert [(one.kind, one.reference, one.amount_minor) for one in lines] == [
        (StatementKind.PAYMENT, "PY1", 43_920),
        (StatementKind.REFUND, "RF1", 20_000),
    ]
    assert gateway.statement(HOSPITAL, date(2026, 4, 1)).lines == []


class Told:
    """A party that answers every call with the same signed body."""

    def __init__(self, **members: object) -> None:
        self.members = members

    def send(
        self, operation: str, merchant: str, key: str, members: object, *, safe: bool
    ) -> dict[str, object]:
        return dict(self.members)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "type,time,out_no,number,fee\n",
        "type,time,out_no,number,fee\nPAY,20260414104500,PY1,42,100\nTOTAL,,,1,99\n",
        "type,time,out_no,number,fee\nPAY,20260414104500,PY1,42,100\nTOTAL,,,2,100\n",
        "type,time,out_no,number,fee\nGIFT,20260414104500,PY1,42,100\nTOTAL,,,1,100\n",
        "time,type,out_no,number,fee\n20260414104500,PAY,PY1,42,100\n,TOTAL,,1,100\n",
        "type,time,out_no,number,fee\nPAY,20260414104500,PY1,42,0\nTOTAL,,,1,0\n",
        "type,time,out_no,number,fee\nPAY,20260414104500,PY1,42,-5\nTOTAL,,,1,-5\n",
        f"type,time,out_no,number,fee\nPAY,20260414104500,PY1,42,{10**19}\nTOTAL,,,1,{10**19}\n",
        "type,time,out_no,number,fee\n"
        "PAY,20260414104500,PY1,42,50\nPAY,20260414104500,PY1,42,50\nTOTAL,,,2,100\n",
        "type,time,out_no,number,fee\nPAY,yesterday,PY1,42,100\nTOTAL,,,1,100\n",
    ],
)
def test_a_statement_that_does_not_add_up_is_not_believed(content: str) -> None:
    import hashlib

    told = Told(
        result_code="SUCCESS",
        bill_date="20260414",
        content=content,
        content_hash=hashlib.sha256(content.encode()).hexdigest(),
    )
    gateway = AcquirerGateway(told, {HOSPITAL: "M"})  # type: ignore[arg-type]
    with pytest.raises(AnswerNotBelieved):
        gateway.statement(HOSPITAL, date(2026, 4, 14))


def test_a_foreign_cards_side_is_told_whole_or_not_believed() -> None:
    told = Told(
        result_code="SUCCESS",
        out_trade_no="PY1",
        total_fee=43_920,
        fee_type="CNY",
        trade_state="SUCCESS",
        transaction_id="42",
        time_end="20260414104500",
        card_currency="HKD",
        card_amount="480.00",
    )
    gateway = AcquirerGateway(told, {HOSPITAL: "M"})  # type: ignore[arg-type]
    with pytest.raises(AnswerNotBelieved):
        gateway.pay(order())


def test_signatures_are_over_every_member_that_is_not_empty() -> None:
    asked = {"b": 2, "a": "x", "empty": "", "none": None, "sign": "ignored"}
    assert signature(SECRET, asked) == signature(SECRET, {"a": "x", "b": "2"})
    assert signature(SECRET, asked) != signature(SECRET, {"a": "x", "b": "3"})
    assert signature(SECRET, asked) != signature(SecretStr("other"), asked)
