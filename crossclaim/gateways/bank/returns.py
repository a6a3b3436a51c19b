"""pacs.004: the return of an executed payment."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.party import PaymentReport, PaymentState
from crossclaim.gateways.bank.document import Document, Node, unreadable, within
from crossclaim.gateways.bank.header import Header, Understood
from crossclaim.gateways.bank.identifiers import payment_named


def read_returns(document: Document) -> Understood:
    header = Header.of(document)
    return Understood(header, list(_reports(header, document.content)), [])


def _reports(header: Header, content: Node) -> Iterator[PaymentReport]:
    returned = list(content.children("TxInf"))
    if not returned and content.child("OrgnlGrpInf") is None:
        raise unreadable("PmtRtr returns nothing")
    for entry, transaction in enumerate(returned or [content], start=1):
        payment = payment_named(
            transaction.text("OrgnlEndToEndId"),
            transaction.text("OrgnlInstrId"),
            transaction.text("OrgnlGrpInf/OrgnlMsgId"),
            content.text("OrgnlGrpInf/OrgnlMsgId"),
        )
        if payment is None:
            raise unreadable("a return names no payment that could be ours")
        group_reason = content.code(
            "OrgnlGrpInf/RtrRsnInf/Rsn/Cd", "OrgnlGrpInf/RtrRsnInf/Rsn/Prtry"
        )
        day = transaction.day("IntrBkSttlmDt") or content.day("GrpHdr/IntrBkSttlmDt")
        yield header.report(
            payment,
            entry,
            PaymentState.RETURNED,
            reason=transaction.code("RtrRsnInf/Rsn/Cd", "RtrRsnInf/Rsn/Prtry") or group_reason,
            amount=transaction.money("RtrdIntrBkSttlmAmt"),
            account="",
            happened_at=within(day, header.created_at) if day else header.created_at,
        )
