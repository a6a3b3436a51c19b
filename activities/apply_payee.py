"""Applies another account for a payout that came back: one person's proposal, another's word."""

from __future__ import annotations

from activities.case import Case, Outcome, refused
from activities.payout_intent import account_sha256, next_intent
from activities.proposal_waits import proposal_decided
from crossclaim.domain.payee_account import PayeeAccountSubmission, PayeeDecisionSubmission
from crossclaim.domain.payee_waits import wait_for_account
from crossclaim.domain.payout_again import contradicted, what_follows
from crossclaim.domain.payout_route import Next
from crossclaim.domain.records import EpisodeRows, PayoutRow
from crossclaim.domain.step_faults import step_fault

PUT_RIGHT = ["PAYOUT_REJECTED", "PAYOUT_RETURNED", "PAYOUT_CANCELLED", "PAYEE_ACCOUNT_PROPOSED"]


def waiting_payout(rows: EpisodeRows, reference: str) -> PayoutRow | None:
    """The payout, if it came back, is owed, and no other has taken its place."""
    return next((p for p in wait_for_account(rows) if p.reference == reference), None)


def _may_propose(case: Case, payout: PayoutRow) -> bool:
    """The hospital of the episode and the insurer that pays; never another insurer."""
    parties = (case.rows.episode.hospital_id, payout.debtor_organisation_id)
    return case.stored.organisation_id in parties


def _at_fault(case: Case, payout: PayoutRow) -> bool:
    """Whether the bank's reason is the account itself: then only another one can be paid to."""
    plan = case.world.payout_plan
    return what_follows(payout, plan) is Next.NEEDS_ACCOUNT


def apply_payee_account(case: Case) -> Outcome:
    """Keeps the proposal; nothing is paid before somebody else has approved it."""
    asked = PayeeAccountSubmission.model_validate(case.stored.content)
    payout = waiting_payout(case.rows, asked.payout_reference)
    if payout is None or not _may_propose(case, payout):
        return refused([step_fault("PAYOUT_NOT_WAITING", "/payout_reference")])
    if account_sha256(asked.account.number) == payout.payee_account_sha256 and _at_fault(
        case, payout
    ):
        return refused([step_fault("PAYEE_ACCOUNT_SAME", "/account/number")])
    tx = case.transaction
    tx.propose_account(
        case.episode_id,
        payout.reference,
        asked.number,
        asked.account,
        case.stored.key_id,
        case.at,
    )
    details = {"number": asked.number}
    tx.open_exception(case.episode_id, "PAYEE_ACCOUNT_PROPOSED", payout.reference, details, case.at)
    body = {
        "episode_id": case.episode_id,
        "payout_reference": payout.reference,
        "number": asked.number,
        "status": "proposed",
    }
    return Outcome(202, body)


def apply_payee_decision(case: Case) -> Outcome:
    """Approved: the closed payout's amount goes to the new account under a new reference.

    Only the insurer whose money it is decides where it goes.
    """
    asked = PayeeDecisionSubmission.model_validate(case.stored.content)
    tx, reference = case.transaction, asked.payout_reference
    about = next((p for p in case.rows.payouts if p.reference == reference), None)
    if about is None or about.debtor_organisation_id != case.stored.organisation_id:
        return refused([step_fault("PAYEE_ACCOUNT_UNKNOWN", "/number")])
    proposed = tx.proposed_account(case.episode_id, reference, asked.number)
    if proposed is None:
        return refused([step_fault("PAYEE_ACCOUNT_UNKNOWN", "/number")])
    if proposed.approved is not None:
        return refused([step_fault("PAYEE_ACCOUNT_DECIDED", "/number")])
    if proposed.proposed_by == case.stored.key_id:
        return refused([step_fault("SECOND_PERSON_NEEDED", "/number")])
    payout = waiting_payout(case.rows, reference)
    if payout is None:
        return refused([step_fault("PAYOUT_NOT_WAITING", "/payout_reference")])
    if contradicted(case.rows, payout.claim_id):
        return refused([step_fault("PAYOUT_CONTRADICTED", "/payout_reference")])
    tx.decide_account(
        reference, asked.number, case.stored.key_id, asked.approved, asked.reason, case.at
    )
    body: dict[str, object] = {"episode_id": case.episode_id, "number": asked.number}
    if not asked.approved:
        code = "PAYEE_ACCOUNT_PROPOSED"
        proposal_decided(tx, case.episode_id, code, "payee_account", reference, case.at)
        return Outcome(200, {**body, "status": "refused"})
    key = case.stored.key_id
    new = next_intent(tx, case.world, case.rows, payout, proposed.account, case.at, key)
    tx.resolve_exceptions(case.episode_id, PUT_RIGHT, case.at, reference)
    tx.change_episode(case.episode_id, closed_at=None, status="open")
    return Outcome(200, {**body, "status": "approved", "payout_reference": new}, changed=False)
