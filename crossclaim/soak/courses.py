"""The episodes of a soak: examples under numbers, persons and amounts of their own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from crossclaim.seed import EXAMPLES
from crossclaim.soak.amounts import cheaper, take_off
from crossclaim.soak.desk import LOOK_EVERY_S, Desk
from crossclaim.soak.persons import birth_date, hkid, mainland_id
from crossclaim.soak.plan import Kind

POLICY_THERE = "HL-2025-S"
THERE, HERE, PAPERS = "harbour-life", "kowloon-mutual", "victoria-health"
INPATIENT, OUTPATIENT = "hku-szh", "jiangmen-central"
Body = dict[str, Any]


@dataclass(frozen=True)
class Sent:
    """An episode whose sender has done his part."""

    number: int
    kind: Kind
    episode_id: str


async def course(desk: Desk, kind: Kind, number: int) -> Sent:
    """Everything that its hospital, or its insurer, does of one episode."""
    episode_id = await _COURSES[kind](desk, number)
    return Sent(number, kind, episode_id)


def example(name: str) -> Any:
    """A file of ``examples/``; ``file#part`` is one member of it."""
    file, _, part = name.partition("#")
    content = json.loads((EXAMPLES / f"{file}.json").read_text(encoding="utf-8"))
    return content[part] if part else content


async def _voucher(desk: Desk, number: int) -> str:
    opened = example("episode-2-voucher")
    opened["visit"]["number"] += f"-S{number}"
    opened["patient"]["birth_date"] = "1950-01-01"
    opened["patient"]["documents"] = [{"type": "hkid", "number": hkid(number)}]
    episode_id = await _open(desk, OUTPATIENT, opened)
    bill = cheaper(example("episode-2-bill-1"), 1, number)
    bill["number"] += f"-S{number}"
    split = await _say(desk, OUTPATIENT, episode_id, "bills", bill)
    tender = example("episode-2-tender-1")
    await _pay(desk, OUTPATIENT, episode_id, bill, split, tender)
    return episode_id


async def _basic(desk: Desk, number: int) -> str:
    opened = example("e8-daughter#episode")
    opened["visit"]["number"] += f"-S{number}"
    document = mainland_id(number)
    opened["patient"]["documents"] = [{"type": "mainland_id", "number": document}]
    opened["patient"]["birth_date"] = birth_date(document)
    episode_id = await _open(desk, OUTPATIENT, opened)
    bill = example("e8-daughter#bill")
    bill["number"] += f"-S{number}"
    split = await _say(desk, OUTPATIENT, episode_id, "bills", bill)
    await _pay(desk, OUTPATIENT, episode_id, bill, split, example("e8-daughter#tender"))
    return episode_id


def _stay(insurer: str, policy: str) -> Callable[[Desk, int], Awaitable[str]]:
    async def stay(desk: Desk, number: int) -> str:
        opened = example("episode-1-inpatient")
        opened["visit"]["number"] += f"-S{number}"
        opened["patient"]["documents"] = [{"type": "hkid", "number": hkid(number)}]
        opened["coverages"][0].update(organisation=insurer, policy_number=f"{policy}{number}")
        for consent in opened["consents"]:
            if "recipient" in consent:
                consent["recipient"] = insurer
        episode_id = await _open(desk, INPATIENT, opened)
        await _granted(desk, episode_id)
        for what, when in (("admission", "admitted_at"), ("discharge", "discharged_at")):
            told = {when: example(f"episode-1-{what}")[when]}
            await _say(desk, INPATIENT, episode_id, what, told)
        bill = cheaper(example("episode-1-bill-final"), 6, number)
        bill |= {"number": f"{bill['number']}-S{number}", "version": 1}
        split = await _say(desk, INPATIENT, episode_id, "bills", bill)
        await _pay(desk, INPATIENT, episode_id, bill, split, example("episode-1-tender"))
        return episode_id

    return stay


async def _papers(desk: Desk, number: int) -> str:
    claim = example("claim-e6-papers")
    claim["number"] += f"-S{number}"
    claim["policy_number"] += f"-S{number}"
    claim["patient"]["documents"] = [{"type": "hkid", "number": hkid(number)}]
    first = claim["papers"][0]
    line = first["lines"][0]
    for amount in (line["unit_price"], line["amount"], first["total"], first["paid"][0]["amount"]):
        take_off(amount, number)
    for paper in claim["papers"]:
        if "ebill" in paper:
            paper["ebill"]["number"] = f"{number:010d}"
    answer = await desk.send(PAPERS, "/v1/claims", claim)
    return str(answer["episode_id"])


async def _open(desk: Desk, sender: str, content: Body) -> str:
    answer = await desk.send(sender, "/v1/episodes", content)
    return str(answer["episode_id"])


async def _say(desk: Desk, sender: str, episode_id: str, what: str, content: Body) -> Body:
    return await desk.send(sender, f"/v1/episodes/{episode_id}/{what}", content)


async def _granted(desk: Desk, episode_id: str) -> None:
    """A hospital has the guarantee in hand before it admits; one that was refused is an answer."""
    while True:
        found = await desk.episode(INPATIENT, episode_id)
        if any(one["state"] in ("granted", "refused") for one in found["guarantees"]):
            return
        await asyncio.sleep(LOOK_EVERY_S)


async def _pay(
    desk: Desk, sender: str, episode_id: str, bill: Body, split: Body, tender: Body
) -> None:
    """The patient pays what the split leaves to him, in one leg."""
    share = next((t["amount"] for t in split["totals"] if t["funder"] == "patient"), None)
    leg = {**tender["legs"][0], "amount": share}
    tender |= {"bill_number": bill["number"], "bill_version": bill["version"]}
    tender["legs"] = [leg] if share is not None and float(share["amount"]) > 0 else []
    await _say(desk, sender, episode_id, "tenders", tender)


_COURSES: dict[Kind, Callable[[Desk, int], Awaitable[str]]] = {
    Kind.VOUCHER: _voucher,
    Kind.BASIC_INSURANCE: _basic,
    Kind.STAY_DECIDED_THERE: _stay(THERE, POLICY_THERE),
    Kind.STAY_DECIDED_HERE: _stay(HERE, "KM-2025-000052-S"),
    Kind.PAPERS: _papers,
}
