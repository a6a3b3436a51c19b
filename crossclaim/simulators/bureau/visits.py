"""Visits and their uploaded charge lines, each judged by the bureau's own catalogue."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from crossclaim.simulators.bureau.persons import Persons, Row
from crossclaim.simulators.bureau.state import No, fen, part, yuan
from crossclaim.simulators.party import Party


class Visits:
    """2201, 2202, 2204 and 2205; each is harmless when it is repeated."""

    def __init__(self, party: Party, persons: Persons) -> None:
        self._party = party
        self._state = party.state
        self._persons = persons

    def register(self, asked: Mapping[str, Any], institution: str) -> Row:
        """The same person and outpatient number get the same visit again."""
        person, number = str(asked["psn_no"]), str(asked["ipt_otp_no"])
        self._persons.row(person)
        known = self._state.one(
            "SELECT id FROM visit WHERE person = ? AND number = ? AND institution = ?",
            person,
            number,
            institution,
        )
        if known is None:
            visit = f"M{self._state.next_number('visit'):012d}"
            self._state.execute(
                "INSERT INTO visit VALUES (?, ?, ?, ?, ?, ?)",
                visit,
                person,
                number,
                institution,
                str(asked["med_type"]),
                str(asked.get("dise_class", "")),
            )
            self._note_filing(visit, person, str(asked.get("out_filing_no", "")), institution)
            self._party.journal.write("registered", mdtrt_id=visit)
        else:
            visit = str(known["id"])
        return {
            "psn_no": person,
            "mdtrt_id": visit,
            "ipt_otp_no": number,
            "out_filing_flag": self.filed(visit),
        }

    def _note_filing(self, visit: str, person: str, filing: str, institution: str) -> None:
        """Care elsewhere is filed when the person has such a filing; at home nobody asks."""
        here = str(self._party.tables["institutions"][institution]["area"])
        row = self._persons.row(person)
        if here[:4] == str(row["area"])[:4]:
            return
        known = filing in row.get("filings", [])
        self._state.execute("INSERT INTO filed VALUES (?, ?)", visit, "1" if known else "0")

    def filed(self, visit: str) -> str:
        """``1`` or ``0`` for care elsewhere, empty at home."""
        found = self._state.one("SELECT state FROM filed WHERE visit = ?", visit)
        return "" if found is None else str(found["state"])

    def unregister(self, asked: Mapping[str, Any], institution: str) -> Row:
        visit = self.visit(str(asked["mdtrt_id"]), str(asked["psn_no"]), institution)
        settled = self._state.one(
            "SELECT 1 FROM settlement WHERE visit = ? AND state = 'settled'", visit["id"]
        )
        if settled is not None:
            raise No("VISIT_SETTLED", "A visit with a settlement stays.")
        self._state.execute("DELETE FROM line WHERE visit = ?", visit["id"])
        self._state.execute("DELETE FROM visit WHERE id = ?", visit["id"])
        self._party.journal.write("unregistered", mdtrt_id=visit["id"])
        return {"psn_no": visit["person"], "mdtrt_id": visit["id"]}

    def visit(self, visit: str, person: str, institution: str) -> Row:
        found = self._state.one("SELECT * FROM visit WHERE id = ?", visit)
        if found is None or (found["person"], found["institution"]) != (person, institution):
            raise No("VISIT_UNKNOWN", "This person has no such visit here.")
        return dict(found)

    def upload(self, asked: Mapping[str, Any], institution: str) -> Row:
        """A line that is there already is answered as before; another one in its place is not."""
        told = []
        for line in asked["feedetail"]:
            visit = self.visit(str(line["mdtrt_id"]), str(line["psn_no"]), institution)
            batch, number = str(line["chrg_bchno"]), str(line["feedetl_sn"])
            amount, code = fen(line["det_item_fee_sumamt"]), str(line["med_list_codg"])
            known = self._state.one(
                "SELECT * FROM line WHERE visit = ? AND batch = ? AND number = ?",
                visit["id"],
                batch,
                number,
            )
            if known is not None:
                if (known["amount"], known["code"]) != (amount, code):
                    raise No("LINE_REUSED", "Another line was uploaded under this number.")
                told.append(json.loads(known["answer"]))
                continue
            answer = self._judged(number, code, amount)
            day = str(line["fee_ocur_time"])[:10]
            self._state.execute(
                "INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?)",
                visit["id"],
                batch,
                number,
                day,
                code,
                amount,
                json.dumps(answer),
            )
            told.append(answer)
        self._party.journal.write("uploaded", lines=len(told))
        return {"result": told}

    def _judged(self, number: str, code: str, amount: int) -> Row:
        catalogue = self._party.tables["catalogue"]
        item = catalogue.get(code, catalogue["other"])
        in_scope = part(amount, item["in_scope"])
        return {
            "feedetl_sn": number,
            "det_item_fee_sumamt": yuan(amount),
            "inscp_scp_amt": yuan(in_scope),
            "fulamt_ownpay_amt": yuan(amount - in_scope),
            "med_chrgitm_type": item["type"],
        }

    def withdraw(self, asked: Mapping[str, Any], institution: str) -> Row:
        visit = self.visit(str(asked["mdtrt_id"]), str(asked["psn_no"]), institution)
        self._state.execute(
            "DELETE FROM line WHERE visit = ? AND batch = ?", visit["id"], str(asked["chrg_bchno"])
        )
        self._party.journal.write("withdrawn", mdtrt_id=visit["id"])
        return {}

    def every_line(self, visit: str) -> list[Row]:
        rows = self._state.every("SELECT * FROM line WHERE visit = ? ORDER BY number", visit)
        return [{**dict(row), **json.loads(row["answer"])} for row in rows]

    def lines(self, visit: str, batch: str) -> list[Row]:
        rows = self._state.every(
            "SELECT * FROM line WHERE visit = ? AND batch = ? ORDER BY number", visit, batch
        )
        return [{**dict(row), **json.loads(row["answer"])} for row in rows]
