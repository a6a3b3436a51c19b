"""Builds the API application out of the services that it is handed."""

from __future__ import annotations

from typing import Any, cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api import (
    appeals,
    appointments,
    bank,
    bill_versions,
    bills,
    callbacks,
    claims,
    codec,
    confirmations,
    consent_texts,
    consents,
    credit_accounts,
    documents,
    episodes,
    examinations,
    family_bindings,
    family_codes,
    fhir,
    fhir_server,
    guarantees,
    hcx,
    health,
    health_records,
    import_templates,
    information_requests,
    letters,
    oauth,
    openapi,
    papers,
    patient_links,
    payee_accounts,
    payout_words,
    reconciliation,
    refunds,
    reimbursements,
    repairs,
    settlements,
    signing_in,
    stays,
    subject_requests,
    submissions,
    tenders,
    transfers,
    upload_slots,
    uploads,
    voids,
    vouchers,
    webhook_endpoints,
    webhook_messages,
)
from crossclaim.api.audited import Audited
from crossclaim.api.conditional import Conditional
from crossclaim.api.envelope import Envelope
from crossclaim.api.problem_sentences import problem_fault, problem_sentence
from crossclaim.api.refusal import refusal
from crossclaim.api.services import ApiServices
from crossclaim.api.who_may import page_of
from crossclaim.domain.errors import CrossclaimError, Refused
from crossclaim.domain.fault_piece import pointer_to

_DESCRIPTION = (
    "Durable episodes of cross-border care: consents, guarantee, bills, allocation, claims and "
    "payouts in RMB. Amounts are decimal texts; a submission is answered the same however often "
    "it is sent; a refusal names every fault at once."
)

ROUTERS = (
    episodes.router,
    stays.router,
    bills.router,
    guarantees.router,
    bill_versions.router,
    tenders.router,
    refunds.router,
    voids.router,
    consents.router,
    consent_texts.router,
    transfers.router,
    vouchers.router,
    appointments.router,
    reimbursements.router,
    confirmations.router,
    credit_accounts.router,
    claims.router,
    appeals.router,
    letters.router,
    papers.router,
    bank.router,
    reconciliation.router,
    settlements.router,
    payee_accounts.router,
    payout_words.router,
    repairs.router,
    examinations.router,
    documents.router,
    upload_slots.router,
    information_requests.router,
    uploads.router,
    patient_links.router,
    health_records.router,
    subject_requests.router,
    codec.router,
    fhir.router,
    fhir_server.router,
    fhir_server.fallback,
    callbacks.router,
    submissions.router,
    import_templates.router,
    webhook_endpoints.router,
    webhook_messages.router,
    hcx.router,
    family_bindings.router,
    family_codes.router,
    oauth.router,
    signing_in.router,
    signing_in.pages,
    health.router,
    openapi.router,
)


def build_app(services: ApiServices) -> FastAPI:
    """The whole API; nothing is connected or started here."""
    app = FastAPI(
        title="crossclaim",
        version="1",
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        # A redirect for a slash would send the body of a POST somewhere without its key.
        redirect_slashes=False,
    )
    app.state.services = services
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(CrossclaimError, _refuse)
    app.add_exception_handler(RequestValidationError, _refuse_parameters)
    app.add_exception_handler(HTTPException, _refuse_request)
    app.add_middleware(Audited, services=services)
    app.add_middleware(Conditional)
    app.add_middleware(Envelope)
    app.openapi = lambda: openapi.describe(app)  # type: ignore[method-assign]
    return app


def role_page() -> str:
    """``docs/roles.md``, out of the policy and the routes."""
    routes = FastAPI()
    for router in ROUTERS:
        routes.include_router(router)
    return page_of(routes)


class ParametersRefused(Refused):
    """A parameter of the address is not what the route takes."""

    code = "PARAMETERS_REFUSED"


class RequestRefused(CrossclaimError):
    """The web framework refused the request before any route of ours saw it."""

    code = "HTTP_ERROR"

    def __init__(self, status: int, code: str) -> None:
        super().__init__(problem_sentence(code).en, code=code)
        self.status = status


async def _refuse(request: Request, error: Exception) -> Response:
    return refusal(request, cast(CrossclaimError, error))


async def _refuse_parameters(request: Request, error: Exception) -> Response:
    errors: list[dict[str, Any]] = list(cast(RequestValidationError, error).errors())
    faults = [problem_fault("PARAMETER_NOT_VALID", _place(one["loc"])) for one in errors]
    refused = ParametersRefused(problem_sentence(ParametersRefused.code).en, faults)
    return refusal(request, refused)


def _place(loc: tuple[str | int, ...]) -> str:
    """For instance ``/query/limit``."""
    pointer = ""
    for step in loc:
        pointer = pointer_to(pointer, step)
    return pointer


async def _refuse_request(request: Request, error: Exception) -> Response:
    refused = cast(HTTPException, error)
    codes = {404: "ROUTE_NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}
    code = codes.get(refused.status_code, "HTTP_ERROR")
    response = refusal(request, RequestRefused(refused.status_code, code))
    response.headers.update(refused.headers or {})
    return response
