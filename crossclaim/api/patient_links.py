"""Links by which patients come to their own pages."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request

from crossclaim.api.access import Requires
from crossclaim.api.answer_models import answers
from crossclaim.api.answers_persons import PatientLinkAnswer
from crossclaim.api.entry import check_episode_id
from crossclaim.api.openapi import problems
from crossclaim.api.services import services_of
from crossclaim.domain.errors import Unavailable
from crossclaim.domain.patient_bearer import Bearer
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["patients"])


@router.post(
    "/v1/episodes/{episode_id}/patient-links",
    status_code=201,
    response_model=None,
    responses={**answers(PatientLinkAnswer, 201), **problems(401, 403, 404, 422, 503)},
)
async def make_patient_link(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.MAKE_PATIENT_LINK))],
    bearer: Annotated[Bearer, Query(alias="for")] = Bearer.PATIENT,
) -> dict[str, Any]:
    """Make a link to the patient's own pages, told once, as an address and as a QR code to print.

    It is good for one entry: whoever opens it states the patient's date of birth or how the
    number of his document ends. `for` names who else may come in: who signed for the patient, or
    the spouse whose vouchers were used. A new link ends the one before it.
    """
    known = services_of(request).patient_links
    if known is None:
        raise Unavailable("no links for patients are made here")
    made = await known.make(principal, check_episode_id(episode_id), bearer)
    return {
        "url": made.url,
        "qr_svg": made.qr_svg,
        "for": made.bearer.value,
        "expires_at": made.expires_at.isoformat(),
    }
