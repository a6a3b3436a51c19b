"""The tables of finance as rows for a file: the same that a page shows, every row of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from starlette.requests import Request

from crossclaim.console.payout_pages import money_of, search_of
from crossclaim.console.services import Visitor, services_of
from crossclaim.console.view import Speech
from crossclaim.documents.table_export import Cell
from crossclaim.domain.errors import NotFound
from crossclaim.security.roles import Operation

Rows = AsyncIterator[Sequence[Cell]]


@dataclass(frozen=True)
class FinanceTable:
    title: str
    heading: tuple[str, ...]
    """Words of the pages."""
    operation: Operation
    rows: Callable[[Request, Visitor, Speech], Rows]


def _major(minor: int) -> Decimal:
    return Decimal(minor).scaleb(-2)


async def _payouts(request: Request, visitor: Visitor, say: Speech) -> Rows:
    for one in await money_of(request).payouts(visitor.principal, search_of(request)):
        yield (
            one.reference,
            one.episode_id,
            say.organisation(one.debtor),
            say.organisation(one.hospital_id),
            say(f"payee_{one.payee}"),
            say.state(one.state),
            _major(one.amount_minor),
            say.time(one.since),
            say.time(one.credited_at),
        )


async def _receivables(request: Request, visitor: Visitor, say: Speech) -> Rows:
    for one in await money_of(request).receivables(visitor.principal):
        yield (
            say.organisation(one.organisation) if one.organisation else say.funder(one.funder),
            say.organisation(one.hospital),
            one.currency,
            one.episodes,
            say.date(one.oldest),
            _major(one.days_30_minor),
            _major(one.days_60_minor),
            _major(one.days_90_minor),
            _major(one.older_minor),
            _major(one.total_minor),
        )


async def _drift(request: Request, visitor: Visitor, say: Speech) -> Rows:
    for one in await money_of(request).drift(visitor.principal):
        yield (
            one.month,
            say.organisation(one.insurer),
            one.currency,
            one.payouts,
            _major(one.more_minor),
            _major(one.less_minor),
            _major(one.drift_minor),
        )


async def _days(request: Request, visitor: Visitor, say: Speech) -> Rows:
    matching = services_of(request).matching
    if matching is None:
        raise NotFound("nothing is reconciled here")
    for one in await matching.days(visitor.principal):
        yield (
            one.day.isoformat(),
            say.organisation(one.bank) if one.bank else say.source(one.source),
            say.organisation(one.organisation),
            say.state(one.stands),
            one.entries,
            one.open,
        )


async def _exposures(request: Request, visitor: Visitor, say: Speech) -> Rows:
    found = await services_of(request).desk.finance(visitor.principal)
    for one in found.exposures:
        yield (
            say.organisation(one.insurer),
            say.organisation(one.hospital),
            one.currency.value,
            _major(one.open_minor),
            _major(one.used_minor),
        )


async def _accounts(request: Request, visitor: Visitor, say: Speech) -> Rows:
    found = await services_of(request).desk.finance(visitor.principal)
    for one in found.accounts:
        whose = say.organisation(one.organisation) if one.organisation else ""
        kind, left = say.account_kind(one.kind), _major(one.balance_minor)
        yield (kind, one.account, whose, one.currency, left)


TABLES: dict[str, FinanceTable] = {
    "payouts": FinanceTable(
        "payouts",
        (
            "payout_reference",
            "episode",
            "insurer",
            "hospital",
            "payee",
            "state",
            "amount_cny",
            "since",
            "credited",
        ),
        Operation.READ_EPISODE,
        _payouts,
    ),
    "receivables": FinanceTable(
        "receivables",
        (
            "funder",
            "hospital",
            "currency",
            "episodes",
            "oldest",
            "age_30",
            "age_60",
            "age_90",
            "age_older",
            "whole",
        ),
        Operation.READ_BANK,
        _receivables,
    ),
    "drift": FinanceTable(
        "drift",
        (
            "month",
            "insurer",
            "currency",
            "payouts",
            "worth_more",
            "worth_less",
            "drift_cny",
        ),
        Operation.READ_BANK,
        _drift,
    ),
    "days": FinanceTable(
        "reconciliation",
        ("day", "of_what", "whose_account", "state", "entries", "to_look_at"),
        Operation.READ_BANK,
        _days,
    ),
    "exposures": FinanceTable(
        "exposures",
        ("insurer", "hospital", "currency", "promised", "used"),
        Operation.READ_BANK,
        _exposures,
    ),
    "ledger": FinanceTable(
        "ledger",
        ("kind", "account", "party", "currency", "balance"),
        Operation.READ_BANK,
        _accounts,
    ),
}
