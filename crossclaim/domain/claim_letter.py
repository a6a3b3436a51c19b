"""What a letter about a decided claim says: its facts, from the rows as they were decided. Pure.

The same facts give the same letter, so one of a decision's version can be issued again to the byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum

from crossclaim.domain.allocation import AllocationResult, Frozen, Sentence
from crossclaim.domain.money import Currency, Money, fen, total
from crossclaim.domain.party import ClaimAnswer
from crossclaim.domain.reference import Names
from crossclaim.domain.submission import BillSubmission, FunderKind

LANGUAGES = ("en", "zh-Hant", "zh-Hans")


class LetterKind(StrEnum):
    DECISION = "decision"
    """What was decided, why, and how it can be appealed."""
    BENEFITS = "benefits"
    """The explanation of benefits: line by line, with the rules and values that made them."""


class LetterLine(Frozen):
    """One charge line, or one paper of a claim with papers."""

    number: str
    description: str
    served_on: date | None = None
    billed: Money
    paid: Money | None = None
    """CNY by this insurer; None where the decision names only what the insurer counts in."""
    benefit: Money | None = None
    """In what the insurer counts in, where it was decided line by line."""
    reasons: list[str] = []


class LetterAppeal(Frozen):
    """How the decision can be appealed; ``until`` is the last day."""

    level: int
    until: date


class ClaimLetter(Frozen):
    """``cause`` is empty for a first decision; ``change`` is what a later one moved."""

    version: int
    cause: str = ""
    state: str
    reference: str
    claim_number: str = ""
    insurer: Names
    hospital: Names
    patient: str
    bill_number: str
    bill_version: int
    decided_at: datetime
    billed: Money
    benefit: Money
    paid: Money
    change: Money | None = None
    rate: str = ""
    note: str = ""
    """The reviewer's own words."""
    lines: list[LetterLine]
    why: list[Sentence] = []
    appeal: LetterAppeal | None = None


def letter_lines(
    bill: BillSubmission, result: AllocationResult, insurer: str, answer: ClaimAnswer | None
) -> list[LetterLine]:
    """Line by line what this insurer pays; of papers that no person has decided, by paper."""
    decided = {one.line: one for one in answer.lines} if answer else {}
    if result.papers and not decided:
        return [
            LetterLine(
                number=one.bill,
                description="",
                billed=one.claimed,
                paid=one.forecast,
                benefit=one.benefit,
                reasons=one.reasons,
            )
            for one in result.papers
        ]
    found = []
    for line in bill.lines:
        own = [
            s
            for s in result.shares
            if (s.line, s.funder, s.organisation) == (line.number, FunderKind.INSURER, insurer)
        ]
        word = decided.get(line.number)
        reasons = [r for share in own for r in share.reasons] + (word.reasons if word else [])
        paid = total((s.amount for s in own), Currency.CNY)
        found.append(
            LetterLine(
                number=str(line.number),
                description=line.description,
                served_on=line.service_date,
                billed=line.amount,
                paid=None if result.papers else paid,
                benefit=word.benefit if word else None,
                reasons=list(dict.fromkeys(reasons)),
            )
        )
    return found


def reasons_why(result: AllocationResult, insurer: str, plan: str) -> list[Sentence]:
    """The rules' own sentences of this insurer's plan; none where another insurer of the bill has
    the same plan, since a rule does not say of whom it speaks."""
    others = {t.plan for t in result.covers if t.organisation != insurer}
    if not plan or plan in others:
        return []
    return list(_unlike(step.text for step in result.trace if step.rule.startswith(f"{plan}:")))


def _unlike(texts: Iterable[Sentence]) -> Iterator[Sentence]:
    seen: set[str] = set()
    for text in texts:
        if text.en not in seen:
            seen.add(text.en)
            yield text


def billed_of(lines: list[LetterLine]) -> Money:
    return total((one.billed for one in lines), Currency.CNY) if lines else fen(0)
