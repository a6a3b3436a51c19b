"""How urgent an exception is, and where what it asks for is done. Pure.

The order never depends on when one looks: an amount counts as doubled for every day that its due
time is nearer, so of two exceptions one stays before the other until something about them changes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from math import log2

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.claw_back_finding import GIVEN_BACK_TWICE
from crossclaim.domain.story_phrase import Triple

LEAST_FEN = 10_000
"""What is held up counts as at least this much [ASM]: an exception without money waits too."""
ANSWERED_WITHIN = timedelta(hours=24)
"""By when somebody has looked at an exception that has no earlier due time of its own [ASM]."""


class WorkState(StrEnum):
    OPEN = "open"
    IN_WORK = "in_work"
    WAITING = "waiting"
    DONE = "done"


class Urgency(StrEnum):
    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


_FROM = ((12.0, Urgency.URGENT), (9.0, Urgency.HIGH), (5.0, Urgency.NORMAL))

DEFINITION: Triple = (
    "Priority: the amount held up (at least RMB 100), doubled for every day past its due time and "
    "halved for every day before it, as a power of two of RMB 100. Urgent from 12, high from 9, "
    "normal from 5. Due is the episode's own promise, or 24 hours after the exception opened, "
    "whichever is earlier.",
    "優先次序:受阻金額(最少人民幣100元),每逾期一日加倍,到期前每早一日減半,以人民幣100元的二次冪計算。"
    "12或以上為緊急,9或以上為高,5或以上為一般。到期時間為個案本身的時限,或事項出現後24小時,以較早者為準。",
    "优先次序:受阻金额(最少人民币100元),每逾期一日加倍,到期前每早一日减半,以人民币100元的二次幂计算。"
    "12或以上为紧急,9或以上为高,5或以上为一般。到期时间为个案本身的时限,或事项出现后24小时,以较早者为准。",
)


def due_of(opened_at: datetime, promised_at: datetime | None) -> datetime:
    """By when it is to be looked at: the episode's promise, or a day after it opened."""
    looked_at = opened_at + ANSWERED_WITHIN
    return looked_at if promised_at is None else min(looked_at, promised_at)


def priority(amount_minor: int, due_at: datetime, now: datetime) -> float:
    """See ``DEFINITION``; rises by one a day, by one when the amount is twice as much."""
    amount = max(amount_minor, LEAST_FEN) / LEAST_FEN
    return log2(amount) + (now - due_at) / timedelta(days=1)


def urgency(score: float) -> Urgency:
    return next((level for least, level in _FROM if score >= least), Urgency.LOW)


class Place(Frozen):
    """Where the fix of an exception is done: a page of the console, and what it is called."""

    address: str
    word: str


_GIVES_BACK = ("CLAW_BACK", GIVEN_BACK_TWICE)
_MONEY = (
    *_GIVES_BACK,
    *(
        "PAYOUT_",
        "BANK_",
        "STATEMENT_",
        "CREDIT_",
        "PAYEE_",
        "REFUND_",
        "TENDER_",
        "PAYMENT_",
        "ACQUIRER_",
    ),
)
_EXAMINED = frozenset({"CLAIM_TO_EXAMINE", "CLAIM_DECISION_TO_CONFIRM", "BILL_FLAGGED"})
_STUCK_ENDS = ("STEP_FAILED", "SUBMISSION_NOT_APPLIED")
_BESIDE = ("CREDIT_", "FAMILY_")
"""Of accounts and bindings, which have no page of their own."""


class WorkKind(StrEnum):
    """What an exception is about."""

    CLAIMS = "claims"
    MONEY = "money"
    OUTSIDE = "outside"
    STUCK = "stuck"


def kind_of(code: str) -> WorkKind:
    if code.endswith(_STUCK_ENDS):
        return WorkKind.STUCK
    if code.startswith(_MONEY):
        return WorkKind.MONEY
    if code.startswith(("CLAIM_", "DECISION_", "APPEAL_", "INFORMATION_", "BILL_", "COVER_")):
        return WorkKind.CLAIMS
    return WorkKind.OUTSIDE


def place_of(code: str, episode_id: str, reference: str) -> Place:
    """Of an examined claim its lines, of money the payouts, of all else the episode's overview."""
    if not episode_id.startswith("ep_"):
        if code.startswith(_BESIDE):
            return Place(address=f"/console/exceptions?code={code}&shape=list", word="fix_list")
        return Place(address="/console/finance/reconciliation", word="fix_day")
    episode = f"/console/episodes/{episode_id}"
    if code in _EXAMINED and reference.startswith("cl_"):
        return Place(address=f"{episode}/claims/{reference}", word="fix_claim")
    if code.startswith(_GIVES_BACK):
        return Place(address=f"/console/finance/claw-backs/{reference}", word="fix_claw_back")
    if kind_of(code) is WorkKind.MONEY:
        return Place(address=f"{episode}#payouts", word="fix_payout")
    if kind_of(code) is WorkKind.STUCK:
        return Place(address=f"{episode}/history?only=unusual", word="fix_history")
    return Place(address=episode, word="fix_episode")
