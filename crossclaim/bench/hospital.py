"""Drives episodes as hospitals do: over the HTTP API, on connections that stay open."""

from __future__ import annotations

import asyncio
import copy
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from temporalio.client import Client

from crossclaim.bench.load import Course
from crossclaim.bench.plan import Kind
from crossclaim.domain.errors import CrossclaimError, InProgress
from crossclaim.seed import EXAMPLES

LOOK_EVERY_S = 0.2
INSURED = "440703198506010093"
Wait = Callable[[], Awaitable[None]]


def _example(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((EXAMPLES / name).read_text(encoding="utf-8"))
    return content


def _insured(episode: dict[str, Any]) -> dict[str, Any]:
    """Of the person whom the bureau keeps for load; fund and account pay all of the bill."""
    document = {"type": "mainland_id", "number": INSURED}
    patient = {**episode["patient"], "documents": [document], "birth_date": "1985-06-01"}
    fund = {"funder": "basic_insurance", "plan": "jiangmen-pool-2022"}
    return {**episode, "patient": patient, "coverages": [fund, {"funder": "personal_account"}]}


class HospitalDesk:
    """Submits the example episodes under numbers of their own, and sees each one to its end.

    The voucher account, the insured person and the policies are those that the simulators keep for
    load: the accounts are inexhaustible, and any policy of the series is in force.
    """

    def __init__(self, api: str, keys: dict[str, str], engine: Client, connections: int) -> None:
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        self._http = httpx.AsyncClient(base_url=api, timeout=60, limits=limits)
        self._keys = keys
        self._engine = engine
        self._visit = {
            Kind.OUTPATIENT: _example("episode-2-voucher.json"),
            Kind.INPATIENT: _example("episode-1-inpatient.json"),
            Kind.BASIC: _insured(_example("e8-daughter.json")["episode"]),
            Kind.BASIC_AT_ONCE: _insured(_example("e8-daughter.json")["episode"]),
        }
        self._basic_bill = _example("e8-daughter.json")["bill"]
        self._voucher_bill = _example("episode-2-bill-1.json")
        self._interim = _example("episode-1-bill-interim.json")
        self._final = _example("episode-1-bill-final.json")

    async def close(self) -> None:
        await self._http.aclose()

    async def run(self, kind: Kind, number: int, treatment: Wait) -> Course:
        """One episode from its first submission to the end of its run."""
        opened = copy.deepcopy(self._visit[kind])
        opened["visit"]["number"] += f"-{number}"
        hospital = str(opened["hospital"])
        course = Course()
        if kind is Kind.OUTPATIENT:
            opened["patient"]["birth_date"] = "1950-01-01"
            opened["patient"]["documents"] = [{"type": "hkid", "number": "ZZ000005(0)"}]
            course.workflow_id = await self._open(hospital, opened)
            await treatment()
            await self._outpatient(course, hospital, number)
        elif kind in (Kind.BASIC, Kind.BASIC_AT_ONCE):
            course.workflow_id = await self._open(hospital, opened)
            await treatment()
            await self._basic(course, hospital, number, shown=kind is Kind.BASIC)
        else:
            opened["coverages"][0]["policy_number"] = f"HL-2025-B{number}"
            asked = time.monotonic()
            course.workflow_id = await self._open(hospital, opened)
            await self._granted(course, hospital)
            course.guarantees_s.append(time.monotonic() - asked)
            await treatment()
            await self._inpatient(course, hospital, number)
        await self._engine.get_workflow_handle(course.workflow_id).result()
        return course

    async def _outpatient(self, course: Course, hospital: str, number: int) -> None:
        bill = {**self._voucher_bill, "number": f"{self._voucher_bill['number']}-{number}"}
        split = await self._bill(course, hospital, bill)
        consent = {
            "type": "VOUCHER_USE",
            "text_version": "2025-01",
            "signed_at": "2025-10-14T10:44:00+08:00",
            "channel": "paper",
        }
        await self._tender(course, hospital, bill, split, "2025-10-14T10:45:00+08:00", [consent])

    async def _basic(self, course: Course, hospital: str, number: int, *, shown: bool) -> None:
        """``shown``: the charges go to the bureau as an interim bill while the patient is treated;
        only the final bill is the window's question."""
        bill = {**self._basic_bill, "number": f"{self._basic_bill['number']}-{number}"}
        if shown:
            interim = {**bill, "status": "interim"}
            await self._post(hospital, course, "bills", interim)
            bill["version"] = int(bill["version"]) + 1
        await self._bill(course, hospital, bill)

    async def _inpatient(self, course: Course, hospital: str, number: int) -> None:
        admitted = {"admitted_at": "2026-03-11T09:20:00+08:00"}
        await self._post(hospital, course, "admission", admitted)
        bill_number = f"{self._interim['number']}-{number}"
        await self._bill(course, hospital, {**self._interim, "number": bill_number})
        discharged = {"discharged_at": "2026-03-14T10:00:00+08:00"}
        await self._post(hospital, course, "discharge", discharged)
        final = {**self._final, "number": bill_number}
        split = await self._bill(course, hospital, final)
        await self._tender(course, hospital, final, split, "2026-03-14T10:50:00+08:00", [])

    async def _open(self, hospital: str, content: dict[str, Any]) -> str:
        answer = await self._send(hospital, "/v1/episodes", content)
        return str(answer["episode_id"])

    async def _granted(self, course: Course, hospital: str) -> None:
        """A hospital has the guarantee in hand before it admits."""
        while True:
            answer = await self._http.get(
                f"/v1/episodes/{course.workflow_id}", headers=self._headers(hospital)
            )
            guarantees = answer.raise_for_status().json()["guarantees"]
            if guarantees and guarantees[0]["state"] == "granted":
                return
            await asyncio.sleep(LOOK_EVERY_S)

    async def _bill(self, course: Course, hospital: str, bill: dict[str, Any]) -> dict[str, Any]:
        begun = time.monotonic()
        split = await self._post(hospital, course, "bills", bill)
        course.answers_s.append(time.monotonic() - begun)
        return split

    async def _tender(
        self,
        course: Course,
        hospital: str,
        bill: dict[str, Any],
        split: dict[str, Any],
        at: str,
        consents: list[dict[str, str]],
    ) -> None:
        share = next(t["amount"] for t in split["totals"] if t["funder"] == "patient")
        leg = {"method": "bank_card", "amount": share, "reference": "BENCH"}
        tender = {
            "bill_number": bill["number"],
            "bill_version": bill["version"],
            "tendered_at": at,
            "legs": [leg] if float(share["amount"]) > 0 else [],
            "consents": consents,
        }
        await self._post(hospital, course, "tenders", tender)

    async def _post(
        self, hospital: str, course: Course, what: str, content: dict[str, Any]
    ) -> dict[str, Any]:
        return await self._send(hospital, f"/v1/episodes/{course.workflow_id}/{what}", content)

    async def _send(self, hospital: str, path: str, content: dict[str, Any]) -> dict[str, Any]:
        """Sends it again while it is being worked on, as the API says to."""
        what = path.rpartition("/")[2]
        while True:
            try:
                answer = await self._http.post(path, json=content, headers=self._headers(hospital))
            except httpx.HTTPError as error:
                kind = type(error).__name__
                raise CrossclaimError(
                    f"the API did not answer to {what} ({kind})", code="BENCH_STOPPED"
                ) from None
            body: dict[str, Any] = answer.json()
            if answer.status_code in (200, 201):
                return body
            if answer.status_code not in (202, 503) and body.get("code") != InProgress.code:
                raise CrossclaimError(
                    f"the API answered {answer.status_code} to {what}", code="BENCH_STOPPED"
                )
            await asyncio.sleep(LOOK_EVERY_S)

    def _headers(self, hospital: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._keys[hospital]}"}
