"""Whom or what an information request is about, read under the episode's lock: its documents, and
the clock that stands still meanwhile."""

from __future__ import annotations

from datetime import datetime

from activities.case import Case
from activities.records import EpisodeTransaction
from crossclaim.domain.information_about import Question, asked_about, question_of
from crossclaim.domain.information_request import Scope, taken_in
from crossclaim.domain.information_rows import InformationRequestRow
from crossclaim.domain.information_standing import open_requests, pauses_of
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.submission import BillSubmission, DocumentNamed


def own_claim(case: Case, claim_id: str) -> ClaimRow | None:
    """A claim on the insurer that asks; another's is as unknown to it as none."""
    found = next((c for c in case.rows.claims if c.id == claim_id), None)
    own = found is not None and found.organisation_id == case.stored.organisation_id
    return found if own else None


def claim_scope(rows: EpisodeRows, claim: ClaimRow, bill: BillSubmission) -> Scope:
    allocation = rows.allocation(claim.bill_id)
    split = allocation.result if allocation else None
    papers = frozenset(one.bill for one in split.papers) if split else frozenset()
    filed = [one.kind.value for one in bill.documents]
    lines = frozenset(line.number for line in bill.lines)
    return Scope(lines=lines, papers=papers, taken=taken_in(rows, claim.id, filed))


def question_scope(case: Case, question: Question) -> Scope:
    """A letter has no lines and no papers: what its hospital sent with the question is here."""
    filed = [one.kind.value for one in _sent_with(case, question)]
    taken = taken_in(case.rows, question.reference, filed)
    return Scope(lines=frozenset(), taken=taken)


def _sent_with(case: Case, question: Question | None) -> list[DocumentNamed]:
    if question is None or question.request_id is None:
        return []
    return case.transaction.guarantee_documents(case.episode_id, question.request_id)


def known_documents(case: Case, request: InformationRequestRow) -> set[str]:
    """What is here of the subject already, by its content."""
    if request.claim_id is not None:
        bill = case.transaction.bill_content(case.rows.claim(request.claim_id).bill_id)
        sent = bill.documents
    else:
        named, insurer = request.guarantee or "", request.organisation_id
        sent = _sent_with(case, question_of(case.rows, named, insurer))
    about = (request.claim_id, request.guarantee)
    same = {r.id for r in case.rows.information_requests if (r.claim_id, r.guarantee) == about}
    answered = {i.sha256 for i in case.rows.information_items if i.request_id in same}
    return {one.sha256 for one in sent} | {s for s in answered if s is not None}


def clock_runs_again(
    tx: EpisodeTransaction, episode_id: str, request: InformationRequestRow, at: datetime
) -> None:
    """The insurer's person has as long to answer as was left when the documents were asked for."""
    if request.guarantee is None:
        return
    rows = tx.rows(episode_id)
    question = asked_about(rows, request.guarantee)
    if question is None or not question.open or question.due_at is None:
        return
    if open_requests(rows, request.guarantee):
        return
    since = max(pauses_of(rows, request.guarantee)[-1].since, question.asked_at)
    tx.change_guarantee_request(question.id, due_at=question.due_at + (at - since))
