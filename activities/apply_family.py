"""Applies what was sent about family sharing and family codes, each in its own transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from activities.binding_records import BindingTransaction
from activities.case import Outcome, refused
from activities.world import World
from crossclaim.domain.allocation import Fault
from crossclaim.domain.errors import CrossclaimError, Final
from crossclaim.domain.family_binding import (
    NOT_USABLE,
    BindingRow,
    BindingState,
    Change,
    office_said,
    unbind_asked,
)
from crossclaim.domain.family_office import OfficeAnswer
from crossclaim.domain.family_submission import (
    FamilyBindingSubmission,
    FamilyCodeEndSubmission,
    FamilyCodeLinkSubmission,
)
from crossclaim.domain.fault_family import FAMILY_PLAN, rule_faults
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.records import StoredSubmission
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import SubmissionKind


@dataclass(frozen=True)
class FamilyCase:
    """One submission about to be applied; ``known`` is None for one that opens a binding."""

    transaction: BindingTransaction
    stored: StoredSubmission
    world: World
    at: datetime
    known: BindingRow | None

    @property
    def subject_id(self) -> str:
        return self.stored.episode_id

    @property
    def row(self) -> BindingRow:
        if self.known is None:
            raise CrossclaimError("the binding has not been opened", code="BINDING_NOT_OPENED")
        return self.known


def apply_binding(case: FamilyCase) -> Outcome:
    """Opens the binding when the rules of its day and our own rows allow it; all faults at once."""
    submission = FamilyBindingSubmission.model_validate(case.stored.content)
    on = local_day(submission.applied_at)
    plan = case.world.plans.find(FAMILY_PLAN)
    if plan is None:
        return refused([fault("FAMILY_RULES_MISSING", "")])
    piece = Piece(submission.model_dump(mode="json", exclude_none=True))
    faults: list[Fault] = list(rule_faults(piece, plan, on))
    organisation, tx = case.stored.organisation_id, case.transaction
    if submission.replaces and not tx.is_refused(submission.replaces, organisation):
        faults.append(fault("FAMILY_REPLACES_UNKNOWN", "/replaces"))
    if faults:
        return refused(faults)
    judged = {"plan": plan.id, "plan_version": plan.version, "judged_on": on}
    if not tx.open_binding(case.subject_id, organisation, submission, case.at, **judged):
        return refused([fault("FAMILY_ALREADY_APPLIED", "/user")])
    body: dict[str, Any] = {
        "binding_id": case.subject_id,
        "number": submission.number,
        "state": BindingState.APPLIED.value,
        "judged_on": on.isoformat(),
        "rules": {"plan": plan.id, "version": plan.version},
    }
    return Outcome(201, body, changed=False)


def apply_unbind(case: FamilyCase) -> Outcome:
    """It holds no more from now on; the office is told afterwards. A second asking is harmless."""
    row = case.row
    if row.state is BindingState.REFUSED:
        return refused([fault("FAMILY_NOTHING_TO_UNBIND", "")])
    change = unbind_asked(row, case.at)
    make(case.transaction, row, change, case.at)
    ended_on = change.columns.get("ended_on", row.ended_on)
    body = {
        "binding_id": row.id,
        "state": BindingState.UNBOUND.value,
        "ended_on": str(ended_on),
    }
    return Outcome(200, body, changed=False)


def apply_office_answer(case: FamilyCase) -> Outcome:
    """The office's own word, by callback: early, late, twice or after the end, it is kept."""
    office, row = case.world.family_office, case.row
    if office is None:
        raise CrossclaimError("no office is configured", code="OFFICE_NOT_CONFIGURED")
    tx = case.transaction
    try:
        answer = office.read_callback(str(case.stored.content["message"]))
    except Final as error:
        details = {"code": error.code}
        tx.open_binding_exception(row.id, NOT_USABLE, case.stored.id, details, case.at)
        tx.change_binding(row.id)
        return Outcome(200, {"status": "set aside", "code": error.code}, changed=False)
    if answer.reference != row.reference:
        tx.open_binding_exception(row.id, NOT_USABLE, case.stored.id, {}, case.at)
        tx.change_binding(row.id)
        return Outcome(200, {"status": "set aside", "code": "ANSWER_FOREIGN"}, changed=False)
    record_answer(tx, row, answer, case.at)
    return Outcome(200, {"reference": answer.reference, "status": "received"}, changed=False)


def record_answer(
    tx: BindingTransaction, row: BindingRow, answer: OfficeAnswer, at: datetime
) -> None:
    make(tx, row, office_said(row, answer, at), at)


def make(tx: BindingTransaction, row: BindingRow, change: Change, at: datetime) -> None:
    """Writes a change: columns and state, the state's own row, the exception; or nothing at all."""
    if change.nothing:
        return
    columns = dict(change.columns)
    if change.state is not None:
        columns["state"] = change.state.value
        reason = str(columns.get("reason", ""))
        tx.note_state(row.id, change.state.value, change.event.value, reason, at)
    if change.exception:
        details = {"event": change.event.value}
        tx.open_binding_exception(row.id, change.exception, "", details, at)
    tx.change_binding(row.id, **columns)


def apply_code_link(case: FamilyCase) -> Outcome:
    """A relative's own code may be shown: no account is opened by it, and nobody reviews it."""
    submission = FamilyCodeLinkSubmission.model_validate(case.stored.content)
    organisation = case.stored.organisation_id
    if not case.transaction.open_code_link(case.subject_id, organisation, submission):
        return refused([fault("FAMILY_CODE_ALREADY_LINKED", "/relative")])
    body = {
        "link_id": case.subject_id,
        "number": submission.number,
        "state": "linked",
        "opens_account": False,
    }
    return Outcome(201, body, changed=False)


def apply_code_end(case: FamilyCase) -> Outcome:
    submission = FamilyCodeEndSubmission.model_validate(case.stored.content)
    link = case.transaction.lock_code_link(case.subject_id)
    if link is None:
        raise CrossclaimError("the link has not been made", code="LINK_NOT_MADE")
    if submission.ended_at < link.linked_at:
        return refused([fault("FAMILY_CODE_ENDS_BEFORE", "/ended_at")])
    case.transaction.end_code_link(case.subject_id, submission.ended_at)
    body = {"link_id": case.subject_id, "state": "ended"}
    return Outcome(200, body, changed=False)


FAMILY_HANDLERS: dict[SubmissionKind, Callable[[FamilyCase], Outcome]] = {
    SubmissionKind.FAMILY_BINDING: apply_binding,
    SubmissionKind.FAMILY_UNBIND: apply_unbind,
    SubmissionKind.OFFICE_ANSWER: apply_office_answer,
    SubmissionKind.FAMILY_CODE_LINK: apply_code_link,
    SubmissionKind.FAMILY_CODE_END: apply_code_end,
}
