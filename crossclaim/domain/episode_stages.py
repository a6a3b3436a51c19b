"""How far an episode is, stage by stage, as a person would say it. Pure."""

from __future__ import annotations

from enum import StrEnum

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.records import EpisodeRows

_UNDECIDED = frozenset({"due", "submitted", "queued"})
_NOT_SENT = frozenset({"due"})
_PAID = frozenset({"credited"})
_NO_MORE = frozenset({"cancelled", "returned", "rejected"})


class Progress(StrEnum):
    DONE = "done"
    CURRENT = "current"
    AHEAD = "ahead"
    NOT_NEEDED = "not_needed"


class Stage(Frozen):
    name: str
    """``consent``, ``treatment``, ``bill``, ``split``, ``claim``, ``decision``, ``payout`` or
    ``closed``."""
    progress: Progress


def stages_of(rows: EpisodeRows) -> list[Stage]:
    """The first that is not done is the current one; what nothing asks for is not needed."""
    bills = [b for b in rows.bills if b.state == "current"]
    final = any(b.status == "final" for b in bills)
    split = {a.bill_id for a in rows.allocations}
    claims = [c for c in rows.claims if c.state not in ("voided", "voiding")]
    payouts = [p for p in rows.payouts if p.state not in _NO_MORE]
    paid = all(p.state in _PAID for p in payouts)
    over = rows.episode.status != "open"
    facts: list[tuple[str, bool, bool]] = [
        ("consent", any(c.in_force for c in rows.consents), bool(rows.consents) or not over),
        ("treatment", bool(bills), True),
        ("bill", final, True),
        ("split", final and all(b.id in split for b in bills), True),
        ("claim", all(c.state not in _NOT_SENT for c in claims), bool(claims) or not final),
        ("decision", all(c.state not in _UNDECIDED for c in claims), bool(claims) or not final),
        ("payout", bool(payouts) and paid, bool(payouts) or not over),
        ("closed", over, True),
    ]
    stages: list[Stage] = []
    reached = False
    for name, done, needed in facts:
        if not needed or (over and not done):
            progress = Progress.NOT_NEEDED
        elif reached:
            progress = Progress.AHEAD
        elif done:
            progress = Progress.DONE
        else:
            progress, reached = Progress.CURRENT, True
        stages.append(Stage(name=name, progress=progress))
    return stages
