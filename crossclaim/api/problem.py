"""Every refusal of the API as RFC 9457 ``application/problem+json``, in the reader's language.

``type`` is stable per code, ``errors`` lists each fault with its pointer and all three languages.
Nothing of an unexpected error but its correlation id ever leaves.
"""

from __future__ import annotations

import json
import math
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.identity import StepUpNeeded
from crossclaim.api.pacing import TooFast
from crossclaim.api.problem_sentences import PROBLEM_CODES, problem_fault, problem_sentence
from crossclaim.domain.allocation import Alternative, Fault, Sentence
from crossclaim.domain.errors import (
    Conflict,
    CrossclaimError,
    InProgress,
    NotAllowed,
    NotAuthenticated,
    Refused,
    Retryable,
    Unavailable,
)
from crossclaim.domain.language import Language, preferred_language, spoken

PROBLEM_TYPE = "https://crossclaim.example/problems/"
MEDIA_TYPE = "application/problem+json"
MAX_ERRORS = 1_000
"""A body full of faults is told the first so many and how many there are."""


def problem_response(request: Request, error: CrossclaimError) -> Response:
    """The answer for an error of ours."""
    language = preferred_language(request.headers.get("accept-language"))
    body = problem_document(
        error,
        language=language,
        instance=request.url.path,
        correlation_id=getattr(request.state, "correlation_id", ""),
    )
    headers = {
        "Content-Language": language.value,
        "Vary": "Accept-Language",
        **extra_headers(error),
    }
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(content, status_code=error.status, headers=headers, media_type=MEDIA_TYPE)


def problem_document(
    error: CrossclaimError, *, language: Language, instance: str, correlation_id: str
) -> dict[str, Any]:
    """The members of RFC 9457 and ours. ``detail`` of a status of 500 says nothing of its cause."""
    title = title_of(error)
    in_english = language is Language.EN and error.status != 500
    faults = faults_to_tell(error)
    body: dict[str, Any] = {
        "type": f"{PROBLEM_TYPE}{error.code}",
        "title": spoken(title, language),
        "status": error.status,
        "detail": error.detail if in_english else spoken(title, language),
        "instance": instance,
        "code": error.code,
        "correlation_id": correlation_id,
    }
    if faults:
        body["errors"] = [_told(fault, language) for fault in faults[:MAX_ERRORS]]
        body["errors_total"] = len(faults)
    if isinstance(error, Refused) and error.alternatives:
        body["alternatives"] = [_offered(one, language) for one in error.alternatives]
    return body


def faults_to_tell(error: CrossclaimError) -> list[Fault]:
    """The faults of a refusal, or the members that differ in a conflict."""
    if isinstance(error, Refused):
        return error.faults
    if isinstance(error, Conflict):
        return [problem_fault("MEMBER_DIFFERS", pointer) for pointer in error.differences]
    return []


def title_of(error: CrossclaimError) -> Sentence:
    """The sentence of the error's code; that of its only fault where the two have one code."""
    if isinstance(error, Refused) and error.faults and error.faults[0].code == error.code:
        return error.faults[0].text
    return problem_sentence(error.code if error.code in PROBLEM_CODES else type(error).code)


def _offered(alternative: Alternative, language: Language) -> dict[str, Any]:
    """Its figures, and its sentence in the reader's language and in all three."""
    text = alternative.text
    return {
        **alternative.model_dump(mode="json", exclude={"text", "rules"}),
        "detail": spoken(text, language),
        "detail_en": text.en,
        "detail_zh_hant": text.zh_hant,
        "detail_zh_hans": text.zh_hans,
    }


def _told(fault: Fault, language: Language) -> dict[str, str]:
    return {
        "pointer": fault.pointer,
        "code": fault.code,
        "detail": spoken(fault.text, language),
        "detail_en": fault.text.en,
        "detail_zh_hant": fault.text.zh_hant,
        "detail_zh_hans": fault.text.zh_hans,
    }


def extra_headers(error: CrossclaimError) -> dict[str, str]:
    """Headers that tell a program what to do next."""
    if isinstance(error, StepUpNeeded):
        told = f'error="insufficient_user_authentication", max_age="{error.max_age_s}"'
        return {"WWW-Authenticate": f'Bearer realm="crossclaim", {told}'}
    if isinstance(error, TooFast):
        return {"Retry-After": str(math.ceil(error.retry_after_s))}
    if isinstance(error, NotAuthenticated):
        return {"WWW-Authenticate": 'Bearer realm="crossclaim"'}
    if isinstance(error, NotAllowed):
        return {"WWW-Authenticate": 'Bearer realm="crossclaim", error="insufficient_scope"'}
    if isinstance(error, Unavailable):
        return {"Retry-After": "5"}
    if error.status == 429:
        return {"Retry-After": "60"}
    if isinstance(error, InProgress):
        return {"Retry-After": "1"}
    if isinstance(error, Retryable):
        return {"Retry-After": str(math.ceil(error.retry_after_s or 5))}
    return {}
