"""What became of a submission that was answered 202."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request

from crossclaim.api.access import Requires
from crossclaim.api.answer_models import SubmissionAnswer, answers
from crossclaim.api.openapi import problems
from crossclaim.api.services import services_of
from crossclaim.api.whole_answer import WholeRoute
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["submissions"], route_class=WholeRoute)


@router.get(
    "/v1/submissions/{submission}",
    response_model=None,
    responses={**answers(SubmissionAnswer), **problems(401, 403, 404, 422, 503)},
)
async def read_submission(
    submission: Annotated[str, Path(pattern=r"^sb_[0-9A-Za-z]{1,64}$")],
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_SUBMISSION))],
) -> dict[str, Any]:
    """Read whether a submission of yours is answered; `answer`: what sending it again says."""
    return await services_of(request).intake.status(principal, submission)
