"""Settlements: worked out before, made, cancelled, and reversed when their outcome is unknown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crossclaim.simulators.bureau.benefits import Fund, fund_of
from crossclaim.simulators.bureau.persons import Persons, Row
from crossclaim.simulators.bureau.state import No, fen, yuan
from crossclaim.simulators.bureau.stay_benefits import fund_of_stay
from crossclaim.simulators.bureau.stays import Stays
from crossclaim.simulators.bureau.visits import Visits
from crossclaim.simulators.party import Party

PURCHASE = "41"


@dataclass(frozen=True)
class Outcome:
    """One settlement as it would be, or was, made."""

    person: str
    visit: Row
    insurance: str
    area: str
    day: str
    fee: int
    in_scope: int
    fund: Fund
    account: int
    family: int
    holder: str
    codes: list[str]

    @property
    def moves(self) -> Row:
        accounts = {self.person: self.account} if self.account else {}
        if self.family:
            accounts[self.holder] = self.family
        return {"person": self.person, "accounts": accounts, "used": self.fund.used}


class Settlements:
    """A second settlement of the same lines under another ``msgid`` is a second settlement: the
    bureau does not protect its callers."""

    def __init__(self, party: Party, persons: Persons, visits: Visits, stays: Stays) -> None:
        self._party = party
        self._state = party.state
        self._persons = persons
        self._visits = visits
        self._stays = stays

    def work_out(self, asked: Mapping[str, Any], institution: str) -> Outcome:
        person = str(asked["psn_no"])
        row = self._persons.row(person)
        visit, lines = self._laid_out(asked, institution)
        fee = sum(line["amount"] for line in lines)
        if not lines or fee != fen(asked["medfee_sumamt"]):
            raise No("FEE_DIFFERS", "The lines do not add up to the fee.")
        day = str(visit.get("begins", ""))[:10] or min(str(line["day"]) for line in lines)
        fund = self._fund(row, visit, lines, asked, day, institution)
        left, account, family, holder = fee - fund.amount, 0, 0, ""
        if asked["acct_used_flag"] == "1":
            if row["insutype"] == "310":
                account = min(self._persons.balance(person), left)
                left -= account
            # Absent: the newest sharing; empty: none; else the account of this authoriser.
            named = asked.get("mulaid_psn_no")
            bound = self._persons.binding(person, named)
            if named and (bound is None or not self._in_force(bound, day)):
                raise No("SHARING_UNKNOWN", "This account is not shared with the person.")
            if bound is not None and self._in_force(bound, day):
                holder = bound["holder"]
                family = min(self._persons.balance(holder), left)
        return Outcome(
            person,
            visit,
            row["insutype"],
            row["area"],
            day,
            fee,
            sum(fen(line["inscp_scp_amt"]) for line in lines),
            fund,
            account,
            family,
            holder,
            [str(line["code"]) for line in lines],
        )

    def _laid_out(self, asked: Mapping[str, Any], institution: str) -> tuple[Row, list[Row]]:
        """The visit with the lines of one batch, or the stay with all of its lines."""
        if "mid_setl_flag" in asked:
            stay = self._stays.stay(asked, institution)
            return stay, self._stays.lines(stay["id"])
        visit = self._visits.visit(str(asked["mdtrt_id"]), str(asked["psn_no"]), institution)
        visit = {**visit, "filed": self._visits.filed(visit["id"])}
        return visit, self._visits.lines(visit["id"], str(asked["chrg_bchno"]))

    def _fund(
        self,
        row: Row,
        visit: Row,
        lines: list[Row],
        asked: Mapping[str, Any],
        day: str,
        institution: str,
    ) -> Fund:
        if asked["pool_used_flag"] != "1":
            return Fund(0)
        if visit["med_type"] == PURCHASE:
            raise No("FUND_NOT_AT_PHARMACY", "The pooled fund pays nothing at a pharmacy.")
        if row.get("status", "1") != "1":
            raise No("INSURED_SUSPENDED", "The insurance is suspended.")
        if day < row.get("benefit_from", ""):
            raise No("WAITING_PERIOD", "Benefits have not begun.")
        tables = self._party.tables
        level = tables["institutions"][institution]["level"]
        used = self._persons.used(visit["person"])
        if "begins" in visit:
            benefit = tables["benefits"][row["benefit"]]
            return fund_of_stay(benefit, row, level, visit, lines, used)
        return fund_of(tables["benefits"][row["benefit"]], row, level, visit, lines, used)

    @staticmethod
    def _in_force(bound: Row, day: str) -> bool:
        begun, ended = bound.get("approved_on") or "9", bound.get("ended_on") or "9"
        return bool(begun <= day < ended)

    def pre_settle(self, asked: Mapping[str, Any], institution: str) -> Row:
        """2206 and 2303: nothing moves."""
        outcome = self.work_out(asked, institution)
        self._party.journal.write("pre_settled", person=outcome.person, fund=outcome.fund.amount)
        return self._told(outcome, "")

    def settle(self, asked: Mapping[str, Any], institution: str, msgid: str) -> Row:
        """2207 and 2304: the same message again is answered as before. A stay is settled whole,
        once, and after the discharge."""
        known = self._state.one("SELECT answer FROM settlement WHERE msgid = ?", msgid)
        if known is not None:
            answer: Row = json.loads(known["answer"])
            return answer
        if self._state.one("SELECT 1 FROM reversed WHERE msgid = ?", msgid) is not None:
            raise No("MSGID_REVERSED", "This message was reversed and is never executed.")
        if "mid_setl_flag" in asked:
            self._ready(self._stays.stay(asked, institution), str(asked["mid_setl_flag"]))
        outcome = self.work_out(asked, institution)
        settled = f"S{self._state.next_number('settlement'):014d}"
        self._persons.move(outcome.moves, 1)
        answer = self._told(outcome, settled)
        self._state.execute(
            "INSERT INTO settlement"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'settled', ?, ?, ?, ?, ?, ?)",
            settled,
            msgid,
            outcome.person,
            outcome.visit["id"],
            institution,
            outcome.insurance,
            str(asked["clr_type"]),
            outcome.area,
            self._party.clock.now().date().isoformat(),
            outcome.fee,
            outcome.fund.amount,
            outcome.account,
            outcome.family,
            json.dumps(outcome.moves),
            json.dumps(answer),
        )
        self._party.journal.write(
            "settled",
            setl_id=settled,
            msgid=msgid,
            person=outcome.person,
            fund=outcome.fund.amount,
            account=outcome.account,
            family=outcome.family,
            codes=outcome.codes,
        )
        return answer

    def _ready(self, stay: Row, interim: str) -> None:
        if interim != "0":
            raise No("INTERIM_NOT_SETTLED", "An interim bill is only worked out.")
        if not stay["ends"]:
            raise No("NOT_DISCHARGED", "The stay has not ended.")
        if self._stays.settled(stay["id"]):
            raise No("STAY_SETTLED", "The stay is settled already.")

    def _told(self, outcome: Outcome, settled: str) -> Row:
        own, fund = outcome.account, outcome.fund
        cash = outcome.fee - fund.amount - own - outcome.family
        before = 0 if settled else own
        lent = 0 if settled else outcome.family
        setlinfo = {
            "psn_no": outcome.person,
            "mdtrt_id": outcome.visit["id"],
            "setl_id": settled,
            "insutype": outcome.insurance,
            "clr_type": "21" if "begins" in outcome.visit else "11",
            "medfee_sumamt": yuan(outcome.fee),
            "fulamt_ownpay_amt": yuan(outcome.fee - outcome.in_scope),
            "inscp_scp_amt": yuan(outcome.in_scope),
            "fund_pay_sumamt": yuan(fund.amount),
            "hifp_pay": yuan(fund.amount),
            "acct_pay": yuan(own),
            "acct_mulaid_pay": yuan(outcome.family),
            "psn_cash_pay": yuan(cash),
            "hosp_part_amt": yuan(0),
            "balc": yuan(self._persons.balance(outcome.person) - before),
            "mulaid_balc": yuan(self._persons.balance(outcome.holder) - lent),
        }
        detail = {
            "fund_pay_type": "310100" if outcome.insurance == "310" else "390100",
            "crt_payb_lmt_amt": "" if fund.left is None else yuan(fund.left),
            "fund_payamt": yuan(fund.amount),
            "setl_proc_info": "",
        }
        cumulative = self._persons.cumulative(outcome.person)
        return {"setlinfo": setlinfo, "setldetail": [detail], "cuminfo": cumulative}

    def cancel(self, asked: Mapping[str, Any], institution: str) -> Row:
        """2208 and 2305: one that is cancelled already is told so again, and nothing moves."""
        settled = str(asked["setl_id"])
        row = self._state.one(
            "SELECT * FROM settlement WHERE id = ? AND institution = ?", settled, institution
        )
        if row is None or row["person"] != asked["psn_no"]:
            raise No("SETTLEMENT_UNKNOWN", "This person has no such settlement here.")
        self._undo(settled, "cancelled")
        answer = json.loads(row["answer"])["setlinfo"]
        minus = {
            name: f"-{value}" if fen(value) else value
            for name, value in answer.items()
            if name.endswith(("_pay", "_sumamt", "_amt"))
        }
        return {"setlinfo": {**answer, **minus, "setl_id": f"{settled}C", "init_setl_id": settled}}

    def reverse(self, asked: Mapping[str, Any]) -> Row:
        """2601: what the message did is undone; if it comes only now, it does nothing."""
        msgid = str(asked["omsgid"])
        if asked["oinfno"] not in ("2207", "2304"):
            raise No("NOT_REVERSIBLE", "Only settlements are reversed.")
        row = self._state.one("SELECT * FROM settlement WHERE msgid = ?", msgid)
        if row is not None and row["person"] != asked["psn_no"]:
            raise No("SETTLEMENT_UNKNOWN", "This message is about somebody else.")
        if row is not None:
            self._undo(str(row["id"]), "reversed")
        self._state.execute("INSERT OR IGNORE INTO reversed VALUES (?)", msgid)
        self._party.journal.write("asked_to_reverse", msgid=msgid, found=row is not None)
        return {"psn_no": asked["psn_no"], "omsgid": msgid}

    def _undo(self, settled: str, how: str) -> None:
        row = self._state.one("SELECT * FROM settlement WHERE id = ?", settled)
        if row is None or row["state"] != "settled":
            return
        self._persons.move(json.loads(row["moves"]), -1)
        self._state.execute("UPDATE settlement SET state = ? WHERE id = ?", how, settled)
        self._party.journal.write(
            how, setl_id=settled, msgid=row["msgid"], person=row["person"], fund=row["fund"]
        )
