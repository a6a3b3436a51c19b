"""Papers that we issue as PDF, and the address that the code on each of them leads to."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.days import Day
from crossclaim.api.openapi import problems
from crossclaim.api.paper_ports import PaperFile, Papers
from crossclaim.api.services import services_of
from crossclaim.domain.errors import NotFound
from crossclaim.domain.issued_paper import PaperKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["papers"])

ClaimPaper = Literal[
    "decision_letter",
    "explanation_of_benefits",
    "covering_letter",
    "voucher_use_record",
    "voucher_consent",
]
Language = Annotated[Literal["en", "zh-Hant", "zh-Hans"], Query()]
Reader = Annotated[Principal, Depends(Requires(Operation.READ_LETTER))]
Name = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_\-]{0,63}$")]
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The paper as it was issued: PDF/A, with its code.",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_OPEN: dict[str, Any] = {"security": []}


@router.get(
    "/v1/claims/{claim_id}/papers/{kind}",
    response_class=Response,
    responses={**_FILE, **problems(401, 403, 404, 422, 503)},
)
async def read_claim_paper(
    claim_id: str,
    kind: ClaimPaper,
    request: Request,
    principal: Reader,
    language: Language = "zh-Hant",
) -> Response:
    """Read a paper of a claim as it is issued; the same facts are the same file."""
    papers = _papers(request)
    return _sent(await papers.of_claim(principal, claim_id, PaperKind(kind), language), language)


@router.get(
    "/v1/guarantees/{guarantee_id}/paper",
    response_class=Response,
    responses={**_FILE, **problems(401, 403, 404, 422, 503)},
)
async def read_guarantee_paper(
    guarantee_id: str, request: Request, principal: Reader, language: Language = "zh-Hant"
) -> Response:
    """Read a letter of guarantee that the insurer gave."""
    paper = await _papers(request).of_guarantee(principal, guarantee_id, language)
    # It names a patient: that it was read is told to him, too.
    request.state.about = paper.episode_id
    return _sent(paper, language)


@router.get(
    "/v1/settlement-lists/{hospital}/{day}",
    response_class=Response,
    responses={**_FILE, **problems(401, 403, 404, 422, 503)},
)
async def read_settlement_list(
    hospital: Name,
    day: Day,
    request: Request,
    principal: Reader,
    language: Language = "zh-Hant",
) -> Response:
    """Read what every funder settled with the hospital on a day."""
    papers = _papers(request)
    return _sent(await papers.settlement_list(principal, hospital, day, language), language)


@router.get("/verify/{code}", openapi_extra=_OPEN, responses=problems(404, 422, 503))
async def verify_paper(
    code: Annotated[str, Path(max_length=64)],
    request: Request,
    sha256: Annotated[str | None, Query(pattern=r"^[0-9a-fA-F]{64}$")] = None,
) -> dict[str, Any]:
    """Hear whether a paper was issued, by whom and when, and whether another replaces it.

    With the SHA-256 of the file in hand, `matches` says whether it is the one that was issued.
    Nothing is said of what stands on it, nor of whom it is about."""
    verification = services_of(request).verification
    if verification is None:
        raise NotFound("no papers are issued here")
    found = await verification.verify(code, sha256)
    told = found.model_dump(mode="json", exclude_none=True)
    return {**told, "superseded": found.superseded_at is not None}


def _papers(request: Request) -> Papers:
    papers = services_of(request).papers
    if papers is None:
        raise NotFound("no papers are issued here")
    return papers


def _sent(paper: PaperFile, language: str) -> Response:
    """The file's name is its code: nothing that anybody typed stands in a header."""
    headers = {
        "Content-Disposition": f'attachment; filename="{paper.code}-{language}.pdf"',
        "Content-Security-Policy": "default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(paper.content, media_type="application/pdf", headers=headers)
