"""Applies what is sent about letters of guarantee: asked for, decided by a person, withdrawn."""

from __future__ import annotations

from datetime import datetime

from activities.apply_bill import document_faults
from activities.apply_information import close_request
from activities.case import Case, Outcome, refused
from activities.guarantee_books import PUT_RIGHT, end, grant, lapse, raise_limit, use_guarantees
from activities.guarantee_letters import desk_due, late_reason, letter_here, open_letter
from activities.guarantee_second_person import propose, second_faults, second_needed
from crossclaim.domain.allocation import Fault
from crossclaim.domain.guarantee_book import LIVE, book_of
from crossclaim.domain.guarantee_rows import AT_DESK, GuaranteeRequestRow
from crossclaim.domain.guarantee_rules import change_here
from crossclaim.domain.guarantee_submission import (
    GuaranteeDecisionSubmission,
    GuaranteeRequestSubmission,
    GuaranteeWithdrawalSubmission,
)
from crossclaim.domain.information_rows import ENDED
from crossclaim.domain.information_standing import open_requests
from crossclaim.domain.money import counted
from crossclaim.domain.records import CoverageRow, GuaranteeRow
from crossclaim.domain.stay import local_day
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import EncounterClass

_WAITING = ("due", "requested", "queued", AT_DESK, "cancelling")


def apply_guarantee_request(case: Case) -> Outcome:
    """The first of an insurer opens a letter; while one is granted, it asks to change it."""
    asked = GuaranteeRequestSubmission.model_validate(case.stored.content)
    coverage = case.rows.insured_with(asked.insurer)
    faults = _request_faults(case, asked, coverage)
    faults += document_faults(case, asked.documents)
    letter = case.rows.guarantee_of(asked.insurer)
    live = letter is not None and letter.state == LIVE
    if not live and asked.planned_amount is None:
        faults.append(step_fault("GUARANTEE_AMOUNT_MISSING", "/planned_amount"))
    if faults or coverage is None:
        return refused(faults)
    if live and letter is not None:
        return _ask_change(case, asked, letter, coverage)
    return _ask_letter(case, asked, coverage)


def _request_faults(
    case: Case, asked: GuaranteeRequestSubmission, coverage: CoverageRow | None
) -> list[Fault]:
    rows = case.rows
    if coverage is None or asked.insurer in rows.ended_covers():
        return [step_fault("GUARANTEE_NOT_COVERED", "/insurer", insurer=asked.insurer)]
    if rows.episode.closed_at is not None:
        return [step_fault("GUARANTEE_EPISODE_CLOSED", "")]
    letter = rows.guarantee_of(asked.insurer)
    open_ = letter is not None and letter.state in _WAITING
    if open_ or any(
        r.open and letter is not None and r.guarantee_id == letter.id
        for r in rows.guarantee_requests
    ):
        return [step_fault("GUARANTEE_NOT_ANSWERED", "/insurer", insurer=asked.insurer)]
    return []


def _ask_letter(case: Case, asked: GuaranteeRequestSubmission, coverage: CoverageRow) -> Outcome:
    assert asked.planned_amount is not None, "refused before"
    guarantee_id = f"{case.derived_id('gu')}-{coverage.ordinal}"
    claimed = case.transaction.episode_content(case.episode_id).coverages[coverage.ordinal]
    letter = open_letter(case, guarantee_id, claimed, asked.planned_amount, asked.requested_at)
    if coverage.decides != "here":
        # The letter itself is sent; the documents travel with it.
        _note(case, asked, letter, "letter", "new")
        return _told(case, asked, letter, "due")
    late = late_reason(case, claimed, asked.requested_at)
    if late is None:
        state = letter_here(case, letter, coverage.ordinal, claimed, asked.requested_at)
        return _told(case, asked, letter, state)
    case.transaction.change_guarantee(letter.id, state=AT_DESK, requested_at=case.at)
    _hand_to_person(case, asked, letter, [late], "new")
    return _told(case, asked, letter, AT_DESK)


def _ask_change(
    case: Case,
    asked: GuaranteeRequestSubmission,
    letter: GuaranteeRow,
    coverage: CoverageRow,
) -> Outcome:
    if coverage.decides != "here":
        _note(case, asked, letter, "due")
        case.transaction.change_episode(case.episode_id)
        return _told(case, asked, letter, "due")
    claimed = case.transaction.episode_content(case.episode_id).coverages[coverage.ordinal]
    policy = case.world.reference.policy(letter.insurer_id, claimed.policy_number or "")
    now = counted(letter.limit_minor or 0, letter.currency)
    ruled = change_here(
        now,
        letter.valid_until,
        asked.planned_amount,
        asked.valid_until,
        policy,
        letter.rate,
        local_day(asked.requested_at),
    )
    if ruled.reasons:
        _hand_to_person(case, asked, letter, ruled.reasons, "change")
        return _told(case, asked, letter, AT_DESK)
    _note(case, asked, letter, "granted", limit_minor=ruled.limit.amount_minor)
    raise_limit(
        case.transaction, case.episode_id, letter, ruled.limit, case.at, valid_until=ruled.until
    )
    return _told(case, asked, letter, "granted")


def _row(
    case: Case, asked: GuaranteeRequestSubmission, letter: GuaranteeRow, state: str, kind: str
) -> GuaranteeRequestRow:
    number = 1 + sum(r.guarantee_id == letter.id for r in case.rows.guarantee_requests)
    planned = asked.planned_amount
    return GuaranteeRequestRow(
        id=case.derived_id("gr"),
        guarantee_id=letter.id,
        reference=f"{letter.reference}T{number}",
        kind=kind,
        state=state,
        planned_minor=planned.amount_minor if planned else None,
        wanted_until=asked.valid_until,
        asked_at=case.at,
        answered_at=case.at if state == "granted" else None,
        before_minor=letter.limit_minor if kind == "change" else None,
    )


def _note(
    case: Case,
    asked: GuaranteeRequestSubmission,
    letter: GuaranteeRow,
    state: str,
    kind: str = "change",
    **more: object,
) -> None:
    """What was asked stays known, with its documents, whoever answers it."""
    row = _row(case, asked, letter, state, kind).model_copy(update=more)
    case.transaction.add_guarantee_request(case.episode_id, row, asked.documents)


def _hand_to_person(
    case: Case,
    asked: GuaranteeRequestSubmission,
    letter: GuaranteeRow,
    reasons: list[str],
    kind: str,
) -> None:
    """A person at the insurer decides, against a clock."""
    row = _row(case, asked, letter, AT_DESK, kind).model_copy(
        update={"reasons": [str(r) for r in reasons], "due_at": desk_due(case.world, case.at)}
    )
    tx = case.transaction
    tx.add_guarantee_request(case.episode_id, row, asked.documents)
    details = {"code": ",".join(row.reasons)}
    tx.open_exception(case.episode_id, "GUARANTEE_AT_DESK", row.reference, details, case.at)


def _told(
    case: Case, asked: GuaranteeRequestSubmission, letter: GuaranteeRow, status: str
) -> Outcome:
    rows = case.transaction.rows(case.episode_id)
    now = rows.letter(letter.id)
    requests = [r for r in rows.guarantee_requests if r.guarantee_id == letter.id]
    body: dict[str, object] = {
        "episode_id": case.episode_id,
        "number": asked.number,
        "insurer": letter.insurer_id,
        "guarantee": letter.reference,
        "status": status,
        **letter_body(now),
    }
    if requests and requests[-1].open:
        last = requests[-1]
        body |= {
            "request": last.reference,
            "reasons": last.reasons,
            "due_at": last.due_at.isoformat() if last.due_at else None,
        }
    return Outcome(202 if status in (AT_DESK, "due") else 200, body)


def letter_body(letter: GuaranteeRow) -> dict[str, object]:
    """What the window sees of a letter: amount, what is left of it, rate, last day, terms."""
    if letter.limit_minor is None:
        return {}
    book, rate = book_of(letter), letter.rate
    money = {"limit": letter.limit_minor, "used": book.used, "open": book.open}
    return {
        **{n: counted(m, letter.currency).model_dump() for n, m in money.items()},
        "fx_basis": None if rate is None else rate.model_dump(mode="json"),
        "valid_until": letter.valid_until.isoformat() if letter.valid_until else None,
        "conditions": letter.conditions,
        "exclusions": letter.exclusions,
    }


def apply_guarantee_decision(case: Case) -> Outcome:
    """A person at the insurer answers what the rules could not."""
    word = GuaranteeDecisionSubmission.model_validate(case.stored.content)
    asked = next((r for r in case.rows.guarantee_requests if r.reference == word.request), None)
    letter = case.rows.letter(asked.guarantee_id) if asked else None
    if asked is None or letter is None or letter.insurer_id != case.stored.organisation_id:
        return refused([step_fault("GUARANTEE_REQUEST_UNKNOWN", "/request")])
    if asked.state != AT_DESK:
        return refused([step_fault("GUARANTEE_REQUEST_ANSWERED", "/request", state=asked.state)])
    wanted = open_requests(case.rows, asked.reference)
    if wanted and not word.approved:
        return refused([step_fault("GUARANTEE_AWAITS_INFORMATION", "/approved")])
    faults = second_faults(case, word, letter, asked)
    faults += _decision_faults(case, word, letter, asked) if word.approved else []
    if faults:
        return refused(faults)
    if word.approved and not word.confirms and second_needed(case, word.limit):
        assert word.limit is not None, "a limit alone needs a second person"
        return propose(case, word.limit, letter, asked)
    tx = case.transaction
    state = "granted" if word.approved else "refused"
    tx.change_guarantee_request(
        asked.id,
        state=state,
        answered_at=case.at,
        disposition=word.reason or "",
        decided_by=case.stored.key_id,
        limit_minor=word.limit.amount_minor if word.limit else letter.limit_minor,
    )
    tx.resolve_exceptions(case.episode_id, PUT_RIGHT, case.at, asked.reference)
    for one in wanted:
        # It promises without what it asked for.
        close_request(tx, case.episode_id, one, ENDED, case.at)
    if word.approved:
        _promise(case, word, letter, asked)
    elif asked.kind == "new":
        tx.change_guarantee(
            letter.id, state="refused", answered_at=case.at, disposition=word.reason or ""
        )
        tx.open_exception(case.episode_id, "GUARANTEE_REFUSED", letter.id, {}, case.at)
    else:
        details = {"code": word.reason or ""}
        tx.open_exception(
            case.episode_id, "GUARANTEE_CHANGE_REFUSED", asked.reference, details, case.at
        )
    rows = tx.rows(case.episode_id)
    use_guarantees(tx, rows, case.at)
    now = tx.rows(case.episode_id).letter(letter.id)
    body = {"episode_id": case.episode_id, "request": asked.reference, "status": state}
    return Outcome(200, {**body, "guarantee": letter.reference, **letter_body(now)})


def _decision_faults(
    case: Case,
    word: GuaranteeDecisionSubmission,
    letter: GuaranteeRow,
    asked: GuaranteeRequestRow,
) -> list[Fault]:
    limit, faults = word.limit, []
    if limit is None and asked.kind == "new":
        faults.append(step_fault("GUARANTEE_LIMIT_MISSING", "/limit"))
    if limit is not None and limit.currency is not letter.currency:
        words = {"currency": letter.currency.value}
        faults.append(step_fault("GUARANTEE_OTHER_CURRENCY", "/limit/currency", **words))
    elif limit is not None and limit.amount_minor < max(letter.limit_minor or 0, 1):
        least = counted(max(letter.limit_minor or 0, 1), letter.currency)
        faults.append(step_fault("GUARANTEE_BELOW_PROMISE", "/limit", least=least))
    until = word.valid_until
    if until is not None and until < local_day(case.at):
        faults.append(step_fault("GUARANTEE_UNTIL_PAST", "/valid_until"))
    if until is not None and letter.valid_until is not None and until < letter.valid_until:
        known = letter.valid_until.isoformat()
        faults.append(step_fault("GUARANTEE_UNTIL_EARLIER", "/valid_until", until=known))
    return faults


def _promise(
    case: Case,
    word: GuaranteeDecisionSubmission,
    letter: GuaranteeRow,
    asked: GuaranteeRequestRow,
) -> None:
    fields: dict[str, object] = {}
    if word.valid_until is not None:
        fields["valid_until"] = word.valid_until
    if word.conditions is not None:
        fields["conditions"] = list(word.conditions)
    if word.exclusions is not None:
        fields["exclusions"] = [category.value for category in word.exclusions]
    tx = case.transaction
    if asked.kind == "new":
        assert word.limit is not None, "refused before"
        coverage = case.rows.insured_with(letter.insurer_id)
        if coverage is not None and coverage.eligible is None:
            tx.change_coverage(case.episode_id, coverage.ordinal, eligible=True)
        grant(tx, case.episode_id, letter, word.limit, case.at, number=letter.reference, **fields)
        return
    now = word.limit or counted(letter.limit_minor or 0, letter.currency)
    raise_limit(tx, case.episode_id, letter, now, case.at, **fields)


def apply_guarantee_withdrawal(case: Case) -> Outcome:
    """By the insurer or the hospital: what is open is free again, what bills use stays."""
    word = GuaranteeWithdrawalSubmission.model_validate(case.stored.content)
    letter = next((g for g in case.rows.guarantees if g.reference == word.guarantee), None)
    sender, hospital = case.stored.organisation_id, case.rows.episode.hospital_id
    if letter is None or sender not in (letter.insurer_id, hospital):
        return refused([step_fault("GUARANTEE_UNKNOWN", "/guarantee")])
    tx = case.transaction
    if letter.state == AT_DESK and sender == hospital:
        tx.change_guarantee(letter.id, state="cancelled", disposition=word.reason)
        lapse(tx, case.rows, letter, case.at)
    elif letter.state == LIVE:
        withdraw(case, letter, sender, word.reason)
    else:
        words = {"state": letter.state}
        return refused([step_fault("GUARANTEE_NOT_IN_FORCE", "/guarantee", **words)])
    now = tx.rows(case.episode_id).letter(letter.id)
    body = {"episode_id": case.episode_id, "guarantee": letter.reference, "status": now.state}
    return Outcome(200, {**body, **letter_body(now)})


def withdraw(case: Case, letter: GuaranteeRow, sender: str, reason: str) -> None:
    """An insurer's word never reaches back: care of before it stays covered, billed or not."""
    tx, rows = case.transaction, case.rows
    by_insurer = sender == letter.insurer_id
    last_day = local_day(case.at)
    begun = by_insurer and care_begun(case, case.at)
    end(tx, rows, letter, "withdrawn", case.at, care_given=begun, ended_on=last_day)
    coverage = rows.insured_with(letter.insurer_id)
    there = coverage is not None and coverage.decides == "there"
    tx.change_guarantee(letter.id, disposition=reason, tell_end=there and not by_insurer)
    if by_insurer:
        details = {"code": reason}
        tx.open_exception(
            case.episode_id, "GUARANTEE_WITHDRAWN", letter.reference, details, case.at
        )


def care_begun(case: Case, at: datetime) -> bool:
    """The patient is in, or was: care has been given that a bill may still tell of."""
    rows = case.rows
    stay = rows.episode.encounter_class in (EncounterClass.INPATIENT, EncounterClass.DAY_PROCEDURE)
    return not stay or rows.episode.admitted_at is not None
