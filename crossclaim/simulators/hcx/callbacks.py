"""Answers on the other side's callbacks, again and again until they are taken or refused."""

from __future__ import annotations

import json
import ssl
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from crossclaim.simulators.hcx.envelope import write
from crossclaim.simulators.hcx.keys import Keys, stranger
from crossclaim.simulators.party import Party

TABLES = """
CREATE TABLE IF NOT EXISTS call (
  api_call_id TEXT PRIMARY KEY, digest TEXT NOT NULL, action TEXT NOT NULL,
  correlation_id TEXT NOT NULL UNIQUE, workflow_id TEXT NOT NULL, reference TEXT NOT NULL,
  sender TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS call_reference ON call (reference, action);
CREATE TABLE IF NOT EXISTS hcx_callback (
  api_call_id TEXT PRIMARY KEY, action TEXT NOT NULL, version TEXT NOT NULL,
  headers TEXT NOT NULL, body TEXT NOT NULL, reference TEXT NOT NULL, unsigned INTEGER NOT NULL,
  attempts INTEGER NOT NULL, deliveries_left INTEGER NOT NULL);
"""
FAULTS = frozenset(
    {
        "callback_late",
        "callback_never",
        "callback_twice",
        "wrong_correlation",
        "wrong_workflow",
        "old_version",
        "error_answer",
        "redirect",
        "unsigned",
    }
)
LADDER_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_TIMEOUT_S = 15.0


@dataclass(frozen=True)
class Say:
    """One answer: to which call, with which status, and what."""

    call: Any
    status: str
    body: str
    error: str = ""


class HcxCallbacks:
    """In the place of the signed webhooks of an insurer that is called directly."""

    def __init__(self, party: Party, code: str, keys: Keys, url: str, ca: Path | None) -> None:
        self._party = party
        self._state = party.state
        self._code = code
        self._keys = keys
        self._url = url.rstrip("/")
        trust = ssl.create_default_context(cafile=str(ca) if ca else None)
        self._client = httpx.AsyncClient(verify=trust, timeout=_TIMEOUT_S, trust_env=False)
        party.agenda.deliver("hcx_callback", self._deliver)

    def enqueue(self, reference: str, body: str, deliveries: int) -> None:
        """A decided guarantee or claim, as the desk behind this wire says it."""
        action = {"preauthorization": "preauth/submit"}.get(json.loads(body)["use"], "claim/submit")
        call = self._state.one(
            "SELECT * FROM call WHERE reference = ? AND action = ? ORDER BY rowid DESC",
            reference,
            action,
        )
        assert call is not None, "nothing is decided that was not asked for"
        self.say(Say(call, "response.complete", body), deliveries)

    def say(self, answer: Say, deliveries: int = 1) -> None:
        """Commits with the caller's transaction."""
        call = answer.call
        about = {"operation": "callback", "reference": call["reference"], "action": call["action"]}
        faults = {f.fault: f for f in self._party.faults.take_all("operation", **about)}
        for name in faults:
            self._party.journal.write("fault", fault=name, **about)
        if "callback_never" in faults:
            return
        number, headers = str(uuid.uuid4()), self._headers(answer, faults)
        room, _, verb = call["action"].rpartition("/")
        late = faults.get("callback_late")
        self._state.execute(
            "INSERT INTO hcx_callback VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)",
            number,
            f"{room}/on_{verb}",
            "v0.7" if "old_version" in faults else "v0.8",
            json.dumps(headers | {"x-hcx-api_call_id": number}),
            answer.body,
            call["reference"],
            int("unsigned" in faults),
            2 if "callback_twice" in faults else deliveries,
        )
        self._party.agenda.add(late.delay_s if late else 0.0, "hcx_callback", number=number)

    def _headers(self, answer: Say, faults: Any) -> dict[str, Any]:
        call, status, error = answer.call, answer.status, answer.error
        if "error_answer" in faults:
            status, error = "response.error", str(faults["error_answer"].detail("code", "ERR_OWN"))
        wrong = "wrong_correlation" in faults
        headers: dict[str, Any] = {
            "x-hcx-sender_code": self._code,
            "x-hcx-recipient_code": call["sender"],
            "x-hcx-correlation_id": str(uuid.uuid4()) if wrong else call["correlation_id"],
            "x-hcx-workflow_id": "other" if "wrong_workflow" in faults else call["workflow_id"],
            "x-hcx-status": "response.redirect" if "redirect" in faults else status,
        }
        if "redirect" in faults:
            headers["x-hcx-redirect_to"] = "another-payor@hcx"
        elif status == "response.error":
            details = {"code": error, "message": "said by this participant", "trace": ""}
            headers["x-hcx-error_details"] = details
        return headers

    async def _deliver(self, task: dict[str, Any]) -> float | None:
        row = self._state.one("SELECT * FROM hcx_callback WHERE api_call_id = ?", task["number"])
        if row is None or row["deliveries_left"] == 0:
            return None
        status, code = await self._post(row)
        taken = status is not None and 200 <= status < 300
        refused = status is not None and 400 <= status < 500
        with self._state.transaction():
            self._party.journal.write(
                "called_back",
                reference=row["reference"],
                action=row["action"],
                attempt=row["attempts"] + 1,
                status=status,
                code=code,
            )
            self._state.execute(
                "UPDATE hcx_callback SET attempts = attempts + 1,"
                " deliveries_left = deliveries_left - ? WHERE api_call_id = ?",
                int(taken),
                row["api_call_id"],
            )
        if refused:
            return None
        if taken:
            return 0.0 if row["deliveries_left"] > 1 else None
        return LADDER_S[min(row["attempts"], len(LADDER_S) - 1)]

    async def _post(self, row: Any) -> tuple[int | None, str]:
        stamp = {"x-hcx-timestamp": datetime.now(UTC).isoformat(timespec="seconds")}
        headers = json.loads(row["headers"]) | stamp
        signing = stranger() if row["unsigned"] else self._keys.signing
        body, authorization = write(headers, row["body"], self._keys.peer("enc")[0], signing)
        url = f"{self._url}/hcx/{row['version']}/{row['action']}"
        known = {"authorization": authorization, "content-type": "application/json"}
        try:
            answer = await self._client.post(url, content=body, headers=known)
            said = answer.json()
        except (httpx.HTTPError, ValueError):
            return None, ""
        return answer.status_code, str((said.get("error") or {}).get("code", ""))
