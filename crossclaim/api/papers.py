"""Papers that we issue as PDF, and the address that the code on each of them leads to."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from crossclaim.api.access import Requires
from crossclaim.api.days import Day
from crossclaim.api.openapi import problems
from crossclaim.api.paper_page import page_of
from crossclaim.api.paper_ports import PaperFile, Papers
from crossclaim.api.services import services_of
from crossclaim.domain.errors import NotFound
from crossclaim.domain.issued_paper import PaperKind, VerifiedPaper
from crossclaim.domain.language import Language, preferred_language
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["papers"])

ClaimPaper = Literal[
    "decision_letter",
    "explanation_of_benefits",
    "covering_letter",
    "voucher_use_record",
    "voucher_consent",
]
Written = Annotated[Literal["en", "zh-Hant", "zh-Hans"], Query()]
Reader = Annotated[Principal, Depends(Requires(Operation.READ_LETTER))]
Name = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_\-]{0,63}$")]
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The paper as it was issued: PDF/A, with its code.",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_OPEN: dict[str, Any] = {"security": []}
_POLICY = (
    "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; "
    "style-src 'self'; img-src 'self'"
)
_VERIFIED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The paper was issued here; `Accept: text/html` gets a page.",
        "content": {
            "application/json": {"schema": VerifiedPaper.model_json_schema()},
            "text/html": {"schema": {"type": "string"}},
        },
    }
}


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
    language: Written = "zh-Hant",
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
    guarantee_id: str, request: Request, principal: Reader, language: Written = "zh-Hant"
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
    language: Written = "zh-Hant",
) -> Response:
    """Read what every funder settled with the hospital on a day."""
    papers = _papers(request)
    return _sent(await papers.settlement_list(principal, hospital, day, language), language)


@router.get(
    "/verify/{code}", openapi_extra=_OPEN, responses={**_VERIFIED, **problems(404, 422, 503)}
)
async def verify_paper(
    code: Annotated[str, Path(max_length=64)],
    request: Request,
    sha256: Annotated[str | None, Query(pattern=r"^[0-9a-fA-F]{64}$")] = None,
    language: Annotated[Language | None, Query()] = None,
) -> Response:
    """Hear whether a paper was issued, by whom and when, and whether another replaces it.

    With the SHA-256 of the file in hand, `matches` says whether it is the one that was issued.
    Nothing is said of what stands on it, nor of whom it is about. A browser gets a page."""
    services = services_of(request)
    if services.verification is None:
        raise NotFound("no papers are issued here")
    chosen = language or preferred_language(request.headers.get("accept-language"))
    try:
        found = await services.verification.verify(code, sha256)
    except NotFound:
        if not _wants_page(request):
            raise
        return _shown(page_of(chosen, services.reference, code, None, sha256), chosen, 404)
    if _wants_page(request):
        return _shown(page_of(chosen, services.reference, code, found, sha256), chosen)
    told = found.model_dump(mode="json", exclude_none=True)
    return JSONResponse(
        {**told, "superseded": found.superseded_at is not None}, headers={"Vary": "Accept"}
    )


def _wants_page(request: Request) -> bool:
    """A browser names HTML; a program that names nothing, or anything, gets JSON."""
    accepted = request.headers.get("accept", "").lower()
    html, json = accepted.find("text/html"), accepted.find("application/json")
    return html >= 0 and (json < 0 or html < json)


def _shown(body: str, language: Language, status: int = 200) -> Response:
    headers = {
        "Content-Security-Policy": _POLICY,
        "Content-Language": language.value,
        "Vary": "Accept, Accept-Language",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    return HTMLResponse(body, status, headers=headers)


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
