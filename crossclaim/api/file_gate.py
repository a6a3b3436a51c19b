"""The one door for files from outside: every route that takes one passes its bytes through here."""

from __future__ import annotations

import asyncio

from crossclaim.api.body import BodyRefused
from crossclaim.api.problem_sentences import problem_fault
from crossclaim.api.services import ApiServices
from crossclaim.documents.inspection.gate import inspected
from crossclaim.documents.inspection.refusal import NotTaken, Why

_STATUS = {Why.CONTENT: 415}


async def taken(services: ApiServices, content_type: str, content: bytes) -> bytes:
    """What is kept of the file: of a picture the picture alone. Raises ``BodyRefused``.

    With a scanner, a file that it could not look at is not taken either (``Unavailable``).
    """
    if not content:
        raise BodyRefused([problem_fault("DOCUMENT_EMPTY", "")])
    try:
        kept = await asyncio.to_thread(inspected, content_type, content)
    except NotTaken as refused:
        status = _STATUS.get(refused.why, 422)
        raise BodyRefused([problem_fault(refused.code, "")], status=status) from None
    if services.scanner is not None and not await services.scanner.clean(content):
        raise BodyRefused([problem_fault(Why.MALWARE.value, "")], status=422)
    return kept
