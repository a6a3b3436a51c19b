"""What an insurer's story is told from: the facts that concern it, nobody else's. Pure."""

from __future__ import annotations

from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.standing import Standing
from crossclaim.domain.story import Story
from crossclaim.domain.story_facts import StoryFacts
from crossclaim.domain.withdrawal_reach import closed_off
from crossclaim.security.roles import HOSPITAL_ROLES, WATCHER_ROLES, Principal, Role
from crossclaim.service.party_view import given_to, own_result

_WHOLE_STORY = HOSPITAL_ROLES | WATCHER_ROLES | {Role.OPERATOR}


def hears_all(principal: Principal) -> bool:
    """Whether the story is told whole; hospitals see no other's episode by the database's rules."""
    return principal.role in _WHOLE_STORY


def own_facts(organisation: str, facts: StoryFacts) -> StoryFacts:
    """One funder's facts: no voucher, no tender, of bills only those with a claim to it."""
    claims = [c for c in facts.claims if c.organisation_id == organisation]
    guarantees = [g for g in facts.guarantees if g.insurer_id == organisation]
    payouts = [p for p in facts.payouts if p.debtor_organisation_id == organisation]
    billed, paid = {c.bill_id for c in claims}, {p.reference for p in payouts}
    withdrawals = [w for w in facts.withdrawals if w.organisation_id == organisation]
    cut_off = (w.organisation_id for w in withdrawals)
    restricted = closed_off(cut_off, facts.consents, organisation)
    own_claims = {c.id for c in claims}
    asked = {r.id for r in facts.information_requests if r.organisation_id == organisation}
    known = {*paid, *asked, *(c.reference for c in claims), *(c.id for c in claims)}
    requests = [r for r in facts.guarantee_requests if r.guarantee_id in {g.id for g in guarantees}]
    known |= {r.reference for r in requests}
    known |= {name for g in guarantees for name in (g.id, g.reference)}
    backs = [b for b in facts.claw_backs if b.organisation_id == organisation]
    known |= {b.reference for b in backs}
    return StoryFacts(
        episode=facts.episode,
        submissions=[s for s in facts.submissions if s.organisation_id == organisation],
        coverages=[c for c in facts.coverages if c.organisation_id == organisation],
        consents=[c for c in facts.consents if given_to(organisation, c.type, c.recipient)],
        withdrawals=withdrawals,
        bills=[b for b in facts.bills if b.id in billed],
        splits=[
            s.model_copy(update={"result": own_result(organisation, s.result)})
            for s in facts.splits
            if s.bill_id in billed and _bears(organisation, s.result) and not restricted
        ],
        guarantees=guarantees,
        guarantee_requests=requests,
        claims=claims,
        claw_backs=backs,
        appeals=[a for a in facts.appeals if a.claim_id in own_claims],
        revisions=[r for r in facts.revisions if r.claim_id in own_claims],
        attempts=[a for a in facts.attempts if a.party == organisation],
        payouts=payouts,
        files=[f for f in facts.files if f.reference in paid],
        reports=[r for r in facts.reports if r.reference in paid],
        rails=[r for r in facts.rails if r.reference in paid],
        approvals=[a for a in facts.approvals if a.reference in paid],
        recalls=[r for r in facts.recalls if r.reference in paid],
        write_offs=[w for w in facts.write_offs if w.claw_back in {b.reference for b in backs}],
        claw_back_findings=[
            f for f in facts.claw_back_findings if f.claw_back in {b.reference for b in backs}
        ],
        findings=[f for f in facts.findings if f.payout_reference in paid],
        exceptions=[x for x in facts.exceptions if x.reference in known],
        reviews=[r for r in facts.reviews if r.claim_id in {c.id for c in claims}],
        information_requests=[r for r in facts.information_requests if r.id in asked],
        information_items=[i for i in facts.information_items if i.request_id in asked],
        information_events=[e for e in facts.information_events if e.request_id in asked],
        balances=[b for b in facts.balances if organisation in b.account_id.split(":")],
    )


def own_wait(organisation: str, story: Story, standing: Standing, payouts: set[str]) -> Story:
    """Without what the episode waits for, unless that is this insurer, or one of its payouts."""
    code = story.waiting.code if story.waiting else ""
    asked = code.startswith("INSURER_") and standing.insurer == organisation
    reference = standing.payout.reference if standing.payout else ""
    if asked or (code.startswith("BANK_") and reference in payouts):
        return story
    if code.endswith("_DOCUMENTS") and standing.insurer == organisation:
        return story
    if code in ("PAYEE_ACCOUNT", "PAYOUT_CANCELLED") and payouts:
        # Another account is this insurer's to propose and to approve.
        return story
    return story.model_copy(update={"waiting": None})


def _bears(organisation: str, result: AllocationResult) -> bool:
    return any(t.organisation == organisation for t in result.totals)
