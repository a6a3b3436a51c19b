"""What we ask of the medical insurance office of a city (地市医保经办机构), and what it says."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.family_submission import FamilyBindingSubmission


class OfficeState(StrEnum):
    """Where an application stands with the office."""

    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    REFUSED = "refused"
    ENDED = "ended"
    NOT_FOUND = "not_found"


class BindingOrder(Frozen):
    """One application as it is sent; ``reference`` is ours and names it for ever."""

    reference: str
    submission: FamilyBindingSubmission


class OfficeAnswer(Frozen):
    """``decided_on`` of an approval or refusal, ``ended_on`` of an end; ``reason`` is a code."""

    reference: str
    state: OfficeState
    number: str = ""
    decided_on: date | None = None
    ended_on: date | None = None
    reason: str = ""


class EndOrder(Frozen):
    """The office is told that the people have ended it."""

    reference: str
    ended_on: date
    told_at: datetime


OFFICE_REASONS: dict[str, tuple[str, str, str]] = {
    "USER_NOT_INSURED": (
        "the relative is not in basic medical insurance",
        "使用人未參保",
        "使用人未参保",
    ),
    "ACCOUNT_BALANCE_ZERO": (
        "the balance of the personal account is zero",
        "個人賬戶餘額為零",
        "个人账户余额为零",
    ),
    "NOT_SAME_POOLING_AREA": (
        "the two are not insured in the same pooling area",
        "不在同一醫保統籌區",
        "不在同一医保统筹区",
    ),
    "RELATION_NOT_PROVEN": (
        "the papers do not prove the relation",
        "材料未能證明親屬關係",
        "材料未能证明亲属关系",
    ),
    "PAPER_UNREADABLE": (
        "a paper cannot be read",
        "材料不清晰",
        "材料不清晰",
    ),
    "UNDERTAKING_UNSIGNED": (
        "the undertaking is not signed",
        "承諾書未簽署",
        "承诺书未签署",
    ),
}
"""Why the office refuses, as far as its reasons are known; any other code is told as it is."""
