"""Orders and their payments, kept in the acquirer's state. Amounts are fen."""

from __future__ import annotations

import sqlite3
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from crossclaim.simulators.party import Party

TABLES = """
CREATE TABLE IF NOT EXISTS trade (
  out_trade_no TEXT PRIMARY KEY, mch_id TEXT NOT NULL, channel TEXT NOT NULL, code TEXT NOT NULL,
  fee INTEGER NOT NULL, state TEXT NOT NULL, err_code TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS payment (
  number TEXT PRIMARY KEY, out_trade_no TEXT NOT NULL, mch_id TEXT NOT NULL, fee INTEGER NOT NULL,
  paid_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS payment_trade ON payment (out_trade_no);
CREATE TABLE IF NOT EXISTS refund (
  out_refund_no TEXT PRIMARY KEY, refund_id TEXT NOT NULL, out_trade_no TEXT NOT NULL,
  number TEXT NOT NULL, mch_id TEXT NOT NULL, fee INTEGER NOT NULL, status TEXT NOT NULL,
  refunded_at TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS refund_payment ON refund (number);
"""
STAMP = "%Y%m%d%H%M%S"

Row = dict[str, Any]


class No(Exception):
    """A refusal: ``FAIL`` with this code, and what else is told."""

    def __init__(self, code: str, **members: Any) -> None:
        super().__init__(code)
        self.code, self.members = code, members


class Orders:
    """Each call runs in one transaction together with its journal entry."""

    def __init__(self, party: Party) -> None:
        self._party = party
        self._state = party.state
        party.agenda.decide("password", self._password)

    def trade(self, out_trade_no: str) -> sqlite3.Row | None:
        return self._state.one("SELECT * FROM trade WHERE out_trade_no = ?", out_trade_no)

    def payments(self, out_trade_no: str) -> list[sqlite3.Row]:
        return self._state.every(
            "SELECT * FROM payment WHERE out_trade_no = ? ORDER BY number", out_trade_no
        )

    def pay(self, asked: Row, *, twice: bool = False) -> Row:
        """Charges the payer of a code, once for ever under ``out_trade_no``."""
        number, fee = str(asked["out_trade_no"]), int(asked["total_fee"])
        known = self.trade(number)
        if known is not None:
            same = (known["fee"], known["channel"]) == (fee, asked["channel"])
            if not same and known["state"] != "CLOSED":
                raise No("OUT_TRADE_NO_USED", out_trade_no=number)
            return self.told(number)
        payer = self._payer(str(asked["auth_code"]), str(asked["channel"]), number)
        values = (number, asked["mch_id"], asked["channel"], asked["auth_code"], fee)
        refused = payer.get("refuse", "")
        state = "PAYERROR" if refused else "USERPAYING"
        self._state.execute(
            "INSERT INTO trade VALUES (?, ?, ?, ?, ?, ?, ?)", *values, state, refused
        )
        self._party.journal.write("ordered", out_trade_no=number, channel=asked["channel"], fee=fee)
        if payer.get("paying_s"):
            self._party.agenda.add(float(payer["paying_s"]), "password", out_trade_no=number)
        elif not refused:
            self._charge(number)
            if twice:
                self._charge(number)
        return self.told(number)

    def _payer(self, code: str, channel: str, number: str) -> Row:
        known: Row | None = self._party.tables["payers"].get(code)
        if known is not None:
            return known
        begins = self._party.tables["prefixes"].get(channel, [])
        if not any(code.startswith(first) for first in begins):
            raise No("AUTH_CODE_INVALID", out_trade_no=number)
        return {}

    def _password(self, members: Row) -> None:
        trade = self.trade(members["out_trade_no"])
        if trade is not None and trade["state"] == "USERPAYING":
            self._charge(trade["out_trade_no"])

    def _charge(self, out_trade_no: str) -> None:
        trade = self.trade(out_trade_no)
        assert trade is not None
        number = f"42{self._state.next_number('payment'):012d}"
        self._state.execute(
            "INSERT INTO payment VALUES (?, ?, ?, ?, ?)",
            number,
            out_trade_no,
            trade["mch_id"],
            trade["fee"],
            self._party.clock.now().strftime(STAMP),
        )
        self._state.execute(
            "UPDATE trade SET state = 'SUCCESS' WHERE out_trade_no = ?", out_trade_no
        )
        self._party.journal.write(
            "charged", out_trade_no=out_trade_no, number=number, fee=trade["fee"]
        )

    def query(self, asked: Row) -> Row:
        number = str(asked["out_trade_no"])
        self._party.journal.write("queried", out_trade_no=number)
        if self.trade(number) is None:
            raise No("ORDERNOTEXIST", out_trade_no=number)
        return self.told(number)

    def close(self, asked: Row) -> Row:
        """An order that was never seen is closed too: what comes after finds it so."""
        number = str(asked["out_trade_no"])
        trade = self.trade(number)
        if trade is None:
            values = (number, asked["mch_id"], "", "", int(asked["total_fee"]), "CLOSED", "")
            self._state.execute("INSERT INTO trade VALUES (?, ?, ?, ?, ?, ?, ?)", *values)
        elif trade["state"] == "USERPAYING":
            self._state.execute("UPDATE trade SET state = 'CLOSED' WHERE out_trade_no = ?", number)
        self._party.journal.write("closed", out_trade_no=number)
        return self.told(number)

    def told(self, out_trade_no: str) -> Row:
        trade = self.trade(out_trade_no)
        assert trade is not None
        told: Row = {
            "out_trade_no": out_trade_no,
            "total_fee": trade["fee"],
            "fee_type": "CNY",
            "trade_state": trade["state"],
            "err_code": trade["err_code"],
        }
        paid = self.payments(out_trade_no)
        if paid:
            told |= {"transaction_id": paid[0]["number"], "time_end": paid[0]["paid_at"]}
            told |= self.card(trade["code"], trade["fee"], "rate", paid[0]["paid_at"])
        return told

    def card(self, code: str, fee: int, rate: str, at: str) -> Row:
        """A foreign card's own side of so many fen; nothing for the others."""
        for first, card in self._party.tables["cards"].items():
            if code.startswith(first):
                unit = Decimal(1).scaleb(-int(card["digits"]))
                amount = (Decimal(fee) / 100 * Decimal(card[rate])).quantize(unit, ROUND_HALF_UP)
                return {
                    "card_amount": str(amount),
                    "card_currency": card["currency"],
                    "card_rate": card[rate],
                    "card_rate_by": card["rate_by"],
                    "card_rate_time": at,
                }
        return {}
