"""Applies a claim with papers: judged at once by the insurer's rules, under the cover's lock."""

from __future__ import annotations

from dataclasses import dataclass

from activities.apply_bill import bill_entry_key
from activities.case import Case, Outcome, refused
from activities.claim_marks import pieces_of
from activities.paper_information import open_with_papers, paper_information_faults
from activities.paper_payout import rates_of_days
from crossclaim.domain.allocation import (
    AllocationResult,
    BillFacts,
    Fault,
    FunderTotal,
    RuleUsed,
    Share,
    share_of,
)
from crossclaim.domain.claim_review import Channel
from crossclaim.domain.cover import Cover, Statement
from crossclaim.domain.identity import half_width
from crossclaim.domain.ledger import bill_entry, tender_entry
from crossclaim.domain.money import Currency, total
from crossclaim.domain.paper_claim import (
    Paper,
    PaperClaimSubmission,
    bill_of,
    episode_of,
    numbered,
    paper_bill,
)
from crossclaim.domain.plan import Plan
from crossclaim.domain.rates import Rates
from crossclaim.domain.records import CoverKey
from crossclaim.domain.reference import PolicyKnown
from crossclaim.domain.reimbursement import Reimbursement, reimburse
from crossclaim.domain.stay import local_day
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import FunderKind


def apply_paper_claim(case: Case) -> Outcome:
    """Opens the episode of the papers, with the claim that is due, or says every fault of it."""
    claim = PaperClaimSubmission.model_validate(case.stored.content)
    terms, faults = _terms(case, claim)
    faults += _ebill_faults(case, claim)
    faults += paper_information_faults(case, claim)
    if terms is None or faults:
        return refused(faults)
    key = CoverKey(organisation=terms.insurer, policy_number=claim.policy_number, plan=claim.plan)
    used = case.transaction.cover_used(key)
    cover = Cover(
        plan=claim.plan,
        organisation=terms.insurer,
        since=terms.policy.since,
        accident=claim.accident,
        pre_existing=claim.pre_existing,
        used=used,
        rates=terms.rates,
        other_insurers=tuple(claim.other_insurers),
        statements=tuple(Statement(**one.model_dump()) for one in claim.statements),
    )
    judged = reimburse(_facts(claim, terms.insurer), terms.plan, cover)
    if judged.faults:
        return refused([_placed(fault) for fault in judged.faults])
    return _stored(case, claim, terms, judged, key)


@dataclass(frozen=True)
class _Terms:
    insurer: str
    policy: PolicyKnown
    plan: Plan
    rates: Rates


def _terms(case: Case, claim: PaperClaimSubmission) -> tuple[_Terms | None, list[Fault]]:
    """Policy, plan and rates that the claim is judged by; the faults when one is not there."""
    world, insurer = case.world, case.stored.organisation_id
    days = sorted({line.service_date for paper in claim.papers for line in paper.lines})
    policy = world.reference.policy(insurer, claim.policy_number)
    plan = world.plans.find(claim.plan)
    faults: list[Fault] = []
    if policy is None or policy.plan != claim.plan:
        faults.append(step_fault("POLICY_NOT_IN_FORCE", "/policy_number", on=days[0]))
    else:
        faults += [
            step_fault("POLICY_NOT_IN_FORCE", f"/papers/{at}", on=line.service_date)
            for at, paper in enumerate(claim.papers)
            for line in paper.lines
            if not policy.in_force(line.service_date)
        ]
    if plan is None:
        faults.append(step_fault("PLAN_NOT_ACTIVE", "/plan", plan=claim.plan))
    rates = rates_of_days(world, insurer, [*days, local_day(case.at)], claim.plan)
    faults += [
        step_fault("RATE_MISSING", "/papers", on=day)
        for day in [*days, local_day(case.at)]
        if day not in rates.by_day
    ]
    if policy is None or plan is None or faults:
        return None, faults
    quote = rates.by_day[local_day(case.at)]
    known = rates.model_copy(update={"quote": quote})
    return _Terms(insurer, policy, plan, known), []


def _ebill_faults(case: Case, claim: PaperClaimSubmission) -> list[Fault]:
    """No electronic bill is claimed twice of one insurer, within the claim or over all claims; one
    that another insurer has a claim on is an examiner's question."""
    named = [(at, _ebill_key(p)) for at, p in enumerate(claim.papers) if p.ebill is not None]
    keys = [key for _, key in named]
    before = case.transaction.ebills_claimed(keys)
    return [
        step_fault("EBILL_TWICE", f"/papers/{at}/ebill")
        for number, ((at, key), known) in enumerate(zip(named, before, strict=True))
        if known == case.stored.organisation_id or key in keys[:number]
    ]


def _ebill_key(paper: Paper) -> tuple[str, str]:
    assert paper.ebill is not None, "only papers with an electronic bill have its key"
    return half_width(paper.ebill.code), half_width(paper.ebill.number)


def _facts(claim: PaperClaimSubmission, insurer: str) -> list[BillFacts]:
    episode = episode_of(claim, insurer)
    facts = []
    for paper in numbered(claim.papers):
        visit = episode.visit.model_copy(
            update={"encounter_class": paper.encounter_class, "department": paper.department}
        )
        own = episode.model_copy(update={"visit": visit})
        facts.append(BillFacts(episode=own, bill=paper_bill(paper), consents=[]))
    return facts


def _placed(fault: Fault) -> Fault:
    """The rules speak of an episode's coverage; here its facts stand in the claim."""
    pointer = fault.pointer.removeprefix("/episode/coverages/0").replace("/bills", "/papers")
    return fault.model_copy(update={"pointer": pointer})


def _stored(
    case: Case,
    claim: PaperClaimSubmission,
    terms: _Terms,
    judged: Reimbursement,
    key: CoverKey,
) -> Outcome:
    tx, insurer = case.transaction, terms.insurer
    bill, result = bill_of(claim), _split(case, claim, terms, judged)
    bill_id, claim_id = case.derived_id("bl"), case.derived_id("cr")
    episode = episode_of(claim, insurer)
    tx.open_episode(case.episode_id, episode, {insurer: "here"}, case.at, hospital_is_party=False)
    tx.add_bill(bill_id, case.episode_id, bill, case.at)
    version = tx.add_allocation(case.episode_id, bill_id, result, "PAPERS", case.at)
    entry = bill_entry(bill_entry_key(bill_id, version), claim.hospital, result)
    tx.post(case.episode_id, entry, case.at)
    for paper in claim.papers:
        tx.add_tenders(case.episode_id, bill_id, paper.paid, paper.issued_at)
    paid = tender_entry(f"tender:{case.stored.id}", claim.hospital, bill.total.amount_minor)
    tx.post(case.episode_id, paid, case.at)
    before = tx.cover_used(key)
    names = {*before.used, *judged.after.used}
    use = {n: d for n in sorted(names) if (d := judged.after.of(n) - before.of(n))}
    tx.add_cover_use(key, case.episode_id, bill_id, version, use, case.at)
    ebills = [_ebill_key(p) for p in claim.papers if p.ebill]
    tx.add_ebills(case.episode_id, ebills)
    tx.add_claim(
        claim_id,
        case.episode_id,
        bill_id,
        "reimbursement",
        organisation_id=insurer,
        reference=claim_id.replace("_", "").upper(),
        state="due",
        decides="here",
        forecast_minor=judged.benefit.amount_minor,
        benefit_currency=judged.benefit.currency.value,
        occurred_at=case.at,
    )
    tx.set_claim_payee(claim_id, case.episode_id, claim.account)
    tx.mark_claim(
        claim_id,
        case.episode_id,
        bill_id,
        insurer,
        pieces_of(claim),
        channel=Channel.PAPERS,
        names=[*claim.other_insurers, *(one.organisation for one in claim.statements)],
        ebills=ebills,
    )
    asked = open_with_papers(case, claim, claim_id)
    body = {
        "episode_id": case.episode_id,
        "claim_id": claim_id,
        "number": claim.number,
        "status": "due",
        "benefit": judged.benefit.model_dump(),
        "papers": [one.model_dump(mode="json") for one in judged.bills],
        "rules": [one.model_dump(mode="json") for one in result.rules],
        "trace": [one.model_dump(mode="json") for one in result.trace],
        **asked,
    }
    return Outcome(201, body, changed=False)


def _split(
    case: Case, claim: PaperClaimSubmission, terms: _Terms, judged: Reimbursement
) -> AllocationResult:
    """The patient paid it all; what the insurer owes him stands beside it."""
    bill = bill_of(claim)
    reasons = {one.bill: one.reasons for one in judged.bills}
    shares: list[Share] = [
        share_of(line.number, FunderKind.PATIENT, line.amount, reasons=reasons[paper.number])
        for paper in numbered(claim.papers)
        for line in paper.lines
    ]
    worth = total((one.forecast for one in judged.bills), Currency.CNY)
    day = local_day(case.at)
    return AllocationResult(
        total=bill.total,
        totals=[FunderTotal(funder=FunderKind.PATIENT, amount=bill.total)],
        shares=shares,
        rate=terms.rates.quote,
        rules=[RuleUsed(plan=terms.plan.id, version=terms.plan.version, on=day)],
        trace=judged.trace,
        later_reimbursement=FunderTotal(
            funder=FunderKind.INSURER,
            organisation=terms.insurer,
            amount=worth,
            in_funder_currency=judged.benefit,
        ),
        papers=judged.bills,
    )
