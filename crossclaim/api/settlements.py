"""What funders settled with a hospital on a day: as JSON, or the advice as CSV, PDF or FHIR."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crossclaim.api.access import Requires
from crossclaim.api.answer_models import answers
from crossclaim.api.answers_claims import SettlementsAnswer
from crossclaim.api.days import Day
from crossclaim.api.fhir_answer import FHIR_JSON, one_of
from crossclaim.api.openapi import problems
from crossclaim.api.services import services_of
from crossclaim.api.settlement_port import SettlementForm, Settlements
from crossclaim.domain.errors import Unavailable
from crossclaim.domain.language import preferred_language
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["settlements"])

Form = Literal["json", "csv", "pdf", "fhir"]
MEDIA_TYPES: dict[Form, str] = {
    "json": "application/json",
    "csv": "text/csv",
    "pdf": "application/pdf",
    "fhir": FHIR_JSON,
}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FORMS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The settlement; `form` or `Accept` chooses what it is written as.",
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/SettlementAnswer"}},
            FHIR_JSON: {"schema": one_of("PaymentReconciliation")},
            "text/csv": _BINARY,
            "application/pdf": _BINARY,
        },
    }
}
Reader = Annotated[Principal, Depends(Requires(Operation.READ_SETTLEMENT))]
Name = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_\-]{0,63}$")]


@router.get(
    "/v1/settlements",
    response_model=None,
    responses={**answers(SettlementsAnswer), **problems(401, 403, 422, 503)},
)
async def list_settlements(
    request: Request, principal: Reader, day: Annotated[Day, Query()]
) -> dict[str, Any]:
    """List what funders settled on a day: with your hospital, or by you; `lines` counts them."""
    return await _settlements(request).listed(principal, day, _language(request))


@router.get(
    "/v1/settlements/{hospital}/{funder}/{day}",
    response_class=Response,
    responses={**_FORMS, **problems(401, 403, 404, 422, 503)},
)
async def read_settlement(
    hospital: Name,
    funder: Name,
    day: Day,
    request: Request,
    principal: Reader,
    form: Annotated[Form | None, Query()] = None,
) -> Response:
    """Read one funder's day: every episode, claw-backs, what is carried over, and the net.

    `funder`: an insurer's id, `basic_insurance`, `voucher` or `pay_later`.
    """
    desk, language = _settlements(request), _language(request)
    chosen = form or _asked(request)
    if chosen == "json":
        told = await desk.read(principal, hospital, funder, day, language)
    elif chosen == "fhir":
        told = await desk.fhir(principal, hospital, funder, day)
    else:
        told = await desk.file(principal, hospital, funder, day, language, chosen)
    return _rendered(told, chosen, language)


def _rendered(told: SettlementForm, form: Form, language: str) -> Response:
    headers = {"ETag": f'"{told.facts}-{form}-{language}"', "Vary": "Accept, Accept-Language"}
    if not isinstance(told.content, bytes):
        return JSONResponse(told.content, media_type=MEDIA_TYPES[form], headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="{told.number}.{form}"'
    return Response(told.content, media_type=MEDIA_TYPES[form], headers=headers)


def _asked(request: Request) -> Form:
    """The form that ``Accept`` names first; JSON when it names none of ours."""
    accepted = request.headers.get("accept", "").lower()
    places = {form: accepted.find(media) for form, media in MEDIA_TYPES.items()}
    named = [form for form in MEDIA_TYPES if places[form] >= 0]
    return min(named, key=lambda form: places[form], default="json")


def _language(request: Request) -> str:
    return preferred_language(request.headers.get("accept-language")).value


def _settlements(request: Request) -> Settlements:
    found = services_of(request).settlements
    if found is None:
        raise Unavailable("settlements are not served here")
    return found
