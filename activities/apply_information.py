"""Applies what is said about information requests: asked, answered in part, extended, withdrawn."""

from __future__ import annotations

from datetime import datetime, timedelta

from activities.case import Case, Outcome, refused
from activities.information_subject import (
    claim_scope,
    clock_runs_again,
    known_documents,
    own_claim,
    question_scope,
)
from activities.records import EpisodeTransaction
from activities.sending import INSURER_CONSENTS
from crossclaim.domain.allocation import Fault
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.information_about import AT_INSURER, question_of
from crossclaim.domain.information_request import (
    INFORMATION_PLAN,
    OVERDUE,
    Scope,
    timetable,
    wanted_faults,
)
from crossclaim.domain.information_rows import (
    ANSWERED,
    DECIDED_WITHOUT,
    DROPPED,
    ENDED,
    NOT_HAD,
    OPEN,
    RECEIVED,
    WANTED,
    WITHDRAWN,
    InformationItemRow,
    InformationRequestRow,
)
from crossclaim.domain.information_submission import (
    InformationAnswerSubmission,
    InformationChangeSubmission,
    InformationRequestSubmission,
    InformationWanted,
)
from crossclaim.domain.patient_bearer import PATIENT_KEY
from crossclaim.domain.plan import Plan
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.stay import local_day
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.story_information import LINK_KEY

ASKED_FROM = frozenset({"queued", "pended"})
"""States in which whoever decides has the claim before him; here it is so from the first on."""


def apply_information_request(case: Case) -> Outcome:
    """The claim waits from here on; each document is listed once."""
    asked = InformationRequestSubmission.model_validate(case.stored.content)
    if asked.guarantee is not None:
        return _about_letter(case, asked, asked.guarantee)
    claim = own_claim(case, asked.claim or "")
    if claim is None:
        return refused([fault("INFORMATION_CLAIM_UNKNOWN", "/claim")])
    here = claim.decides == "here" and claim.state == "due"
    if not here and claim.state not in ASKED_FROM:
        return refused([fault("INFORMATION_CLAIM_NOT_OPEN", "/claim", state=claim.state)])
    scope = claim_scope(case.rows, claim, case.transaction.bill_content(claim.bill_id))
    return _opened(case, asked, scope, claim_id=claim.id)


def _about_letter(case: Case, asked: InformationRequestSubmission, named: str) -> Outcome:
    """The clock of the insurer's person stands still from here on."""
    question = question_of(case.rows, named, case.stored.organisation_id)
    if question is None:
        return refused([fault("INFORMATION_GUARANTEE_UNKNOWN", "/guarantee")])
    if question.state not in AT_INSURER:
        words = {"state": question.state}
        return refused([fault("INFORMATION_GUARANTEE_NOT_OPEN", "/guarantee", **words)])
    return _opened(case, asked, question_scope(case, question), guarantee=question.reference)


def _opened(
    case: Case,
    asked: InformationRequestSubmission,
    scope: Scope,
    claim_id: str | None = None,
    guarantee: str | None = None,
) -> Outcome:
    plan = rules_of(case)
    faults = wanted_faults(asked, scope, plan, case.at)
    if faults or plan is None:
        return refused(faults)
    request_id = case.derived_id("ir")
    open_request(case, plan, request_id, claim_id, asked, guarantee)
    return Outcome(201, {"episode_id": case.episode_id, **told(request_id, asked, plan, case.at)})


def rules_of(case: Case) -> Plan | None:
    return case.world.plans.find(INFORMATION_PLAN)


def open_request(
    case: Case,
    plan: Plan,
    request_id: str,
    claim_id: str | None,
    wanted: InformationWanted,
    guarantee: str | None = None,
) -> None:
    """Part of the transaction of whatever asks: a request alone, or a claim that lacks papers."""
    times = timetable(plan, wanted.due_at, case.at)
    insurer, episode = case.stored.organisation_id, case.episode_id
    case.transaction.add_information_request(
        request_id, episode, claim_id, insurer, wanted, times, case.at, guarantee=guarantee
    )


def told(request_id: str, wanted: InformationWanted, plan: Plan, at: datetime) -> dict[str, object]:
    """What the insurer hears of a request that was opened."""
    times = timetable(plan, wanted.due_at, at)
    return {
        "request": request_id,
        "number": wanted.number,
        "status": OPEN,
        "due_at": times.due_at.isoformat(),
        "documents": len(wanted.documents),
    }


def apply_information_change(case: Case) -> Outcome:
    """More time, or the end of the request; the claim goes on once nothing else is awaited."""
    asked = InformationChangeSubmission.model_validate(case.stored.content)
    request = _request(case.rows, asked.request)
    if request is None or request.organisation_id != case.stored.organisation_id:
        return refused([fault("INFORMATION_REQUEST_UNKNOWN", "/request")])
    if request.state != OPEN:
        return refused([fault("INFORMATION_REQUEST_CLOSED", "/request", state=request.state)])
    body: dict[str, object] = {"episode_id": case.episode_id, "request": request.id}
    if asked.withdrawn:
        close_request(case.transaction, case.episode_id, request, WITHDRAWN, case.at)
        return Outcome(200, {**body, "status": WITHDRAWN})
    assert asked.due_at is not None, "one of the two is there"
    return _extended(case, request, asked.due_at, body)


def _extended(
    case: Case, request: InformationRequestRow, due_at: datetime, body: dict[str, object]
) -> Outcome:
    plan = rules_of(case)
    if plan is None:
        return refused([fault("INFORMATION_RULES_MISSING", "")])
    most = plan.on(local_day(case.at)).count("information.due_most")
    if due_at <= max(request.due_at, case.at) or due_at > case.at + timedelta(days=most):
        return refused([fault("INFORMATION_DUE", "/due_at", most=most)])
    times, tx = timetable(plan, due_at, case.at), case.transaction
    tx.change_information_request(
        request.id, due_at=due_at, remind_at=times.remind_at, reminded=0, overdue_at=None
    )
    tx.note_information(case.episode_id, request.id, "extended", case.at, due_at)
    tx.resolve_exceptions(case.episode_id, [OVERDUE], case.at, request.id)
    return Outcome(200, {**body, "status": OPEN, "due_at": due_at.isoformat()})


def apply_information_answer(case: Case) -> Outcome:
    """One document, or the word that it cannot be had; the last one lets the claim go on."""
    answer = InformationAnswerSubmission.model_validate(case.stored.content)
    request = _request(case.rows, answer.request)
    item = _item(case.rows, answer)
    faults = _answer_faults(case, answer, request, item)
    if faults or request is None or item is None:
        return refused(faults)
    answered = item.model_copy(
        update={
            "state": NOT_HAD if answer.cannot_be_had else RECEIVED,
            "sha256": answer.sha256,
            "reason": answer.cannot_be_had.value if answer.cannot_be_had else "",
            "answered_at": case.at,
        }
    )
    case.transaction.answer_item(answered, case.stored.key_id)
    left = len(_wanted(case.rows, request)) - 1
    if not left:
        close_request(case.transaction, case.episode_id, request, ANSWERED, case.at)
    body = {"episode_id": case.episode_id, "request": request.id, "item": item.item}
    status = ANSWERED if not left else OPEN
    return Outcome(200, {**body, "status": answered.state, "request_status": status, "left": left})


def _answer_faults(
    case: Case,
    answer: InformationAnswerSubmission,
    request: InformationRequestRow | None,
    item: InformationItemRow | None,
) -> list[Fault]:
    if request is None or not _concerns(case, request):
        return [fault("INFORMATION_REQUEST_UNKNOWN", "/request")]
    if item is None:
        return [fault("INFORMATION_ITEM_UNKNOWN", "/item", item=answer.item)]
    if item.state not in (WANTED, DROPPED):
        return [fault("INFORMATION_ITEM_ANSWERED", "/item", item=answer.item)]
    if request.state != OPEN:
        return [fault("INFORMATION_REQUEST_CLOSED", "/request", state=request.state)]
    if answer.sha256 is None:
        return []
    if case.transaction.document_key(case.episode_id, answer.sha256) is None:
        return [step_fault("DOCUMENT_NOT_UPLOADED", "/sha256")]
    if answer.sha256 in known_documents(case, request):
        return [fault("INFORMATION_SAME_DOCUMENT", "/sha256")]
    if _by_hospital(case, request) and not _may_send(case, request, item):
        insurer = request.organisation_id
        return [fault("INFORMATION_CONSENT_MISSING", "/request", insurer=insurer)]
    return []


def _concerns(case: Case, request: InformationRequestRow) -> bool:
    """Another insurer of the episode neither answers nor learns that there is such a request."""
    return case.stored.organisation_id in (request.organisation_id, case.rows.episode.hospital_id)


def _by_hospital(case: Case, request: InformationRequestRow) -> bool:
    """What the patient sends by his link is his own to give; what the insurer notes it has."""
    by_link = case.stored.key_id.startswith((LINK_KEY, PATIENT_KEY))
    if not by_link:
        return case.stored.organisation_id != request.organisation_id
    return request.asked_of == "hospital"


def _may_send(case: Case, request: InformationRequestRow, item: InformationItemRow) -> bool:
    """The gate: what a hospital gives an insurer goes by the patient's consents, and the row of the
    send stands in the transaction that has read them."""
    tx, insurer = case.transaction, request.organisation_id
    consents = tx.consents_for_send(case.episode_id, INSURER_CONSENTS, insurer)
    if not consents:
        return False
    reference = f"{request.id}-{item.item}"
    number = tx.open_attempt(case.episode_id, insurer, "information", reference, consents, case.at)
    tx.close_attempt(reference, "information", number, "answered")
    return True


def close_request(
    tx: EpisodeTransaction,
    episode_id: str,
    request: InformationRequestRow,
    state: str,
    at: datetime,
) -> None:
    """Nothing is awaited for it any more; what a person was told of it is put right."""
    tx.close_information_request(request.id, state, at)
    clock_runs_again(tx, episode_id, request, at)
    tx.note_information(episode_id, request.id, state, at)
    tx.resolve_exceptions(episode_id, [OVERDUE], at, request.id)


def end_without(
    tx: EpisodeTransaction, episode_id: str, request: InformationRequestRow, at: datetime
) -> None:
    """An examiner has decided without what is missing; why stands sealed with his decision."""
    tx.close_information_request(request.id, ENDED, at)
    tx.note_information(episode_id, request.id, DECIDED_WITHOUT, at)
    tx.resolve_exceptions(episode_id, [OVERDUE], at, request.id)


def _request(rows: EpisodeRows, request_id: str) -> InformationRequestRow | None:
    return next((r for r in rows.information_requests if r.id == request_id), None)


def _item(rows: EpisodeRows, answer: InformationAnswerSubmission) -> InformationItemRow | None:
    named = (answer.request, answer.item)
    return next((i for i in rows.information_items if (i.request_id, i.item) == named), None)


def _wanted(rows: EpisodeRows, request: InformationRequestRow) -> list[InformationItemRow]:
    asked = (i for i in rows.information_items if i.request_id == request.id)
    return [one for one in asked if one.state == WANTED]
