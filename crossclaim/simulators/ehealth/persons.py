"""Persons of eHealth: what they consented to, the QR codes of their app, the notices they get."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from crossclaim.simulators.ehealth.requests import Person
from crossclaim.simulators.party import Party

TABLES = """
CREATE TABLE IF NOT EXISTS person (
  id TEXT PRIMARY KEY, document TEXT, number TEXT, birth_date TEXT, joined INTEGER NOT NULL,
  sharing INTEGER NOT NULL, row TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS person_number ON person (number, birth_date);
CREATE TABLE IF NOT EXISTS code (
  application TEXT PRIMARY KEY, password TEXT NOT NULL, person TEXT NOT NULL,
  expires_at TEXT NOT NULL, used_by TEXT);
CREATE TABLE IF NOT EXISTS done (
  operation TEXT NOT NULL, reference TEXT NOT NULL, body_hash TEXT NOT NULL,
  answer TEXT NOT NULL, PRIMARY KEY (operation, reference));
"""


class Persons:
    """Each call runs inside the caller's transaction."""

    def __init__(self, party: Party) -> None:
        self._party = party
        self._state = party.state
        party.on_tables(self._load)

    def _load(self, rows: Mapping[str, Any]) -> None:
        for name, patch in (rows.get("persons") or {}).items():
            old = self._state.one("SELECT * FROM person WHERE id = ?", name)
            row = {**(json.loads(old["row"]) if old else {}), **patch}
            joined = patch.get("joined", old["joined"] if old else False)
            sharing = patch.get("sharing", old["sharing"] if old else False)
            self._state.execute(
                "INSERT OR REPLACE INTO person VALUES (?, ?, ?, ?, ?, ?, ?)",
                name,
                row["document"],
                row["number"],
                row["birth_date"],
                int(joined),
                int(sharing),
                json.dumps(row),
            )

    def find(self, person: Person) -> dict[str, Any] | None:
        number = "".join(sign for sign in person.document.number.upper() if sign.isalnum())
        found = self._state.one(
            "SELECT * FROM person WHERE document = ? AND number = ? AND birth_date = ?",
            person.document.type,
            number,
            person.birth_date.isoformat(),
        )
        return dict(found) if found else None

    def get(self, name: str) -> dict[str, Any] | None:
        found = self._state.one("SELECT * FROM person WHERE id = ?", name)
        return dict(found) if found else None

    def consent(self, name: str, what: str, given: bool) -> None:
        column = {"joining": "joined", "sharing": "sharing"}[what]
        self._state.execute(f"UPDATE person SET {column} = ? WHERE id = ?", int(given), name)

    def notify(self, person: Mapping[str, Any], event: str, **about: Any) -> dict[str, str]:
        """Tells the person by the means of his choice; what was told stands in the journal."""
        means = json.loads(person["row"]).get("notice", "sms")
        number = f"N{self._state.next_number('notice'):09d}"
        self._party.journal.write(
            "notified", person=person["id"], means=means, event=event, number=number, **about
        )
        sent_at = self._party.clock.now().isoformat(timespec="seconds")
        return {"number": number, "means": means, "sent_at": sent_at}

    def issue_codes(self, person: str) -> dict[str, str]:
        """What the app shows: two codes, for one use within some minutes."""
        minutes = self._party.tables["codes"]["valid_minutes"]
        expires_at = self._party.clock.now() + timedelta(minutes=minutes)
        application, password = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self._state.execute(
            "INSERT INTO code VALUES (?, ?, ?, ?, NULL)",
            application,
            password,
            person,
            expires_at.isoformat(),
        )
        self._party.journal.write("codes_issued", person=person)
        return {
            "application_code": application,
            "password_code": password,
            "expires_at": expires_at.isoformat(timespec="seconds"),
        }

    def use_codes(self, person: str, application: str, password: str, reference: str) -> str:
        """Uses them once; the code of the refusal, or nothing when they are good."""
        code = self._state.one("SELECT * FROM code WHERE application = ?", application)
        if code is None or not secrets.compare_digest(code["password"], password):
            return "CODE_UNKNOWN"
        if code["person"] != person:
            return "CODE_OF_ANOTHER_PERSON"
        if code["used_by"] is not None:
            return "CODE_USED"
        if datetime.fromisoformat(code["expires_at"]) < self._party.clock.now():
            return "CODE_EXPIRED"
        self._state.execute(
            "UPDATE code SET used_by = ? WHERE application = ?", reference, application
        )
        return ""
