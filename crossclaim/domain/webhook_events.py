"""The catalogue of events that webhooks tell of: which state of which row is one, which is none.

The database has the same table (``webhook_rule``), and triggers that read it; tests compare both
with each other and with every state that a row may have.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from crossclaim.domain.allocation import Frozen


class EventType(StrEnum):
    """Named as the field names them: a noun and what became of it."""

    EPISODE_OPENED = "episode.opened"
    EPISODE_REOPENED = "episode.reopened"
    EPISODE_CLOSED = "episode.closed"
    EPISODE_HELD = "episode.held"
    EPISODE_RELEASED = "episode.released"
    EPISODE_CANCELLED = "episode.cancelled"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    GUARANTEE_REQUESTED = "guarantee.requested"
    GUARANTEE_ANSWERED = "guarantee.answered"
    GUARANTEE_RELEASED = "guarantee.released"
    GUARANTEE_CANCELLED = "guarantee.cancelled"
    GUARANTEE_EXPIRED = "guarantee.expired"
    GUARANTEE_WITHDRAWN = "guarantee.withdrawn"
    GUARANTEE_CHANGE_REQUESTED = "guarantee.change_requested"
    GUARANTEE_CHANGE_ANSWERED = "guarantee.change_answered"
    BILL_SPLIT = "bill.split"
    BILL_SUPERSEDED = "bill.superseded"
    BILL_VOIDED = "bill.voided"
    BILL_REOPENED = "bill.reopened"
    PAYMENT_PAID = "payment.paid"
    PAYMENT_REFUSED = "payment.refused"
    PAYMENT_CLOSED = "payment.closed"
    REFUND_MADE = "refund.made"
    REFUND_REFUSED = "refund.refused"
    CLAIM_SUBMITTED = "claim.submitted"
    CLAIM_PENDED = "claim.pended"
    CLAIM_SUSPENDED = "claim.suspended"
    CLAIM_DECIDED = "claim.decided"
    CLAIM_VOIDED = "claim.voided"
    CLAIM_REPLACED = "claim.replaced"
    CLAIM_FAILED = "claim.failed"
    INFORMATION_REQUESTED = "information.requested"
    INFORMATION_ANSWERED = "information.answered"
    INFORMATION_WITHDRAWN = "information.withdrawn"
    INFORMATION_ENDED = "information.ended"
    INFORMATION_REMINDED = "information.reminded"
    INFORMATION_OVERDUE = "information.overdue"
    INFORMATION_EXTENDED = "information.extended"
    APPEAL_LODGED = "appeal.lodged"
    APPEAL_DECIDED = "appeal.decided"
    PAYOUT_TO_BE_APPROVED = "payout.to_be_approved"
    PAYOUT_RESERVED = "payout.reserved"
    PAYOUT_SENT = "payout.sent"
    PAYOUT_ACCEPTED = "payout.accepted"
    PAYOUT_CREDITED = "payout.credited"
    PAYOUT_UNKNOWN = "payout.unknown"
    PAYOUT_REJECTED = "payout.rejected"
    PAYOUT_RETURNED = "payout.returned"
    PAYOUT_CANCELLED = "payout.cancelled"
    CLAW_BACK_ORDERED = "claw_back.ordered"
    CLAW_BACK_RECEIVED = "claw_back.received"
    CLAW_BACK_NEEDLESS = "claw_back.needless"
    CLAW_BACK_WRITTEN_OFF = "claw_back.written_off"
    EXCEPTION_OPENED = "exception.opened"
    EXCEPTION_RESOLVED = "exception.resolved"
    PING = "ping"


T = EventType


class Rule(Frozen):
    """A row of ``source`` that reaches ``state`` is an event about what ``id_column`` names."""

    source: str
    state: str
    type: EventType
    id_column: str = "id"
    version_column: str | None = None
    """Without it the version is 1."""
    time_column: str | None = None
    """Business time of the event; without it, or where it is empty, the database's clock."""

    def __init__(self, source: str, state: str, type_: EventType, **more: str) -> None:
        super().__init__(source=source, state=state, type=type_, **more)


RULES: tuple[Rule, ...] = (
    Rule("episode_party", "opened", T.EPISODE_OPENED, id_column="episode_id"),
    Rule("episode", "open", T.EPISODE_REOPENED, version_column="revision"),
    Rule("episode", "closed", T.EPISODE_CLOSED, version_column="revision", time_column="closed_at"),
    Rule(
        "episode",
        "CLOSED_CONSENT_WITHDRAWN",
        T.EPISODE_CLOSED,
        version_column="revision",
        time_column="closed_at",
    ),
    Rule("episode_hold", "held", T.EPISODE_HELD, id_column="episode_id", time_column="held_at"),
    Rule(
        "episode_hold",
        "released",
        T.EPISODE_RELEASED,
        id_column="episode_id",
        time_column="released_at",
    ),
    Rule(
        "episode_cancellation",
        "cancelled",
        T.EPISODE_CANCELLED,
        id_column="episode_id",
        time_column="cancelled_at",
    ),
    Rule("consent", "withdrawn", T.CONSENT_WITHDRAWN, time_column="withdrawn_at"),
    Rule("guarantee", "requested", T.GUARANTEE_REQUESTED, time_column="requested_at"),
    Rule("guarantee", "at_desk", T.GUARANTEE_REQUESTED, time_column="requested_at"),
    Rule("guarantee", "granted", T.GUARANTEE_ANSWERED, time_column="answered_at"),
    Rule("guarantee", "refused", T.GUARANTEE_ANSWERED, time_column="answered_at"),
    Rule("guarantee", "released", T.GUARANTEE_RELEASED, time_column="released_at"),
    Rule("guarantee", "cancelled", T.GUARANTEE_CANCELLED),
    Rule("guarantee", "expired", T.GUARANTEE_EXPIRED),
    Rule("guarantee", "withdrawn", T.GUARANTEE_WITHDRAWN),
    Rule(
        "guarantee_request", "requested", T.GUARANTEE_CHANGE_REQUESTED, time_column="requested_at"
    ),
    Rule("guarantee_request", "at_desk", T.GUARANTEE_CHANGE_REQUESTED, time_column="asked_at"),
    Rule("guarantee_request", "granted", T.GUARANTEE_CHANGE_ANSWERED, time_column="answered_at"),
    Rule("guarantee_request", "refused", T.GUARANTEE_CHANGE_ANSWERED, time_column="answered_at"),
    Rule(
        "allocation",
        "split",
        T.BILL_SPLIT,
        id_column="bill_id",
        version_column="version",
        time_column="occurred_at",
    ),
    Rule("bill", "superseded", T.BILL_SUPERSEDED, version_column="version"),
    Rule("bill", "voided", T.BILL_VOIDED, version_column="version"),
    Rule("bill", "reopened", T.BILL_REOPENED, version_column="version"),
    Rule("payment_order", "paid", T.PAYMENT_PAID, id_column="reference", time_column="paid_at"),
    Rule(
        "payment_order",
        "refused",
        T.PAYMENT_REFUSED,
        id_column="reference",
        time_column="changed_at",
    ),
    Rule(
        "payment_order", "closed", T.PAYMENT_CLOSED, id_column="reference", time_column="changed_at"
    ),
    Rule(
        "tender_refund", "refunded", T.REFUND_MADE, id_column="reference", time_column="refunded_at"
    ),
    Rule(
        "tender_refund",
        "refused",
        T.REFUND_REFUSED,
        id_column="reference",
        time_column="changed_at",
    ),
    Rule("claim", "submitted", T.CLAIM_SUBMITTED, time_column="submitted_at"),
    Rule("claim", "pended", T.CLAIM_PENDED),
    Rule("claim", "suspended", T.CLAIM_SUSPENDED),
    Rule("claim", "approved", T.CLAIM_DECIDED, time_column="decided_at"),
    Rule("claim", "partial", T.CLAIM_DECIDED, time_column="decided_at"),
    Rule("claim", "denied", T.CLAIM_DECIDED, time_column="decided_at"),
    Rule("claim", "voided", T.CLAIM_VOIDED),
    Rule("claim", "replaced", T.CLAIM_REPLACED),
    Rule("claim", "failed", T.CLAIM_FAILED),
    Rule(
        "claim_revision",
        "decided",
        T.CLAIM_DECIDED,
        id_column="claim_id",
        version_column="version",
        time_column="decided_at",
    ),
    Rule("information_request", "open", T.INFORMATION_REQUESTED, time_column="asked_at"),
    Rule("information_request", "answered", T.INFORMATION_ANSWERED, time_column="closed_at"),
    Rule("information_request", "withdrawn", T.INFORMATION_WITHDRAWN, time_column="closed_at"),
    Rule("information_request", "ended", T.INFORMATION_ENDED, time_column="closed_at"),
    Rule(
        "information_event",
        "reminded",
        T.INFORMATION_REMINDED,
        id_column="request_id",
        time_column="occurred_at",
    ),
    Rule(
        "information_event",
        "overdue",
        T.INFORMATION_OVERDUE,
        id_column="request_id",
        time_column="occurred_at",
    ),
    Rule(
        "information_event",
        "extended",
        T.INFORMATION_EXTENDED,
        id_column="request_id",
        time_column="occurred_at",
    ),
    Rule("appeal", "open", T.APPEAL_LODGED, time_column="lodged_at"),
    Rule("appeal", "upheld", T.APPEAL_DECIDED, time_column="decided_at"),
    Rule("appeal", "changed", T.APPEAL_DECIDED, time_column="decided_at"),
    Rule(
        "payout_intent",
        "to_be_approved",
        T.PAYOUT_TO_BE_APPROVED,
        id_column="reference",
        time_column="reserved_at",
    ),
    Rule(
        "payout_intent",
        "reserved",
        T.PAYOUT_RESERVED,
        id_column="reference",
        time_column="reserved_at",
    ),
    Rule("payout_intent", "sent", T.PAYOUT_SENT, id_column="reference", time_column="sent_at"),
    Rule("payout_intent", "accepted", T.PAYOUT_ACCEPTED, id_column="reference"),
    Rule(
        "payout_intent",
        "credited",
        T.PAYOUT_CREDITED,
        id_column="reference",
        time_column="credited_at",
    ),
    Rule("payout_intent", "unknown", T.PAYOUT_UNKNOWN, id_column="reference"),
    Rule(
        "payout_intent",
        "rejected",
        T.PAYOUT_REJECTED,
        id_column="reference",
        time_column="closed_at",
    ),
    Rule(
        "payout_intent",
        "returned",
        T.PAYOUT_RETURNED,
        id_column="reference",
        time_column="closed_at",
    ),
    Rule(
        "payout_intent",
        "cancelled",
        T.PAYOUT_CANCELLED,
        id_column="reference",
        time_column="closed_at",
    ),
    Rule("claw_back", "due", T.CLAW_BACK_ORDERED, id_column="reference", time_column="ordered_at"),
    Rule(
        "claw_back",
        "received",
        T.CLAW_BACK_RECEIVED,
        id_column="reference",
        time_column="received_at",
    ),
    Rule("claw_back", "needless", T.CLAW_BACK_NEEDLESS, id_column="reference"),
    Rule(
        "claw_back",
        "written_off",
        T.CLAW_BACK_WRITTEN_OFF,
        id_column="reference",
        time_column="ended_at",
    ),
    Rule("exception_item", "opened", T.EXCEPTION_OPENED, time_column="opened_at"),
    Rule("exception_item", "resolved", T.EXCEPTION_RESOLVED, time_column="resolved_at"),
)

_OWN_STEPS = "a step of ours that the next state tells of"
SILENT = MappingProxyType(
    {
        ("information_event", "decided_without"): "the decision tells of it",
        ("guarantee", "due"): _OWN_STEPS,
        ("guarantee", "queued"): _OWN_STEPS,
        ("guarantee", "cancelling"): _OWN_STEPS,
        ("guarantee_request", "letter"): _OWN_STEPS,
        ("guarantee_request", "due"): _OWN_STEPS,
        ("guarantee_request", "queued"): _OWN_STEPS,
        ("guarantee_request", "lapsed"): "the end of its letter tells of it",
        ("bill", "current"): "its split tells of it",
        ("bill", "draft"): "a draft is nobody's business but its hospital's",
        ("payment_order", "due"): _OWN_STEPS,
        ("payment_order", "sent"): _OWN_STEPS,
        ("payment_order", "paying"): _OWN_STEPS,
        ("tender_refund", "due"): _OWN_STEPS,
        ("tender_refund", "sent"): _OWN_STEPS,
        ("tender_refund", "pending"): _OWN_STEPS,
        ("claim", "due"): _OWN_STEPS,
        ("claim", "queued"): _OWN_STEPS,
        ("claim", "voiding"): _OWN_STEPS,
        ("claim", "withdrawing"): _OWN_STEPS,
        ("information_event", "withdrawn"): "the request tells of it",
        ("information_event", "ended"): "the request tells of it",
        ("information_event", "answered"): "the request tells of it",
    }
)
"""States that are no event, and why."""
