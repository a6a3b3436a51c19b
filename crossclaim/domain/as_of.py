"""An episode's rows as they stood at any moment, from the times that stand in them. Pure.

Rows of ours are added and marked, never rewritten: what was recorded later is left out, and what
was marked later is unmarked. A few marks have no time of their own (a version that was voided, a
tender that was taken back); they are dated by the message that asked for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.bill_rows import COUNTS, DRAFT, BillRow
from crossclaim.domain.guarantee_rows import GuaranteeRequestRow, GuaranteeRow
from crossclaim.domain.records import (
    AllocationRow,
    ClaimRow,
    EpisodeRow,
    EpisodeRows,
    ExceptionRow,
    PayoutRow,
    TenderRow,
)
from crossclaim.domain.story_facts import ReportFact, StoryFacts

_Row = TypeVar("_Row", bound=Frozen)
_AFTER_DECISION = frozenset({"approved", "partial", "denied"})
_TAKEN_BACK = frozenset({"voided", "voiding", "withdrawing", "withdrawn", "cancelled", "replaced"})
_BY_REPORT = {
    "accepted": "accepted",
    "pending": "accepted",
    "booked": "accepted",
    "settled": "accepted",
    "credited": "credited",
    "rejected": "rejected",
    "returned": "returned",
}
_STAGE_MARKS = dict.fromkeys(("confirmed_at", "validated_at", "lapsed_at", "reminded_at"), "")
"""They say no state: a stage is what its times say."""
_VOIDING = ("void_bill", "cancel_bill_settlement", "reopen_bill")


def as_of(rows: EpisodeRows, facts: StoryFacts, moment: datetime) -> EpisodeRows:
    """What these rows said at ``moment``; the whole again at or after their last change."""
    bills = _bills(rows, facts, moment)
    known = {bill.id for bill in bills}
    return rows.model_copy(
        update={
            "episode": _episode(rows.episode, moment),
            "coverages": [_coverage(c, facts, moment) for c in rows.coverages if _by(c, moment)],
            "consents": _consents(rows, facts, moment),
            "voucher": _there(rows.voucher, "looked_up_at", moment),
            "pay_later": _there(rows.pay_later, "looked_up_at", moment),
            "pay_later_confirmed": [b for b in rows.pay_later_confirmed if b in known],
            "funder_accounts": [a for a in rows.funder_accounts if a.looked_up_at <= moment],
            "quotes": _quotes(rows, facts, moment),
            "bureau_stay": _bureau_stay(rows, facts, moment),
            "bills": bills,
            "claw_backs": _unmarked(
                rows.claw_backs, "ordered_at", moment, {"received_at": "due", "ended_at": "due"}
            ),
            "allocations": _splits(facts, known, moment),
            "tenders": _tenders(rows, facts, moment),
            "payments": _unmarked(rows.payments, "ordered_at", moment, {"paid_at": "paying"}),
            "refunds": _unmarked(rows.refunds, "ordered_at", moment, {"refunded_at": "pending"}),
            "guarantees": [g for one in rows.guarantees if (g := _letter(one, moment))],
            "guarantee_requests": [
                _letter_request(one, moment)
                for one in rows.guarantee_requests
                if one.asked_at <= moment
            ],
            "claims": _claims(rows, facts, moment),
            "payouts": _payouts(rows, facts, moment),
            "exceptions": [_reopened(x, moment) for x in rows.exceptions if x.opened_at <= moment],
            **_besides(rows, facts, moment),
        }
    )


def _besides(rows: EpisodeRows, facts: StoryFacts, moment: datetime) -> dict[str, object]:
    """What stands beside the bills: records, transfers, vouchers' stages, appeals, documents."""
    printed = {(u.claim_id, u.language) for u in facts.use_records if u.recorded_at <= moment}
    handed = {h.id for h in facts.hand_overs if h.recorded_at <= moment}
    delivered = {d.id for d in facts.record_deliveries if d.recorded_at <= moment}
    ended = {w.id for w in facts.withdrawals if w.recorded_at <= moment}
    requests = _unmarked(rows.information_requests, "asked_at", moment, {"closed_at": "open"})
    asked = {one.id for one in requests}
    items = [one for one in rows.information_items if one.request_id in asked]
    return {
        "record_requests": _unmarked(
            rows.record_requests, "requested_at", moment, {"answered_at": "sent"}
        ),
        "record_deliveries": [d for d in rows.record_deliveries if d.id in delivered],
        "spouse": _there(rows.spouse, "named_at", moment),
        "identity_checks": [c for c in rows.identity_checks if c.checked_at <= moment],
        "voucher_confirmations": [
            c for c in rows.voucher_confirmations if c.confirmed_at <= moment
        ],
        "voucher_stages": _unmarked(rows.voucher_stages, "entered_at", moment, _STAGE_MARKS),
        "voucher_records": [r for r in rows.voucher_records if (r.claim_id, r.language) in printed],
        "withdrawals": [w for w in rows.withdrawals if w.id in ended],
        "hand_overs": [h for h in rows.hand_overs if h.id in handed],
        "appointments": [a for a in rows.appointments if a.stated_at <= moment],
        "appeals": _unmarked(rows.appeals, "lodged_at", moment, {"decided_at": "open"}),
        "revisions": [r for r in rows.revisions if r.decided_at <= moment],
        "information_requests": requests,
        "information_items": _unmarked(items, "", moment, {"answered_at": "wanted"}),
    }


def _episode(episode: EpisodeRow, moment: datetime) -> EpisodeRow:
    undone: dict[str, object] = {
        name: None
        for name in ("admitted_at", "discharged_at", "closed_at")
        if _later(getattr(episode, name), moment)
    }
    if "closed_at" in undone:
        undone["status"] = "open"
    return episode.model_copy(update=undone)


def _coverage(coverage: Any, facts: StoryFacts, moment: datetime) -> Any:
    asked = next((c for c in facts.coverages if c.ordinal == coverage.ordinal), None)
    if asked is not None and _later(asked.eligibility_at, moment):
        return coverage.model_copy(update={"eligible": None, "disposition": ""})
    return coverage


def _consents(rows: EpisodeRows, facts: StoryFacts, moment: datetime) -> list[Any]:
    kept = {c.id: c.recorded_at for c in facts.consents}
    return [
        _without(c, ("withdrawn_at",), moment)
        for c in rows.consents
        if kept.get(c.id, c.signed_at) <= moment
    ]


def _quotes(rows: EpisodeRows, facts: StoryFacts, moment: datetime) -> list[Any]:
    told = {q.bill_id for q in facts.quotes if q.recorded_at <= moment}
    return [q for q in rows.quotes if q.bill_id in told]


def _bureau_stay(rows: EpisodeRows, facts: StoryFacts, moment: datetime) -> Any:
    told = any(stay.recorded_at <= moment for stay in facts.bureau_stays)
    if rows.bureau_stay is None or not told:
        return None
    left = all(_later(stay.discharged_at, moment) for stay in facts.bureau_stays)
    if left and rows.bureau_stay.state == "discharged":
        return rows.bureau_stay.model_copy(update={"state": "admitted"})
    return rows.bureau_stay


def _bills(rows: EpisodeRows, facts: StoryFacts, moment: datetime) -> list[BillRow]:
    recorded = {bill.id: bill.recorded_at for bill in facts.bills}
    there = [b for b in rows.bills if recorded[b.id] <= moment]
    return [_bill(bill, there, facts, recorded[bill.id], moment) for bill in there]


def _bill(
    bill: BillRow, there: list[BillRow], facts: StoryFacts, since: datetime, moment: datetime
) -> BillRow:
    if bill.state in (COUNTS, DRAFT):
        return bill
    replaced = any(
        other.corrects == bill.id or (other.number == bill.number and other.version > bill.version)
        for other in there
    )
    if replaced or _taken_back(facts, since, moment):
        return bill
    return bill.model_copy(update={"state": DRAFT if bill.status == DRAFT else COUNTS})


def _taken_back(facts: StoryFacts, since: datetime, moment: datetime) -> bool:
    """Somebody asked by then for what was there to be taken back."""
    return any(
        s.kind in _VOIDING and s.status is not None and s.status < 300
        for s in facts.submissions
        if since <= s.received_at <= moment
    )


def _splits(facts: StoryFacts, known: set[str], moment: datetime) -> list[AllocationRow]:
    newest: dict[str, AllocationRow] = {}
    for split in sorted(facts.splits, key=lambda s: s.version):
        if split.bill_id in known and split.recorded_at <= moment:
            row = AllocationRow(bill_id=split.bill_id, version=split.version, result=split.result)
            newest[split.bill_id] = row
    return list(newest.values())


def _tenders(rows: EpisodeRows, facts: StoryFacts, moment: datetime) -> list[TenderRow]:
    recorded = {t.id: t.recorded_at for t in facts.tenders}
    found = []
    for tender in rows.tenders:
        since = recorded.get(tender.id)
        if since is None or since > moment:
            continue
        standing = tender.reversed and not _taken_back(facts, since, moment)
        found.append(tender.model_copy(update={"reversed": False}) if standing else tender)
    return found


def _letter(letter: GuaranteeRow, moment: datetime) -> GuaranteeRow | None:
    if letter.requested_at is None or letter.requested_at > moment:
        return None
    if _later(letter.answered_at, moment):
        return letter.model_copy(
            update={
                "state": "queued",
                "number": "",
                "limit_minor": None,
                "valid_until": None,
                "answered_at": None,
                "held_minor": None,
                "used_minor": 0,
                "ended_on": None,
            }
        )
    return letter


def _letter_request(asked: GuaranteeRequestRow, moment: datetime) -> GuaranteeRequestRow:
    if not _later(asked.answered_at, moment):
        return asked
    return asked.model_copy(update={"state": "queued", "answered_at": None})


def _claims(rows: EpisodeRows, facts: StoryFacts, moment: datetime) -> list[ClaimRow]:
    made = {claim.id: claim.occurred_at for claim in facts.claims}
    return [
        _claim(claim, facts, made[claim.id], moment)
        for claim in rows.claims
        if made[claim.id] <= moment
    ]


def _claim(claim: ClaimRow, facts: StoryFacts, made: datetime, moment: datetime) -> ClaimRow:
    sent, decided = claim.submitted_at, claim.decided_at
    undone: dict[str, object] = {}
    if sent is None or sent > moment:
        undone |= {"submitted_at": None, "number": ""}
    if _later(decided, moment):
        undone |= {"decided_at": None, "decided_by": "", "benefit_minor": None, "pay_fen": None}
    over = claim.state in _AFTER_DECISION and "decided_at" in undone
    back = claim.state in _TAKEN_BACK and not _taken_back(facts, made, moment)
    if over or (back and (decided is None or "decided_at" in undone)):
        undone["state"] = "due" if "submitted_at" in undone else "queued"
    elif back:
        undone["state"] = "approved" if claim.pay_fen or claim.benefit_minor else "denied"
    elif claim.state in ("submitted", "queued") and "submitted_at" in undone:
        undone["state"] = "due"
    return claim.model_copy(update=undone)


def _payouts(rows: EpisodeRows, facts: StoryFacts, moment: datetime) -> list[PayoutRow]:
    return [
        _payout(payout, facts.reports, moment)
        for payout in rows.payouts
        if payout.reserved_at <= moment
    ]


def _payout(payout: PayoutRow, reports: list[ReportFact], moment: datetime) -> PayoutRow:
    times = ("sent_at", "fence_at", "settled_at", "credited_at", "closed_at")
    undone: dict[str, object] = {}
    for name in times:
        at = payout.sent_at if name == "fence_at" else getattr(payout, name)
        if _later(at, moment):
            undone[name] = None
    if not undone:
        return payout
    told = [
        _BY_REPORT[r.state]
        for r in sorted(reports, key=lambda r: r.recorded_at)
        if r.reference == payout.reference and r.recorded_at <= moment and r.state in _BY_REPORT
    ]
    state = told[-1] if told else ("reserved" if "sent_at" in undone else "sent")
    sent = payout.sent_at is not None and "sent_at" not in undone
    return payout.model_copy(
        update={
            **undone,
            "state": state if sent else "reserved",
            "reason": "",
            "orders": payout.orders if sent else 0,
            "inquiries": payout.inquiries if sent else 0,
        }
    )


def _reopened(exception: ExceptionRow, moment: datetime) -> ExceptionRow:
    return _without(exception, ("resolved_at",), moment)


def _unmarked(
    rows: Iterable[_Row], since: str, moment: datetime, states: Mapping[str, str]
) -> list[_Row]:
    """Those that were there, each without what was marked later; ``states``: a time → what the row
    was before it."""
    found = []
    for row in rows:
        if since and getattr(row, since) > moment:
            continue
        undone: dict[str, object] = {
            name: None for name in states if _later(getattr(row, name), moment)
        }
        before = [states[name] for name in undone if states[name]]
        found.append(row.model_copy(update={**undone, **({"state": before[0]} if before else {})}))
    return found


def _without(row: _Row, names: tuple[str, ...], moment: datetime) -> _Row:
    return row.model_copy(
        update={name: None for name in names if _later(getattr(row, name), moment)}
    )


def _there(row: _Row | None, since: str, moment: datetime) -> _Row | None:
    return row if row is not None and getattr(row, since) <= moment else None


def _by(coverage: Any, moment: datetime) -> bool:
    return coverage.added_at is None or coverage.added_at <= moment


def _later(at: datetime | None, moment: datetime) -> bool:
    return at is not None and at > moment
