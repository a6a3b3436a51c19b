"""Reads camt.054 notifications and camt.053 statements; a file may hold several of either."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from crossclaim.domain.money import Money
from crossclaim.domain.party import PaymentReport, StatementPeriod
from crossclaim.gateways.bank.document import Document, Node, start_of, unreadable
from crossclaim.gateways.bank.entries import Transaction, report_of, transactions_of
from crossclaim.gateways.bank.header import Header, Understood

OPENING = ("OPBD", "PRCD", "ITBD")
CLOSING = ("CLBD", "ITBD")
"""Balance types in order of preference: booked, then intermediate ones of a page."""


def read_notifications(document: Document) -> Understood:
    """The reports of a camt.054."""
    header = Header.of(document)
    reports: list[PaymentReport] = []
    seen = 0
    for notification in document.content.children("Ntfctn"):
        found = _transactions(notification, seen)
        seen += len(found)
        reports += _reports(header, found, advice=True)
    return Understood(header, reports, [])


def read_statements(document: Document) -> Understood:
    """The reports of a camt.053 and the periods that its statements cover."""
    header = Header.of(document)
    reports: list[PaymentReport] = []
    periods: list[StatementPeriod] = []
    seen = 0
    one_file = only_page(document.content.child("GrpHdr/MsgPgntn"))
    for statement in document.content.children("Stmt"):
        found = _transactions(statement, seen)
        seen += len(found)
        reports += _reports(header, found, advice=False)
        periods.append(_period(statement, found, complete=one_file))
    if not periods:
        raise unreadable("BkToCstmrStmt has no Stmt")
    return Understood(header, reports, periods)


def _transactions(account_report: Node, before: int) -> list[Transaction]:
    account = account_report.account("Acct")
    return list(transactions_of(account, account_report.children("Ntry"), before))


def _reports(
    header: Header, transactions: Iterable[Transaction], *, advice: bool
) -> list[PaymentReport]:
    found = (report_of(header, transaction, advice=advice) for transaction in transactions)
    return [report for report in found if report is not None]


def _period(statement: Node, transactions: list[Transaction], *, complete: bool) -> StatementPeriod:
    account = statement.account("Acct")
    if not account:
        raise unreadable("Stmt names no account")
    ours = [t for t in transactions if t.sign == "DBIT" or t.comes_back]
    references = [t.payment.reference for t in ours if t.payment is not None]
    nameless = [t for t in ours if t.sign == "DBIT" and t.anonymous]
    opening, opened = balance_of(statement, OPENING, last=False)
    closing, closed = balance_of(statement, CLOSING, last=True)
    return StatementPeriod(
        account=account,
        covers_from=statement.moment("FrToDt/FrDtTm") or opened,
        covers_to=statement.moment("FrToDt/ToDtTm") or closed,
        references=list(dict.fromkeys(references)),
        opening=opening,
        closing=closing,
        complete=complete and only_page(statement.child("StmtPgntn")),
        unidentified_debits=[t.amount or _entry_amount(t) for t in nameless],
    )


def _entry_amount(transaction: Transaction) -> Money:
    amount = transaction.entry.money("Amt")
    if amount is None:
        raise unreadable("Ntry has no Amt")
    return amount


def only_page(pagination: Node | None) -> bool:
    if pagination is None:
        return True
    return pagination.text("PgNb").lstrip("0") in ("", "1") and pagination.flag("LastPgInd")


def balance_of(statement: Node, types: tuple[str, ...], *, last: bool) -> tuple[Money, datetime]:
    """A balance, negative when overdrawn, and when its day begins (or, last, ends)."""
    balances = list(statement.children("Bal"))
    for kind in types:
        fitting = [b for b in balances if b.text("Tp/CdOrPrtry/Cd") == kind]
        if fitting:
            chosen = fitting[-1 if last else 0]
            ends = last or kind == "PRCD"
            return _signed(chosen), _edge(chosen, ends=ends)
    raise unreadable(f"Stmt has no {types[0]} balance")


def _signed(balance: Node) -> Money:
    amount = balance.money("Amt")
    if amount is None:
        raise unreadable("Bal has no Amt")
    return -amount if balance.required("CdtDbtInd") == "DBIT" else amount


def _edge(balance: Node, *, ends: bool) -> datetime:
    exact = balance.moment("Dt/DtTm")
    if exact is not None:
        return exact
    day = balance.day("Dt/Dt")
    if day is None:
        raise unreadable("Bal has no Dt")
    return start_of(day) + timedelta(days=1) if ends else start_of(day)
