"""Bank statements and their entries against ours: read, match, explain, take back."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crossclaim.api.access import Requires
from crossclaim.api.answer_shapes import bridge, listing
from crossclaim.api.answer_shapes import order as order_told
from crossclaim.api.body import read_json
from crossclaim.api.days import Day
from crossclaim.api.entry import idempotency_key
from crossclaim.api.episodes import Cursor
from crossclaim.api.openapi import documented, problems
from crossclaim.api.services import Answer, BankFilters, BankService, services_of
from crossclaim.domain.errors import Refused, Unavailable
from crossclaim.domain.fault_shape import read_shape
from crossclaim.domain.faults import refusal_text
from crossclaim.domain.language import preferred_language
from crossclaim.domain.match_order import ExplanationOrder, MatchOrder, OrderKind, UndoOrder
from crossclaim.domain.matching import MatchStatus
from crossclaim.domain.remittance import RemittanceOrder
from crossclaim.domain.submission import Wire
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["bank"])

_READ = problems(401, 403, 422, 503)
Bank = Annotated[str | None, Query(pattern=r"^[a-z0-9\-]{1,64}$")]
Limit = Annotated[int, Query(ge=1, le=200)]
Reader = Annotated[Principal, Depends(Requires(Operation.READ_BANK))]
Matcher = Annotated[Principal, Depends(Requires(Operation.MATCH_BANK))]


@router.get("/v1/bank-statements", **listing("statements", _READ))
async def list_statements(
    request: Request,
    principal: Reader,
    bank: Bank = None,
    day: Day | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """List the statements and notifications of your accounts, newest first."""
    filters = BankFilters(bank=bank, day=day, limit=limit, language=language_of(request))
    return await bank_of(request).listed(principal, "statements", filters, cursor)


@router.get("/v1/bank-entries", **listing("entries", _READ))
async def list_entries(
    request: Request,
    principal: Reader,
    bank: Bank = None,
    status: MatchStatus | None = None,
    day: Day | None = None,
    open: bool | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """List what the bank booked, with its status, the reason, and candidates where there is none.

    `open`: only what is neither matched nor explained.
    """
    return await _sided(request, principal, "entries", bank, status, day, open, limit, cursor)


@router.get("/v1/bank-movements", **listing("movements", _READ))
async def list_movements(
    request: Request,
    principal: Reader,
    bank: Bank = None,
    status: MatchStatus | None = None,
    day: Day | None = None,
    open: bool | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """List what we expect on your accounts, with its status and the reason."""
    return await _sided(request, principal, "movements", bank, status, day, open, limit, cursor)


@router.get("/v1/bank-exceptions", **listing("exceptions", _READ))
async def list_exceptions(
    request: Request,
    principal: Reader,
    bank: Bank = None,
    open: bool | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """List statements that a person must look at: copies, gaps, breaks, late entries."""
    filters = BankFilters(bank=bank, open=open, limit=limit, language=language_of(request))
    return await bank_of(request).listed(principal, "exceptions", filters, cursor)


@router.get("/v1/bank-days", **listing("days", _READ))
async def list_days(
    request: Request,
    principal: Reader,
    bank: Bank = None,
    state: Literal["open", "closed"] | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """List days that closed, with each closing and each opening again and its cause."""
    filters = BankFilters(bank=bank, status=state, limit=limit, language=language_of(request))
    return await bank_of(request).listed(principal, "days", filters, cursor)


@router.get("/v1/bank-days/{bank}/{account}/{day}", **bridge(problems(401, 403, 404, 422, 503)))
async def read_day(
    bank: str,
    account: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")],
    day: Day,
    request: Request,
    principal: Reader,
) -> dict[str, Any]:
    """Read a day by the bank and by our ledger: equal, or the difference line by line."""
    return await bank_of(request).day(principal, bank, account, day, language_of(request))


@router.get("/v1/bank-matches", **listing("matches", _READ))
async def list_matches(
    request: Request, principal: Reader, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """List what people matched and explained, by whom and why, and what was taken back."""
    filters = BankFilters(limit=limit, language=language_of(request))
    return await bank_of(request).listed(principal, "matches", filters, cursor)


@router.post("/v1/bank-matches", **documented(MatchOrder))
async def match_entries(request: Request, principal: Matcher) -> Response:
    """Match entries of the bank with movements of ours; moves no money, and can be taken back."""
    return await take_order(request, principal, OrderKind.MATCH, MatchOrder)


@router.post("/v1/bank-explanations", **documented(ExplanationOrder))
async def explain_entries(request: Request, principal: Matcher) -> Response:
    """Say why something stays open, so that its day can close; can be taken back."""
    return await take_order(request, principal, OrderKind.EXPLAIN, ExplanationOrder)


@router.post("/v1/bank-undoings", **documented(UndoOrder))
async def undo_match(request: Request, principal: Matcher) -> Response:
    """Take a match or an explanation back: everything stands again as before it."""
    return await take_order(request, principal, OrderKind.UNDO, UndoOrder)


@router.post("/v1/remittances", **documented(RemittanceOrder))
async def submit_remittance(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.SUBMIT_REMITTANCE))],
) -> Response:
    """Say what one payment to a hospital is made of; each line is held against its payout."""
    return await take_order(request, principal, OrderKind.REMITTANCE, RemittanceOrder)


@router.get("/v1/remittances", **listing("remittances", _READ))
async def list_remittances(
    request: Request, principal: Reader, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """List remittances that you sent or that were sent to you, with each line's status."""
    filters = BankFilters(limit=limit, language=language_of(request))
    return await bank_of(request).listed(principal, "remittances", filters, cursor)


async def _sided(
    request: Request,
    principal: Principal,
    name: str,
    bank: str | None,
    status: MatchStatus | None,
    day: Day | None,
    open_: bool | None,
    limit: int,
    cursor: str | None,
) -> dict[str, Any]:
    filters = BankFilters(
        bank=bank,
        status=status.value if status else None,
        day=day,
        open=open_,
        limit=limit,
        language=language_of(request),
    )
    return await bank_of(request).listed(principal, name, filters, cursor)


async def take_order(
    request: Request, principal: Principal, kind: OrderKind, shape: type[Wire]
) -> Response:
    services = services_of(request)
    raw = await read_json(request, services.body_limit_bytes)
    model, faults = read_shape(shape, dict(raw))
    if model is None:
        raise Refused(refusal_text(len(faults)), faults)
    content = model.model_dump(mode="json")
    key = idempotency_key(request)
    return _rendered(await bank_of(request).order(principal, kind.value, content, key))


@router.get("/v1/reconciliation-orders/{order}", **order_told(problems(401, 403, 404, 422, 503)))
async def read_order(
    order: Annotated[str, Path(pattern=r"^ro_[0-9A-Za-z]{26,32}$")],
    request: Request,
    principal: Reader,
) -> dict[str, Any]:
    """Read what became of an order that was answered 202."""
    return await bank_of(request).order_status(principal, order)


def _rendered(answer: Answer) -> Response:
    headers = {"Location": f"/v1/reconciliation-orders/{answer.body['order']}"}
    if answer.replayed:
        headers["Idempotent-Replayed"] = "true"
    return JSONResponse(answer.body, status_code=answer.status, headers=headers)


def language_of(request: Request) -> str:
    return preferred_language(request.headers.get("accept-language")).value


def bank_of(request: Request) -> BankService:
    found = services_of(request).bank
    if found is None:
        raise Unavailable("bank statements are not served here")
    return found
