"""Payouts, receivables, exchange differences and settlements for the console's visitor."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from crossclaim.api.settlement_port import Settlements
from crossclaim.console.money import (
    PAYOUTS_SHOWN,
    STATES,
    AccountProposed,
    Drift,
    PayoutListed,
    PayoutSearch,
    PayoutTold,
    Receivable,
    SettledDay,
)
from crossclaim.domain.errors import NotFound, Unavailable
from crossclaim.domain.settlement import SOURCES
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import BankAccount
from crossclaim.security.errors import KeyDestroyed, KeyMissing
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import INSURER_ROLES, Principal
from crossclaim.store.money_reads import (
    read_drift,
    read_payout,
    read_payouts,
    read_proposals,
    read_receivables,
    read_settled_days,
)
from crossclaim.store.session import Database

_KINDS = [*SOURCES, *(f"reversal_{kind}" for kind in SOURCES)]


class MoneyDesk:
    """Implements ``crossclaim.console.money.Money``."""

    def __init__(
        self,
        seen_by: Callable[[Principal], tuple[Database, str | None]],
        keyring: Keyring,
        settlements: Settlements | None,
    ) -> None:
        self._seen_by = seen_by
        self._keyring = keyring
        self._settlements = settlements

    async def payouts(self, principal: Principal, search: PayoutSearch) -> list[PayoutListed]:
        return await asyncio.to_thread(self._payouts, principal, search)

    def _payouts(self, principal: Principal, search: PayoutSearch) -> list[PayoutListed]:
        database, _ = self._seen_by(principal)
        insurer = _insurer(principal) or search.insurer or None
        with database.begin(principal.organisation) as connection:
            states = search.states or list(STATES)
            rows = read_payouts(
                connection, insurer, search.hospital or None, states, PAYOUTS_SHOWN + 1
            )
        return [PayoutListed.model_validate(_listed(row)) for row in rows]

    async def payout(self, principal: Principal, reference: str) -> PayoutTold:
        return await asyncio.to_thread(self._payout, principal, reference)

    def _payout(self, principal: Principal, reference: str) -> PayoutTold:
        database, _ = self._seen_by(principal)
        with database.begin(principal.organisation) as connection:
            row = read_payout(connection, _insurer(principal), reference)
            if row is None:
                raise NotFound("there is no such payout")
            accounts = []
            if row["debtor"] == principal.organisation:
                accounts = read_proposals(connection, reference)
        told = [self._proposed(row["episode_id"], one) for one in accounts]
        return PayoutTold(**row, accounts=told)

    def _proposed(self, episode_id: str, row: dict[str, Any]) -> AccountProposed:
        """Nothing of the account where the person is erased: that there was one stays."""
        sealed = bytes(row.pop("account_sealed"))
        try:
            plain = self._keyring.decrypt(episode_id, sealed, "payee")
        except (KeyDestroyed, KeyMissing):
            return AccountProposed(**row, holder="", ends="", bank_name="")
        account = BankAccount.model_validate_json(plain)
        return AccountProposed(
            **row, holder=account.holder, ends=account.number[-4:], bank_name=account.bank_name
        )

    async def receivables(self, principal: Principal) -> list[Receivable]:
        return await asyncio.to_thread(self._receivables, principal)

    def _receivables(self, principal: Principal) -> list[Receivable]:
        database, _ = self._seen_by(principal)
        today = local_day(datetime.now(UTC))
        with database.begin(principal.organisation) as connection:
            rows = read_receivables(connection, _insurer(principal), today)
        return [Receivable.model_validate(row) for row in rows]

    async def drift(self, principal: Principal) -> list[Drift]:
        return await asyncio.to_thread(self._drift, principal)

    def _drift(self, principal: Principal) -> list[Drift]:
        """What an insurer's benefits became worth is nobody's but its own."""
        database, whose = self._seen_by(principal)
        if whose is not None and _insurer(principal) is None:
            return []
        with database.begin(principal.organisation) as connection:
            rows = read_drift(connection, _insurer(principal))
        return [Drift.model_validate(row) for row in rows]

    async def settled(self, principal: Principal, day: date, language: str) -> SettledDay:
        told = await self._desk().listed(principal, day, language)
        days = await asyncio.to_thread(self._days, principal, day)
        return SettledDay(day=day, settlements=told["settlements"], days=days)

    def _days(self, principal: Principal, day: date) -> list[date]:
        database, _ = self._seen_by(principal)
        with database.begin(principal.organisation) as connection:
            return read_settled_days(connection, _KINDS, day)

    async def advice(
        self,
        principal: Principal,
        hospital: str,
        funder: str,
        day: date,
        language: str,
        kind: str,
    ) -> tuple[str, bytes]:
        form = await self._desk().file(principal, hospital, funder, day, language, kind)
        assert isinstance(form.content, bytes), "a file is bytes"
        return form.number, form.content

    def _desk(self) -> Settlements:
        if self._settlements is None:
            raise Unavailable("settlements are not served here")
        return self._settlements


def _insurer(principal: Principal) -> str | None:
    """An insurer is told of its own alone, also of an episode that it shares with another one."""
    return principal.organisation if principal.role in INSURER_ROLES else None


def _listed(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in PayoutListed.model_fields}
