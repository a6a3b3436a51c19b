"""Money that payees give back: receipts, write-offs and findings, each by whom it takes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.claw_backs import SHOWN, STATES, ClawBacks, ClawBackTold
from crossclaim.console.entrance import enter
from crossclaim.console.examiner_pages import faults_of
from crossclaim.console.kept_forms import Filled, filled
from crossclaim.console.services import Visitor, services_of
from crossclaim.console.view import page
from crossclaim.domain.allocation import Fault
from crossclaim.domain.claw_back_finding import TwiceOutcome
from crossclaim.domain.claw_back_write_off import WriteOffReason
from crossclaim.domain.errors import Conflict, NotFound, Refused, Unavailable
from crossclaim.domain.story_words_payout import TWICE_OUTCOMES, WRITE_OFF_REASONS
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation, may

_WHERE = "/console/finance/claw-backs"
_REFERENCE = re.compile(r"[A-Za-z0-9_\-]{1,64}")
_SECOND = ("write-off-decision", "finding-decision")
_WORDS = {
    "receipt": (Operation.CONFIRM_CLAW_BACK, SubmissionKind.CLAW_BACK),
    "write-off": (Operation.PROPOSE_WRITE_OFF, SubmissionKind.WRITE_OFF),
    "write-off-decision": (Operation.DECIDE_WRITE_OFF, SubmissionKind.WRITE_OFF_DECISION),
    "finding": (Operation.PROPOSE_CLAW_BACK_FINDING, SubmissionKind.CLAW_BACK_FINDING),
    "finding-decision": (
        Operation.DECIDE_CLAW_BACK_FINDING,
        SubmissionKind.CLAW_BACK_FINDING_DECISION,
    ),
}


async def claw_backs(request: Request) -> Response:
    visitor = await enter(request, Operation.READ_EPISODE, "claw-backs")
    given = request.query_params.getlist("state")
    states = [one for one in dict.fromkeys(given) if one in STATES]
    found = await _port(request).listed(visitor.principal, states)
    values = {
        "found": found[:SHOWN],
        "more": len(found) > SHOWN,
        "chosen": states,
        "states": STATES,
    }
    return page(request, "claw_backs", visitor, values)


async def claw_back(request: Request) -> Response:
    reference = _reference(request)
    visitor = await enter(request, Operation.READ_EPISODE, reference)
    found = await _port(request).one(visitor.principal, reference)
    return await _shown(request, visitor, found, {}, [])


async def say(request: Request) -> Response:
    """One person's word on money that is given back, as the API takes it."""
    reference, what = _reference(request), str(request.path_params["word"])
    door = services_of(request).door
    if what not in _WORDS or door is None:
        raise NotFound("there is no such page")
    operation, kind = _WORDS[what]
    back = f"{_WHERE}/{reference}"
    sent = await filled(request, operation, reference, back)
    who = sent.visitor.principal
    found = await _port(request).one(who, reference)
    if sent.stale:
        return await _shown(request, sent.visitor, found, sent.typed, sent.faults)
    try:
        status = await door.say(who, kind, found.episode_id, _content(what, reference, sent))
    except Conflict:
        # It came twice, or somebody else's word was there first: the page says whose.
        return RedirectResponse(f"{back}?said=claw_back_said_before", 303)
    except (Refused, Unavailable) as refused:
        now = await _port(request).one(who, reference)
        told = faults_of(refused)
        return await _shown(request, sent.visitor, now, sent.typed, told, refused.status)
    waits = status == 202 and what in ("receipt", *_SECOND)
    return RedirectResponse(f"{back}?said={'order_waits' if waits else _said(what, sent)}", 303)


def _said(what: str, sent: Filled) -> str:
    yes = sent.text("word") == "yes"
    return {
        "receipt": "claw_back_received",
        "write-off": "write_off_asked",
        "write-off-decision": "write_off_agreed" if yes else "write_off_refused",
        "finding": "finding_told",
        "finding-decision": "finding_confirmed" if yes else "finding_refused",
    }[what]


def _content(what: str, reference: str, sent: Filled) -> dict[str, Any]:
    """The API's message."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    word: dict[str, Any] = {"claw_back": reference}
    if what == "receipt":
        received = f"{sent.text('received_on')}T12:00:00+08:00"
        return word | {"receipt": sent.text("receipt"), "received_at": received}
    if what in _SECOND:
        approved = sent.text("word") == "yes"
        return word | {"number": sent.text("proposal"), "approved": approved, "decided_at": now}
    word |= {"number": sent.text("number"), "note": sent.text()[:200]}
    if what == "write-off":
        return word | {"reason": sent.text("reason"), "proposed_at": now}
    amount = {"amount": sent.text("amount"), "currency": "CNY"}
    found = {"outcome": sent.text("outcome"), "amount": amount, "proof": sent.text("proof")}
    return word | found | {"found_at": now}


async def _shown(
    request: Request,
    visitor: Visitor,
    found: ClawBackTold,
    typed: dict[str, str],
    faults: list[Fault],
    status: int = 200,
) -> Response:
    who, matching = visitor.principal, services_of(request).matching
    own = found.insurer == who.organisation
    people = [p for one in found.proposals for p in (one.by, one.decided_by) if p]
    write_off, finding = found.waiting("write_off"), found.waiting("finding")
    decides_write_off = write_off is not None and found.can_be_written_off
    decides_finding = finding is not None and found.can_be_found_out
    values = {
        "back": found,
        "typed": typed,
        "faults": faults,
        "me": who.actor,
        "names": {} if matching is None else await matching.names(who, people),
        "reasons": {one.value: WRITE_OFF_REASONS[one.value] for one in WriteOffReason},
        "outcomes": {one.value: TWICE_OUTCOMES[one.value] for one in TwiceOutcome},
        "write_off": write_off,
        "finding": finding,
        "may_receive": own and found.can_be_received and may(who, Operation.CONFIRM_CLAW_BACK),
        "may_write_off": own
        and found.can_be_written_off
        and write_off is None
        and may(who, Operation.PROPOSE_WRITE_OFF),
        "may_agree": own and decides_write_off and may(who, Operation.DECIDE_WRITE_OFF),
        "may_find": own
        and found.can_be_found_out
        and finding is None
        and may(who, Operation.PROPOSE_CLAW_BACK_FINDING),
        "may_confirm": own and decides_finding and may(who, Operation.DECIDE_CLAW_BACK_FINDING),
    }
    return page(request, "claw_back", visitor, values, status)


def _port(request: Request) -> ClawBacks:
    known = services_of(request).claw_backs
    if known is None:
        raise NotFound("no money that goes back is told of here")
    return known


def _reference(request: Request) -> str:
    given = str(request.path_params["reference"])
    if not _REFERENCE.fullmatch(given):
        raise NotFound("there is no such claw-back")
    return given
