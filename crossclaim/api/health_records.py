"""Health records: ask for them, read what came, hand documents in, see who looked."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.answer_models import answers
from crossclaim.api.answers_persons import RecordAccessesAnswer, RecordAnswer
from crossclaim.api.entry import check_episode_id, take
from crossclaim.api.episodes import Cursor
from crossclaim.api.openapi import documented, problems
from crossclaim.api.pages import Limit, page_of
from crossclaim.api.services import HealthRecords, services_of
from crossclaim.domain.errors import Unavailable
from crossclaim.domain.record_submission import RecordDepositSubmission, RecordRequestSubmission
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["health records"])

Staff = Annotated[str, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:\-]{0,63}$")]


@router.post("/v1/episodes/{episode_id}/record-requests", **documented(RecordRequestSubmission))
async def request_records(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.REQUEST_RECORDS))],
) -> Response:
    """Ask eHealth, or the Hospital Authority by the direct link, for the patient's record."""
    return await take(request, principal, SubmissionKind.RECORD_REQUEST, episode_id)


@router.get(
    "/v1/episodes/{episode_id}/record-requests/{number}",
    response_model=None,
    responses={**answers(RecordAnswer), **problems(401, 403, 404, 422, 503)},
)
async def read_record(
    episode_id: str,
    number: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_RECORD))],
    by: Staff,
) -> dict[str, Any]:
    """Read a request and the record that answered it. `by` is the member of staff who looks;
    every reading is kept for ever, and none happens once the consent is withdrawn.
    """
    records = _records(request)
    return await records.read(principal, check_episode_id(episode_id), number, by)


@router.get(
    "/v1/episodes/{episode_id}/record-accesses",
    response_model=None,
    responses={**answers(RecordAccessesAnswer), **problems(401, 403, 404, 422, 503)},
)
async def list_accesses(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_RECORD_ACCESSES))],
    limit: Limit = 200,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """List who fetched or looked at which record, when, by which consent, and the patient's
    notices.
    """
    told = await _records(request).accesses(principal, check_episode_id(episode_id))
    return page_of(told, "accesses", limit, cursor)


@router.post("/v1/episodes/{episode_id}/record-deposits", **documented(RecordDepositSubmission))
async def deposit_records(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.DEPOSIT_RECORDS))],
) -> Response:
    """Hand the visit's summary and images in to the patient's personal folder at eHealth."""
    return await take(request, principal, SubmissionKind.RECORD_DEPOSIT, episode_id)


def _records(request: Request) -> HealthRecords:
    records = services_of(request).records
    if records is None:
        raise Unavailable("this installation keeps no health records")
    return records
