"""camt.029: what the bank says about our wish to cancel a payment.

Only "accepted" is a cancellation; what we do not know is still being worked on, never an end.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.party import PaymentReport, PaymentState
from crossclaim.gateways.bank.document import Document, Node, unreadable
from crossclaim.gateways.bank.header import Header, Understood
from crossclaim.gateways.bank.identifiers import payment_named, recalled_reference

_STATES = {
    "ACCR": PaymentState.RECALLED,
    "CNCL": PaymentState.RECALLED,
    "RJCR": PaymentState.RECALL_REFUSED,
}
"""``CancellationIndividualStatus1Code`` and ``ExternalInvestigationExecutionConfirmation1Code``."""


def read_resolutions(document: Document) -> Understood:
    assignment = document.content.child("Assgnmt")
    if assignment is None:
        raise unreadable("RsltnOfInvstgtn has no Assgnmt")
    created_at = assignment.moment("CreDtTm")
    if created_at is None:
        raise unreadable("Assgnmt has no CreDtTm")
    header = Header(document.message_type, assignment.required("Id"), created_at)
    return Understood(header, list(_reports(header, document.content)), [])


def _reports(header: Header, content: Node) -> Iterator[PaymentReport]:
    whole = content.code("Sts/Conf")
    case = content.text("RslvdCase/Id")
    transactions = [
        *content.children("CxlDtls/TxInfAndSts"),
        *content.children("CxlDtls/OrgnlPmtInfAndSts/TxInfAndSts"),
    ]
    for entry, told in enumerate(transactions or [content], start=1):
        payment = payment_named(
            told.text("OrgnlEndToEndId") or recalled_reference(told.text("RslvdCase/Id") or case),
            told.text("OrgnlInstrId"),
            told.text("OrgnlGrpInf/OrgnlMsgId"),
        )
        if payment is None:
            raise unreadable("a resolution names no payment that could be ours")
        status = told.code("TxCxlSts") or whole
        yield header.report(
            payment,
            entry,
            _STATES.get(status, PaymentState.RECALL_PENDING),
            reason=told.code("CxlStsRsnInf/Rsn/Cd", "CxlStsRsnInf/Rsn/Prtry"),
            amount=None,
            account="",
            happened_at=header.created_at,
        )
