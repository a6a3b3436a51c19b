"""Applies the submissions about money at the window: bill, tender, void, reimbursement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from activities.apply_correction import corrected, final_version, take_its_place
from activities.apply_tender import apply_legs
from activities.apply_transfer import hand_over_first
from activities.bureau_case import (
    links_for,
    note_difference,
    note_disagreement,
    second_of_stay,
)
from activities.case import Case, Outcome, refused
from activities.claim_marks import mark_hospital_claim
from activities.claims_due import open_due_claims
from activities.cover_faults import judged_with_covers, place_faults
from activities.covers import KnownCover, Scene, known_covers, use_covers, with_covers
from activities.guarantee_books import use_guarantees
from activities.pay_later_facts import pay_later_links
from activities.shared_accounts import take_accounts
from activities.withdrawn_bills import chosen_places, without_withdrawn
from crossclaim.domain.allocate import split
from crossclaim.domain.allocation import AllocationResult, BillFacts, Fault, FunderTotal
from crossclaim.domain.alternatives import alternatives
from crossclaim.domain.appointment import register_first_faults
from crossclaim.domain.bill_locks import dropped_insurers
from crossclaim.domain.bill_rows import COUNTS, DRAFT, REOPENED
from crossclaim.domain.connect_items import bill_flags
from crossclaim.domain.insurer_turns import answered_by_all
from crossclaim.domain.ledger import bill_entry
from crossclaim.domain.ledger import bill_entry_key as bill_entry_key
from crossclaim.domain.money import Currency, fen, total
from crossclaim.domain.records import AllocationRow, BillRow, EpisodeRows
from crossclaim.domain.standing import patient_share
from crossclaim.domain.stay import local_day
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import (
    BillSubmission,
    DocumentNamed,
    FunderKind,
    ReimbursementSubmission,
    TenderSubmission,
)
from crossclaim.domain.voucher_facts import voucher_facts
from crossclaim.domain.voucher_window import window_faults


def facts_of(case: Case, bill: BillSubmission, bill_id: str = "") -> BillFacts:
    """What the rules may look at of every funder, from the rows of this transaction.

    ``bill_id``: of a bill that is here and is split anew, what it used so far counts as not used.
    """
    rows, episode = case.rows, case.rows.episode
    anew = any(known.id == bill_id for known in rows.bills)
    vouchers = voucher_facts(rows, bill, bill_id if anew else "")
    return BillFacts(
        episode=case.transaction.episode_content(case.episode_id),
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
        chosen=chosen_places(rows, bill),
    )


@dataclass(frozen=True)
class Judged:
    """A bill's split, or why there is none, and what is known of its insurers' covers."""

    facts: BillFacts
    scene: Scene
    covers: list[KnownCover]
    result: AllocationResult


def judged_bill(case: Case, bill: BillSubmission, bill_id: str) -> Judged:
    """Splits a bill by the rules in force; what is refused is told with what would be legal.

    ``bill_id``: what the bureau quoted for it; what it used of covers so far counts as not used.
    """
    facts, plans = facts_of(case, bill, bill_id), case.world.plans
    scene = Scene(case.transaction, case.world, case.rows, facts.episode)
    covers = known_covers(scene, bill, bill_id)
    own_links = links_for(case, facts, bill_id)
    links = with_covers((*own_links, *pay_later_links(case, facts, bill_id)), covers)

    def decided(other: BillFacts) -> AllocationResult:
        return judged_with_covers(split(other, plans, links), other, covers)

    result = without_withdrawn(case, decided(facts))
    if result.refused:
        legal = alternatives(facts, decided)
        result = result.model_copy(update={"alternatives": legal})
    if flags := bill_flags(facts, plans):
        result = result.model_copy(update={"flags": flags})
    return Judged(facts, scene, covers, result)


def split_body(
    case: Case, bill_id: str, bill: BillSubmission, result: AllocationResult
) -> dict[str, object]:
    """The window's answer: who pays what, line by line, and why."""
    corrects = {"corrects": bill.correction.of_version} if bill.correction else {}
    return {
        "episode_id": case.episode_id,
        "bill": {"id": bill_id, "number": bill.number, "version": bill.version, **corrects},
        "kind": bill.status,
        "forecast": bill.status != "final",
        **result.model_dump(mode="json", exclude={"faults", "cover_use", "covers"}),
    }


def _version_fault(case: Case, bill: BillSubmission) -> Outcome | None:
    same = [b for b in case.rows.bills if b.number == bill.number]
    newest = max((b.version for b in same), default=0)
    if bill.version <= newest:
        return refused([step_fault("BILL_VERSION_NOT_NEWER", "/version", known=newest)])
    final = final_version(case.rows, bill.number)
    if final is not None and bill.correction is None:
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


def _second_bill_fault(case: Case, bill: BillSubmission) -> Outcome | None:
    """Deductible, limits and guarantee are used up per bill: one insured final bill a stay."""
    settled_by = second_of_stay(case, bill)
    if settled_by is not None:
        return refused([step_fault("SECOND_INSURED_BILL", "/number", known=settled_by.number)])
    if bill.status != "final" or not any(_laid_on(bill, c.ordinal) for c in case.rows.insurers()):
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


def document_faults(case: Case, documents: Sequence[DocumentNamed]) -> list[Fault]:
    """Documents that nobody has uploaded to the episode."""
    return [
        step_fault("DOCUMENT_NOT_UPLOADED", f"/documents/{number}/sha256")
        for number, document in enumerate(documents)
        if case.transaction.document_key(case.episode_id, document.sha256) is None
    ]


def apply_bill(case: Case) -> Outcome:
    """Prices and allocates a bill version; stores it with its split and trace, all or nothing."""
    bill = BillSubmission.model_validate(case.stored.content)
    wrong = _version_fault(case, bill) or _choice_fault(case, bill) or _spouse_fault(case, bill)
    wrong = wrong or hand_over_first(case, bill)
    if wrong is not None:
        return wrong
    older, wrong_correction = corrected(case, bill)
    if wrong_correction:
        return refused(wrong_correction)
    bill_id = case.derived_id("bl")
    judged = judged_bill(case, bill, _judged_as(case, bill_id, older))
    result = judged.result
    faults = [
        *place_faults(bill, judged.covers),
        *result.faults,
        *document_faults(case, bill.documents),
    ]
    hospital = case.world.reference.hospital(case.rows.episode.hospital_id)
    if older is not None and not result.refused:
        faults += dropped_insurers(case.rows, older, result)
    faults += window_faults(judged.facts, hospital)
    faults += register_first_faults(judged.facts, case.rows.appointments, hospital)
    if faults:
        note_disagreement(case, judged.facts, bill_id)
        return refused(faults, result.alternatives)
    tx = case.transaction
    _supersede(case, bill)
    if older is not None and bill.status == "final":
        take_its_place(case, older)
    tx.add_bill(
        bill_id,
        case.episode_id,
        bill,
        case.at,
        corrects=older.id if older is not None and bill.status == "final" else None,
        sent_by=case.stored.key_id,
    )
    version = tx.add_allocation(case.episode_id, bill_id, result, "BILL", case.at)
    if bill.status != DRAFT:
        note_difference(case, bill_id, result)
    if bill.status == "final":
        key = bill_entry_key(bill_id, version)
        tx.post(case.episode_id, bill_entry(key, case.rows.episode.hospital_id, result), case.at)
        use_covers(judged.scene, judged.covers, bill_id, version, result, case.at)
        take_accounts(tx, case.episode_id, bill_id, version, result, case.at)
        _note_flags(case, bill_id, result)
        open_due_claims(case)
    else:
        use_guarantees(tx, tx.rows(case.episode_id), case.at)
    tx.change_episode(case.episode_id, closed_at=None, status="open")
    return Outcome(200, split_body(case, bill_id, bill, result), changed=False)


def _judged_as(case: Case, bill_id: str, older: BillRow | None) -> str:
    """What the version before it used of covers and vouchers counts as not used; the bureau has
    quoted the new one."""
    quoted = case.rows.coverage(FunderKind.BASIC_INSURANCE) is not None
    return bill_id if older is None or quoted else older.id


def _supersede(case: Case, bill: BillSubmission) -> None:
    """A draft takes the place of drafts alone."""
    gone = (DRAFT,) if bill.status == DRAFT else (COUNTS, DRAFT, REOPENED)
    for older in case.rows.bills:
        if older.number == bill.number and older.state in gone:
            case.transaction.set_bill_state(older.id, "superseded")


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
    return apply_legs(case, found, tender)


def _undecided(rows: EpisodeRows, bill: BillRow) -> bool:
    """A direct part may still change, and what is left to reimburse with it."""
    return not answered_by_all(rows, bill)


def _may_ask(case: Case, later: FunderTotal) -> bool:
    """The hospital asks for its patient; an insurer names the payee of its own money only."""
    asks = case.stored.organisation_id
    return asks == case.rows.episode.hospital_id or later.organisation in (None, asks)


def _not_asked(rows: EpisodeRows, bill: BillRow, later: FunderTotal) -> bool:
    """What a withdrawn consent stopped before anybody saw it can be asked for again, unless the
    insurer's part was ended."""
    coverage = rows.insured_with(later.organisation)
    insurer = coverage.organisation_id if coverage else None
    goes_on = insurer not in rows.ended_covers()
    asked = (c for c in rows.claims_of(bill.id, "reimbursement") if c.organisation_id == insurer)
    return all(claim.state == "voided" and goes_on for claim in asked)


def apply_reimbursement(case: Case) -> Outcome:
    """The patient asks the insurer for what he paid beyond the guarantee's limit."""
    asked = ReimbursementSubmission.model_validate(case.stored.content)
    found = _payable_bill(case.rows, asked.bill_number, asked.bill_version)
    if isinstance(found, Outcome):
        return found
    allocation = case.rows.allocation(found.id)
    later = allocation.result.later if allocation else []
    owed = [one for one in later if _may_ask(case, one)]
    if not owed:
        return refused([step_fault("NOTHING_TO_REIMBURSE", "/bill_number")])
    owed = [one for one in owed if _not_asked(case.rows, found, one)]
    if not owed:
        return refused([step_fault("REIMBURSEMENT_ALREADY_ASKED", "/bill_number")])
    if _undecided(case.rows, found):
        return refused([step_fault("DIRECT_CLAIM_UNDECIDED", "/bill_number")])
    due, paid = patient_share(case.rows, found), case.rows.tendered(found.id)
    if paid < due:
        fault = step_fault("PATIENT_HAS_NOT_PAID", "/bill_number", paid=fen(paid), due=fen(due))
        return refused([fault])
    first = len(case.rows.claims_of(found.id, "reimbursement")) + 1
    claims = [_open_reimbursement(case, found, asked, n, one) for n, one in enumerate(owed, first)]
    case.transaction.change_episode(case.episode_id, closed_at=None, status="open")
    expected = total((one.amount for one in owed), Currency.CNY)
    body = {
        "episode_id": case.episode_id,
        "claim_id": claims[0],
        "expected": expected.model_dump(),
        "status": "due",
    }
    return Outcome(202, body, changed=False)


def _open_reimbursement(
    case: Case, bill: BillRow, asked: ReimbursementSubmission, number: int, later: FunderTotal
) -> str:
    """One claim on each insurer that owes the patient a part; the claim's id."""
    coverage = case.rows.insured_with(later.organisation)
    first = case.derived_id("cr")
    claim_id = first if number == 1 else f"{first}-{number}"
    counted = later.in_funder_currency
    case.transaction.add_claim(
        claim_id,
        case.episode_id,
        bill.id,
        "reimbursement",
        organisation_id=coverage.organisation_id if coverage else None,
        sequence=number,
        reference=claim_id.replace("_", "").upper(),
        state="due",
        decides=coverage.decides if coverage else None,
        forecast_minor=counted.amount_minor if counted else None,
        benefit_currency=(counted.currency if counted else Currency.HKD).value,
        occurred_at=case.at,
    )
    case.transaction.set_claim_payee(claim_id, case.episode_id, asked.account)
    insurer = coverage.organisation_id if coverage else None
    mark_hospital_claim(case.transaction, case.rows, bill, claim_id, insurer)
    return claim_id
