"""What the API and the command line tell about pay-after-care accounts, from our rows alone."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from crossclaim.domain.credit_rows import CreditRows
from crossclaim.domain.credit_standing import CreditHabits, CreditStanding, standing_of
from crossclaim.domain.credit_story import account_body, statement_body
from crossclaim.domain.errors import NotFound
from crossclaim.security.roles import Principal
from crossclaim.store.credit_rows import read_credit_rows
from crossclaim.store.session import Database


class SqlCreditReads:
    """Implements ``crossclaim.api.services.CreditReads`` as the database role may see."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def account(self, principal: Principal, account_id: str) -> dict[str, Any]:
        rows, standing = await asyncio.to_thread(self.read, principal.organisation, account_id)
        return account_body(rows, standing)

    async def statement(
        self, principal: Principal, account_id: str, language: str
    ) -> dict[str, Any]:
        rows, standing = await asyncio.to_thread(self.read, principal.organisation, account_id)
        return statement_body(rows, standing, language)

    def read(self, organisation: str, account_id: str) -> tuple[CreditRows, CreditStanding]:
        """Raises ``NotFound``, for another organisation's too."""
        with self._database.begin(organisation) as connection:
            rows = read_credit_rows(connection, account_id)
        if rows is None:
            raise NotFound("there is no such credit account")
        return rows, standing_of(rows, CreditHabits(), datetime.now(UTC))
