"""The FHIR server's reads: what it can, its definitions, resources by id, and searches.

Every refusal below ``/fhir`` is an OperationOutcome, of addresses that nobody serves as well.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.body import parse_json, read_body
from crossclaim.api.fhir_answer import (
    FHIR_JSON,
    OUTCOME,
    fhir_response,
    found_of,
    one_of,
    versioned_response,
)
from crossclaim.api.fhir_fault import FhirFault, check_content_type, fault
from crossclaim.api.fhir_port import FhirPage, FhirReads, Resource
from crossclaim.api.fhir_r4 import checked, is_resource_type
from crossclaim.api.fhir_search import Search, bundle_of, read_search
from crossclaim.api.openapi import problems
from crossclaim.api.services import services_of
from crossclaim.domain.allocation import Fault
from crossclaim.domain.errors import NotFound, Refused, Unavailable
from crossclaim.domain.stay import local_day
from crossclaim.fhir.capability import capability_statement
from crossclaim.fhir.served import SERVED, Served, served
from crossclaim.fhir.structure import STRUCTURES, structure_definition
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["fhir"])

_OUTCOME: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "An OperationOutcome that points at the element.",
        "content": {FHIR_JSON: {"schema": OUTCOME}},
    }
}


def _ok(schema: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": "FHIR R4.", "content": {FHIR_JSON: {"schema": schema}}}}


_FORM = "application/x-www-form-urlencoded"
Endpoint = Callable[..., Awaitable[Response]]


class NotServed(Refused):
    """A type or an interaction that this server does not have."""

    code = "HTTP_ERROR"

    def __init__(self, status: int, faults: list[Fault]) -> None:
        super().__init__("this is not served here", faults)
        self.status = status


@router.get("/fhir/metadata", response_class=Response, responses=_ok(one_of("CapabilityStatement")))
async def read_metadata() -> Response:
    """Read the CapabilityStatement: resource types, search parameters, operations."""
    return fhir_response(capability_statement())


@router.get(
    "/fhir/StructureDefinition",
    response_class=Response,
    responses={**_ok(found_of("StructureDefinition")), **_OUTCOME},
)
async def search_structures(url: str | None = None) -> Response:
    """List the definitions of our extensions, or the one of a ``url``."""
    found = [structure_definition(one.name) for one in STRUCTURES if url in (None, one.url)]
    entries = [{"fullUrl": one["url"], "resource": one} for one in found if one]
    bundle: Resource = {"resourceType": "Bundle", "type": "searchset", "total": len(entries)}
    return fhir_response({**bundle, "entry": entries} if entries else bundle)


@router.get(
    "/fhir/StructureDefinition/{name}",
    response_class=Response,
    responses={**_ok(one_of("StructureDefinition")), **_OUTCOME},
)
async def read_structure(name: str) -> Response:
    """Read the definition of one of our extensions."""
    found = structure_definition(name)
    if found is None:
        raise NotFound("there is no such definition")
    return fhir_response(found)


def _search(one: Served) -> Endpoint:
    reader = Depends(Requires(one.read_by))

    async def search(request: Request, principal: Principal = reader) -> Response:
        return await _found(request, principal, one, list(request.query_params.multi_items()))

    search.__doc__ = f"Search {one.type}. {one.about}"
    return search


def _search_by_form(one: Served) -> Endpoint:
    reader = Depends(Requires(one.read_by))

    async def search(request: Request, principal: Principal = reader) -> Response:
        body = await read_body(request, services_of(request).body_limit_bytes)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
            raise NotServed(415, [fault(FhirFault.MEDIA_TYPE, "")])
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        return await _found(request, principal, one, [*request.query_params.multi_items(), *pairs])

    search.__doc__ = f"Search {one.type} with the parameters in the body."
    return search


async def _found(
    request: Request, principal: Principal, one: Served, pairs: list[tuple[str, str]]
) -> Response:
    strict = "handling=strict" in request.headers.get("prefer", "").replace(" ", "").lower()
    services = services_of(request)
    search: Search = read_search(one, pairs, strict=strict, today=local_day(services.now()))
    page = await reads_of(request).search(principal, one.type, search.query)
    note_opened(request, page)
    address = str(request.url.replace(query="", fragment="")).removesuffix("/_search")
    return fhir_response(bundle_of(address, search, page), headers={"Vary": "Authorization"})


def _read(one: Served) -> Endpoint:
    reader = Depends(Requires(one.read_by))

    async def read(resource_id: str, request: Request, principal: Principal = reader) -> Response:
        page = await reads_of(request).read(principal, one.type, resource_id)
        request.state.about = next(iter(page.episodes), "")
        return versioned_response(request, page.found[0])

    read.__doc__ = f"Read one {one.type}."
    return read


def note_opened(request: Request, page: FhirPage) -> None:
    """Every episode that a search opened is recorded with its answer."""
    request.state.opened = page.episodes


for _one in SERVED:
    _refused = {**_OUTCOME, **problems(401, 403, 503)}
    _more: dict[str, Any] = {
        "response_class": Response,
        "responses": {**_ok(found_of(_one.type)), **_refused},
    }
    _alone = {**_more, "responses": {**_ok(one_of(_one.type)), **_refused}}
    _place = f"/fhir/{_one.type}"
    router.add_api_route(_place, _search(_one), name=f"search {_one.type}", **_more)
    router.add_api_route(
        f"{_place}/_search",
        _search_by_form(_one),
        methods=["POST"],
        name=f"search {_one.type} by form",
        **_more,
    )
    router.add_api_route(
        f"{_place}/{{resource_id}}", _read(_one), name=f"read {_one.type}", **_alone
    )


@router.post(
    "/fhir/{kind}/$validate",
    response_class=Response,
    responses={**_ok(OUTCOME), **_OUTCOME},
    openapi_extra={"requestBody": {"content": {FHIR_JSON: {"schema": {"type": "object"}}}}},
)
async def validate(
    kind: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.CHECK_FHIR))],
) -> Response:
    """Check any R4 resource and keep nothing: every fault with its element."""
    resource = await resource_in(request)
    if not is_resource_type(kind):
        raise NotServed(404, [fault(FhirFault.TYPE_NOT_SERVED, "")])
    faults = checked(resource, kind)
    if faults:
        raise Refused("the resource is not R4", faults)
    text = "Every element is as R4 has it."
    issue = {"severity": "information", "code": "informational", "details": {"text": text}}
    return fhir_response({"resourceType": "OperationOutcome", "issue": [issue]})


_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


async def elsewhere(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.CHECK_FHIR))],
    rest: str = "",
) -> Response:
    """Refuse what is not served; a resource that was sent is checked, and told its faults too."""
    kind = rest.partition("/")[0]
    known = not kind or is_resource_type(kind)
    faults: list[Fault] = []
    if request.method in ("POST", "PUT"):
        faults = checked(await resource_in(request), kind if known else "")
    if not known or (request.method == "GET" and served(kind) is None):
        reason = fault(FhirFault.TYPE_NOT_SERVED, "resourceType" if not known else kind)
        raise NotServed(404, [reason, *faults])
    raise NotServed(405, [fault(FhirFault.NOT_TAKEN, kind or "Bundle"), *faults])


fallback = APIRouter(include_in_schema=False)
"""Behind every other route of ``/fhir``."""
for _address in ("/fhir", "/fhir/{rest:path}"):
    fallback.add_api_route(_address, elsewhere, methods=_METHODS)


async def resource_in(request: Request) -> dict[str, Any]:
    check_content_type(request.headers.get("content-type"))
    limit = services_of(request).body_limit_bytes
    return parse_json(await read_body(request, limit), exact=True)


def reads_of(request: Request) -> FhirReads:
    found = services_of(request).fhir
    if found is None:
        raise Unavailable("FHIR resources are not served here")
    return found
