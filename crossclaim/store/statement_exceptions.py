"""Exceptions about files and statements: once each, resolved when their cause is gone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from crossclaim.domain.statement_chain import BLOCKING, Break, StatementFault
from crossclaim.store.connection import Connection

_OPEN = """
insert into statement_exception (bank, code, reference, organisation_id, account_sha256,
    statement_id, file_sha256, file_name, details, blocks, opened_at)
values (%(bank)s, %(code)s, %(reference)s, %(organisation)s, %(account)s, %(statement)s, %(sha)s,
    %(name)s, %(details)s, %(blocks)s, %(at)s)
on conflict (bank, code, reference) do update
    set resolved_at = null, resolution = ''
    where statement_exception.resolved_at is not null
      and statement_exception.resolution <> 'EXPLAINED'
"""
_RESOLVE = """
update statement_exception set resolved_at = %(at)s, resolution = 'CHAIN_COMPLETE'
where bank = %(bank)s and account_sha256 = %(account)s and code = any(cast(%(codes)s as text[]))
  and resolved_at is null and not reference = any(cast(%(standing)s as text[]))
"""


EXPLAINED = "EXPLAINED"
_FORGIVEN = """
select reference from statement_exception
where bank = %(bank)s and account_sha256 = %(account)s and resolution = 'EXPLAINED'
"""


def explained_breaks(connection: Connection, bank: str, account: str) -> frozenset[str]:
    """Breaks of the account's chain with which a person lives, as ``before-after``."""
    rows = connection.execute(_FORGIVEN, {"bank": bank, "account": account})
    return frozenset(str(row[0]) for row in rows.all())


def open_fault(
    connection: Connection,
    bank: str,
    fault: StatementFault,
    reference: str,
    at: datetime,
    *,
    organisation: str | None = None,
    account: str = "",
    statement: int | None = None,
    file_sha256: str = "",
    file_name: str = "",
    details: dict[str, object] | None = None,
) -> None:
    connection.execute(
        _OPEN,
        {
            "bank": bank,
            "code": fault.value,
            "reference": reference,
            "organisation": organisation,
            "account": account,
            "statement": statement,
            "sha": file_sha256,
            "name": file_name,
            "details": json.dumps(details or {}),
            "blocks": fault in BLOCKING,
            "at": at,
        },
    )


def keep_breaks(
    connection: Connection,
    bank: str,
    account: str,
    organisation: str,
    found: Iterable[Break],
    at: datetime,
) -> None:
    """Opens what breaks the chain now and resolves what no longer does."""
    standing = []
    for one in found:
        reference = f"{one.before}-{one.after}"
        standing.append(reference)
        open_fault(
            connection,
            bank,
            one.fault,
            reference,
            at,
            organisation=organisation,
            account=account,
            statement=one.after,
            details={"before": one.before, "difference_minor": one.difference_minor},
        )
    codes = [fault.value for fault in sorted(BLOCKING)]
    connection.execute(
        _RESOLVE,
        {"bank": bank, "account": account, "codes": codes, "standing": standing, "at": at},
    )
