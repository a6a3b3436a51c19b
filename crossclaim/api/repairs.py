"""Repairs of an episode as a whole: hold, release, cancel, skip, try again, begin anew."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crossclaim.api.access import Requires
from crossclaim.api.answer_models import answers
from crossclaim.api.answers_bills import EpisodeCancellationAnswer, RepairsAnswer
from crossclaim.api.body import read_json
from crossclaim.api.entry import (
    check_episode_id,
    enter,
    idempotency_key,
    known_stay,
    rendered,
)
from crossclaim.api.openapi import documented, problems
from crossclaim.api.repair_port import Repairs
from crossclaim.api.services import services_of
from crossclaim.domain.episode_cancellation import CancellationPlan, step_sentence
from crossclaim.domain.errors import NotFound, Refused
from crossclaim.domain.fault_shape import read_shape
from crossclaim.domain.faults import refusal_text
from crossclaim.domain.repair_submission import (
    EpisodeCancellation,
    HoldSubmission,
    ReleaseSubmission,
    SkipDecision,
    SkipSubmission,
    StaffReason,
)
from crossclaim.domain.stay import Stay
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["repairs"])


@router.get(
    "/v1/episodes/{episode_id}/repairs",
    response_model=None,
    responses={**answers(RepairsAnswer), **problems(401, 403, 404, 503)},
)
async def read_repairs(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_REPAIRS))],
) -> dict[str, Any]:
    """Read who holds or cancelled the episode, and which steps may be left out now."""
    found = await _repairs(request).state(principal, check_episode_id(episode_id))
    return found.model_dump(mode="json")


@router.post("/v1/episodes/{episode_id}/holds", **documented(HoldSubmission))
async def hold_episode(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.HOLD_EPISODE))],
) -> Response:
    """Hold the episode: nothing new is sent and no money moves until it is released."""
    return await _said(request, principal, SubmissionKind.HOLD, episode_id)


@router.post("/v1/episodes/{episode_id}/releases", **documented(ReleaseSubmission))
async def release_episode(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.RELEASE_EPISODE))],
) -> Response:
    """Release a held episode; it goes on where it was."""
    return await _said(request, principal, SubmissionKind.RELEASE, episode_id)


@router.get(
    "/v1/episodes/{episode_id}/cancellation",
    response_model=None,
    responses={**answers(EpisodeCancellationAnswer), **problems(401, 403, 404, 503)},
)
async def preview_episode_cancellation(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.PREVIEW_CANCELLATION))],
) -> dict[str, Any]:
    """Read what cancelling the episode would reverse, and what is out; nothing is changed."""
    plan = await _repairs(request).cancellation(principal, check_episode_id(episode_id))
    return {"episode_id": episode_id, **plan_told(plan)}


@router.post("/v1/episodes/{episode_id}/cancellations", **documented(EpisodeCancellation))
async def cancel_episode(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.CANCEL_EPISODE))],
) -> Response:
    """Cancel the episode: just what its preview has told, or nothing."""
    return await _said(request, principal, SubmissionKind.EPISODE_CANCELLATION, episode_id)


@router.post("/v1/episodes/{episode_id}/skips", **documented(SkipSubmission))
async def propose_skip(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.PROPOSE_SKIP))],
) -> Response:
    """Propose to leave out a step; a second person decides."""
    return await _said(request, principal, SubmissionKind.SKIP, episode_id)


@router.post("/v1/episodes/{episode_id}/skip-decisions", **documented(SkipDecision))
async def decide_skip(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.DECIDE_SKIP))],
) -> Response:
    """Agree to leave out a step, or not; not with the key that proposed it."""
    return await _said(request, principal, SubmissionKind.SKIP_DECISION, episode_id)


@router.post("/v1/episodes/{episode_id}/retries", **documented(StaffReason))
async def try_again_now(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.TRY_AGAIN_NOW))],
) -> Response:
    """Have every step that waits tried again at once."""
    reason = await _reason(request, principal, episode_id)
    steps = await _repairs(request).retry(principal, check_episode_id(episode_id), reason)
    return JSONResponse({"episode_id": episode_id, "steps": steps})


@router.post("/v1/episodes/{episode_id}/resets", **documented(StaffReason))
async def reset_episode(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.RESET_EPISODE))],
) -> Response:
    """Begin the episode's run anew from our rows, which stay as they are."""
    reason = await _reason(request, principal, episode_id)
    await _repairs(request).reset(principal, check_episode_id(episode_id), reason)
    return JSONResponse({"episode_id": episode_id, "status": "begun anew"})


def plan_told(plan: CancellationPlan) -> dict[str, Any]:
    steps = [
        {**one.model_dump(mode="json"), "text": step_sentence(one).model_dump()}
        for one in plan.steps
    ]
    return {
        "effect": plan.effect,
        "revision": plan.revision,
        "possible": not plan.faults,
        "steps": steps,
        "parties": [one.model_dump(mode="json") for one in plan.parties()],
        "errors": [one.model_dump(mode="json") for one in plan.faults],
    }


async def _said(
    request: Request, principal: Principal, kind: SubmissionKind, episode_id: str
) -> Response:
    """As ``entry.take``; none of these asks where the stay stands."""
    services = services_of(request)
    await _known(request, principal, episode_id)
    raw = await read_json(request, services.body_limit_bytes)
    answer = await enter(
        services,
        principal,
        kind,
        raw,
        episode_id=check_episode_id(episode_id),
        stay=Stay(),
        idempotency_key=idempotency_key(request),
    )
    # Its row says who sent what when.
    request.state.kept_itself = True
    return rendered(answer)


async def _known(request: Request, principal: Principal, episode_id: str) -> None:
    """Another's episode is none, whatever is said about it. Raises ``NotFound``."""
    services = services_of(request)
    if services.repairs is None:
        await known_stay(services, principal, episode_id)
    else:
        await services.repairs.known(principal, check_episode_id(episode_id))


async def _reason(request: Request, principal: Principal, episode_id: str) -> str:
    """Raises ``Refused`` without one: what is done to an episode says why."""
    await _known(request, principal, episode_id)
    raw = await read_json(request, services_of(request).body_limit_bytes)
    asked, faults = read_shape(StaffReason, raw)
    if asked is None:
        raise Refused(refusal_text(len(faults)), faults)
    assert isinstance(asked, StaffReason)
    return asked.reason


def _repairs(request: Request) -> Repairs:
    repairs = services_of(request).repairs
    if repairs is None:
        raise NotFound("no episode is repaired here")
    return repairs
