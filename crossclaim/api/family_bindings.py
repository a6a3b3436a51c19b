"""Family sharing of personal accounts (家庭共济): apply, read, unbind; the office's own word."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.answer_models import answers
from crossclaim.api.answers_persons import (
    FamilyBindingsAnswer,
    FamilyStoryAnswer,
    FamilyUsesAnswer,
    WholeFamilyBindingAnswer,
)
from crossclaim.api.body import read_body, read_json
from crossclaim.api.entry import enter, idempotency_key, rendered
from crossclaim.api.episodes import Cursor
from crossclaim.api.family_port import BindingFilters, FamilyReads
from crossclaim.api.openapi import documented, problems
from crossclaim.api.pages import Limit, page_of
from crossclaim.api.services import ApiServices, services_of
from crossclaim.domain.errors import NotFound, Unavailable
from crossclaim.domain.family_binding import BindingState
from crossclaim.domain.family_submission import FamilyBindingSubmission, FamilyUnbindSubmission
from crossclaim.domain.language import Language, preferred_language
from crossclaim.domain.stay import Stay
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["family sharing"])

_ID = re.compile(r"f[bc]_[A-Za-z0-9]{1,60}")


@router.post("/v1/family-bindings", **documented(FamilyBindingSubmission))
async def apply_family_binding(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.APPLY_FAMILY_BINDING))],
) -> Response:
    """Apply for family sharing; the city's office reviews it, which takes days.

    What is wrong by the rules of the day is told at once, and nothing of it is sent.
    """
    return await take_about_family(request, principal, SubmissionKind.FAMILY_BINDING)


@router.get(
    "/v1/family-bindings",
    response_model=None,
    responses={**answers(FamilyBindingsAnswer), **problems(401, 403, 422, 503)},
)
async def list_family_bindings(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.LIST_FAMILY_BINDINGS))],
    state: BindingState | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """List your applications, newest first; ``next`` is the cursor of the next page."""
    filters = BindingFilters(state=state.value if state else None, limit=limit)
    return await family_of(services_of(request)).bindings(principal, filters, cursor)


@router.get(
    "/v1/family-bindings/{binding_id}",
    response_model=None,
    responses={**answers(WholeFamilyBindingAnswer), **problems(401, 403, 404, 503)},
)
async def read_family_binding(
    binding_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_FAMILY_BINDING))],
) -> dict[str, Any]:
    """Read one: state, dates, the office's reason, what a person must look at; no names."""
    return await family_of(services_of(request)).binding(principal, check_id(binding_id))


@router.get(
    "/v1/family-bindings/{binding_id}/story",
    response_model=None,
    responses={**answers(FamilyStoryAnswer), **problems(401, 403, 404, 503)},
)
async def read_family_story(
    binding_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_FAMILY_BINDING))],
    language: Language | None = None,
) -> dict[str, Any]:
    """Read what happened to it, in sentences, and what it waits for."""
    chosen = language or preferred_language(request.headers.get("accept-language"))
    family = family_of(services_of(request))
    return await family.story(principal, check_id(binding_id), chosen.value)


@router.get(
    "/v1/family-bindings/{binding_id}/uses",
    response_model=None,
    responses={**answers(FamilyUsesAnswer), **problems(401, 403, 404, 422, 503)},
)
async def read_family_uses(
    binding_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_FAMILY_BINDING))],
    side: Literal["authoriser", "user"],
    limit: Limit = 200,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Read what was taken from the account, as one of the two may see it.

    The authoriser sees days and amounts only; the relative sees which of his bills it was.
    """
    family = family_of(services_of(request))
    return page_of(await family.uses(principal, check_id(binding_id), side), "uses", limit, cursor)


@router.post("/v1/family-bindings/{binding_id}/unbind", **documented(FamilyUnbindSubmission))
async def unbind_family_binding(
    binding_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.UNBIND_FAMILY_BINDING))],
) -> Response:
    """End it: the account pays nothing from this day on. The office is told afterwards."""
    await family_of(services_of(request)).binding(principal, check_id(binding_id))
    return await take_about_family(request, principal, SubmissionKind.FAMILY_UNBIND, binding_id)


@router.post(
    "/callbacks/family-office",
    status_code=204,
    response_class=Response,
    responses=problems(401, 404, 413, 503),
)
async def receive_office_callback(request: Request) -> Response:
    """Take the office's decision, signed after Standard Webhooks 1.0.0; 2xx means it is kept."""
    services = services_of(request)
    if services.office_callbacks is None:
        raise NotFound("there is no such office")
    raw_body = await read_body(request, services.body_limit_bytes)
    await services.office_callbacks.receive(dict(request.headers), raw_body)
    return Response(status_code=204)


async def take_about_family(
    request: Request, principal: Principal, kind: SubmissionKind, subject_id: str | None = None
) -> Response:
    """Answers a submission about a binding or a code link, as ``entry.take`` does of an episode."""
    services = services_of(request)
    raw = await read_json(request, services.body_limit_bytes)
    answer = await enter(
        services,
        principal,
        kind,
        raw,
        episode_id=subject_id,
        stay=Stay(),
        idempotency_key=idempotency_key(request),
    )
    request.state.kept_itself = True
    return rendered(answer)


def check_id(subject_id: str) -> str:
    if not _ID.fullmatch(subject_id):
        raise NotFound("there is no such family binding")
    return subject_id


def family_of(services: ApiServices) -> FamilyReads:
    if services.family is None:
        raise Unavailable("family sharing is not served here")
    return services.family
