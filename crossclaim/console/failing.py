"""What a page answers where it fails: the same shape for staff and for patients."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from math import ceil
from typing import Any, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.console.entrance import GoTo
from crossclaim.domain.errors import CrossclaimError

_log = logging.getLogger(__name__)
Judged = tuple[int, str]
"""Status of the answer, and the word of the pages that says why."""


def handlers(
    shown: Callable[[Request, int, str], Response],
    of_ours: Callable[[CrossclaimError], Judged],
    of_the_framework: Callable[[int], str],
) -> Mapping[Any, Callable[[Request, Exception], Awaitable[Response]]]:
    """``shown`` is the page that tells of it; of a bug it says no more than that there is one."""

    def told(
        judge: Callable[[Exception], Judged],
    ) -> Callable[[Request, Exception], Awaitable[Response]]:
        async def tell(request: Request, error: Exception) -> Response:
            status, word = judge(error)
            answer = shown(request, status, word)
            if wait_s := getattr(error, "retry_after_s", None):
                answer.headers["Retry-After"] = str(ceil(wait_s))
            return answer

        return tell

    def framed(error: Exception) -> Judged:
        status = cast(HTTPException, error).status_code
        return status, of_the_framework(status)

    def bug(error: Exception) -> Judged:
        _log.error("a page failed: %s", type(error).__name__)
        return 500, "error_bug"

    async def sent_elsewhere(request: Request, error: Exception) -> Response:
        return cast(GoTo, error).response

    return {
        GoTo: sent_elsewhere,
        CrossclaimError: told(lambda error: of_ours(cast(CrossclaimError, error))),
        HTTPException: told(framed),
        Exception: told(bug),
    }
