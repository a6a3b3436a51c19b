"""What the gateway writes: official pain.001 and pacs.028, the same bytes for the same order."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from xsdata.exceptions import ParserError

from crossclaim.domain.errors import Final
from crossclaim.domain.money import Money, fen
from crossclaim.domain.party import PaymentOrder
from crossclaim.gateways.bank.orders import payment_order, status_request
from tests.gateways.bank_scene import (
    AT,
    CREDITOR_NUMBER,
    DEBTOR_NUMBER,
    REFERENCE,
    assert_official,
    bank,
    order,
    schema_path,
)

PAIN = "pain.001.001.09"
PACS = "pacs.028.001.05"


def text(root: etree._Element, path: str) -> str:
    """The one text under a path of local names."""
    steps = "/".join(f"{{{etree.QName(root).namespace}}}{step}" for step in path.split("/"))
    found = root.findall(steps)
    assert len(found) == 1, path
    return str(found[0].text)


def written(what: PaymentOrder) -> etree._Element:
    return assert_official(PAIN, payment_order(what, "crossclaim"))


def test_a_payment_order_says_what_the_wire_document_promises() -> None:
    root = written(order())
    group, payment = "CstmrCdtTrfInitn/GrpHdr/", "CstmrCdtTrfInitn/PmtInf/"
    transaction = f"{payment}CdtTrfTxInf/"
    expected = {
        f"{group}MsgId": f"{REFERENCE}-1",
        f"{group}CreDtTm": "2025-10-14T10:45:00+08:00",
        f"{group}NbOfTxs": "1",
        f"{group}CtrlSum": "51850.50",
        f"{group}InitgPty/Nm": "crossclaim",
        f"{payment}PmtInfId": f"{REFERENCE}-1",
        f"{payment}PmtMtd": "TRF",
        f"{payment}ReqdExctnDt/Dt": "2025-10-14",
        f"{payment}Dbtr/Nm": "海港人壽保險有限公司",
        f"{payment}DbtrAcct/Id/Othr/Id": DEBTOR_NUMBER,
        f"{payment}DbtrAgt/FinInstnId/ClrSysMmbId/ClrSysId/Cd": "CNCIP",
        f"{payment}DbtrAgt/FinInstnId/ClrSysMmbId/MmbId": "105584000005",
        f"{transaction}PmtId/InstrId": f"{REFERENCE}-1",
        f"{transaction}PmtId/EndToEndId": REFERENCE,
        f"{transaction}Amt/InstdAmt": "51850.50",
        f"{transaction}CdtrAgt/FinInstnId/ClrSysMmbId/MmbId": "105584000021",
        f"{transaction}Cdtr/Nm": "深圳市龍崗區人民醫院（國際醫療中心）𠮷",
        f"{transaction}CdtrAcct/Id/Othr/Id": CREDITOR_NUMBER,
        f"{transaction}Purp/Prtry": "SERVICE",
        f"{transaction}RmtInf/Ustrd": "BILL 2025-1 CLAIM CL-77",
    }
    assert {path: text(root, path) for path in expected} == expected
    amount = root.find(f".//{{{etree.QName(root).namespace}}}InstdAmt")
    assert amount is not None and amount.get("Ccy") == "CNY"


def test_a_second_schema_engine_accepts_the_order_too() -> None:
    content = payment_order(order(), "crossclaim")
    xmlschema.XMLSchema(schema_path(PAIN)).validate(content.decode())


def test_an_order_without_its_reference_fails_the_official_schema() -> None:
    content = payment_order(order(), "crossclaim").replace(b"EndToEndId", b"EndToEnd")
    with pytest.raises(etree.DocumentInvalid):
        assert_official(PAIN, content)
    asked = status_request(order(), 1, AT).replace(b"OrgnlInstrId", b"OrgnlInstr")
    with pytest.raises(ParserError):
        assert_official(PACS, asked)


def test_a_status_request_asks_by_reference_and_names_the_first_attempts_message() -> None:
    root = assert_official(PACS, status_request(order(attempt=3), 2, AT))
    base = "FIToFIPmtStsReq/"
    assert text(root, f"{base}GrpHdr/MsgId") == f"{REFERENCE}-q2"
    assert text(root, f"{base}TxInf/OrgnlEndToEndId") == REFERENCE
    assert text(root, f"{base}TxInf/OrgnlInstrId") == f"{REFERENCE}-1"
    assert text(root, f"{base}OrgnlGrpInf/OrgnlMsgNmId") == PAIN


def test_the_same_order_gives_the_same_bytes_and_another_attempt_keeps_the_reference() -> None:
    assert payment_order(order(), "crossclaim") == payment_order(order(), "crossclaim")
    moved = order(created_at=AT.astimezone(UTC))
    assert payment_order(moved, "crossclaim") == payment_order(order(), "crossclaim")
    again = written(order(attempt=2, created_at=AT + timedelta(days=2)))
    path = "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/PmtId/"
    assert text(again, f"{path}EndToEndId") == REFERENCE
    assert text(again, f"{path}InstrId") == f"{REFERENCE}-2"


@settings(deadline=None)
@given(
    minor=st.integers(1, 99_999_999_999_999),
    name=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)
    .filter(lambda s: s.strip() and not set(s) & {"\ufffe", "\uffff"})
    .map(lambda s: s[:140]),
)
def test_every_amount_and_name_comes_back_unchanged(minor: int, name: str) -> None:
    holder = order().creditor.model_copy(update={"holder": name})
    root = written(order(amount=fen(minor), creditor=holder))
    base = "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/"
    amount = text(root, f"{base}Amt/InstdAmt")
    assert Money.model_validate({"amount": amount, "currency": "CNY"}) == fen(minor)
    assert text(root, "CstmrCdtTrfInitn/GrpHdr/CtrlSum") == amount
    assert text(root, f"{base}Cdtr/Nm") == name


def _unfit() -> list[tuple[str, PaymentOrder]]:
    creditor, debtor = order().creditor, order().debtor
    return [
        ("Cdtr/Nm", order(creditor=creditor.model_copy(update={"holder": "龍" * 141}))),
        ("Dbtr/Nm", order(debtor=debtor.model_copy(update={"holder": "龍" * 141}))),
        ("CdtrAcct/Id/Othr/Id", order(creditor=creditor.model_copy(update={"number": "6" * 35}))),
        ("MmbId", order(creditor=creditor.model_copy(update={"bank_code": "1" * 36}))),
        ("Purp/Prtry", order(purpose="P" * 36)),
        ("RmtInf/Ustrd", order(remittance="R" * 141)),
        ("Cdtr/Nm", order(creditor=creditor.model_copy(update={"holder": "陳\x00大文"}))),
        ("Cdtr/Nm", order(creditor=creditor.model_copy(update={"holder": "陳\ud800大文"}))),
        ("DbtrAcct/Id/Othr/Id", order(debtor=debtor.model_copy(update={"number": " "}))),
    ]


@pytest.mark.parametrize(("field", "unfit"), _unfit())
def test_a_text_that_its_field_cannot_hold_is_final_before_anything_is_written(
    tmp_path: Path, field: str, unfit: PaymentOrder
) -> None:
    with pytest.raises(Final) as caught:
        bank(tmp_path).stage(unfit)
    assert field in caught.value.detail
    for secret in ("龍", "陳", "666", CREDITOR_NUMBER, DEBTOR_NUMBER):
        assert secret not in caught.value.detail
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("minor", [0, -1])
def test_a_payment_of_nothing_is_refused(minor: int) -> None:
    with pytest.raises(Final):
        payment_order(order(amount=fen(minor)), "crossclaim")


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "../x",
        "a/b",
        "a\\b",
        ".hidden",
        "-x",
        "a b",
        "a\nb",
        "a\x00",
        "單",
        "x" * 35,
        "NOTPROVIDED",
    ],
)
def test_a_reference_that_is_no_safe_name_is_refused(tmp_path: Path, reference: str) -> None:
    gateway = bank(tmp_path)
    with pytest.raises(Final):
        gateway.stage(order(reference=reference))
    with pytest.raises(Final):
        gateway.inquire(order(reference=reference), 1, AT)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", ["../inbound/x.xml", "/etc/passwd", ".x.xml", "x.xml/..", "x.txt"])
def test_a_file_name_that_leaves_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    gateway = bank(tmp_path)
    with pytest.raises(Final):
        gateway.release(name)
    with pytest.raises(Final):
        gateway.is_staged(name)
