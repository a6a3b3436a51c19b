"""Refunds of payments: never more than was paid, each once under ``out_refund_no``."""

from __future__ import annotations

import sqlite3

from crossclaim.simulators.acquirer.orders import STAMP, No, Orders, Row
from crossclaim.simulators.party import Party


class Refunds:
    def __init__(self, party: Party, orders: Orders) -> None:
        self._party = party
        self._state = party.state
        self._orders = orders
        party.agenda.decide("refund", self._give_back)

    def refund(
        self, asked: Row, *, pending_s: float | None = None, whole_only: bool = False
    ) -> Row:
        number, trade_number = str(asked["out_refund_no"]), str(asked["out_trade_no"])
        fee = int(asked["refund_fee"])
        known = self._one(number)
        if known is not None:
            if (known["out_trade_no"], known["fee"]) != (trade_number, fee):
                raise No("OUT_REFUND_NO_USED", out_refund_no=number)
            return self.told(number)
        payment = self._payment(asked, number)
        if whole_only and fee != payment["fee"]:
            raise No("PARTIAL_REFUND_UNSUPPORTED", out_refund_no=number)
        given = self._state.one(
            "SELECT COALESCE(SUM(fee), 0) AS sum FROM refund WHERE number = ?", payment["number"]
        )
        assert given is not None
        if given["sum"] + fee > payment["fee"]:
            raise No("REFUND_FEE_EXCEEDS", out_refund_no=number)
        self._state.execute(
            "INSERT INTO refund VALUES (?, ?, ?, ?, ?, ?, 'PROCESSING', '')",
            number,
            f"50{self._state.next_number('refund'):012d}",
            trade_number,
            payment["number"],
            payment["mch_id"],
            fee,
        )
        self._party.journal.write("refund_taken", out_refund_no=number, fee=fee)
        trade = self._orders.trade(trade_number)
        assert trade is not None
        usual = float(self._party.tables["refund_s"].get(trade["channel"], 0))
        wait_s = usual if pending_s is None else pending_s
        if wait_s > 0:
            self._party.agenda.add(wait_s, "refund", out_refund_no=number)
        else:
            self._give_back({"out_refund_no": number})
        return self.told(number)

    def _payment(self, asked: Row, number: str) -> sqlite3.Row:
        paid = self._orders.payments(str(asked["out_trade_no"]))
        named = [p for p in paid if p["number"] == asked["transaction_id"]]
        if not named:
            raise No("ORDERNOTEXIST", out_refund_no=number)
        if named[0]["fee"] != int(asked["total_fee"]):
            raise No("PARAM_ERROR", out_refund_no=number)
        return named[0]

    def _give_back(self, members: Row) -> None:
        number = members["out_refund_no"]
        self._state.execute(
            "UPDATE refund SET status = 'SUCCESS', refunded_at = ? WHERE out_refund_no = ?",
            self._party.clock.now().strftime(STAMP),
            number,
        )
        row = self._one(number)
        assert row is not None
        self._party.journal.write("refunded", out_refund_no=number, fee=row["fee"])

    def _one(self, number: str) -> sqlite3.Row | None:
        return self._state.one("SELECT * FROM refund WHERE out_refund_no = ?", number)

    def query(self, asked: Row) -> Row:
        number = str(asked["out_refund_no"])
        self._party.journal.write("refund_queried", out_refund_no=number)
        if self._one(number) is None:
            raise No("REFUNDNOTEXIST", out_refund_no=number)
        return self.told(number)

    def told(self, number: str) -> Row:
        row = self._one(number)
        assert row is not None
        told: Row = {
            "out_refund_no": number,
            "refund_id": row["refund_id"],
            "out_trade_no": row["out_trade_no"],
            "transaction_id": row["number"],
            "refund_fee": row["fee"],
            "refund_status": row["status"],
        }
        if row["status"] == "SUCCESS":
            trade = self._orders.trade(row["out_trade_no"])
            assert trade is not None
            told["refund_time"] = row["refunded_at"]
            told |= self._orders.card(trade["code"], row["fee"], "refund_rate", row["refunded_at"])
        return told
