"""Family code links (亲情账户): somebody may show a relative's own code; no account is opened."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.answer_models import answers
from crossclaim.api.answers_persons import FamilyCodeAnswer
from crossclaim.api.family_bindings import check_id, family_of, take_about_family
from crossclaim.api.openapi import documented, problems
from crossclaim.api.services import services_of
from crossclaim.domain.family_submission import FamilyCodeEndSubmission, FamilyCodeLinkSubmission
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["family codes"])


@router.post("/v1/family-code-links", **documented(FamilyCodeLinkSubmission))
async def link_family_code(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.LINK_FAMILY_CODE))],
) -> Response:
    """Link a relative's code: it spends the relative's own money and opens no account."""
    return await take_about_family(request, principal, SubmissionKind.FAMILY_CODE_LINK)


@router.get(
    "/v1/family-code-links/{link_id}",
    response_model=None,
    responses={**answers(FamilyCodeAnswer), **problems(401, 403, 404, 503)},
)
async def read_family_code(
    link_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_FAMILY_CODE))],
) -> dict[str, Any]:
    """Read one link: relation, since when, until when; no names."""
    return await family_of(services_of(request)).code_link(principal, check_id(link_id))


@router.post("/v1/family-code-links/{link_id}/end", **documented(FamilyCodeEndSubmission))
async def end_family_code(
    link_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.END_FAMILY_CODE))],
) -> Response:
    """End a link; a family sharing of the same two people is not touched."""
    await family_of(services_of(request)).code_link(principal, check_id(link_id))
    return await take_about_family(request, principal, SubmissionKind.FAMILY_CODE_END, link_id)
