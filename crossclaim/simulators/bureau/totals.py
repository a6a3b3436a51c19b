"""Reconciliation: the sums of a period compared with the caller's, and what differs one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crossclaim.simulators.bureau.persons import Row
from crossclaim.simulators.bureau.state import fen, yuan
from crossclaim.simulators.party import Party


class Totals:
    def __init__(self, party: Party) -> None:
        self._party = party

    def _settled(self, asked: Mapping[str, Any], institution: str) -> list[Row]:
        """Settlements in force of the asked insurance and days."""
        rows = self._party.state.every(
            "SELECT * FROM settlement WHERE institution = ? AND insutype = ? AND clr_type = ?"
            " AND area = ? AND state = 'settled' AND day BETWEEN ? AND ? ORDER BY id",
            institution,
            str(asked["insutype"]),
            str(asked["clr_type"]),
            str(asked["setl_optins"]),
            str(asked["stmt_begndate"]),
            str(asked["stmt_enddate"]),
        )
        return [dict(row) for row in rows]

    def compare(self, asked: Mapping[str, Any], institution: str) -> Row:
        """3201: ``stmt_rslt`` 0 when everything is equal, else 1."""
        rows = self._settled(asked, institution)
        own = {
            "medfee_sumamt": sum(r["fee"] for r in rows),
            "fund_pay_sumamt": sum(r["fund"] for r in rows),
            "acct_pay": sum(r["account"] + r["family"] for r in rows),
        }
        equal = all(fen(asked[name]) == amount for name, amount in own.items())
        equal = equal and int(asked["fixmedins_setl_cnt"]) == len(rows)
        self._party.journal.write("compared", equal=equal, count=len(rows))
        told = {"stmt_rslt": "0" if equal else "1", "stmt_rslt_dscr": "" if equal else "unequal"}
        return {"stmtinfo": {**told, "setl_optins": asked["setl_optins"]}}

    def differences(self, asked: Mapping[str, Any], institution: str) -> Row:
        """3202: what only one side has, and what both have with other amounts."""
        own = {r["id"]: r for r in self._settled(asked, institution)}
        theirs = {str(d["setl_id"]): d for d in asked["detail"]}
        found = []
        for settled in sorted(own.keys() | theirs.keys()):
            here, there = own.get(settled), theirs.get(settled)
            if here is None:
                found.append({"setl_id": settled, "stmt_rslt": "NOT_WITH_BUREAU"})
                continue
            amounts = {
                "medfee_sumamt": yuan(here["fee"]),
                "fund_pay_sumamt": yuan(here["fund"]),
                "acct_pay": yuan(here["account"] + here["family"]),
            }
            if there is None:
                found.append({"setl_id": settled, "stmt_rslt": "NOT_WITH_HOSPITAL", **amounts})
            elif any(fen(there[name]) != fen(amount) for name, amount in amounts.items()):
                found.append({"setl_id": settled, "stmt_rslt": "AMOUNT_DIFFERS", **amounts})
        self._party.journal.write("detailed", differences=len(found))
        return {"result": found}
