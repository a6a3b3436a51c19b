"""Appeals against decisions on claims, the word on them, and an insurer's changed mind."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.answer_models import answers
from crossclaim.api.answers_claims import AppealsAnswer
from crossclaim.api.body import read_json
from crossclaim.api.claim_reads import ClaimReads
from crossclaim.api.entry import enter, idempotency_key, known_stay, rendered
from crossclaim.api.openapi import documented, problems
from crossclaim.api.services import services_of
from crossclaim.domain.appeal import (
    AppealDecisionSubmission,
    AppealSubmission,
    ChangedDecisionSubmission,
)
from crossclaim.domain.errors import NotFound, Refused
from crossclaim.domain.faults import refusal_text
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["appeals"])


@router.post("/v1/claims/{claim_id}/appeals", **documented(AppealSubmission))
async def appeal_claim(
    claim_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.APPEAL_CLAIM))],
) -> Response:
    """Appeal a decision: the hospital of a direct claim, the insurer for a patient's own."""
    return await _taken(request, principal, SubmissionKind.APPEAL, claim_id)


@router.post("/v1/claims/{claim_id}/appeal-decisions", **documented(AppealDecisionSubmission))
async def decide_appeal(
    claim_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.DECIDE_APPEAL))],
) -> Response:
    """Decide an appeal; not with a key that appealed or decided before."""
    return await _taken(request, principal, SubmissionKind.APPEAL_DECISION, claim_id)


@router.post("/v1/claims/{claim_id}/changed-decisions", **documented(ChangedDecisionSubmission))
async def change_decision(
    claim_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.CHANGE_DECISION))],
) -> Response:
    """Say, as an insurer that decides in its own system, which of its answers holds."""
    return await _taken(request, principal, SubmissionKind.CHANGED_DECISION, claim_id)


@router.get(
    "/v1/claims/{claim_id}/appeals",
    response_model=None,
    responses={**answers(AppealsAnswer), **problems(401, 403, 404, 503)},
)
async def list_appeals(
    claim_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_LETTER))],
) -> dict[str, Any]:
    """List a claim's appeals with their clocks, and every decision after the first."""
    return await claims_of(request).appeals(principal, claim_id)


async def _taken(
    request: Request, principal: Principal, kind: SubmissionKind, claim_id: str
) -> Response:
    services = services_of(request)
    episode_id = await claims_of(request).episode_of(principal, claim_id)
    stay = await known_stay(services, principal, episode_id)
    raw = await read_json(request, services.body_limit_bytes)
    if raw.get("claim_id", claim_id) != claim_id:
        faults = [step_fault("CLAIM_NOT_IN_ADDRESS", "/claim_id")]
        raise Refused(refusal_text(len(faults)), faults)
    answer = await enter(
        services,
        principal,
        kind,
        {**raw, "claim_id": claim_id},
        episode_id=episode_id,
        stay=stay,
        idempotency_key=idempotency_key(request),
    )
    request.state.kept_itself = True
    return rendered(answer)


def claims_of(request: Request) -> ClaimReads:
    known = services_of(request).claims
    if known is None:
        raise NotFound("no claims are read here")
    return known
