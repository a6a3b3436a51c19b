"""Topics of notifications on an exchange: who may have them, and what a notification says."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.hcx_errors import HcxCode, HcxError

EXPIRES_AFTER = timedelta(days=365)
"""A subscription that names no end of its own."""
KEYS_TOLD_BEFORE = timedelta(days=30)
ACTIVE, INACTIVE = 1, 0
"""Of a subscription, as the protocol numbers them."""


class Topic(StrEnum):
    CLAIM_STATUS = "notif-claim-status-update"
    ELIGIBILITY = "notif-coverage-eligibility-change"
    REIMBURSEMENT = "notif-claim-reimbursement"
    DOWNTIME = "notif-participant-system-downtime"
    KEY_EXPIRY = "notif-encryption-key-expiry"


OF_CYCLES = frozenset({Topic.CLAIM_STATUS, Topic.ELIGIBILITY, Topic.REIMBURSEMENT})
"""Told only to whoever opened a cycle of the episode; the others to every subscriber."""
_MESSAGES = {
    Topic.CLAIM_STATUS: "The state of a claim has changed.",
    Topic.ELIGIBILITY: "What is known of a coverage has changed.",
    Topic.REIMBURSEMENT: "A payout for a claim was credited.",
    Topic.DOWNTIME: "The system will not answer for a time.",
    Topic.KEY_EXPIRY: "A key will end; take its successor from our key set.",
}


class Subscription(Frozen):
    """One participant's wish about one topic of one of ours."""

    topic: Topic
    subscriber: str
    sender: str
    """Of the notifications: a participant that we are."""
    active: bool
    expires_at: datetime

    def wire(self) -> dict[str, Any]:
        return {
            "topic_code": self.topic.value,
            "subscription_status": ACTIVE if self.active else INACTIVE,
            "sender_code": self.sender,
            "recipient_code": self.subscriber,
            "expiry": self.expires_at.isoformat(timespec="seconds"),
        }


def notification(topic: Topic, about: str, data: dict[str, str]) -> dict[str, Any]:
    """What is sent: codes and ids, and nothing about a person."""
    said = {"topic_code": topic.value, "message": _MESSAGES[topic], "message_data": data}
    return {**said, "reference": about} if about else said


def topic_of(content: Any) -> Topic:
    """Raises ``HcxError``."""
    named = content.get("topic_code") if isinstance(content, dict) else None
    try:
        return Topic(str(named))
    except ValueError:
        known = ", ".join(one.value for one in Topic)
        raise HcxError(HcxCode.DOMAIN, f"topic_code: one of {known}") from None


def wished(
    content: Any, subscriber: str, sender: str, now: datetime, *, active: bool
) -> Subscription:
    """A subscription as it is asked for. Raises ``HcxError``."""
    topic, end = topic_of(content), content.get("expiry")
    expires = now + EXPIRES_AFTER if end is None else _end(end, now)
    return Subscription(
        topic=topic, subscriber=subscriber, sender=sender, active=active, expires_at=expires
    )


def _end(value: Any, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise HcxError(HcxCode.DOMAIN, "expiry: a moment of ISO 8601") from None
    if moment.tzinfo is None or not now < moment <= now + 3 * EXPIRES_AFTER:
        raise HcxError(HcxCode.DOMAIN, "expiry: later than now, with its offset, within 3 years")
    return moment
