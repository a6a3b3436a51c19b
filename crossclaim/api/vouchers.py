"""Vouchers: the spouse, the identity check of the first use, confirmations and use records."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.answer_shapes import kept_as
from crossclaim.api.entry import check_episode_id, take
from crossclaim.api.openapi import documented, problems
from crossclaim.api.services import services_of
from crossclaim.domain.errors import NotFound
from crossclaim.domain.submission import SubmissionKind
from crossclaim.domain.voucher_submission import (
    IdentityCheckSubmission,
    SpouseSubmission,
    VoucherConfirmationSubmission,
)
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["vouchers"])


@router.post("/v1/episodes/{episode_id}/spouse", **documented(SpouseSubmission))
async def name_spouse(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.NAME_SPOUSE))],
) -> Response:
    """Name the paired spouse whose vouchers may follow the patient's own."""
    return await take(request, principal, SubmissionKind.SPOUSE, episode_id)


@router.post("/v1/episodes/{episode_id}/identity-checks", **documented(IdentityCheckSubmission))
async def record_identity_check(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.RECORD_IDENTITY_CHECK))],
) -> Response:
    """Record that the patient came in person with a document, before the first use."""
    return await take(request, principal, SubmissionKind.IDENTITY_CHECK, episode_id)


@router.post(
    "/v1/episodes/{episode_id}/voucher-confirmations",
    **documented(VoucherConfirmationSubmission),
)
async def confirm_voucher(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.CONFIRM_VOUCHER))],
) -> Response:
    """Confirm, as the provider, the voucher claims of a bill that a clerk has entered."""
    return await take(request, principal, SubmissionKind.VOUCHER_CONFIRMATION, episode_id)


@router.get(
    "/v1/episodes/{episode_id}/voucher-use-records/{claim_id}",
    response_class=Response,
    responses={**kept_as("text/html", "application/pdf"), **problems(401, 403, 404, 503)},
)
async def read_use_record(
    episode_id: str,
    claim_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_USE_RECORD))],
    language: Annotated[Literal["en", "zh-Hant", "zh-Hans"], Query()] = "zh-Hant",
) -> Response:
    """Read the record on use of vouchers of one claim, with the printed balance."""
    records = services_of(request).use_records
    if records is None:
        raise NotFound("no use records are kept here")
    content_type, content = await records.read(
        principal, check_episode_id(episode_id), claim_id, language
    )
    name = f"voucher-use-record-{language}.html"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    }
    return Response(content, media_type=content_type, headers=headers)
