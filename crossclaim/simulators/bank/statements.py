"""Account statements without a gap: each begins where the last one ended."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from typing import Any

from crossclaim.simulators.bank.ledger import Ledger
from crossclaim.simulators.bank.messages import Messages
from crossclaim.simulators.clock import REGION
from crossclaim.simulators.party import Party


class Statements:
    """What an account's last statement covered is kept in the state."""

    def __init__(self, party: Party, ledger: Ledger, messages: Messages) -> None:
        self._party = party
        self._state = party.state
        self._ledger = ledger
        self._messages = messages
        party.clock.on_jump(self._follow)

    def open(self) -> None:
        """The first statement of an account begins when the bank opened it."""
        for account in self._ledger.accounts():
            if self._state.recall(_key(account)) is None:
                self._remember(account, self._party.clock.now_s(), 0, 0)

    def _follow(self, jump_s: float) -> None:
        """A clock turned back takes the last statement along, so that no gap appears."""
        if jump_s >= 0:
            return
        for account in self._ledger.accounts():
            last = self._state.recall(_key(account))
            self._remember(account, last["to_s"] + jump_s, last["entry"], last["number"])

    def _remember(self, account: sqlite3.Row, to_s: float, entry: int, number: int) -> None:
        last = {"to_s": to_s, "entry": entry, "number": number}
        self._state.remember(_key(account), last)

    def write(self) -> str:
        """One camt.053 with a statement of every account; its file name."""
        with self._state.transaction():
            statements = [self._statement(account) for account in self._ledger.accounts()]
            return self._messages.statement(statements)

    def _statement(self, account: sqlite3.Row) -> dict[str, Any]:
        now_s = self._party.clock.now_s()
        last = self._state.recall(_key(account))
        entries = self._ledger.entries_after(account["number"], last["entry"])
        number = last["number"] + 1
        self._remember(account, now_s, entries[-1]["id"] if entries else last["entry"], number)
        closing_minor = account["balance_minor"]
        return {
            "account": account,
            "number": number,
            "covers_from": _moment(last["to_s"]),
            "covers_to": _moment(now_s),
            "opening_minor": closing_minor - sum(entry["amount_minor"] for entry in entries),
            "closing_minor": closing_minor,
            "entries": [dict(e) | {"payment": json.loads(e["members"])} for e in entries],
        }


def _key(account: sqlite3.Row) -> str:
    return f"statement {account['number']}"


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, REGION).isoformat(timespec="seconds")
