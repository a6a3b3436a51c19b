"""Claims with papers that a check sends to the examiner, and what the examiners say of them."""

from __future__ import annotations

import itertools
from typing import Any

from activities.claims import ClaimSteps
from activities.orders import Subject
from crossclaim.domain.records import ClaimRow
from crossclaim.domain.standing import Standing
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body
from tests.steps.paper_claims import APPROVED, INSURER, claim, paper
from tests.steps.rig import Answer, Rig

_numbers = itertools.count(1)
OTHER_INSURER = "tolo-mutual"
DAY = "2026-03-02"


def sent(rig: Rig, content: Body, insurer: str = INSURER) -> tuple[str, Answer]:
    return rig.say(SubmissionKind.PAPER_CLAIM, content, organisation=insurer, at=APPROVED)


def claim_of(rig: Rig, episode: str) -> ClaimRow:
    (found,) = rig.rows(episode).claims
    return found


def checked(rig: Rig, content: Body, insurer: str = INSURER) -> str:
    """The episode of a claim that the step has looked at."""
    episode, answer = sent(rig, content, insurer)
    assert answer.status == 201, answer.body
    decide(rig, episode)
    return episode


def decide(rig: Rig, episode: str) -> Standing:
    order = Subject(episode_id=episode, subject=claim_of(rig, episode).id, at=APPROVED)
    return ClaimSteps(rig.world).decide_claim(order)


def reasons(rig: Rig, episode: str) -> list[str]:
    """Why the claim waits; none for one that was decided by itself."""
    found = rig._select("select reasons from claim_review where episode_id = %(id)s", id=episode)
    assert (claim_of(rig, episode).state == "pended") == bool(found)
    return list(found[0]["reasons"]) if found else []


def many_units(amount: str = "860.00", units: int = 20) -> Body:
    """One paper with more units of a day than pass without a look."""
    found = paper("V1", DAY, amount)
    found["lines"][0]["quantity"] = units
    unit = f"{float(amount) / units:.2f}"
    found["lines"][0]["unit_price"] = {"amount": unit, "currency": "CNY"}
    return claim([found])


def hkd(amount: str) -> Body:
    return {"amount": amount, "currency": "HKD"}


def line(number: int, amount: str, **more: Any) -> Body:
    return {"line": number, "approved": hkd(amount), **more}


def decision(claim_id: str, *lines: Body, **more: Any) -> Body:
    body = {
        "number": f"D-{next(_numbers)}",
        "claim": claim_id,
        "decided_at": "2026-04-14T10:00:00+08:00",
        **more,
    }
    return {**body, "lines": list(lines)} if lines else body


def word(about: Body, **more: Any) -> Body:
    return {
        "number": about["number"],
        "claim": about["claim"],
        "confirmed": True,
        "decided_at": "2026-04-14T11:00:00+08:00",
        "reason": "as the papers show",
        **more,
    }


def says(
    rig: Rig,
    episode: str,
    content: Body,
    by: str = "examiner-1",
    kind: SubmissionKind = SubmissionKind.CLAIM_DECISION,
    insurer: str = INSURER,
) -> Answer:
    return rig.say(kind, content, episode, organisation=insurer, key_id=by, at=APPROVED)[1]


def confirms(rig: Rig, episode: str, content: Body, by: str = "examiner-2") -> Answer:
    return says(rig, episode, content, by, SubmissionKind.CLAIM_CONFIRMATION)
