"""pain.002: what the bank says about our orders, and its answers to status requests.

Transactions speak for themselves; where a report lists none, the payment-information or group
status stands for the one payment of our file. A status that we do not know is pending, never an
end. "Duplicate" and "no original transaction" are no rejections: neither says anything about money.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crossclaim.domain.party import PaymentReport, PaymentState
from crossclaim.gateways.bank.document import Document, Node, unreadable
from crossclaim.gateways.bank.header import Header, Understood
from crossclaim.gateways.bank.identifiers import is_inquiry, payment_named

_STATES = {
    "RCVD": PaymentState.ACCEPTED,
    "ACTC": PaymentState.ACCEPTED,
    "ACCP": PaymentState.ACCEPTED,
    "ACFC": PaymentState.ACCEPTED,
    "ACSP": PaymentState.ACCEPTED,
    "ACWC": PaymentState.ACCEPTED,
    "ACWP": PaymentState.ACCEPTED,
    "PATC": PaymentState.ACCEPTED,
    "PDNG": PaymentState.PENDING,
    "ACSC": PaymentState.SETTLED,
    "ACCC": PaymentState.CREDITED,
    "CANC": PaymentState.REJECTED,
    "RJCT": PaymentState.REJECTED,
}
"""ISO external code set ``ExternalPaymentTransactionStatus1Code``."""

_DUPLICATE = {"AM05", "DUPL", "DU01", "DU02", "DU03", "DU04", "DU05"}
"""``ExternalStatusReason1Code``: the bank has seen this message, batch or id before."""

_NO_ORIGINAL = "NOOR"
_NO_REJECTION = _DUPLICATE | {_NO_ORIGINAL}
_PARTLY = "PART"


def read_status_report(document: Document) -> Understood:
    header = Header.of(document)
    group = document.content.child("OrgnlGrpInfAndSts")
    if group is None:
        raise unreadable("CstmrPmtStsRpt has no OrgnlGrpInfAndSts")
    reports = list(_reports(header, document.content, group))
    return Understood(header, reports, [])


def _reports(header: Header, content: Node, group: Node) -> Iterator[PaymentReport]:
    entry = 0
    batches = list(content.children("OrgnlPmtInfAndSts"))
    for batch in batches:
        transactions = list(batch.children("TxInfAndSts"))
        if not transactions and batch.text("PmtInfSts"):
            entry += 1
            yield _report(header, entry, [batch, group])
        for transaction in transactions:
            entry += 1
            yield _report(header, entry, [transaction, batch, group])
    if entry == 0 and not _about_an_inquiry(group):
        yield _report(header, 1, [group])


def _about_an_inquiry(group: Node) -> bool:
    """A status request that the bank refused as a file says nothing about its payment."""
    if _NO_ORIGINAL in _reasons(group):
        return False
    asked = is_inquiry(group.required("OrgnlMsgId"))
    return asked or group.text("OrgnlMsgNmId").startswith("pacs.028")


def _report(header: Header, entry: int, levels: list[Node]) -> PaymentReport:
    """One report; ``levels`` from the most particular to the group."""
    own = levels[0]
    payment = payment_named(
        own.text("OrgnlEndToEndId"),
        *(level.text(name) for level in levels for name in _IDS if level.text(name)),
    )
    if payment is None:
        raise unreadable("a status names no payment that could be ours")
    status, reasons = _status(levels)
    state = _state(status, reasons)
    number = own.account("OrgnlTxRef/CdtrAcct")
    amount = own.money("OrgnlTxRef/Amt/InstdAmt") or own.money("OrgnlTxRef/IntrBkSttlmAmt")
    silent = status in _STATES and status != "CANC"
    return header.report(
        payment,
        entry,
        state,
        reason=reasons[0] if reasons else "" if silent else status,
        amount=amount,
        account=number,
        happened_at=_happened(own, state, header),
    )


_IDS = ("OrgnlInstrId", "OrgnlPmtInfId", "OrgnlMsgId")


def _status(levels: list[Node]) -> tuple[str, list[str]]:
    """The most particular status, with all reasons; PART says nothing of one payment."""
    given = [s for s in (level.code("TxSts", "PmtInfSts", "GrpSts") for level in levels) if s]
    if not given:
        raise unreadable("a status report gives no status")
    status = next((code for code in given if code != _PARTLY), _PARTLY)
    reasons = [reason for level in levels for reason in _reasons(level)]
    return status, sorted(reasons, key=lambda reason: reason not in _NO_REJECTION)


def _reasons(level: Node) -> list[str]:
    found = (info.code("Rsn/Cd", "Rsn/Prtry") for info in level.children("StsRsnInf"))
    return [reason for reason in found if reason]


def _state(status: str, reasons: list[str]) -> PaymentState:
    state = _STATES.get(status, PaymentState.PENDING)
    if state is not PaymentState.REJECTED:
        return state
    if _DUPLICATE.intersection(reasons):
        return PaymentState.DUPLICATE
    if _NO_ORIGINAL in reasons:
        return PaymentState.UNKNOWN_TO_BANK
    return state


def _happened(own: Node, state: PaymentState, header: Header) -> datetime:
    if state is PaymentState.SETTLED:
        return own.moment("FctvIntrBkSttlmDt/DtTm") or header.created_at
    if state is PaymentState.ACCEPTED:
        return own.moment("AccptncDtTm") or header.created_at
    return header.created_at
