"""The check of an account and its holder's name before the first payout to it. Pure.

Where its bank answers such a question, a payout to an account that was neither paid nor found to
match before waits for the answer. What does not match is never sent; what the bank cannot say, or
calls nearly the same, waits for a second key.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.bill_chain import waits_unsent
from crossclaim.domain.habits import Habits
from crossclaim.domain.party import PaymentReport, PaymentState
from crossclaim.domain.records import PayoutRow
from crossclaim.domain.standing_payout import PayoutStanding, payout_standing

ASKED_AT_MOST = 3
"""Questions to a silent bank before a person decides instead of it."""
NOT_SAID = "NMTC"
"""No match, where the bank gives no reason of its own that is about the account."""


class AccountAsked(Frozen):
    """An account that an episode's payee is to be paid to."""

    episode_id: str
    payee: str
    """``hospital`` or ``patient``."""
    account_sha256: str
    bank: str
    settled_until: datetime | None = None
    """What this bank has settled until then counts as paid, where it says no more than that."""


class AccountCheck(StrEnum):
    """Of a payout that needs one; without a need there is none of these."""

    DUE = "due"
    ASKED = "asked"
    MATCHED = "matched"
    CLOSE = "close"
    NO_MATCH = "no_match"
    UNANSWERED = "unanswered"


VERDICTS = {
    PaymentState.ACCOUNT_MATCHED: AccountCheck.MATCHED,
    PaymentState.ACCOUNT_CLOSE: AccountCheck.CLOSE,
    PaymentState.ACCOUNT_NOT_MATCHED: AccountCheck.NO_MATCH,
    PaymentState.ACCOUNT_UNCHECKED: AccountCheck.UNANSWERED,
}
_WAITS = (AccountCheck.DUE, AccountCheck.ASKED)


def check_waits(payout: PayoutRow) -> bool:
    """Nothing is sent before its bank has said something about the account."""
    return payout.account_check in _WAITS and payout.state == "reserved" and waits_unsent(payout)


def needs_check(closed: PayoutRow | None, account_sha256: str) -> bool:
    """Whether an account that nobody knows yet is asked about: not where the payout before it was
    sent to the same one, since whoever had to look at it has."""
    same = closed is not None and closed.payee_account_sha256 == account_sha256
    return not (same and closed is not None and closed.orders > 0)


def checked_standing(payout: PayoutRow, habits: Habits, at: datetime) -> PayoutStanding | None:
    """As ``payout_standing``, of a payout whose account may have to be checked before."""
    if not check_waits(payout):
        return payout_standing(payout, habits, at)
    make = PayoutStanding(reference=payout.reference, bank=payout.bank, state=payout.state)
    again_at = _again_at(payout, habits)
    if again_at is None or at >= again_at:
        return make.model_copy(update={"send_due": True})
    return make.model_copy(update={"look_again_at": again_at})


def _again_at(payout: PayoutRow, habits: Habits) -> datetime | None:
    """When a silent bank is asked again, or a person instead of it; None: nobody was asked."""
    if payout.account_check_at is None:
        return None
    return payout.account_check_at + timedelta(seconds=habits.bank_answer_within_s)


def verdict_of(payout: PayoutRow, report: PaymentReport) -> AccountCheck | None:
    """What a report makes of the check; None where nothing is left to decide: the order may have
    been seen by the bank, or the payout has ended."""
    known = payout.account_check is not None and waits_unsent(payout)
    return VERDICTS.get(report.state) if known else None


def no_match_reason(code: str) -> str:
    """A reason about the account is the bank's own; any other says that the name does not match, so
    that nothing of it is ever read as one for sending again."""
    return code if is_against_account(code) else NOT_SAID


def is_against_account(code: str) -> bool:
    """A reason that is about the account or its holder, and never beside a yes."""
    return code.startswith(("AC", "BE"))
