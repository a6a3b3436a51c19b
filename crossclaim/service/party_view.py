"""One episode as a party may see it: its hospital the whole, an insurer only what concerns it.

Nobody is told hashes of account numbers, nor what only bank statements show: an account number is
short enough to be found from its hash by trying all. What is not named here is not told.
"""

from __future__ import annotations

from typing import Any

from crossclaim.domain.allocation import AllocationResult, Frozen
from crossclaim.domain.insurer_turns import statements_before
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.submission import ConsentType
from crossclaim.domain.withdrawal_reach import closed_off
from crossclaim.security.roles import HOSPITAL_ROLES, WATCHER_ROLES, Principal

_PAYOUT_TOLD = {
    "reference",
    "claim_id",
    "sequence",
    "payee",
    "debtor_organisation_id",
    "bank",
    "amount_minor",
    "state",
    "reason",
    "reserved_at",
    "sent_at",
    "fence_at",
    "settled_at",
    "credited_at",
    "closed_at",
    "orders",
    "inquiries",
    "last_inquiry_at",
    "rail",
    "recall",
    "recall_sent_at",
    "recall_messages",
    "paid_twice",
    "less_minor",
}
_COUNTERS = {"allocations": {"__all__": {"result": {"cover_use", "covers"}}}}
"""A member's counters are nobody's but the rules'."""
_TO_THE_VOUCHER_SYSTEM = frozenset(
    {
        ConsentType.EHEALTH_JOIN,
        ConsentType.EHEALTH_SHARE,
        ConsentType.VOUCHER_USE,
        ConsentType.VOUCHER_ACCOUNT,
        ConsentType.SPOUSE_SHARE,
    }
)


class Balance(Frozen):
    """What this episode's own entries left on an account; minor units, positive is a debit."""

    account_id: str
    organisation_id: str | None = None
    currency: str
    balance_minor: int


def party_view(principal: Principal, rows: EpisodeRows, ledger: list[Balance]) -> dict[str, Any]:
    """The episode's JSON for ``principal``; whose episode it is was decided before, by its rows."""
    statements: dict[str, Any] = {}
    if not sees_all(principal, rows):
        statements["statements"] = told_statements(principal.organisation, rows)
        rows = own_rows(principal.organisation, rows)
        ledger = [b for b in ledger if b.organisation_id == principal.organisation]
    body = rows.model_dump(mode="json", exclude=_COUNTERS)
    body["payouts"] = [p.model_dump(mode="json", include=_PAYOUT_TOLD) for p in rows.payouts]
    body["ledger"] = [b.model_dump(exclude={"organisation_id"}) for b in ledger]
    if storage := storage_of(rows):
        body["storage_only"] = storage
    return body | statements


def told_statements(organisation: str, rows: EpisodeRows) -> list[dict[str, Any]]:
    """Of another insurer one sees what its statement says, once that went with one's own claim."""
    own = [c for c in rows.claims if c.organisation_id == organisation and c.submitted_at]
    return [
        {"bill_id": claim.bill_id, **statement.model_dump(mode="json")}
        for claim in own
        if claim.kind == "direct"
        for statement in statements_before(rows, claim) or ()
    ]


def sees_all(principal: Principal, rows: EpisodeRows) -> bool:
    if principal.role in HOSPITAL_ROLES:
        return principal.organisation == rows.episode.hospital_id
    return principal.role in WATCHER_ROLES


def is_closed_off(organisation: str, rows: EpisodeRows) -> bool:
    """A withdrawn consent keeps this insurer from what it was sent: there it is only stored."""
    return closed_off((w.organisation_id for w in rows.withdrawals), rows.consents, organisation)


def own_rows(organisation: str, rows: EpisodeRows) -> EpisodeRows:
    """Its own rows, and of bills only those with a claim to it; no voucher and no tender."""
    claims = [c for c in rows.claims if c.organisation_id == organisation]
    guarantees = [g for g in rows.guarantees if g.insurer_id == organisation]
    own_claims, billed = {c.id for c in claims}, {c.bill_id for c in claims}
    requests = [r for r in rows.guarantee_requests if r.guarantee_id in {g.id for g in guarantees}]
    withdrawals = [w for w in rows.withdrawals if w.organisation_id == organisation]
    if is_closed_off(organisation, rows):
        billed = set()
    payouts = [
        p
        for p in rows.payouts
        if p.claim_id in own_claims and p.debtor_organisation_id == organisation
    ]
    asked = [r for r in rows.information_requests if r.organisation_id == organisation]
    backs = [b for b in rows.claw_backs if b.organisation_id == organisation]
    known = {
        *(r.id for r in asked),
        *(b.reference for b in backs),
        *(p.reference for p in payouts),
        *(r.reference for r in requests),
        *(name for g in guarantees for name in (g.id, g.reference)),
        *(name for c in claims for name in (c.id, c.reference)),
    }
    return EpisodeRows(
        episode=rows.episode,
        coverages=[c for c in rows.coverages if c.organisation_id == organisation],
        consents=[c for c in rows.consents if given_to(organisation, c.type, c.recipient)],
        bills=[b.model_copy(update={"sent_by": ""}) for b in rows.bills if b.id in billed],
        allocations=[
            a.model_copy(update={"result": own_result(organisation, a.result)})
            for a in rows.allocations
            if a.bill_id in billed
        ],
        guarantees=guarantees,
        guarantee_requests=requests,
        claims=claims,
        payouts=payouts,
        claw_backs=backs,
        exceptions=[x for x in rows.exceptions if x.reference in known],
        withdrawals=withdrawals,
        appeals=[a for a in rows.appeals if a.claim_id in own_claims],
        revisions=[r for r in rows.revisions if r.claim_id in own_claims],
        information_requests=asked,
        information_items=[i for i in rows.information_items if i.request_id in known],
    )


def storage_of(rows: EpisodeRows) -> list[dict[str, Any]]:
    """What was sent to whom and is only stored now: since when, at the hospital until when."""
    newest = {w.organisation_id: w for w in rows.withdrawals}
    return [
        {
            "organisation": one.organisation_id,
            "storage_only_since": one.withdrawn_at.isoformat(),
            "retained_until": one.retained_until.isoformat() if one.retained_until else None,
            "read_by": ["hospital", *sorted(role.value for role in WATCHER_ROLES)],
        }
        for one in newest.values()
        if closed_off(newest, rows.consents, one.organisation_id)
    ]


def given_to(organisation: str, kind: str, recipient: str) -> bool:
    """A consent without a recipient is for all, unless its type is for the voucher system."""
    if recipient:
        return recipient == organisation
    return kind not in _TO_THE_VOUCHER_SYSTEM


def own_result(organisation: str, whole: AllocationResult) -> AllocationResult:
    """The funder's own part of a split; rules and trace tell about the others', so they go."""
    later = whole.later_reimbursement
    claimed = later is not None and later.organisation == organisation
    return AllocationResult(
        total=whole.total,
        totals=[t for t in whole.totals if t.organisation == organisation],
        shares=[s for s in whole.shares if s.organisation == organisation],
        later_reimbursement=later if claimed else None,
        papers=whole.papers if claimed else [],
        further_reimbursements=[
            t for t in whole.further_reimbursements if t.organisation == organisation
        ],
    )
