"""Repair: what can be done about an episode, its effect before it is done, and what came of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.entrance import enter, episode_id_of
from crossclaim.console.forms import form_of, text_of
from crossclaim.console.repair_acts import ACTS, Act
from crossclaim.console.repairs import Repairs
from crossclaim.console.services import ToldEpisode, Visitor, services_of
from crossclaim.console.undoing_words import undoing_told
from crossclaim.console.view import language_of, page
from crossclaim.console.words import WORDS
from crossclaim.domain.allocation import Fault, Sentence
from crossclaim.domain.episode_cancellation import CancellationPlan
from crossclaim.domain.errors import Conflict, NotAuthenticated, NotFound, Refused
from crossclaim.domain.payee_waits import wait_for_account
from crossclaim.domain.repair_state import RepairState
from crossclaim.domain.settlement_cancellation import Undoing
from crossclaim.domain.story_line import StoryLine
from crossclaim.domain.story_phrase import sentence_of
from crossclaim.domain.story_sentences_repair import REASONS
from crossclaim.domain.story_words import STEPS
from crossclaim.security.roles import Operation, may

_FIELDS = 20
_OF_NOW = ("run", "history_archive")
"""Lines of what the engine says, or does not say, at this moment."""
CORRECT = "correct"
"""A page of its own: the bill, its lines and documents, and the new split beside the old one."""
_FITS = {
    "PAYOUT_REJECTED": "account",
    "PAYOUT_RETURNED": "account",
    "PAYOUT_CANCELLED": "account",
    "BILL_FLAGGED": CORRECT,
    "STEP_FAILED": "again",
    "HOLD_OVERDUE": "release",
    "SKIP_TO_DECIDE": "decide",
    "RECORD_DEPOSIT_LATE": "skip",
    "RECORD_DEPOSIT_REFUSED": "skip",
}
"""Exception → what puts it right here; the others say who corrects what, and where."""


async def repair(request: Request) -> Response:
    visitor = await enter(request, Operation.READ_REPAIRS, episode_id_of(request))
    told, state = await told_and_state(request, visitor)
    found = [x for x in told.facts.exceptions if x.resolved_at is None]
    values = {
        **frame_of(told, state),
        "names": await _names(request, visitor, state),
        "acts": [act.name for act in ACTS.values() if _offered(visitor, act, state, told)],
        "corrects": services_of(request).corrections is not None
        and any(bill.payable for bill in told.rows.bills),
        "exceptions": [(x, _fit(visitor, x.code)) for x in found],
        "proposals": [s for s in state.skips if s.approved is None],
        "may_decide": may(visitor.principal, Operation.DECIDE_SKIP),
    }
    return page(request, "repair", visitor, values)


async def act(request: Request) -> Response:
    """The effect first, then the form."""
    chosen = _act(request)
    visitor = await enter(request, chosen.operation, episode_id_of(request))
    typed = {name: request.query_params.get(name, "") for name in ("step", "number")}
    return await _shown(request, visitor, chosen, typed, [])


async def order(request: Request) -> Response:
    """What is refused comes back with all its faults, what happened meanwhile, and all that was
    typed."""
    chosen = _act(request)
    visitor, form = await form_of(request, chosen.operation, _FIELDS)
    episode_id = episode_id_of(request)
    typed = {name: str(value) for name, value in form.items()} | {"text": text_of(form)}
    if not all(typed.get(name) for name in chosen.needs):
        return await _shown(request, visitor, chosen, typed, [page_fault("text_missing")], 422)
    try:
        said = await _done(request, visitor, chosen, episode_id, typed)
    except Refused as refused:
        return await _shown(request, visitor, chosen, typed, refused.faults, refused.status)
    except NotAuthenticated as late:
        fault = Fault(code=late.code, pointer="", text=sentence_of(WORDS["repair_sign_in_again"]))
        return await _shown(request, visitor, chosen, typed, [fault], late.status)
    except Conflict:
        # Another tab or person has sent the same order first.
        fault = page_fault("repair_acted_before")
        return await _shown(request, visitor, chosen, typed, [fault], 409)
    return RedirectResponse(f"/console/episodes/{episode_id}/repair?said={said}", 303)


async def _done(
    request: Request, visitor: Visitor, chosen: Act, episode_id: str, typed: dict[str, str]
) -> str:
    """The word that the next page says."""
    principal = visitor.principal
    if chosen.name == "again":
        steps = await services_of(request).desk.try_again(principal, episode_id, typed["text"])
        return "tried_again" if steps else "nothing_to_try"
    if chosen.kind is None:
        await _repairs(request).reset(principal, episode_id, typed["text"])
        return f"repair_{chosen.name}_done"
    word = chosen.word(typed)
    status = await _repairs(request).say(principal, chosen.kind, episode_id, word)
    waits = status == 202 and chosen.name not in ("skip", "account")
    return "repair_kept" if waits else f"repair_{chosen.name}_done"


async def _shown(
    request: Request,
    visitor: Visitor,
    chosen: Act,
    typed: dict[str, str],
    faults: list[Fault],
    status: int = 200,
) -> Response:
    told, state = await told_and_state(request, visitor)
    plan = await _plan(request, visitor) if chosen.name == "cancel" else None
    values = {
        **frame_of(told, state),
        "names": await _names(request, visitor, state),
        "act": chosen,
        "plan": plan,
        "undone": _undone(request, plan) if plan else [],
        "typed": typed,
        "faults": [*faults, *(plan.faults if plan and not faults else [])],
        "meanwhile": since(told.story.lines, typed.get("seen", "")) if faults else [],
        "now": datetime.now(UTC).isoformat(),
        "proposal": next((s for s in state.skips if s.number == typed.get("number")), None),
    }
    return page(request, "repair_act", visitor, values, status)


def since(lines: list[StoryLine], shown: str) -> list[StoryLine]:
    """What became a row of ours after the page was shown; nothing where it does not say when."""
    try:
        then = datetime.fromisoformat(shown)
    except ValueError:
        return []
    if then.tzinfo is None:
        return []
    return [told for told in lines if told.at > then and not told.source.startswith(_OF_NOW)]


def _undone(request: Request, plan: CancellationPlan) -> list[tuple[Undoing, Sentence]]:
    reference = services_of(request).reference
    return [(one, undoing_told(one, reference)) for one in plan.steps]


async def _plan(request: Request, visitor: Visitor) -> CancellationPlan:
    return await _repairs(request).cancellation(visitor.principal, episode_id_of(request))


async def told_and_state(request: Request, visitor: Visitor) -> tuple[ToldEpisode, RepairState]:
    episode_id, desk = episode_id_of(request), services_of(request).desk
    told = await desk.told(visitor.principal, episode_id, language_of(request).value)
    return told, await _repairs(request).state(visitor.principal, episode_id)


async def _names(request: Request, visitor: Visitor, state: RepairState) -> dict[str, str]:
    """Of one's own people; the organisation beside it says the rest of the others."""
    last = [one for one in (state.hold, state.cancellation) if one is not None]
    people: set[str | None] = {one.person for one in (*last, *state.holds, *state.skips)}
    people |= {hold.released_by for hold in state.holds} | {s.decided_by for s in state.skips}
    ours = {one for one in people if one and one.startswith("pn_")}
    matching = services_of(request).matching
    if matching is None:
        return {}
    return await matching.names(visitor.principal, ours)


def frame_of(told: ToldEpisode, state: RepairState) -> dict[str, Any]:
    return {
        "story": told.story,
        "facts": told.facts,
        "state": state,
        "came_back": wait_for_account(told.rows),
        "reason_words": REASONS,
        "step_words": STEPS,
    }


def _offered(visitor: Visitor, act: Act, state: RepairState, told: ToldEpisode) -> bool:
    """What the person may do and what makes sense now; a proposal is decided where it is listed."""
    if not may(visitor.principal, act.operation) or act.name == "decide":
        return False
    closed = told.story.status != "open"
    if act.name == "hold":
        return state.hold is None and not closed
    if act.name == "release":
        return state.hold is not None
    if act.name == "skip":
        return bool(state.may_skip)
    if act.name == "account":
        return bool(wait_for_account(told.rows))
    if act.name == "cancel":
        return state.cancellation is None
    return not closed


def _fit(visitor: Visitor, code: str) -> str:
    """The form that puts it right, where the person may use it."""
    fit = _FITS.get(code, "")
    if fit == CORRECT:
        return fit
    return fit if fit and may(visitor.principal, ACTS[fit].operation) else ""


def page_fault(word: str) -> Fault:
    return Fault(code=word.upper(), pointer="", text=sentence_of(WORDS[word]))


def _act(request: Request) -> Act:
    chosen = ACTS.get(str(request.path_params["act"]))
    if chosen is None:
        raise NotFound("there is no such repair")
    return chosen


def _repairs(request: Request) -> Repairs:
    repairs = services_of(request).repairs
    if repairs is None:
        raise NotFound("no episode is repaired here")
    return repairs
