"""Pay-after-care accounts (惠民就医): sign up, bind, apply, choose instalments, repay, read."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.answer_models import answers
from crossclaim.api.answers_persons import CreditAccountAnswer, CreditStatementAnswer
from crossclaim.api.body import read_json
from crossclaim.api.entry import check_episode_id, enter, idempotency_key, rendered
from crossclaim.api.openapi import documented, problems
from crossclaim.api.services import ApiServices, CreditReads, services_of
from crossclaim.domain.credit_submission import (
    CreditApplicationSubmission,
    CreditCardCodeSubmission,
    CreditCardSubmission,
    CreditClosingSubmission,
    CreditInstalmentsSubmission,
    CreditRepaymentSubmission,
    CreditSignUpSubmission,
    is_credit_account,
)
from crossclaim.domain.errors import NotFound
from crossclaim.domain.language import Language, preferred_language
from crossclaim.domain.stay import Stay
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["credit accounts"])

_READ = problems(401, 403, 404, 503)


@router.post("/v1/credit-accounts", **documented(CreditSignUpSubmission))
async def sign_up(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.SIGN_UP_CREDIT))],
) -> Response:
    """Sign a holder up: authorised, confirmed, face checked, with a card or the credit."""
    return await _take(request, principal, SubmissionKind.CREDIT_SIGN_UP, None)


@router.post("/v1/credit-accounts/{account_id}/cards", **documented(CreditCardSubmission))
async def bind_card(
    account_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.BIND_CREDIT_CARD))],
) -> Response:
    """Bind a card; its holder is sent a code by text message."""
    return await _take(request, principal, SubmissionKind.CREDIT_CARD, account_id)


@router.post("/v1/credit-accounts/{account_id}/card-codes", **documented(CreditCardCodeSubmission))
async def confirm_card(
    account_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.CONFIRM_CREDIT_CARD))],
) -> Response:
    """Hand in the code of the text message."""
    return await _take(request, principal, SubmissionKind.CREDIT_CARD_CODE, account_id)


@router.post(
    "/v1/credit-accounts/{account_id}/applications", **documented(CreditApplicationSubmission)
)
async def apply_for_credit(
    account_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.APPLY_FOR_CREDIT))],
) -> Response:
    """Apply for the medical credit; the bank decides about a minute later."""
    return await _take(request, principal, SubmissionKind.CREDIT_APPLICATION, account_id)


@router.post(
    "/v1/credit-accounts/{account_id}/instalments", **documented(CreditInstalmentsSubmission)
)
async def choose_instalments(
    account_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.CHOOSE_INSTALMENTS))],
) -> Response:
    """Repay one draw in 3, 6 or 12 parts."""
    return await _take(request, principal, SubmissionKind.CREDIT_INSTALMENTS, account_id)


@router.post("/v1/credit-accounts/{account_id}/repayments", **documented(CreditRepaymentSubmission))
async def repay(
    account_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.REPAY_CREDIT))],
) -> Response:
    """Repay from the personal account or the bound card; what is due first is paid first."""
    return await _take(request, principal, SubmissionKind.CREDIT_REPAYMENT, account_id)


@router.post("/v1/credit-accounts/{account_id}/closing", **documented(CreditClosingSubmission))
async def close(
    account_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.CLOSE_CREDIT_ACCOUNT))],
) -> Response:
    """Close an account that owes nothing."""
    return await _take(request, principal, SubmissionKind.CREDIT_CLOSING, account_id)


@router.get(
    "/v1/credit-accounts/{account_id}",
    response_model=None,
    responses={**answers(CreditAccountAnswer), **_READ},
)
async def read_account(
    account_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_CREDIT_ACCOUNT))],
) -> dict[str, Any]:
    """Read one account: means of payment, credit, draws with their parts, what it waits for."""
    return await _reads(services_of(request)).account(principal, _checked(account_id))


@router.get(
    "/v1/credit-accounts/{account_id}/statement",
    response_model=None,
    responses={**answers(CreditStatementAnswer), **_READ},
)
async def read_statement(
    account_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_CREDIT_ACCOUNT))],
    language: Language | None = None,
) -> dict[str, Any]:
    """Read the statement: every charge, part, repayment and refund, and what is owed when."""
    chosen = language or preferred_language(request.headers.get("accept-language"))
    reads = _reads(services_of(request))
    return await reads.statement(principal, _checked(account_id), chosen.value)


async def _take(
    request: Request, principal: Principal, kind: SubmissionKind, account_id: str | None
) -> Response:
    services = services_of(request)
    if account_id is not None:
        await _reads(services).account(principal, _checked(account_id))
    raw = await read_json(request, services.body_limit_bytes)
    answer = await enter(
        services,
        principal,
        kind,
        raw,
        episode_id=account_id,
        stay=Stay(),
        idempotency_key=idempotency_key(request),
    )
    request.state.kept_itself = True
    return rendered(answer)


def _checked(account_id: str) -> str:
    if not is_credit_account(account_id):
        raise NotFound("there is no such credit account")
    return check_episode_id(account_id)


def _reads(services: ApiServices) -> CreditReads:
    if services.credit is None:
        raise NotFound("there is no such credit account")
    return services.credit
