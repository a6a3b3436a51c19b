"""What a service desk sends about family sharing and family codes, exactly as on the wire."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from crossclaim.domain.insured import Insurance, Relation
from crossclaim.domain.submission import (
    Code,
    IdentityDocument,
    PersonName,
    Sha256,
    Text,
    Wire,
)


class BindingChannel(StrEnum):
    """Where the people applied: 粤医保 in WeChat or in Alipay."""

    WECHAT = "wechat"
    ALIPAY = "alipay"


class PaperKind(StrEnum):
    """身份证件, 户口本扫描件, 承诺书."""

    IDENTITY_DOCUMENT = "identity_document"
    HOUSEHOLD_REGISTER = "household_register"
    UNDERTAKING = "undertaking"


class Paper(Wire):
    """A scan that lies in the channel, known here by its content's hash."""

    kind: PaperKind
    name: Text
    sha256: Sha256


class InsuredArea(Wire):
    """Where somebody is insured: the pooling area (统筹区) and its province."""

    pool: Code
    province: Code


class FamilyMember(Wire):
    name: PersonName
    document: IdentityDocument


class Authoriser(FamilyMember):
    """授权人: whose personal account may be spent."""

    insurance: Insurance
    area: InsuredArea


class Beneficiary(FamilyMember):
    """使用人: whose bills may spend it. ``area`` is absent for one who is not insured."""

    insured: bool
    area: InsuredArea | None = None


class UndertakingSigned(Wire):
    """FAMILY_BIND: the consent to sharing, with the undertaking (承诺书)."""

    text_version: Code
    signed_at: AwareDatetime
    channel: Literal["paper", "electronic", "app"]


class FamilyBindingSubmission(Wire):
    """``POST /v1/family-bindings``. Business key: the desk's own number of the application.

    ``relation`` is what the user is to the authoriser. After a refusal a new application, under a
    number of its own, names the refused binding in ``replaces``.
    """

    number: Code
    channel: BindingChannel
    applied_at: AwareDatetime
    relation: Relation
    authoriser: Authoriser
    user: Beneficiary
    papers: list[Paper]
    consent: UndertakingSigned
    replaces: Code | None = None


class FamilyUnbindSubmission(Wire):
    """``POST /v1/family-bindings/{id}/unbind``: either of the two ends it. Key: its id + unbind."""

    asked_by: Literal["authoriser", "user"]
    asked_at: AwareDatetime


class FamilyCodeLinkSubmission(Wire):
    """``POST /v1/family-code-links``: ``shower`` may show the relative's own code (亲情账户).

    ``relation`` is what the relative is to the shower.
    """

    number: Code
    linked_at: AwareDatetime
    relation: Relation
    shower: FamilyMember
    relative: FamilyMember
    consent: UndertakingSigned


class FamilyCodeEndSubmission(Wire):
    """``POST /v1/family-code-links/{id}/end``. Key: link + end."""

    ended_at: AwareDatetime


AboutFamily = FamilyUnbindSubmission | FamilyCodeEndSubmission
"""Submissions about a binding or link that exists."""


def family_key(model: Wire, subject_id: str | None) -> str | None:
    """The business key of a submission about families; None for any other."""
    match model:
        case FamilyBindingSubmission():
            return f"family-binding/{model.number}"
        case FamilyCodeLinkSubmission():
            return f"family-code-link/{model.number}"
        case FamilyUnbindSubmission():
            return f"{subject_id}/unbind"
        case FamilyCodeEndSubmission():
            return f"{subject_id}/end"
    return None
