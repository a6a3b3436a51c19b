"""Addresses of the examiner's desk and of finance."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crossclaim.console import (
    claw_back_pages,
    examiner_pages,
    examining_pages,
    funds_pages,
    letter_pages,
    matching_pages,
    payout_pages,
)

_CLAIM = "/episodes/{episode_id}/claims/{claim_id}"
_LETTER = "/episodes/{episode_id}/letters/{reference}"
_BANK = "/finance/days/{bank}/{account}/{day}"
_SOURCE = "/finance/sources/{source}/{organisation}/{day}"
_PAYOUT = "/finance/payouts/{reference}"
_CLAW_BACK = "/finance/claw-backs/{reference}"
Page = Callable[[Request], Awaitable[Response]]


def _post(path: str, page: Page) -> Route:
    return Route(path, page, methods=["POST"])


ROUTES = [
    Route("/desk", examiner_pages.desk),
    Route("/desk/next", examiner_pages.following),
    Route("/desk/samples", examining_pages.samples),
    _post("/desk/samples", examining_pages.review),
    Route(_CLAIM, examiner_pages.claim),
    _post(f"{_CLAIM}/decision", examiner_pages.decide),
    _post(f"{_CLAIM}/confirmation", examiner_pages.confirm),
    _post(f"{_CLAIM}/appeal", examining_pages.appeal),
    _post(f"{_CLAIM}/documents-asked", examining_pages.ask),
    _post(f"{_CLAIM}/request-end", examining_pages.withdraw),
    Route(f"{_CLAIM}/documents/{{sha256}}", examining_pages.claim_file),
    _post(f"{_CLAIM}/{{word}}", examining_pages.hold),
    Route(_LETTER, letter_pages.letter),
    _post(f"{_LETTER}/documents-asked", letter_pages.ask),
    _post(f"{_LETTER}/request-end", letter_pages.withdraw),
    Route("/finance/reconciliation", matching_pages.days),
    Route(_BANK, matching_pages.day),
    Route(f"{_BANK}/items.{{form}}", matching_pages.items_file),
    _post(f"{_BANK}/choice", matching_pages.choose),
    _post(f"{_BANK}/undo", matching_pages.undo),
    Route(_SOURCE, matching_pages.day),
    Route(f"{_SOURCE}/items.{{form}}", matching_pages.items_file),
    _post(f"{_SOURCE}/choice", matching_pages.choose),
    _post(f"{_SOURCE}/undo", matching_pages.undo),
    Route("/finance/payouts", payout_pages.payouts),
    Route(_PAYOUT, payout_pages.payout),
    _post(f"{_PAYOUT}/{{word}}", payout_pages.say),
    Route("/finance/claw-backs", claw_back_pages.claw_backs),
    Route(_CLAW_BACK, claw_back_pages.claw_back),
    _post(f"{_CLAW_BACK}/{{word}}", claw_back_pages.say),
    Route("/finance/receivables", funds_pages.receivables),
    Route("/finance/drift", funds_pages.drift),
    Route("/finance/settlements", funds_pages.settlements),
    Route("/finance/settlements/{hospital}/{funder}/{day}.{form}", funds_pages.advice),
    Route("/finance/files/{table}.{form}", funds_pages.file),
]
