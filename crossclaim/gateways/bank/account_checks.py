"""Writes acmt.023.001.03 and reads acmt.024: does an account belong to the holder that we name.

The packages at hand bring neither message, so their few elements are described here, with the
lengths that the standard gives them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from xsdata.models.datatype import XmlDateTime

from crossclaim.domain.account_check import is_against_account, no_match_reason
from crossclaim.domain.party import PaymentOrder, PaymentReport, PaymentState
from crossclaim.gateways.bank.document import Document, Node, unreadable
from crossclaim.gateways.bank.header import Header, Understood
from crossclaim.gateways.bank.identifiers import account_check_id, payment_named
from crossclaim.gateways.bank.orders import CNAPS, moment, xml

CHECK_TYPE = "acmt.023.001.03"
_NAMESPACE = f"urn:iso:std:iso:20022:tech:xsd:{CHECK_TYPE}"
_CLOSE = frozenset({"CMTC", "MBAM"})
_NOT_FOUND_OUT = frozenset({"NOAP", "TECH", "MS03", "AB05", "AB08"})
"""The bank, or the payee's, could not tell: no word against the account."""


def _of(name: str, longest: int = 0) -> dict[str, Any]:
    """An element of the standard; ``longest`` of those that hold text."""
    about: dict[str, Any] = {"name": name, "type": "Element", "namespace": _NAMESPACE}
    return about | ({"min_length": 1, "max_length": longest} if longest else {})


@dataclass(kw_only=True)
class _Named:
    nm: str = field(metadata=_of("Nm", 140))


@dataclass(kw_only=True)
class _Scheme:
    cd: str = field(metadata=_of("Cd", 5))


@dataclass(kw_only=True)
class _Member:
    clr_sys_id: _Scheme = field(metadata=_of("ClrSysId"))
    mmb_id: str = field(metadata=_of("MmbId", 35))


@dataclass(kw_only=True)
class _Institution:
    clr_sys_mmb_id: _Member = field(metadata=_of("ClrSysMmbId"))


@dataclass(kw_only=True)
class _Agent:
    fin_instn_id: _Institution = field(metadata=_of("FinInstnId"))


@dataclass(kw_only=True)
class _Party:
    pty: _Named = field(metadata=_of("Pty"))


@dataclass(kw_only=True)
class _AtAgent:
    agt: _Agent = field(metadata=_of("Agt"))


@dataclass(kw_only=True)
class _Assignment:
    msg_id: str = field(metadata=_of("MsgId", 35))
    cre_dt_tm: XmlDateTime = field(metadata=_of("CreDtTm"))
    assgnr: _Party = field(metadata=_of("Assgnr"))
    assgne: _AtAgent = field(metadata=_of("Assgne"))


@dataclass(kw_only=True)
class _Other:
    id: str = field(metadata=_of("Id", 34))


@dataclass(kw_only=True)
class _Number:
    othr: _Other = field(metadata=_of("Othr"))


@dataclass(kw_only=True)
class _Account:
    id: _Number = field(metadata=_of("Id"))


@dataclass(kw_only=True)
class _PartyAndAccount:
    pty: _Named = field(metadata=_of("Pty"))
    acct: _Account = field(metadata=_of("Acct"))
    agt: _Agent = field(metadata=_of("Agt"))


@dataclass(kw_only=True)
class _Verification:
    id: str = field(metadata=_of("Id", 35))
    pty_and_acct_id: _PartyAndAccount = field(metadata=_of("PtyAndAcctId"))


@dataclass(kw_only=True)
class _Request:
    assgnmt: _Assignment = field(metadata=_of("Assgnmt"))
    vrfctn: _Verification = field(metadata=_of("Vrfctn"))


@dataclass(kw_only=True)
class _Document:
    class Meta:
        name = "Document"
        namespace = _NAMESPACE

    id_vrfctn_req: _Request = field(metadata=_of("IdVrfctnReq"))


def verification_request(
    order: PaymentOrder, number: int, at: datetime, initiating_party: str
) -> bytes:
    """About the payee of an order, named by its reference. Raises ``Final`` for what its fields
    cannot hold."""
    payee = order.creditor
    asked = _PartyAndAccount(
        pty=_Named(nm=payee.holder),
        acct=_Account(id=_Number(othr=_Other(id=payee.number))),
        agt=_agent(payee.bank_code),
    )
    message = _Request(
        assgnmt=_Assignment(
            msg_id=account_check_id(order.reference, number),
            cre_dt_tm=moment(at),
            assgnr=_Party(pty=_Named(nm=initiating_party)),
            assgne=_AtAgent(agt=_agent(order.debtor.agent_code)),
        ),
        vrfctn=_Verification(id=order.reference, pty_and_acct_id=asked),
    )
    return xml(_Document(id_vrfctn_req=message), CHECK_TYPE)


def _agent(code: str) -> _Agent:
    member = _Member(clr_sys_id=_Scheme(cd=CNAPS), mmb_id=code)
    return _Agent(fin_instn_id=_Institution(clr_sys_mmb_id=member))


def read_verifications(document: Document) -> Understood:
    """acmt.024: what the bank found; the name that it proposes is not taken over."""
    assignment = document.content.child("Assgnmt")
    if assignment is None:
        raise unreadable("IdVrfctnRpt has no Assgnmt")
    created_at = assignment.moment("CreDtTm")
    if created_at is None:
        raise unreadable("Assgnmt has no CreDtTm")
    header = Header(document.message_type, assignment.required("MsgId"), created_at)
    return Understood(header, list(_reports(header, document.content)), [])


def _reports(header: Header, content: Node) -> Iterator[PaymentReport]:
    for entry, told in enumerate(content.children("Rpt"), start=1):
        payment = payment_named(told.required("OrgnlId"))
        if payment is None:
            raise unreadable("a report names no question that could be ours")
        code = told.code("Rsn/Cd", "Rsn/Prtry")
        state = _state(told, code)
        yield header.report(
            payment,
            entry,
            state,
            reason=_reason(state, code),
            amount=None,
            account="",
            happened_at=header.created_at,
        )


def _reason(state: PaymentState, code: str) -> str:
    if state is PaymentState.ACCOUNT_NOT_MATCHED:
        return no_match_reason(code)
    return code or ("CMTC" if state is PaymentState.ACCOUNT_CLOSE else "")


def _state(told: Node, code: str) -> PaymentState:
    """Only a plain yes is one: none with another name, or with a reason against the account."""
    answer = told.required("Vrfctn")
    if answer not in ("true", "1", "false", "0"):
        raise unreadable("Rpt/Vrfctn is neither yes nor no")
    if code in _NOT_FOUND_OUT:
        return PaymentState.ACCOUNT_UNCHECKED
    proposed = told.text("UpdtdPtyAndAcctId/Pty/Nm")
    if code in _CLOSE or (proposed and not code.startswith("AC")):
        return PaymentState.ACCOUNT_CLOSE
    yes = answer in ("true", "1")
    if yes and is_against_account(code):
        return PaymentState.ACCOUNT_UNCHECKED
    return PaymentState.ACCOUNT_MATCHED if yes else PaymentState.ACCOUNT_NOT_MATCHED
