"""Payouts by state: released by a second person, recalled, sent again to another account."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.entrance import enter
from crossclaim.console.examiner_pages import faults_of
from crossclaim.console.kept_forms import Filled, filled
from crossclaim.console.money import PAYOUTS_SHOWN, STATES, Money, PayoutSearch, PayoutTold
from crossclaim.console.services import Visitor, services_of
from crossclaim.console.view import page
from crossclaim.domain.allocation import Fault
from crossclaim.domain.errors import Conflict, NotFound, Refused, Unavailable
from crossclaim.domain.payout_word import RecallReason
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation, may

_REFERENCE = re.compile(r"[A-Za-z0-9_\-]{1,64}")
_WORDS = {
    "approve": (Operation.APPROVE_PAYOUT, SubmissionKind.PAYOUT_APPROVAL),
    "recall": (Operation.RECALL_PAYOUT, SubmissionKind.PAYOUT_RECALL),
    "account": (Operation.PROPOSE_PAYEE_ACCOUNT, SubmissionKind.PAYEE_ACCOUNT),
    "account-decision": (Operation.DECIDE_PAYEE_ACCOUNT, SubmissionKind.PAYEE_DECISION),
}


async def payouts(request: Request) -> Response:
    visitor = await enter(request, Operation.READ_EPISODE, "payouts")
    search = search_of(request)
    found = await money_of(request).payouts(visitor.principal, search)
    values = {
        "found": found[:PAYOUTS_SHOWN],
        "more": len(found) > PAYOUTS_SHOWN,
        "search": search,
        "states": STATES,
        "insurers": [one.id for one in services_of(request).reference.insurers],
        "hospitals": [one.id for one in services_of(request).reference.hospitals],
    }
    return page(request, "payouts", visitor, values)


async def payout(request: Request) -> Response:
    reference = _reference(request)
    visitor = await enter(request, Operation.READ_EPISODE, reference)
    found = await money_of(request).payout(visitor.principal, reference)
    return await _shown(request, visitor, found, {}, [])


async def say(request: Request) -> Response:
    """One person's word on a payout, as the API takes it."""
    reference, what = _reference(request), str(request.path_params["word"])
    if what not in _WORDS:
        raise NotFound("there is no such page")
    operation, kind = _WORDS[what]
    back = f"/console/finance/payouts/{reference}"
    sent = await filled(request, operation, reference, back)
    found = await money_of(request).payout(sent.visitor.principal, reference)
    if sent.stale:
        return await _shown(request, sent.visitor, found, sent.typed, sent.faults)
    door = services_of(request).door
    if door is None:
        raise NotFound("nothing is taken in here")
    try:
        word = _content(what, reference, sent)
        status = await door.say(sent.visitor.principal, kind, found.episode_id, word)
    except Conflict:
        # It came twice, or somebody else's word was there first: the page says whose.
        return await _again(request, sent, reference, "payout_said_before")
    except (Refused, Unavailable) as refused:
        now = await money_of(request).payout(sent.visitor.principal, reference)
        told = faults_of(refused)
        return await _shown(request, sent.visitor, now, sent.typed, told, refused.status)
    # Kept, and not applied while the engine does not answer.
    waits = status == 202 and what in ("approve", "account-decision")
    said = "order_waits" if waits else _said(what, sent)
    return RedirectResponse(f"{back}?said={said}", 303)


async def _again(request: Request, sent: Filled, reference: str, said: str) -> Response:
    return RedirectResponse(f"/console/finance/payouts/{reference}?said={said}", 303)


def _said(what: str, sent: Filled) -> str:
    yes = sent.text("word") == "yes"
    return {
        "approve": "payout_released" if yes else "payout_refused",
        "recall": "payout_recalled",
        "account": "account_proposed",
        "account-decision": "account_approved" if yes else "account_refused",
    }[what]


def _content(what: str, reference: str, sent: Filled) -> dict[str, Any]:
    """The API's message."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    word: dict[str, Any] = {"payout_reference": reference}
    if what == "approve":
        said = {"approved": sent.text("word") == "yes", "decided_at": now}
        return word | said | {"reason": sent.text()}
    if what == "recall":
        return word | {
            "number": sent.text("number"),
            "reason": sent.text("reason"),
            "asked_at": now,
        }
    if what == "account":
        members = ("holder", "number", "bank_name", "bank_code")
        return word | {
            "number": sent.text("number"),
            "account": {name: sent.text(f"account-{name}") for name in members},
            "signed_at": f"{sent.text('signed_on')}T12:00:00+08:00",
        }
    return word | {
        "number": sent.text("proposal"),
        "approved": sent.text("word") == "yes",
        "decided_at": now,
        "reason": sent.text(),
    }


async def _shown(
    request: Request,
    visitor: Visitor,
    found: PayoutTold,
    typed: dict[str, str],
    faults: list[Fault],
    status: int = 200,
) -> Response:
    who = visitor.principal
    pays = found.debtor == who.organisation
    hears = pays or found.hospital_id == who.organisation
    people = [one for one in _people(found) if one]
    matching = services_of(request).matching
    values = {
        "payout": found,
        "typed": typed,
        "faults": faults,
        "recall_reasons": [reason.value for reason in RecallReason],
        "names": {} if matching is None else await matching.names(who, people),
        "may_approve": pays and found.can_be_approved and may(who, Operation.APPROVE_PAYOUT),
        "may_recall": pays and found.can_be_recalled and may(who, Operation.RECALL_PAYOUT),
        "may_propose": hears
        and found.can_go_elsewhere
        and may(who, Operation.PROPOSE_PAYEE_ACCOUNT),
        "may_decide": pays
        and found.proposal is not None
        and may(who, Operation.DECIDE_PAYEE_ACCOUNT),
    }
    return page(request, "payout", visitor, values, status)


def _people(found: PayoutTold) -> list[str | None]:
    told: list[str | None] = []
    if found.approval:
        told += [found.approval.made_by, found.approval.decided_by]
    if found.recall:
        told.append(found.recall.asked_by)
    for one in found.accounts:
        told += [one.proposed_by, one.decided_by]
    return told


def search_of(request: Request) -> PayoutSearch:
    """What is no value of ours narrows nothing."""
    given, known = request.query_params, services_of(request).reference
    insurer, hospital = given.get("insurer", ""), given.get("hospital", "")
    return PayoutSearch(
        states=[one for one in dict.fromkeys(given.getlist("state")) if one in STATES],
        insurer=insurer if insurer in {one.id for one in known.insurers} else "",
        hospital=hospital if hospital in {one.id for one in known.hospitals} else "",
    )


def money_of(request: Request) -> Money:
    known = services_of(request).money
    if known is None:
        raise NotFound("no money is told of here")
    return known


def _reference(request: Request) -> str:
    given = str(request.path_params["reference"])
    if not _REFERENCE.fullmatch(given):
        raise NotFound("there is no such payout")
    return given
