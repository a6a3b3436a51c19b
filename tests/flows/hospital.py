"""A hospital's billing desk over HTTP, with the example files and numbers of its own."""

from __future__ import annotations

import copy
import itertools
import json
from pathlib import Path
from typing import Any

import httpx

from tests.flows.patience import until

Body = dict[str, Any]

EXAMPLES = Path(__file__).parents[2] / "examples"
_numbers = itertools.count(1)


def example(name: str) -> Body:
    content: Body = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return content


def cny(amount: str) -> Body:
    return {"amount": amount, "currency": "CNY"}


def next_number() -> int:
    """Never the same twice, for visits, bills and persons."""
    return next(_numbers)


_PAID_BACK_AT = "2026-04-20T15:00:00+08:00"


class Hospital:
    """One organisation at the API with its key."""

    def __init__(self, name: str, url: str, key: str) -> None:
        self.name = name
        self.address = url
        self._http = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {key}"},
            timeout=60,
            trust_env=False,
            limits=httpx.Limits(max_connections=32),
        )

    def post(self, path: str, body: Body, headers: dict[str, str] | None = None) -> httpx.Response:
        return self._http.post(path, json=body, headers=headers)

    def upload(self, path: str, content: bytes, content_type: str) -> None:
        answer = self._http.post(path, content=content, headers={"content-type": content_type})
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return self._http.get(path, headers=headers)

    def say(self, path: str, body: Body) -> Body:
        """Posts until the submission has its answer, as a desk does that was told "later"."""
        answer = until(lambda: self._answered(path, body), f"an answer to {path}")
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        content: Body = answer.json()
        return content

    def refused(self, path: str, body: Body) -> list[str]:
        """The codes of a submission that must be refused with 422."""
        answer = until(lambda: self._answered(path, body), f"an answer to {path}")
        assert answer.status_code == 422, f"{path}: {answer.status_code} {answer.text}"
        return sorted(e["code"] for e in answer.json()["errors"])

    def _answered(self, path: str, body: Body) -> httpx.Response | None:
        answer = self.post(path, body)
        kept = answer.status_code == 202 and answer.json().get("status") == "accepted"
        in_progress = (
            answer.status_code == 409 and answer.json()["code"] == "SUBMISSION_IN_PROGRESS"
        )
        return None if kept or in_progress or answer.status_code == 503 else answer

    def open(self, submission: Body) -> Episode:
        answer = self.say("/v1/episodes", submission)
        return Episode(self, answer["episode_id"], submission)

    def close(self) -> None:
        self._http.close()


class Episode:
    """One episode as its hospital sees and feeds it."""

    def __init__(self, hospital: Hospital, episode_id: str, submission: Body) -> None:
        self.hospital = hospital
        self.id = episode_id
        self.submission = submission

    @property
    def path(self) -> str:
        return f"/v1/episodes/{self.id}"

    def rows(self) -> Body:
        answer = self.hospital.get(self.path)
        assert answer.status_code == 200, answer.text
        content: Body = answer.json()
        return content

    def say(self, what: str, body: Body) -> Body:
        return self.hospital.say(f"{self.path}/{what}", body)

    def post(self, what: str, body: Body) -> httpx.Response:
        """One post and its answer, whatever it is."""
        return until(lambda: self.hospital._answered(f"{self.path}/{what}", body), what)

    def tender(self, bill: Body, amount: str, at: str, **more: Any) -> Body:
        """The patient pays an amount, or signs alone with ``0.00``."""
        return self.say("tenders", tender_of(bill, amount, at, **more))

    def wait(self, what: str, deadline_s: float = 60, **members: Any) -> Body:
        """Until ``ROWS[what]`` (``episode``, or any row of a list) has all the members."""

        def look() -> Body | None:
            rows = self.rows()
            known = rows[what] if isinstance(rows[what], list) else [rows[what]]
            fits = any(all(row.get(k) == v for k, v in members.items()) for row in known)
            return rows if fits else None

        try:
            return until(look, f"{what} with {members}", deadline_s)
        except AssertionError as late:
            raise AssertionError(f"{late}; rows: {json.dumps(self.rows())[:4000]}") from None

    def paid_back(self) -> None:
        """The cashier confirms every refund that waits for him."""
        for refund in self.rows()["refunds"]:
            if refund["route"] == "cashier" and refund["state"] == "due":
                told = {"refund": refund["reference"], "receipt": "TK-1"}
                self.say("refund-confirmations", {**told, "paid_back_at": _PAID_BACK_AT})

    def closed(self) -> Body:
        return self.wait("episode", status="closed")

    def exceptions(self) -> list[str]:
        return [e["code"] for e in self.rows()["exceptions"]]


def tender_of(bill: Body, amount: str, at: str, **more: Any) -> Body:
    leg = {"method": "bank_card", "amount": cny(amount), "reference": f"POS{next_number()}"}
    return {
        "bill_number": bill["number"],
        "bill_version": bill["version"],
        "tendered_at": at,
        "legs": [leg],
        **more,
    }


def totals(split: Body) -> dict[str, str]:
    """Funder → CNY of a window's answer."""
    return {t["funder"]: t["amount"]["amount"] for t in split["totals"]}


def varied(body: Body, **changes: Any) -> Body:
    """A deep copy with top members replaced; a mapping is merged one level deep."""
    new = copy.deepcopy(body)
    for name, value in changes.items():
        merge = isinstance(value, dict) and isinstance(new.get(name), dict)
        new[name] = {**new[name], **value} if merge else value
    return new
