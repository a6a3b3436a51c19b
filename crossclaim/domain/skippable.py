"""Which steps two persons may leave out, and why no other may be. Pure data.

Left out is only what a person can do by hand, or nobody needs: never money, a consent, a claim, or
a fact that a split rests on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Protocol

from crossclaim.domain.record_standing import DELIVER, FETCH
from crossclaim.domain.records import EpisodeRows

PRINT, REMIND = "print_use_record", "chase_voucher"


class Why(StrEnum):
    """Why a step may, or may never, be left out."""

    PAPER = "paper"
    """The paper can be printed by hand."""
    REMINDER = "reminder"
    """Only asks again what somebody owes us anyway."""
    DEPOSIT = "deposit"
    """The record can be handed in by hand, and no money rests on it."""
    FETCHED = "fetched"
    """The care goes on without the record; the doctor can ask for it otherwise."""
    MONEY = "money"
    CONSENT = "consent"
    CLAIM = "claim"
    FACT = "fact"
    """A split rests on what it finds out."""
    PROMISE = "promise"
    """An insurer's reserved money hangs on it."""
    OWN = "own"
    """A step on our own rows: it is never what an episode waits for."""
    CARE = "care"
    """The next hospital needs it for the patient."""


MAY: Mapping[str, Why] = {
    PRINT: Why.PAPER,
    REMIND: Why.REMINDER,
    DELIVER: Why.DEPOSIT,
    FETCH: Why.FETCHED,
}
NEVER: Mapping[str, Why] = {
    **dict.fromkeys(
        (
            "send_payout",
            "inquire_payout",
            "recall_payout",
            "reserve_payout",
            "repeat_payout",
            "take_payment",
            "refund_tender",
            "order_refunds",
            "charge_pay_later",
            "refund_pay_later",
            "void_voucher",
            "claim_voucher",
            "confirm_voucher",
            "settle_bill",
            "inquire_settlement",
            "cancel_settlement",
        ),
        Why.MONEY,
    ),
    **dict.fromkeys(("tell_withdrawal", "cancel_guarantee", "end_suspension"), Why.CONSENT),
    **dict.fromkeys(
        (
            "submit_claim",
            "inquire_claim",
            "decide_claim",
            "take_back_claim",
            "follow_information_request",
        ),
        Why.CLAIM,
    ),
    **dict.fromkeys(
        (
            "look_up_voucher",
            "open_voucher_account",
            "look_up_spouse",
            "look_up_pay_later",
            "look_up_insured",
            "quote_settlement",
            "check_eligibility",
            "discharge_insured",
            "take_back_stay",
        ),
        Why.FACT,
    ),
    **dict.fromkeys(
        (
            "request_guarantee",
            "inquire_guarantee",
            "release_guarantee",
            "request_guarantee_change",
            "inquire_guarantee_change",
            "tell_guarantee_end",
            "expire_guarantee",
        ),
        Why.PROMISE,
    ),
    "issue_hand_over_record": Why.CARE,
    **dict.fromkeys(
        (
            "apply_submission",
            "apply_reports",
            "take_stock",
            "close_episode",
            "note_failed_step",
            "note_late_payout",
            "note_late_appeal",
            "note_late_guarantee",
            "give_up_record",
            "archive_history",
            "end_hold",
        ),
        Why.OWN,
    ),
}
"""Every other step of an episode; a test holds that none is in neither table."""


class Due(Protocol):
    """Of a standing, what two persons may leave out."""

    @property
    def voucher_record_due(self) -> str | None: ...
    @property
    def voucher_chase_due(self) -> str | None: ...


def due_to_skip(standing: Due) -> dict[str, str]:
    """Step → subject."""
    found = {PRINT: standing.voucher_record_due, REMIND: standing.voucher_chase_due}
    return {step: subject for step, subject in found.items() if subject}


def open_to_skip(rows: EpisodeRows, due: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Steps that may be left out now, each with its subject. ``due``: step → subject, as it is."""
    for delivery in rows.record_deliveries:
        if delivery.open and not delivery.reports_consent:
            yield DELIVER, delivery.id
    for request in rows.record_requests:
        if request.open:
            yield FETCH, request.id
    for step in (PRINT, REMIND):
        if due.get(step):
            yield step, due[step]
