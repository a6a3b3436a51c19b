"""Opens a letter of guarantee: at the hospital's request, answered here by the rules where they
can, else by a person at the insurer, or sent to the insurer that decides there."""

from __future__ import annotations

from datetime import date, datetime

from activities.case import Case
from activities.guarantee_books import grant
from activities.quotes import counts_in, quoted_rate
from activities.world import World
from crossclaim.domain.calendar import public_holidays
from crossclaim.domain.eligibility import working_days_between
from crossclaim.domain.guarantee_rows import AT_DESK, GuaranteeRequestRow
from crossclaim.domain.guarantee_rules import DESK_PLAN, Why, asked_late, person_due
from crossclaim.domain.money import Money
from crossclaim.domain.records import GuaranteeRow
from crossclaim.domain.reference import PolicyKnown
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import CoverageClaimed, EpisodeSubmission, FunderKind


def open_letters(case: Case, submission: EpisodeSubmission, decides: dict[str, str]) -> None:
    """One of each insurer, for the estimate that the episode was opened with."""
    for number, coverage in enumerate(submission.coverages):
        if coverage.funder is FunderKind.INSURER and submission.estimate is not None:
            open_first(case, submission, number, coverage, decides)


def open_first(
    case: Case,
    submission: EpisodeSubmission,
    ordinal: int,
    coverage: CoverageClaimed,
    decides: dict[str, str],
) -> None:
    """The first letter of one insurer, for the episode's estimate."""
    assert submission.estimate is not None, "a letter is asked for an amount"
    asked_at = submission.visit.guarantee_requested_at or case.at
    guarantee_id = f"{case.derived_id('gu')}-{ordinal}"
    letter = open_letter(case, guarantee_id, coverage, submission.estimate, asked_at, submission)
    late = late_reason(case, coverage, asked_at, submission)
    if late is not None:
        ahead = _days_ahead(case, submission, asked_at)
        details = {"working_days_ahead": str(ahead), "code": late.value}
        case.transaction.open_exception(
            case.episode_id, "GUARANTEE_ASKED_LATE", guarantee_id, details, case.at
        )
    if decides.get(letter.insurer_id) != "here":
        return
    if late is None or not _policy_grants(case, coverage, asked_at):
        letter_here(case, letter, ordinal, coverage, asked_at)
        return
    case.transaction.change_guarantee(letter.id, state=AT_DESK, requested_at=case.at)
    planned = submission.estimate.amount_minor
    hand_to_person(case, letter, f"{case.derived_id('gr')}-{ordinal}", planned, late)


def hand_to_person(
    case: Case, letter: GuaranteeRow, request_id: str, planned_minor: int, why: Why
) -> None:
    """A new letter that the rules cannot decide: a person does, against a clock."""
    row = GuaranteeRequestRow(
        id=request_id,
        guarantee_id=letter.id,
        reference=f"{letter.reference}T1",
        kind="new",
        state=AT_DESK,
        planned_minor=planned_minor,
        reasons=[why.value],
        asked_at=case.at,
        due_at=desk_due(case.world, case.at),
    )
    tx = case.transaction
    tx.add_guarantee_request(case.episode_id, row, [])
    details = {"code": why.value}
    tx.open_exception(case.episode_id, "GUARANTEE_AT_DESK", row.reference, details, case.at)


def open_letter(
    case: Case,
    guarantee_id: str,
    coverage: CoverageClaimed,
    planned: Money,
    asked_at: datetime,
    opening: EpisodeSubmission | None = None,
) -> GuaranteeRow:
    """Its row, in state ``due``, with the rate of the day on which it was asked for."""
    submission = opening or case.transaction.episode_content(case.episode_id)
    insurer = coverage.organisation or ""
    currency = counts_in(case.world.plans, coverage.plan)
    rate = quoted_rate(case.world.reference, asked_at, insurer, currency)
    reference = guarantee_id.replace("_", "").upper()
    case.transaction.add_guarantee(
        guarantee_id,
        case.episode_id,
        insurer,
        reference=reference,
        state="due",
        currency=currency.value,
        rate=None if rate is None else rate.model_dump(mode="json"),
        estimate_minor=planned.amount_minor,
        working_days_ahead=_days_ahead(case, submission, asked_at),
    )
    return GuaranteeRow(
        id=guarantee_id,
        insurer_id=insurer,
        reference=reference,
        state="due",
        currency=currency,
        rate=rate,
        estimate_minor=planned.amount_minor,
    )


def late_reason(
    case: Case,
    coverage: CoverageClaimed,
    asked_at: datetime,
    opening: EpisodeSubmission | None = None,
) -> Why | None:
    """By the plan's own leads, for planned care and for emergencies."""
    submission = opening or case.transaction.episode_content(case.episode_id)
    plan = case.world.plans.find(coverage.plan or "")
    dated = plan.on(local_day(asked_at)) if plan is not None else None
    admitted = case.known.episode.admitted_at if case.known is not None else None
    begins = admitted or submission.visit.planned_admission or asked_at
    closed = _closed(case, submission, local_day(asked_at), local_day(begins))
    return asked_late(submission.visit, asked_at, admitted, dated, closed)


def _days_ahead(case: Case, submission: EpisodeSubmission, asked_at: datetime) -> int | None:
    admission = submission.visit.planned_admission
    if admission is None:
        return None
    asked_on, admitted_on = local_day(asked_at), local_day(admission)
    closed = _closed(case, submission, asked_on, admitted_on)
    return working_days_between(asked_on, admitted_on, closed)


def _closed(case: Case, sent: EpisodeSubmission, start: date, end: date) -> frozenset[date]:
    """Public holidays where the hospital of the episode stands."""
    hospital = case.world.reference.hospital(sent.hospital)
    return public_holidays("CN" if hospital is None else hospital.region, start, end)


def letter_here(
    case: Case, letter: GuaranteeRow, ordinal: int, coverage: CoverageClaimed, asked_at: datetime
) -> str:
    """An insurer that decides here: its book of policies is ours, so the answer is at once."""
    tx, policy = case.transaction, _policy(case, coverage)
    if policy is None or not _grants(case, policy, coverage, asked_at):
        code = "POLICY_NOT_IN_FORCE"
        tx.change_coverage(case.episode_id, ordinal, eligible=False, disposition=code)
        tx.change_guarantee(letter.id, state="refused", answered_at=case.at, disposition=code)
        tx.open_exception(case.episode_id, "GUARANTEE_REFUSED", letter.id, {}, case.at)
        return "refused"
    tx.change_coverage(case.episode_id, ordinal, eligible=True)
    grant(
        tx,
        case.episode_id,
        letter,
        policy.guarantee_limit,
        case.at,
        number=letter.reference,
        requested_at=case.at,
        valid_until=policy.in_force_until,
    )
    return "granted"


def _policy(case: Case, coverage: CoverageClaimed) -> PolicyKnown | None:
    insurer, number = coverage.organisation or "", coverage.policy_number or ""
    return case.world.reference.policy(insurer, number)


def _policy_grants(case: Case, coverage: CoverageClaimed, asked_at: datetime) -> bool:
    policy = _policy(case, coverage)
    return policy is not None and _grants(case, policy, coverage, asked_at)


def _grants(case: Case, policy: PolicyKnown, coverage: CoverageClaimed, asked_at: datetime) -> bool:
    """In force under this plan, with a limit in what the plan counts in."""
    held = policy.in_force(local_day(asked_at)) and policy.plan == coverage.plan
    currency = counts_in(case.world.plans, coverage.plan)
    return held and policy.guarantee_limit.currency is currency


def desk_due(world: World, at: datetime) -> datetime | None:
    """Until when a person at the insurer has to answer."""
    return person_due(world.plans.find(DESK_PLAN), at)
