"""The texts of consents: what a patient is asked to sign, and what he signed.

They are about nobody, so they are read without a key.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request

from crossclaim.api.answer_models import answers
from crossclaim.api.consent_port import ConsentTexts
from crossclaim.api.openapi import problems
from crossclaim.api.services import services_of
from crossclaim.domain.consent_wording import ConsentTextRead, ConsentTextsRead
from crossclaim.domain.errors import NotFound

router = APIRouter(tags=["consents"])

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_OPEN: dict[str, Any] = {"security": []}
_LISTED = {**answers(ConsentTextsRead), **problems(404, 503)}
_ONE = {**answers(ConsentTextRead), **problems(404, 422, 503)}


@router.get("/v1/consent-texts", openapi_extra=_OPEN, response_model=None, responses=_LISTED)
async def list_consent_texts(request: Request) -> dict[str, Any]:
    """Read every text of a consent that is, or was, in use, in three languages with its SHA-256.

    Show the patient these words; send the SHA-256 of those that he signed as `text_sha256`.
    """
    found = await _texts(request).listed()
    return ConsentTextsRead(texts=found).model_dump(mode="json")


@router.get(
    "/v1/consent-texts/{type}/{version}",
    openapi_extra=_OPEN,
    response_model=None,
    responses=_ONE,
)
async def read_consent_text(
    type: Annotated[str, Path(max_length=64)],
    version: Annotated[str, Path(max_length=64)],
    request: Request,
) -> dict[str, Any]:
    """Read one version of a text, also one that the installation uses no more."""
    if not _NAME.fullmatch(type) or not _NAME.fullmatch(version):
        raise NotFound("there is no such text")
    return (await _texts(request).text(type, version)).model_dump(mode="json")


def _texts(request: Request) -> ConsentTexts:
    services = services_of(request)
    if services.pacing is not None:
        services.pacing.check_open(request)
    if services.consent_texts is None:
        raise NotFound("texts of consents are not served here")
    return services.consent_texts
