"""Items of sources that are no bank against ours: read, match, explain, take back."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.answer_shapes import listing
from crossclaim.api.bank import bank_of, language_of, take_order
from crossclaim.api.days import Day
from crossclaim.api.episodes import Cursor
from crossclaim.api.openapi import documented, problems
from crossclaim.api.services import BankFilters
from crossclaim.domain.item_order import ItemExplanationOrder, ItemMatchOrder, ItemUndoOrder
from crossclaim.domain.match_order import OrderKind
from crossclaim.domain.matching import MatchStatus
from crossclaim.domain.source_items import Source
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["reconciliation"])

Matcher = Annotated[Principal, Depends(Requires(Operation.MATCH_BANK))]


@router.get("/v1/reconciliation-items", **listing("items", problems(401, 403, 422, 503)))
async def list_items(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_BANK))],
    source: Source | None = None,
    status: MatchStatus | None = None,
    day: Day | None = None,
    open: bool | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """List items of remittances, of basic insurance and of vouchers beside ours, newest first.

    Each has its status, the reason, and candidates where nothing matches. `open`: only what is
    neither matched nor explained; while one is open, no bank day of its date closes.
    """
    filters = BankFilters(
        source=source.value if source else None,
        status=status.value if status else None,
        day=day,
        open=open,
        limit=limit,
        language=language_of(request),
    )
    return await bank_of(request).listed(principal, "items", filters, cursor)


@router.post("/v1/reconciliation-matches", **documented(ItemMatchOrder))
async def match_items(request: Request, principal: Matcher) -> Response:
    """Match items of theirs with items of ours that come to the same money; can be taken back."""
    return await take_order(request, principal, OrderKind.MATCH_ITEMS, ItemMatchOrder)


@router.post("/v1/reconciliation-explanations", **documented(ItemExplanationOrder))
async def explain_items(request: Request, principal: Matcher) -> Response:
    """Say why items stay as they are, so that their day can close; can be taken back."""
    return await take_order(request, principal, OrderKind.EXPLAIN_ITEMS, ItemExplanationOrder)


@router.post("/v1/reconciliation-undoings", **documented(ItemUndoOrder))
async def undo_items(request: Request, principal: Matcher) -> Response:
    """Take a match or an explanation of items back: they are open again."""
    return await take_order(request, principal, OrderKind.UNDO_ITEMS, ItemUndoOrder)
