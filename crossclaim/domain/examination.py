"""A person's decision on a claim, line by line: its shape, what is wrong with it, what it says.

An examiner, a second pair of eyes and a reviewer of an appeal all decide in this shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime

from crossclaim.domain.allocation import Fault, Frozen
from crossclaim.domain.money import Currency, Money, counted, total
from crossclaim.domain.party import AnswerState, ClaimAnswer
from crossclaim.domain.party import LineDecision as LineAnswer
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import Code, Text, Wire

EXAMINED = "EXAMINED"
"""The disposition of an answer that a person gave here."""


class ExaminerReason(StrEnum):
    """Why a line is paid less than it was billed with."""

    PLAN_TERMS = "PLAN_TERMS"
    """Deductible, co-insurance, limits: as the rules cut it."""
    ALREADY_CLAIMED = "ALREADY_CLAIMED"
    UNITS_NOT_SUPPORTED = "UNITS_NOT_SUPPORTED"
    PAIR_EXCLUDED = "PAIR_EXCLUDED"
    LEVEL_NOT_SUPPORTED = "LEVEL_NOT_SUPPORTED"
    NOT_A_SERVICE = "NOT_A_SERVICE"
    NOT_COVERED = "NOT_COVERED"
    NOT_NECESSARY = "NOT_NECESSARY"
    PRICE_TOO_HIGH = "PRICE_TOO_HIGH"
    PAPERS_NOT_ENOUGH = "PAPERS_NOT_ENOUGH"
    OTHER = "OTHER"


class LineDecision(Wire):
    """What the insurer pays of one charge line."""

    line: int
    approved: Money
    """In what the insurer counts in."""
    reason: ExaminerReason | None = None
    """Of a line that is paid less than it was billed with."""
    note: Text | None = None


class ExaminerDecision(Wire):
    """Every line of the claim decided by a person, or all of it left to the rules."""

    by_rules: bool = False
    lines: list[LineDecision] = []
    note: Text | None = None
    decided_without: Text | None = None
    """Why documents that were asked for are not waited for; needed while a request is open."""

    def benefit(self, currency: Currency) -> Money:
        """What the lines come to."""
        return total((one.approved for one in self.lines), currency)


class Decidable(Frozen):
    """What a person may decide on a claim, in what its insurer counts in."""

    currency: Currency
    lines: dict[int, Money]
    """The most that each line may be paid: as it was billed, less what others carry of it."""
    most: Money
    """The most that the claim may be paid."""


def decision_faults(decision: ExaminerDecision, on: Decidable, at: str = "") -> list[Fault]:
    """Everything wrong with it at once; ``at`` is the place of the decision in its submission."""
    if decision.by_rules:
        return [step_fault("DECISION_BOTH_WAYS", f"{at}/lines")] if decision.lines else []
    faults = list(_line_faults(decision.lines, on, f"{at}/lines"))
    known = {one.line for one in decision.lines}
    missing = [line for line in on.lines if line not in known]
    if missing:
        words = ", ".join(str(line) for line in missing)
        faults.append(step_fault("DECISION_LINES_MISSING", f"{at}/lines", lines=words))
    if not faults and on.most < decision.benefit(on.currency):
        faults.append(step_fault("DECISION_ABOVE_CLAIM", f"{at}/lines", most=on.most))
    return faults


def _line_faults(lines: Sequence[LineDecision], on: Decidable, at: str) -> Iterator[Fault]:
    seen: set[int] = set()
    for place, one in enumerate(lines):
        here, most = f"{at}/{place}", on.lines.get(one.line)
        if one.line in seen:
            yield step_fault("DECISION_LINE_TWICE", f"{here}/line", line=one.line)
        seen.add(one.line)
        if most is None:
            yield step_fault("DECISION_LINE_UNKNOWN", f"{here}/line", line=one.line)
        if one.approved.currency is not on.currency:
            words = {"currency": on.currency.value}
            yield step_fault("DECISION_CURRENCY", f"{here}/approved", **words)
        elif one.approved.amount_minor < 0:
            yield step_fault("DECISION_NEGATIVE", f"{here}/approved")
        elif most is not None and most < one.approved:
            yield step_fault("DECISION_ABOVE_BILLED", f"{here}/approved", most=most)
        elif most is not None and one.approved < most and one.reason is None:
            yield step_fault("DECISION_REASON_MISSING", f"{here}/reason", line=one.line)


def answer_of(
    decision: ExaminerDecision, on: Decidable, reference: str, at: datetime
) -> ClaimAnswer:
    """The faultless decision as an insurer's word. Raises ValueError when the rules decide."""
    if decision.by_rules:
        raise ValueError("what the rules decide is no person's answer")
    benefit = decision.benefit(on.currency)
    return ClaimAnswer(
        reference=reference,
        state=_state(decision.lines, benefit, on.lines),
        claim_number=reference,
        benefit=benefit,
        lines=[
            LineAnswer(
                line=one.line,
                benefit=one.approved,
                reasons=[] if one.reason is None else [one.reason.value],
            )
            for one in sorted(decision.lines, key=lambda one: one.line)
        ],
        disposition=EXAMINED,
        decided_at=at,
    )


def _state(
    lines: Sequence[LineDecision], benefit: Money, billed: Mapping[int, Money]
) -> AnswerState:
    if benefit == counted(0, benefit.currency):
        return AnswerState.DENIED
    whole = all(one.approved == billed[one.line] for one in lines)
    return AnswerState.APPROVED if whole else AnswerState.PARTIAL


class ClaimDecisionSubmission(ExaminerDecision):
    """``POST /v1/episodes/{id}/claim-decisions``. Business key: claim + number."""

    number: Code
    """The sender's number of this decision."""
    claim: Code
    decided_at: AwareDatetime


class ClaimConfirmationSubmission(Wire):
    """``POST /v1/episodes/{id}/claim-confirmations``. Business key: the decision's + ``word``.

    The second pair of eyes on a decision above an amount.
    """

    number: Code
    """The decision's number."""
    claim: Code
    confirmed: bool
    decided_at: AwareDatetime
    reason: Text


class SampleReviewSubmission(Wire):
    """``POST /v1/episodes/{id}/sample-reviews``. Business key: claim + ``review``."""

    claim: Code
    benefit: Money
    """What the decision should have been; right, when it is what was decided."""
    reviewed_at: AwareDatetime
    note: Text | None = None
