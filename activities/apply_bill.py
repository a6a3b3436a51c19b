"""Applies the submissions about money at the window: bill, tender, void, reimbursement."""

from __future__ import annotations

from collections.abc import Iterable

from activities.apply_episode import quoted_rate
from activities.bureau_case import links_for, note_difference
from activities.case import Case, Outcome, refused
from activities.claims_due import open_due_claims
from activities.pay_later_facts import pay_later_links
from crossclaim.domain.allocate import allocate
from crossclaim.domain.allocation import AllocationResult, BillFacts, Fault
from crossclaim.domain.combination import first_day
from crossclaim.domain.ledger import bill_entry, tender_entry
from crossclaim.domain.money import ConversionRate, Money, fen, hk_cents
from crossclaim.domain.records import AllocationRow, BillRow, CoverKey, EpisodeRows
from crossclaim.domain.reference import PolicyKnown
from crossclaim.domain.sentences import Reason
from crossclaim.domain.standing import patient_share
from crossclaim.domain.standing_pay_later import PAY_LATER_CLAIM
from crossclaim.domain.stay import local_day
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import (
    BillSubmission,
    EpisodeSubmission,
    FunderKind,
    ReimbursementSubmission,
    TenderSubmission,
    VoidSubmission,
)
from crossclaim.domain.trace import fault
from crossclaim.domain.voucher_facts import voucher_facts
from crossclaim.domain.voucher_rows import KINDS as VOUCHER_KINDS
from crossclaim.domain.voucher_window import window_faults

_VOIDABLE = (*VOUCHER_KINDS, "basic_insurance", PAY_LATER_CLAIM)
"""Claims that can be taken back at their funder."""


def facts_of(case: Case, bill: BillSubmission, bill_id: str = "") -> BillFacts:
    """Everything the rules may look at, from the rows of this transaction.

    ``bill_id``: of a bill that is split anew; what it used so far counts as not used.
    """
    rows, episode = case.rows, case.rows.episode
    guarantee = rows.guarantee()
    rate: ConversionRate | None = None
    if rows.coverage(FunderKind.INSURER) is not None:
        rate = guarantee.rate if guarantee is not None else None
        rate = rate or quoted_rate(case.world.reference, bill.issued_at)
    vouchers = voucher_facts(rows, bill, bill_id)
    content = case.transaction.episode_content(case.episode_id)
    cover = kept_cover(case, content)
    policy = None if cover is None else policy_of(case, cover)
    return BillFacts(
        episode=content,
        bill=bill,
        consents=sorted(
            {c.type.value for c in rows.consents_in_force() if c.given_by == "patient"}
        ),
        opened_on=local_day(episode.opened_at),
        admitted_on=local_day(episode.admitted_at) if episode.admitted_at else None,
        discharged_on=local_day(episode.discharged_at) if episode.discharged_at else None,
        voucher_balance=vouchers.balance,
        voucher_rate=vouchers.rate,
        own_dollars=vouchers.own_dollars,
        spouse=vouchers.spouse,
        guarantee_limit=_limit_left(rows, bill.number),
        insurer_rate=rate,
        counters=None if cover is None else case.transaction.cover_used(cover, bill_id).used,
        cover_since=None if policy is None else policy.since,
        chosen=None if bill.coverages is None else tuple(bill.coverages),
    )


def kept_cover(case: Case, content: EpisodeSubmission) -> CoverKey | None:
    """The cover whose counters are ours to keep: of an insurer whose book of policies is here."""
    insurers = [c for c in content.coverages if c.funder is FunderKind.INSURER]
    row = case.rows.coverage(FunderKind.INSURER)
    if len(insurers) != 1 or row is None or row.decides != "here":
        return None
    claimed = insurers[0]
    if not (claimed.organisation and claimed.policy_number and claimed.plan):
        return None
    return CoverKey(
        organisation=claimed.organisation,
        policy_number=claimed.policy_number,
        plan=claimed.plan,
    )


def policy_of(case: Case, cover: CoverKey) -> PolicyKnown | None:
    return case.world.reference.policy(cover.organisation, cover.policy_number)


def use_cover(
    case: Case, facts: BillFacts, bill_id: str, version: int, result: AllocationResult
) -> None:
    """Adds what a final bill uses; the cover is locked since its facts were read."""
    cover = kept_cover(case, facts.episode)
    if cover is not None:
        case.transaction.add_cover_use(
            cover, case.episode_id, bill_id, version, result.cover_use, case.at
        )


def _limit_left(rows: EpisodeRows, number: str) -> Money | None:
    """HKD of the granted limit that the episode's other final bills leave; None: no guarantee."""
    guarantee = rows.guarantee()
    if guarantee is None or guarantee.state != "granted" or guarantee.limit_minor is None:
        return None
    others = [b for b in rows.bills if b.payable and b.number != number]
    splits = [a.result for b in others if (a := rows.allocation(b.id)) is not None]
    parts = [t for s in splits for t in s.totals if t.funder is FunderKind.INSURER]
    taken = sum(t.in_funder_currency.amount_minor for t in parts if t.in_funder_currency)
    return hk_cents(max(guarantee.limit_minor - taken, 0))


def bill_entry_key(bill_id: str, version: int) -> str:
    """The ledger entry of one version of a bill's split."""
    return f"bill:{bill_id}:{version}"


def split_body(
    case: Case, bill_id: str, bill: BillSubmission, result: AllocationResult
) -> dict[str, object]:
    """The window's answer: who pays what, line by line, and why."""
    return {
        "episode_id": case.episode_id,
        "bill": {"id": bill_id, "number": bill.number, "version": bill.version},
        "forecast": bill.status == "interim",
        **result.model_dump(mode="json", exclude={"faults", "cover_use"}),
    }


def _version_fault(case: Case, bill: BillSubmission) -> Outcome | None:
    same = [b for b in case.rows.bills if b.number == bill.number]
    newest = max((b.version for b in same), default=0)
    if bill.version <= newest:
        return refused([step_fault("BILL_VERSION_NOT_NEWER", "/version", known=newest)])
    final = next((b for b in same if b.payable), None)
    if final is not None:
        return refused([step_fault("BILL_FINAL_ALREADY", "/version", known=final.version)])
    return _second_bill_fault(case, bill)


def _choice_fault(case: Case, bill: BillSubmission) -> Outcome | None:
    """Coverages are chosen by their places in the episode, each at most once."""
    chosen, count = bill.coverages or [], len(case.rows.coverages)
    faults = [
        step_fault("COVERAGE_NOT_THERE", f"/coverages/{number}", count=count)
        for number, place in enumerate(chosen)
        if not 0 <= place < count or place in chosen[:number]
    ]
    return refused(faults) if faults else None


def _spouse_fault(case: Case, bill: BillSubmission) -> Outcome | None:
    """A spouse is named before his vouchers are asked for."""
    if bill.spouse is None or case.rows.spouse is not None:
        return None
    return refused([step_fault("SPOUSE_NOT_NAMED", "/spouse")])


def _insurers_beside(facts: BillFacts, places: Iterable[int]) -> bool:
    """One of several insurers of the episode is among ``places``. Guarantee, claim and payout know
    only one, so none of them may follow from a choice: a person decides."""
    insurers = {
        at for at, c in enumerate(facts.episode.coverages) if c.funder is FunderKind.INSURER
    }
    return len(insurers) > 1 and not insurers.isdisjoint(places)


def _insurer_faults(facts: BillFacts, found: list[Fault]) -> list[Fault]:
    known = any(f.code == Reason.DUAL_COVER_NEEDS_PERSON.value for f in found)
    if known or not _insurers_beside(facts, [at for at, _ in facts.claimed]):
        return []
    return [fault(Reason.DUAL_COVER_NEEDS_PERSON, "/coverages")]


def _policy_faults(case: Case, facts: BillFacts, result: AllocationResult) -> list[Fault]:
    """An insurer that decides here owes nothing by a policy that its book does not hold: a claim
    would be granted as it was forecast, and nobody else looks."""
    insurer = FunderKind.INSURER
    cover = kept_cover(case, facts.episode)
    if cover is None or not (result.of(insurer).amount_minor or result.later_reimbursement):
        return []
    policy = policy_of(case, cover)
    day = first_day(facts)
    if policy is not None and policy.plan == cover.plan and policy.in_force(day):
        return []
    place = next(c.ordinal for c in case.rows.coverages if c.funder is insurer)
    return [step_fault("POLICY_NOT_IN_FORCE", f"/episode/coverages/{place}", on=day)]


def _second_bill_fault(case: Case, bill: BillSubmission) -> Outcome | None:
    """Deductible, limits and guarantee are used up per bill: one insured final bill a stay."""
    coverage = case.rows.coverage(FunderKind.INSURER)
    if bill.status != "final" or coverage is None or not _laid_on(bill, coverage.ordinal):
        return None
    others = (b for b in case.rows.bills if b.payable and b.number != bill.number)
    other = next((b for b in others if _insured(case.rows.allocation(b.id))), None)
    if other is None:
        return None
    return refused([step_fault("SECOND_INSURED_BILL", "/number", known=other.number)])


def _laid_on(bill: BillSubmission, place: int) -> bool:
    return bill.coverages is None or place in bill.coverages


def _insured(split: AllocationRow | None) -> bool:
    """An insurer has a part of it, now or later."""
    if split is None:
        return False
    result = split.result
    return bool(result.of(FunderKind.INSURER).amount_minor or result.later_reimbursement)


def _document_faults(case: Case, bill: BillSubmission) -> list[Fault]:
    return [
        step_fault("DOCUMENT_NOT_UPLOADED", f"/documents/{number}/sha256")
        for number, document in enumerate(bill.documents)
        if case.transaction.document_key(case.episode_id, document.sha256) is None
    ]


def apply_bill(case: Case) -> Outcome:
    """Prices and allocates a bill version; stores it with its split and trace, all or nothing."""
    bill = BillSubmission.model_validate(case.stored.content)
    wrong = _version_fault(case, bill) or _choice_fault(case, bill) or _spouse_fault(case, bill)
    if wrong is not None:
        return wrong
    facts = facts_of(case, bill)
    tx, bill_id = case.transaction, case.derived_id("bl")
    links = (*links_for(case, bill_id), *pay_later_links(case, facts))
    result = allocate(facts, case.world.plans, links)
    faults = [*result.faults, *_insurer_faults(facts, result.faults)]
    faults += [*_policy_faults(case, facts, result), *_document_faults(case, bill)]
    faults += window_faults(facts, case.world.reference.hospital(facts.episode.hospital))
    if faults:
        legal = [a for a in result.alternatives if not _insurers_beside(facts, a.coverages)]
        return refused(faults, legal)
    for older in case.rows.bills:
        if older.number == bill.number and older.state == "current":
            tx.set_bill_state(older.id, "superseded")
    tx.add_bill(bill_id, case.episode_id, bill, case.at)
    version = tx.add_allocation(case.episode_id, bill_id, result, "BILL", case.at)
    note_difference(case, bill_id, result)
    if bill.status == "final":
        key = bill_entry_key(bill_id, version)
        tx.post(case.episode_id, bill_entry(key, case.rows.episode.hospital_id, result), case.at)
        use_cover(case, facts, bill_id, version, result)
        _note_flags(case, bill_id, result)
        open_due_claims(case)
    tx.change_episode(case.episode_id, closed_at=None, status="open")
    return Outcome(200, split_body(case, bill_id, bill, result), changed=False)


def _note_flags(case: Case, bill_id: str, result: AllocationResult) -> None:
    """Somebody has to look at the charges of a final bill; the money goes its way meanwhile."""
    codes = sorted({flag.code for flag in result.flags})
    if codes:
        details = {"code": ",".join(codes)}
        case.transaction.open_exception(case.episode_id, "BILL_FLAGGED", bill_id, details, case.at)


def _payable_bill(rows: EpisodeRows, number: str, version: int) -> BillRow | Outcome:
    bill = rows.numbered_bill(number, version)
    if bill is None:
        return refused([step_fault("BILL_UNKNOWN", "/bill_number")])
    if bill.state != "current":
        return refused([step_fault("BILL_NOT_CURRENT", "/bill_version", state=bill.state)])
    if bill.status != "final":
        return refused([step_fault("BILL_NOT_FINAL", "/bill_version")])
    return bill


def apply_tender(case: Case) -> Outcome:
    """The patient accepts the split, signs what it needs and pays his share, or a part of it."""
    tender = TenderSubmission.model_validate(case.stored.content)
    found = _payable_bill(case.rows, tender.bill_number, tender.bill_version)
    if isinstance(found, Outcome):
        return found
    due = patient_share(case.rows, found) - case.rows.tendered(found.id)
    paid = sum(leg.amount.amount_minor for leg in tender.legs)
    if paid > due:
        return refused([step_fault("TENDER_ABOVE_DUE", "/legs", due=fen(due))])
    tx = case.transaction
    tx.add_tenders(case.episode_id, found.id, tender.legs, tender.tendered_at)
    tx.add_consents(case.episode_id, tender.consents)
    if paid:
        key = f"tender:{case.stored.id}"
        hospital = case.rows.episode.hospital_id
        tx.post(case.episode_id, tender_entry(key, hospital, paid), case.at)
    open_due_claims(case)
    left = fen(due - paid)
    if not left.amount_minor:
        tx.resolve_exceptions(case.episode_id, ["PAY_LATER_CASH_DUE"], case.at)
    return Outcome(
        200,
        {
            "episode_id": case.episode_id,
            "bill": {"id": found.id, "number": found.number, "version": found.version},
            "tendered": fen(paid).model_dump(),
            "still_due": left.model_dump(),
        },
    )


def apply_void(case: Case) -> Outcome:
    """Takes a bill version back: split, tenders and vouchers are reversed, never erased."""
    void = VoidSubmission.model_validate(case.stored.content)
    bill = case.rows.numbered_bill(void.bill_number, void.bill_version)
    if bill is None:
        return refused([step_fault("BILL_UNKNOWN", "/bill_number")])
    if bill.state != "current":
        return refused([step_fault("BILL_NOT_CURRENT", "/bill_version", state=bill.state)])
    claimed = [c for c in case.rows.claims if c.bill_id == bill.id and c.kind not in _VOIDABLE]
    if claimed:
        return refused([step_fault("BILL_ALREADY_CLAIMED", "/bill_version")])
    tx = case.transaction
    tx.set_bill_state(bill.id, "voided")
    tx.reverse_cover_use(bill.id, case.at)
    _reverse_bill(case, bill)
    tx.resolve_exceptions(case.episode_id, ["BILL_FLAGGED"], case.at)
    tx.reverse_tenders(bill.id)
    for claim in (c for c in case.rows.claims if c.bill_id == bill.id and c.kind in _VOIDABLE):
        if claim.state in ("due", "submitted", "queued", "approved"):
            tx.change_claim(claim.id, state="voided" if claim.state == "due" else "voiding")
    tx.change_episode(case.episode_id, closed_at=None, status="open")
    return Outcome(
        200,
        {
            "episode_id": case.episode_id,
            "bill": {"id": bill.id, "number": bill.number, "version": bill.version},
            "status": "voided",
        },
        changed=False,
    )


def _reverse_bill(case: Case, bill: BillRow) -> None:
    allocation = case.rows.allocation(bill.id)
    if bill.status != "final" or allocation is None:
        return
    tx = case.transaction
    tx.reverse(case.episode_id, bill_entry_key(bill.id, allocation.version), case.at)
    paid = case.rows.tendered(bill.id)
    if paid:
        entry = tender_entry(f"tender-back:{bill.id}", case.rows.episode.hospital_id, -paid)
        tx.post(case.episode_id, entry, case.at)


def _undecided(rows: EpisodeRows, bill: BillRow) -> bool:
    """The direct part may still change, and what is left to reimburse with it."""
    allocation = rows.allocation(bill.id)
    if allocation is None or allocation.result.of(FunderKind.INSURER).amount_minor == 0:
        return False
    claims = rows.claims_of(bill.id, "direct")
    return not any(c.state in ("approved", "partial") for c in claims)


def apply_reimbursement(case: Case) -> Outcome:
    """The patient asks the insurer for what he paid beyond the guarantee's limit."""
    asked = ReimbursementSubmission.model_validate(case.stored.content)
    found = _payable_bill(case.rows, asked.bill_number, asked.bill_version)
    if isinstance(found, Outcome):
        return found
    allocation = case.rows.allocation(found.id)
    later = allocation.result.later_reimbursement if allocation else None
    if later is None or later.in_funder_currency is None:
        return refused([step_fault("NOTHING_TO_REIMBURSE", "/bill_number")])
    if case.rows.claims_of(found.id, "reimbursement"):
        return refused([step_fault("REIMBURSEMENT_ALREADY_ASKED", "/bill_number")])
    if _undecided(case.rows, found):
        return refused([step_fault("DIRECT_CLAIM_UNDECIDED", "/bill_number")])
    due, paid = patient_share(case.rows, found), case.rows.tendered(found.id)
    if paid < due:
        fault = step_fault("PATIENT_HAS_NOT_PAID", "/bill_number", paid=fen(paid), due=fen(due))
        return refused([fault])
    coverage = case.rows.coverage(FunderKind.INSURER)
    claim_id = case.derived_id("cr")
    case.transaction.add_claim(
        claim_id,
        case.episode_id,
        found.id,
        "reimbursement",
        organisation_id=coverage.organisation_id if coverage else None,
        reference=claim_id.replace("_", "").upper(),
        state="due",
        decides=coverage.decides if coverage else None,
        forecast_minor=later.in_funder_currency.amount_minor,
        occurred_at=case.at,
    )
    case.transaction.set_claim_payee(claim_id, case.episode_id, asked.account)
    case.transaction.change_episode(case.episode_id, closed_at=None, status="open")
    body = {
        "episode_id": case.episode_id,
        "claim_id": claim_id,
        "expected": later.amount.model_dump(),
        "status": "due",
    }
    return Outcome(202, body, changed=False)
