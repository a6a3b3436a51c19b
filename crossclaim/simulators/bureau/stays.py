"""Stays: admitted, discharged, their charge lines on one heap until they are settled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crossclaim.simulators.bureau.persons import Persons, Row
from crossclaim.simulators.bureau.state import No
from crossclaim.simulators.bureau.visits import Visits
from crossclaim.simulators.party import Party

WHOLE = "0000"


class Stays:
    """2401, 2402, 2404, 2405, 2301 and 2302; each is harmless when it is repeated."""

    def __init__(self, party: Party, persons: Persons, visits: Visits) -> None:
        self._party = party
        self._state = party.state
        self._persons = persons
        self._visits = visits

    def admit(self, asked: Mapping[str, Any], institution: str) -> Row:
        """The same person and inpatient number get the same stay again; nobody lies in two beds."""
        person, begins = str(asked["psn_no"]), str(asked["begntime"])
        self._persons.row(person)
        open_stay = self._state.one(
            "SELECT v.number FROM stay s JOIN visit v ON v.id = s.visit"
            " WHERE v.person = ? AND s.ends = ''",
            person,
        )
        if open_stay is not None and open_stay["number"] != str(asked["ipt_otp_no"]):
            raise No("STAY_OPEN", "This person has not been discharged from another stay.")
        told = self._visits.register(asked, institution)
        self._state.execute(
            "INSERT OR IGNORE INTO stay VALUES (?, ?, '')", told["mdtrt_id"], begins
        )
        self._party.journal.write("admitted", mdtrt_id=told["mdtrt_id"], person=person)
        return told

    def discharge(self, asked: Mapping[str, Any], institution: str) -> Row:
        stay = self.stay(asked, institution)
        ends = str(asked["endtime"])
        if ends < stay["begins"]:
            raise No("DISCHARGE_BEFORE_ADMISSION", "The stay would end before it began.")
        if stay["ends"] not in ("", ends):
            raise No("STAY_DISCHARGED", "The stay ended at another time.")
        self._state.execute("UPDATE stay SET ends = ? WHERE visit = ?", ends, stay["id"])
        self._party.journal.write("discharged", mdtrt_id=stay["id"], person=stay["person"])
        return {"psn_no": stay["person"], "mdtrt_id": stay["id"]}

    def upload(self, asked: Mapping[str, Any], institution: str) -> Row:
        for line in asked["feedetail"]:
            stay = self.stay(line, institution)
            day = str(line["fee_ocur_time"])[:10]
            last = stay["ends"][:10] or "9999"
            if not stay["begins"][:10] <= day <= last:
                raise No("LINE_OUTSIDE_STAY", "A charge lies outside of the stay.")
            self._not_settled(stay)
        return self._visits.upload(asked, institution)

    def withdraw(self, asked: Mapping[str, Any], institution: str) -> Row:
        """Every line, or those of one batch."""
        stay, batch = self.stay(asked, institution), str(asked["chrg_bchno"])
        self._not_settled(stay)
        if batch != WHOLE:
            return self._visits.withdraw(asked, institution)
        self._state.execute("DELETE FROM line WHERE visit = ?", stay["id"])
        self._party.journal.write("withdrawn", mdtrt_id=stay["id"])
        return {"psn_no": stay["person"], "mdtrt_id": stay["id"]}

    def reopen(self, asked: Mapping[str, Any], institution: str) -> Row:
        """2405: the discharge is taken back."""
        stay = self.stay(asked, institution)
        self._not_settled(stay)
        if not self._gone(stay):
            self._state.execute("UPDATE stay SET ends = '' WHERE visit = ?", stay["id"])
            self._party.journal.write("reopened", mdtrt_id=stay["id"], person=stay["person"])
        return {"psn_no": stay["person"], "mdtrt_id": stay["id"]}

    def forget(self, asked: Mapping[str, Any], institution: str) -> Row:
        """2404: the admission is taken back; the same inpatient number is another stay then."""
        stay = self.stay(asked, institution)
        if not self._gone(stay):
            if stay["ends"] or self._visits.every_line(stay["id"]):
                raise No("STAY_IN_USE", "The stay has ended or has charges.")
            self._state.execute(
                "UPDATE visit SET number = number || '/' || id WHERE id = ?", stay["id"]
            )
            self._state.execute("UPDATE stay SET ends = 'never' WHERE visit = ?", stay["id"])
            self._party.journal.write("forgotten", mdtrt_id=stay["id"], person=stay["person"])
        return {"psn_no": stay["person"], "mdtrt_id": stay["id"]}

    @staticmethod
    def _gone(stay: Row) -> bool:
        return bool(stay["ends"] == "never")

    def stay(self, asked: Mapping[str, Any], institution: str) -> Row:
        """The visit's row with the stay's days."""
        visit = self._visits.visit(str(asked["mdtrt_id"]), str(asked["psn_no"]), institution)
        found = self._state.one("SELECT * FROM stay WHERE visit = ?", visit["id"])
        if found is None:
            raise No("NO_STAY", "This is not a stay.")
        return {**visit, "begins": found["begins"], "ends": found["ends"]}

    def lines(self, stay: str) -> list[Row]:
        return self._visits.every_line(stay)

    def _not_settled(self, stay: Row) -> None:
        if self.settled(stay["id"]):
            raise No("STAY_SETTLED", "A stay that is settled takes no other charges.")

    def settled(self, stay: str) -> bool:
        found = self._state.one(
            "SELECT 1 FROM settlement WHERE visit = ? AND state = 'settled'", stay
        )
        return found is not None
