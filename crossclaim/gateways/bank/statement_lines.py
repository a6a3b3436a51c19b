"""One entry of a statement as the lines that are matched: one a transaction where amounts tell."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

from crossclaim.domain.bank_statement import StatementLine
from crossclaim.domain.matching import REVERSED, look_of
from crossclaim.domain.money import Money
from crossclaim.domain.party import PaymentReport
from crossclaim.gateways.bank.document import BANK_ZONE, Node, unreadable
from crossclaim.gateways.bank.entries import Transaction, report_of, transactions_of
from crossclaim.gateways.bank.header import Header
from crossclaim.gateways.bank.identifiers import account_hash

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,34}")
_NOTHING = "NOTPROVIDED"


@dataclass(frozen=True, slots=True)
class EntryRead:
    """What one ``Ntry`` comes to on its account."""

    booked: bool
    direction: Literal["debit", "credit"]
    amount_minor: int
    currency: str
    nameless: bool
    lines: list[StatementLine]


class EntryReader:
    """Entries of one account, in their order."""

    def __init__(self, header: Header, account: str, position: int, *, advice: bool) -> None:
        self._header = header
        self._account = account
        self._advice = advice
        self.position = position
        """The last transaction's, counted over the whole file."""

    def read(self, entry: Node) -> EntryRead:
        found = list(transactions_of(self._account, iter([entry]), self.position))
        self.position += len(found)
        amount = entry.money("Amt")
        if amount is None:
            raise unreadable("Ntry has no Amt")
        whole = found[0]
        sign = entry.required("CdtDbtInd")
        if sign not in ("DBIT", "CRDT"):
            raise unreadable("CdtDbtInd is neither CRDT nor DBIT")
        lines = (
            [self._line(one, one.amount or amount) for one in found]
            if self._amounts_tell(found, amount, sign)
            else [self._together(found, amount, sign)]
        )
        return EntryRead(
            booked=whole.booked,
            direction="debit" if sign == "DBIT" else "credit",
            amount_minor=amount.amount_minor,
            currency=amount.currency.value,
            nameless=any(t.sign == "DBIT" and t.anonymous for t in found),
            lines=lines,
        )

    @staticmethod
    def _amounts_tell(found: list[Transaction], amount: Money, sign: str) -> bool:
        """The transactions' own amounts are the entry's, so that each can be matched alone."""
        if any(t.sign != sign or t.amount is None for t in found):
            return False
        if any(t.amount is not None and t.amount.currency is not amount.currency for t in found):
            return False
        return sum(t.amount.amount_minor for t in found if t.amount) == amount.amount_minor

    def _together(self, found: list[Transaction], amount: Money, sign: str) -> StatementLine:
        """One line for the whole entry; it names a payment only where all name the same."""
        line = self._line(found[0], amount, sign)
        named = {_named(t)[0] for t in found}
        reports = tuple(r for t in found for r in self._reports(t))
        return StatementLine(
            position=line.position,
            booked=line.booked,
            direction=line.direction,
            amount_minor=line.amount_minor,
            currency=line.currency,
            booked_on=line.booked_on,
            reference=line.reference if len(named) == 1 else "",
            group=line.group,
            look=line.look if len(named) == 1 else "",
            booking=line.booking,
            counterparty=line.counterparty if len(found) == 1 else "",
            charges_minor=line.charges_minor,
            code=line.code,
            reports=reports,
        )

    def _line(self, one: Transaction, amount: Money, sign: str = "") -> StatementLine:
        reference, look = _named(one)
        moment = one.happened_at(self._header.created_at)
        return StatementLine(
            position=one.position,
            booked=one.booked,
            direction="debit" if (sign or one.sign) == "DBIT" else "credit",
            amount_minor=amount.amount_minor,
            currency=amount.currency.value,
            booked_on=moment.astimezone(BANK_ZONE).date(),
            reference=reference,
            group=next((i for i in _groups(one) if i != reference), ""),
            look=look,
            booking=_booking(one),
            counterparty=_counterparty(one),
            charges_minor=_charges(one),
            code=_code(one),
            reports=tuple(self._reports(one)),
        )

    def _reports(self, one: Transaction) -> list[PaymentReport]:
        report = report_of(self._header, one, advice=self._advice)
        return [] if report is None else [report]


def _named(one: Transaction) -> tuple[str, str]:
    """The reference of a payment that could be ours, else how what stands in its place looks."""
    if one.payment is not None:
        return one.payment.reference, ""
    given = one.details.text("Refs/EndToEndId") if one.details is not None else ""
    if given in ("", _NOTHING):
        given = one.details.text("RmtInf/Ustrd") if one.details is not None else ""
    return "", look_of(given)


def _groups(one: Transaction) -> list[str]:
    given = list(one.batch_ids)
    if one.details is not None:
        given += [one.details.text("Refs/PmtInfId"), one.details.text("Refs/MsgId")]
    return [name for name in given if _SAFE.fullmatch(name)]


def _booking(one: Transaction) -> str:
    """The bank's id of the booking; a transaction that shares its entry's id has its place too."""
    own = one.details.text("Refs/AcctSvcrRef") if one.details is not None else ""
    shared = one.entry.text("AcctSvcrRef")
    given = own or (shared if one.alone else shared and f"{shared}#{one.place}")
    if not given or _SAFE.fullmatch(given.partition("#")[0]):
        return given
    return hashlib.sha256(given.encode()).hexdigest()[:32]


def _counterparty(one: Transaction) -> str:
    if one.details is None:
        return ""
    creditor = one.details.account("RltdPties/CdtrAcct")
    debtor = one.details.account("RltdPties/DbtrAcct")
    if one.sign == "DBIT":
        return account_hash(creditor)
    if one.comes_back and (not debtor or debtor == one.account):
        return account_hash(creditor)
    return account_hash(debtor)


def _charges(one: Transaction) -> int:
    for node in (one.details, one.entry):
        found = None if node is None else node.money("Chrgs/TtlChrgsAndTaxAmt")
        if found is not None:
            return found.amount_minor
    return 0


def _code(one: Transaction) -> str:
    if one.takes_back:
        return REVERSED
    path = "BkTxCd/Domn/Fmly/SubFmlyCd"
    own = "" if one.details is None else one.details.code(path)
    return own or one.entry.code(path)
