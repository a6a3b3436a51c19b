"""Insured persons: their accounts, what the fund has paid for them, and who shares with whom."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from crossclaim.simulators.bureau.state import No, fen, yuan
from crossclaim.simulators.party import Party

Row = dict[str, Any]


class Persons:
    """``load`` takes a row's figures once; later rows change only what they name."""

    def __init__(self, party: Party) -> None:
        self._party = party
        self._state = party.state
        party.on_tables(self._load)

    def _load(self, rows: Mapping[str, Any]) -> None:
        for name, patch in (rows.get("persons") or {}).items():
            old = self._state.one("SELECT row FROM person WHERE id = ?", name)
            row = {**(json.loads(old["row"]) if old else {}), **patch}
            self._state.execute(
                "INSERT INTO person (id, certno, card, balance, row) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET certno = excluded.certno, card = excluded.card,"
                " row = excluded.row",
                name,
                row["certno"],
                row.get("card", ""),
                fen(row.get("balance", "0")),
                json.dumps(row),
            )
            if old is not None and "balance" in patch:
                self.set_balance(name, fen(patch["balance"]))
            for period, amount in (patch.get("used") or {}).items():
                self._state.execute(
                    "INSERT INTO used VALUES (?, ?, ?) ON CONFLICT (person, period)"
                    " DO UPDATE SET amount = excluded.amount",
                    name,
                    period,
                    fen(amount),
                )

    def row(self, person: str) -> Row:
        found = self._state.one("SELECT row FROM person WHERE id = ?", person)
        if found is None:
            raise No("PERSON_UNKNOWN", "There is no such person.")
        row: Row = json.loads(found["row"])
        return row

    def balance(self, person: str) -> int:
        found = self._state.one("SELECT balance FROM person WHERE id = ?", person)
        return 0 if found is None else int(found["balance"])

    def set_balance(self, person: str, amount: int) -> None:
        self._state.execute("UPDATE person SET balance = ? WHERE id = ?", amount, person)

    def used(self, person: str) -> dict[str, int]:
        rows = self._state.every("SELECT period, amount FROM used WHERE person = ?", person)
        return {row["period"]: row["amount"] for row in rows}

    def move(self, moves: Mapping[str, Any], sign: int) -> None:
        """Books what a settlement moved, or with -1 takes it back."""
        for person, amount in moves["accounts"].items():
            self.set_balance(person, self.balance(person) - sign * amount)
        for period, amount in moves["used"].items():
            self._state.execute(
                "INSERT INTO used VALUES (?, ?, ?) ON CONFLICT (person, period)"
                " DO UPDATE SET amount = amount + excluded.amount",
                moves["person"],
                period,
                sign * amount,
            )

    def bindings(self, person: str) -> list[Row]:
        """The sharings in which this person is the user, in force or not, the newest first."""
        known = self._party.tables.get("bindings", {}).values()
        return [one for one in reversed(list(known)) if one["user"] == person]

    def binding(self, person: str, holder: str | None = None) -> Row | None:
        """The newest of them, or the one with this holder."""
        known = self.bindings(person)
        return next((one for one in known if holder is None or one["holder"] == holder), None)

    def find(self, asked: Mapping[str, Any]) -> Row:
        """1101."""
        certno = str(asked["certno"])
        found = self._state.one("SELECT id FROM person WHERE certno = ?", certno)
        self._party.journal.write("asked_person", found=found is not None)
        if found is None:
            raise No("PERSON_UNKNOWN", "No insured person has this document.")
        person = str(found["id"])
        row, card = self.row(person), str(asked.get("card_sn", ""))
        shown = self._state.one("SELECT id FROM person WHERE card = ? AND card <> ''", card)
        if card and shown is None:
            raise No("CARD_UNKNOWN", "There is no such card.")
        return {
            "baseinfo": {"psn_no": person, "card_psn_no": shown["id"] if shown else person},
            "insuinfo": [self._insurance(person, row)],
            "cuminfo": self.cumulative(person),
            "diseinfo": [
                {"dise_codg": code, "dise_class": name}
                for code, name in (row.get("diseases") or {}).items()
            ],
            "fixedinfo": [{"fixmedins_code": code} for code in row.get("contracted", [])],
            **self._sharing(person),
        }

    def _insurance(self, person: str, row: Row) -> Row:
        told = {
            "insutype": row["insutype"],
            "psn_type": row["psn_type"],
            "psn_insu_stas": row.get("status", "1"),
            "insuplc_admdvs": row["area"],
            "balc": yuan(self.balance(person)),
            "psn_tier": row.get("tier", ""),
        }
        if "paid_date" in row:
            told |= {
                "paid_date": row["paid_date"],
                "brk_years": row.get("missed_years", 0),
                "late_flag": "1" if row.get("late") else "0",
                "exempt_type": row.get("exempt", ""),
                "paid_amt": row.get("paid_amt", ""),
            }
        return told

    def cumulative(self, person: str) -> list[Row]:
        """What the fund has paid before, by care and period: ``11/month/2025-04``."""
        told = []
        for key, amount in sorted(self.used(person).items()):
            care, kind, period = key.split("/")
            told.append({"med_type": care, "cum_type": kind, "cum_ym": period, "cum": yuan(amount)})
        return told

    def _sharing(self, person: str) -> Row:
        return {"mulaidinfo": [self._shared(bound) for bound in self.bindings(person)]}

    def _shared(self, bound: Row) -> Row:
        holder = self.row(bound["holder"])
        return {
            "auth_psn_no": bound["holder"],
            "auth_certno": holder["certno"],
            "insutype": holder["insutype"],
            "insuplc_admdvs": holder["area"],
            "rlts": bound["relation"],
            "begndate": bound.get("approved_on") or "",
            "enddate": bound.get("ended_on") or "",
            "balc": yuan(self.balance(bound["holder"])),
        }
