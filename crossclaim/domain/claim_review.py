"""Checks before a claim is decided here: whether it was claimed before, and signs of misuse.

Nothing here denies: what is found sends the claim to the insurer's examiner, with its reasons. Of
another insurer's claim a reason says that there is one, and nothing of what it contains.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from hashlib import sha256

from crossclaim.domain.allocation import Frozen, TraceStep
from crossclaim.domain.ebill_reading import Compared, Outcome
from crossclaim.domain.misuse_signals import ReviewFacts, signals
from crossclaim.domain.money import Money
from crossclaim.domain.plan import PlanAt, PlanSet, RuleMissing
from crossclaim.domain.sentences_review import ReviewReason
from crossclaim.domain.trace import plain

REVIEW_PLAN = "claim-review"
EXAMPLE_PLAN = "claim-review-example"
"""Invented items and norms, for demonstration only."""
_DRAWN_OF = 2**32


class MarkKind(StrEnum):
    """What two claims have in common."""

    EBILL = "ebill"
    DOCUMENT = "document"
    """A document of the same content."""
    BILL = "bill"
    """Person, hospital, number and first day of a bill."""
    LINES = "lines"
    """Person, hospital and every charge line."""
    DAY = "day"
    """Person, hospital and a day of service."""
    STAY = "stay"
    """Person, and days between admission and discharge."""


class Channel(StrEnum):
    """By which way a visit came to be claimed."""

    HOSPITAL = "hospital"
    PAPERS = "papers"


class Match(Frozen):
    """One thing that another claim has in common with this one."""

    kind: MarkKind
    same_insurer: bool
    named: bool = False
    """One of the two claims names the other's insurer: dual cover."""
    same_hospital: bool = True
    channel: Channel
    """The other claim's."""
    day: date | None = None
    reference: str = ""
    """The other claim's, where it is the same insurer's."""


class Review(Frozen):
    """``reasons`` without repetition, in the order in which they were found; none: clean."""

    reasons: list[ReviewReason] = []
    trace: list[TraceStep] = []


def with_ebills(found: Review, compared: Sequence[Compared], on: date) -> Review:
    """An e-bill that says something else than its claim is a question, once a claim."""
    members = sorted({member for one in compared for member in one.members})
    if not members and all(one.outcome is not Outcome.OTHER_BILL for one in compared):
        return found
    reason = ReviewReason.EBILL_DIFFERS
    step = plain("review:ebill", on, reason, " ".join(members))
    return Review(reasons=[*found.reasons, reason], trace=[*found.trace, step])


def by_person_before(found: Review, on: date) -> Review:
    """A correction does not undo a person's word by our rules: a person decides it again."""
    reason = ReviewReason.PERSON_DECIDED_BEFORE
    step = plain("review:correction", on, reason, "")
    return Review(reasons=[*found.reasons, reason], trace=[*found.trace, step])


_EXACT = {
    MarkKind.EBILL: ReviewReason.EBILL_CLAIMED_BEFORE,
    MarkKind.DOCUMENT: ReviewReason.DOCUMENT_CLAIMED_BEFORE,
    MarkKind.BILL: ReviewReason.BILL_CLAIMED_BEFORE,
    MarkKind.LINES: ReviewReason.LINES_CLAIMED_BEFORE,
}


def review(
    matches: Sequence[Match], channel: Channel, facts: ReviewFacts, plans: PlanSet, on: date
) -> Review:
    """Everything that asks for an examiner's look. ``channel``: the claim's own."""
    reasons: list[ReviewReason] = []
    steps: list[TraceStep] = []
    for reason, step in _found(matches, channel, facts, plans, on):
        if reason not in reasons:
            reasons.append(reason)
        if step not in steps:
            steps.append(step)
    return Review(reasons=reasons, trace=steps)


def _found(
    matches: Sequence[Match], channel: Channel, facts: ReviewFacts, plans: PlanSet, on: date
) -> Iterator[tuple[ReviewReason, TraceStep]]:
    known = (plans.find(name) for name in (REVIEW_PLAN, EXAMPLE_PLAN))
    rules = [plan.on(on) for plan in known if plan is not None]
    yield from duplicates(matches, channel, rules, on)
    for plan in rules:
        try:
            yield from signals(facts, plan)
        except RuleMissing as missing:
            reason = ReviewReason.REVIEW_RULE_MISSING
            words = {"name": missing.rule, "day": missing.on}
            yield reason, plain(missing.rule, on, reason, "", words, **words)


def duplicates(
    matches: Sequence[Match], channel: Channel, rules: Sequence[PlanAt], on: date
) -> Iterator[tuple[ReviewReason, TraceStep]]:
    """What was claimed before, exactly or nearly; what dual cover explains is no duplicate."""
    for match in matches:
        if not match.same_insurer and match.named:
            continue
        if match.kind in _EXACT:
            if match.kind is MarkKind.LINES and _two_visits(match, channel):
                continue
            yield _told(_EXACT[match.kind], match, on)
        elif match.kind is MarkKind.DAY:
            reason = _near(match, channel)
            if reason is not None:
                yield _told(reason, match, on)
        elif not _within_one_house(match, channel, rules):
            yield _told(ReviewReason.STAYS_OVERLAP, match, on)


def _two_visits(match: Match, channel: Channel) -> bool:
    """A hospital numbers its visits: two numbers are two visits, however alike their charges."""
    return match.channel is channel is Channel.HOSPITAL


def _near(match: Match, channel: Channel) -> ReviewReason | None:
    """The same person, hospital and day; papers carry no number of the visit."""
    if _two_visits(match, channel):
        return None
    if match.channel is not channel:
        return ReviewReason.VISIT_OTHER_CHANNEL
    return None if match.same_insurer else ReviewReason.VISIT_OTHER_INSURER


def _within_one_house(match: Match, channel: Channel, rules: Sequence[PlanAt]) -> bool:
    """One hospital may keep one stay under several numbers; whether that is looked at, says the
    plan."""
    if not match.same_hospital or not _two_visits(match, channel):
        return False
    stated = (plan.find("stays.one_hospital") for plan in rules)
    return not any(rule is not None and rule.value is True for rule in stated)


def _told(reason: ReviewReason, match: Match, on: date) -> tuple[ReviewReason, TraceStep]:
    words = {} if match.day is None else {"day": match.day}
    inputs = {"claim": match.reference} if match.same_insurer and match.reference else {}
    return reason, plain(f"review:{match.kind}", on, reason, "", inputs, **words)


def second_person_needed(plans: PlanSet, benefit: Money, forecast: Money, on: date) -> bool:
    """Whether a person's decision to pay ``benefit`` waits for another person: above the plan's
    amount, and, where the plan says so, above what the rules would pay. Yes where the plan states
    no amount in its currency."""
    plan = plans.find(REVIEW_PLAN)
    rules = None if plan is None else plan.on(on)
    rule = None if rules is None else rules.find("second_person.above")
    if rules is None or rule is None or rule.unit.currency is not benefit.currency:
        return True
    stated = rules.find("second_person.more_than_rules")
    more = stated is not None and stated.value is True and forecast < benefit
    return more or rules.amount("second_person.above") < benefit


def drawn(plans: PlanSet, claim_id: str, on: date) -> bool:
    """Whether an automatic decision is drawn for review: always the same for the same claim."""
    plan = plans.find(REVIEW_PLAN)
    if plan is None or plan.on(on).find("sample.ratio") is None:
        return False
    place = int.from_bytes(sha256(claim_id.encode()).digest()[:4])
    return place < plan.on(on).ratio("sample.ratio") * _DRAWN_OF
