"""Statements as they come in: each file in one transaction, its entries in batches."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from psycopg import DataError, IntegrityError

from crossclaim.domain.bank_statement import (
    AccountHead,
    AccountTail,
    MessageHead,
    Piece,
    StatementLine,
)
from crossclaim.domain.errors import Final
from crossclaim.domain.party import PaymentReport
from crossclaim.domain.statement_chain import Link, StatementFault, comes_late, is_repeat
from crossclaim.domain.statement_intake import AccountOwners, Stored
from crossclaim.store.connection import Connection
from crossclaim.store.session import Database
from crossclaim.store.statement_exceptions import open_fault

BATCH = 1000

_HEAD = """
insert into account_statement (bank, file_sha256, message_id, message_type, source, account_sha256,
    organisation_id, number, covers_from, covers_to, opening_minor, closing_minor, currency,
    complete, state, occurred_at)
values (%(bank)s, %(sha)s, %(message)s, %(type)s, %(source)s, %(account)s, %(organisation)s,
    %(number)s, %(from)s, %(to)s, %(opening)s, %(closing)s, %(currency)s, %(complete)s, %(state)s,
    %(at)s)
returning id
"""
_TAIL = """
update account_statement set lines = %(lines)s, debit_minor = %(debit)s, credit_minor = %(credit)s,
    digest = %(digest)s, state = %(state)s where id = %(id)s
"""


def _kept(text: str, ours: str) -> str:
    """What is no reference of ours may be somebody's name or number: a digest matches as well."""
    digest = f"'#' || left(encode(sha256(convert_to({text}, 'UTF8')), 'hex'), 32)"
    return f"case when {text} = '' or {ours} then {text} else {digest} end"


# A payout's may be older than its row, after a restore.
_PAYOUTS = "i.reference is not null or x.reference ~ '^PO[0-9A-HJKMNP-TV-Z]{20,}(-[0-9]+)?$'"
_NUMBERS = """
  exists (select 1 from remittance r where r.number = {text})
  or exists (select 1 from voucher_statement v where v.number = {text})
"""
_OF_LINE = f"{_PAYOUTS} or {_NUMBERS.format(text='x.reference')}"
_OF_GROUP = f"""
  i.reference is not null and starts_with(x.group_id, i.reference)
  or {_NUMBERS.format(text="x.group_id")}
"""
_LINES = f"""
insert into bank_entry (statement_id, bank, account_sha256, organisation_id, source, position,
    direction, amount_minor, currency, booked_on, reference, group_id, look, booking,
    counterparty_sha256, charges_minor, code)
select %(id)s, %(bank)s, %(account)s, %(organisation)s, %(source)s, x.position, x.direction,
    x.amount_minor, x.currency, x.booked_on, {_kept("x.reference", _OF_LINE)},
    {_kept("x.group_id", _OF_GROUP)}, x.look, x.booking, x.counterparty, x.charges_minor, x.code
from jsonb_to_recordset(cast(%(rows)s as jsonb)) as x(position integer, direction text,
    amount_minor bigint, currency text, booked_on date, reference text, group_id text, look text,
    booking text, counterparty text, charges_minor bigint, code text)
left join payout_intent i on i.reference = x.reference
"""
_REPORTS = f"""
insert into payout_report (bank, message_id, entry, reference, attempt, episode_id, message_type,
    state, reason, amount_minor, currency, creditor_account_sha256, happened_at)
select %(bank)s, %(message)s, x.entry, {_kept("x.reference", _PAYOUTS)}, x.attempt,
    i.episode_id, %(type)s, x.state, x.reason, x.amount_minor, x.currency, x.creditor, x.happened_at
from jsonb_to_recordset(cast(%(rows)s as jsonb)) as x(entry integer, reference text,
    attempt integer, state text, reason text, amount_minor bigint, currency text, creditor text,
    happened_at timestamptz)
left join payout_intent i on i.reference = x.reference and i.bank = %(bank)s
on conflict do nothing
"""
_PERIOD = """
insert into bank_statement (bank, message_id, account_sha256, covers_from, covers_to,
                            opening_minor, closing_minor, currency)
values (%(bank)s, %(message)s, %(account)s, %(from)s, %(to)s, %(opening)s, %(closing)s,
        %(currency)s)
on conflict do nothing
"""
_DONE = """
update bank_file set state = 'processed', message_type = %(type)s, message_id = %(message)s,
    reason = case when exists (select 1 from payout_report where bank = %(bank)s
        and message_id = %(message)s and episode_id is null) then 'UNKNOWN_REFERENCE' else '' end
where sha256 = %(sha)s
"""
_LINKS = """
select id, number, covers_from, covers_to, opening_minor, closing_minor, digest
from account_statement where bank = %(bank)s and account_sha256 = %(account)s
  and source = 'statement' and state = 'taken' and covers_from is not null
order by covers_from, covers_to, id
"""
_TOLD = """
select distinct episode_id, reference from payout_report
where bank = %(bank)s and message_id = %(message)s and episode_id is not null
  and applied_at is null
"""


def account_digest(number: str) -> str:
    return hashlib.sha256(number.strip().encode()).hexdigest()


def links_of(connection: Connection, bank: str, account: str) -> list[Link]:
    rows = connection.execute(_LINKS, {"bank": bank, "account": account}).mappings()
    return [Link.model_validate(dict(row)) for row in rows]


class SqlStatements:
    """Implements the taking part of ``activities.bank_books.BankBooks``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def store_statement(
        self,
        sha256: str,
        bank: str,
        pieces: Iterable[Piece],
        owners: AccountOwners,
        at: datetime,
    ) -> Stored:
        """Raises ``Final``, with nothing kept, for what no honest statement says."""
        try:
            with self._database.begin() as connection:
                state = connection.execute(
                    "select state from bank_file where sha256 = %(sha)s for update",
                    {"sha": sha256},
                ).scalar_one()
                if state != "taken":
                    return Stored()
                return _Taking(connection, sha256, bank, owners, at).take(pieces)
        except (DataError, IntegrityError) as error:
            raise Final("the file's figures cannot be kept", code="BANK_FIGURES") from error


@dataclass
class _Taking:
    """One file on its way into our rows."""

    connection: Connection
    sha256: str
    bank: str
    owners: AccountOwners
    at: datetime
    head: MessageHead | None = None
    part: _Part | None = None
    accounts: dict[tuple[str, str], None] = field(default_factory=dict)

    def take(self, pieces: Iterable[Piece]) -> Stored:
        for piece in pieces:
            match piece:
                case MessageHead():
                    self._begin(piece)
                case AccountHead():
                    self._open(piece)
                case StatementLine():
                    assert self.part is not None, "a line comes after its account"
                    self.part.add(piece)
                case AccountTail():
                    self._close(piece)
        assert self.head is not None, "the gateway tells a head first"
        told = {"bank": self.bank, "message": self.head.message_id}
        self.connection.execute(_DONE, {**told, "type": self.head.message_type, "sha": self.sha256})
        found = self.connection.execute(_TOLD, told)
        return Stored(
            told=[(row.episode_id, row.reference) for row in found], accounts=list(self.accounts)
        )

    def _begin(self, head: MessageHead) -> None:
        self.head = head
        refuse_reused(self.connection, self.bank, head.message_id, self.sha256)

    def _open(self, account: AccountHead) -> None:
        assert self.head is not None, "the gateway tells a head first"
        digest = account_digest(account.account) if account.account.strip() else ""
        owner = self.owners.of(self.bank, digest)
        number: int = self.connection.execute(
            _HEAD,
            {
                "bank": self.bank,
                "sha": self.sha256,
                "message": self.head.message_id,
                "type": self.head.message_type,
                "source": self.head.source,
                "account": digest,
                "organisation": owner,
                "number": account.number,
                "from": account.covers_from,
                "to": account.covers_to,
                "opening": account.opening_minor,
                "closing": account.closing_minor,
                "currency": account.currency,
                "complete": account.complete,
                "state": "taken" if owner else "foreign",
                "at": self.at,
            },
        ).scalar_one()
        self.part = _Part(self, account, digest, owner, number)

    def _close(self, tail: AccountTail) -> None:
        part, self.part = self.part, None
        assert part is not None and self.head is not None, "an account ends after it began"
        part.flush()
        if self.head.source == "statement":
            self._keep_period(part, tail)
        if part.owner is None:
            if self.head.source == "statement":
                self._fault(part, StatementFault.ACCOUNT_UNKNOWN, part.digest)
            return
        state = "taken" if self.head.source != "statement" else self._judged(part, tail)
        self.connection.execute(
            _TAIL,
            {
                "lines": tail.lines,
                "debit": tail.debit_minor,
                "credit": tail.credit_minor,
                "digest": tail.digest,
                "state": state,
                "id": part.id,
            },
        )
        if state == "taken":
            self.accounts[part.digest, self.head.source] = None

    def _judged(self, part: _Part, tail: AccountTail) -> str:
        """Whether the statement counts; a copy of one that we have does not."""
        head = part.account
        assert head.covers_from is not None and head.covers_to is not None, "a statement has them"
        new = Link(
            id=part.id,
            number=head.number,
            covers_from=head.covers_from,
            covers_to=head.covers_to,
            opening_minor=head.opening_minor,
            closing_minor=head.closing_minor,
            digest=tail.digest,
        )
        known = [k for k in links_of(self.connection, self.bank, part.digest) if k.id != part.id]
        if is_repeat(new, known) is not None:
            self._fault(part, StatementFault.REPEATED, str(part.id))
            return "repeated"
        if comes_late(new, known):
            self._fault(part, StatementFault.OUT_OF_ORDER, str(part.id))
        return "taken"

    def _fault(self, part: _Part, fault: StatementFault, reference: str) -> None:
        assert self.head is not None, "the gateway tells a head first"
        open_fault(
            self.connection,
            self.bank,
            fault,
            reference,
            self.at,
            organisation=part.owner,
            account=part.digest,
            statement=part.id,
            file_sha256=self.sha256,
            details={"message": self.head.message_id, "number": part.account.number},
        )

    def _keep_period(self, part: _Part, tail: AccountTail) -> None:
        """Only a whole statement whose every debit is known can prove that one is absent."""
        head = part.account
        if not head.complete or tail.nameless:
            return
        assert self.head is not None, "the gateway tells a head first"
        self.connection.execute(
            _PERIOD,
            {
                "bank": self.bank,
                "message": self.head.message_id,
                "account": part.digest,
                "from": head.covers_from,
                "to": head.covers_to,
                "opening": head.opening_minor,
                "closing": head.closing_minor,
                "currency": head.currency,
            },
        )


@dataclass
class _Part:
    """One account's part of the file, with what is not written yet."""

    taking: _Taking
    account: AccountHead
    digest: str
    owner: str | None
    id: int
    _lines: list[dict[str, Any]] = field(default_factory=list)
    _reports: list[dict[str, Any]] = field(default_factory=list)

    def add(self, line: StatementLine) -> None:
        if line.booked and self.owner is not None:
            self._lines.append(_row(line))
        self._reports += map(_report, line.reports)
        if max(len(self._lines), len(self._reports)) >= BATCH:
            self.flush()

    def flush(self) -> None:
        taking, head = self.taking, self.taking.head
        assert head is not None, "the gateway tells a head first"
        if self._lines:
            taking.connection.execute(
                _LINES,
                {
                    "id": self.id,
                    "bank": taking.bank,
                    "account": self.digest,
                    "organisation": self.owner,
                    "source": head.source,
                    "rows": json.dumps(self._lines),
                },
            )
        if self._reports:
            about = {"bank": taking.bank, "message": head.message_id, "type": head.message_type}
            rows = {"rows": json.dumps(self._reports)}
            # Its answer is waited for, so that no more than one batch is in memory.
            _ = taking.connection.execute(_REPORTS, {**about, **rows}).rowcount
        self._lines, self._reports = [], []


REUSED = """
select 1 from bank_file where bank = %(bank)s and message_id = %(message)s
   and sha256 <> %(sha)s and state = 'processed' limit 1
"""


def refuse_reused(connection: Connection, bank: str, message_id: str, sha256: str) -> None:
    """Raises ``Final`` when another file of the bank had this message id."""
    other = connection.execute(
        REUSED,
        {"bank": bank, "message": message_id, "sha": sha256},
    ).scalar_one_or_none()
    if other is not None:
        raise Final("its message id belongs to another file", code="BANK_MESSAGE_REUSED")


def _row(line: StatementLine) -> dict[str, Any]:
    return {
        "position": line.position,
        "direction": line.direction,
        "amount_minor": line.amount_minor,
        "currency": line.currency,
        "booked_on": line.booked_on.isoformat(),
        "reference": line.reference,
        "group_id": line.group,
        "look": line.look,
        "booking": line.booking,
        "counterparty": line.counterparty,
        "charges_minor": line.charges_minor,
        "code": line.code,
    }


def _report(report: PaymentReport) -> dict[str, Any]:
    amount = report.amount
    return {
        "entry": report.entry,
        "reference": report.reference,
        "attempt": report.attempt,
        "state": report.state.value,
        "reason": report.reason,
        "amount_minor": amount.amount_minor if amount else None,
        "currency": amount.currency.value if amount else None,
        "creditor": report.creditor_account_hash,
        "happened_at": report.happened_at.isoformat(),
    }
