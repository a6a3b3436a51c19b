"""Letters about decided claims: the decision, and the explanation of benefits."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.answer_shapes import kept_as
from crossclaim.api.appeals import claims_of
from crossclaim.api.openapi import problems
from crossclaim.domain.claim_letter import LetterKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["letters"])


@router.get(
    "/v1/claims/{claim_id}/letters/{kind}",
    response_class=Response,
    responses={**kept_as("text/html", "application/pdf"), **problems(401, 403, 404, 422, 503)},
)
async def read_letter(
    claim_id: str,
    kind: LetterKind,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_LETTER))],
    language: Annotated[Literal["en", "zh-Hant", "zh-Hans"], Query()] = "zh-Hant",
    version: Annotated[int | None, Query(ge=1, le=999)] = None,
) -> Response:
    """Read a letter as it was issued, of the newest decision or a named one; audited."""
    content_type, content = await claims_of(request).letter(
        principal, claim_id, kind, language, version
    )
    headers = {
        "Content-Disposition": f'attachment; filename="claim-{kind.value}-{language}.html"',
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    }
    return Response(content, media_type=content_type, headers=headers)
