"""What a withdrawn consent makes of an episode: who pays, what stops, what stays (scenario E12).

A withdrawal counts from the commit of its row. What was sent, decided or paid at that moment or
before stays; the law takes nothing back. Pure: nothing is cancelled here.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from crossclaim.domain.allocation import Fault, Frozen, TraceStep
from crossclaim.domain.eligibility import local_day
from crossclaim.domain.money import ConversionRate, Money, fen
from crossclaim.domain.plan import PlanAt, RuleMissing
from crossclaim.domain.sentences import Reason
from crossclaim.domain.sentences_withdrawal import WithdrawalReason
from crossclaim.domain.submission import ConsentType
from crossclaim.domain.trace import fault, traced

WITHDRAWAL_PLAN = "consent-withdrawal"
SENT_BEFORE = frozenset({"storage_only"})


class Data(StrEnum):
    """What may still be sent."""

    ACCOUNT = "account"
    MEDICAL = "medical"


DATA = frozenset(data.value for data in Data)


class Branch(StrEnum):
    """Where the withdrawal met the claim."""

    BEFORE_CLAIM = "before_claim"
    BEFORE_DECISION = "before_decision"
    SUSPENSION_OVER = "suspension_over"
    BEFORE_PAYOUT = "before_payout"
    AFTER_PAYOUT = "after_payout"
    SHARING_ONLY = "sharing_only"


class Status(StrEnum):
    CLOSED = "CLOSED_CONSENT_WITHDRAWN"
    SUSPENDED = "SUSPENDED"
    UNCHANGED = "UNCHANGED"


class Cancelled(StrEnum):
    SENDS = "sends"
    """Every further send that rests on the consent."""
    GUARANTEE = "guarantee"
    DIRECT_BILLING = "direct_billing"
    """The insurer's part of the split."""
    NEW_ACCESS = "new_access"
    """Access to records that nobody has read yet."""
    ALL_ACCESS = "all_access"


class Send(Frozen):
    """One send across the border; ``at`` is the commit of its attempt row."""

    reference: str
    at: datetime


class WithdrawalFacts(Frozen):
    """Moments are commits of rows; None: it has not happened."""

    withdrawn: frozenset[ConsentType]
    withdrawn_at: datetime
    now: datetime
    bill: Money
    """CNY, the final bill."""
    others: Money = fen(0)
    """CNY that vouchers and other funders than the insurer carry."""
    forecast: Money | None = None
    """CNY of the insurer's part by the split, until it decides."""
    guarantee_issued: bool = False
    submitted_at: datetime | None = None
    decided_at: datetime | None = None
    approved: Money | None = None
    """HKD that the insurer has approved."""
    rate: ConversionRate | None = None
    paid_at: datetime | None = None
    sends: tuple[Send, ...] = ()
    inpatient: bool = False
    emergency: bool = False
    emergency_reason: str = ""


class Withdrawal(Frozen):
    """``insurer`` + ``pending`` + ``patient`` + what others carry = the bill, always.

    With ``faults`` nothing is decided. ``alerts`` are for a person at once and decide nothing.
    """

    branch: Branch | None = None
    status: Status | None = None
    cancelled: list[Cancelled] = []
    may_send: list[Data] = []
    insurer: Money = fen(0)
    pending: Money = fen(0)
    """CNY of the insurer's part on which nobody has decided yet."""
    patient: Money = fen(0)
    suspended_through: date | None = None
    retention_years: int | None = None
    """Of what was sent before: stored only, nothing else."""
    trace: list[TraceStep] = []
    faults: list[Fault] = []
    alerts: list[Fault] = []


def withdrawal(facts: WithdrawalFacts, plan: PlanAt) -> Withdrawal:
    """The consequences by the rules of the plan; ``plan`` is that of the day of withdrawal."""
    try:
        return _decided(facts, plan)
    except RuleMissing as missing:
        words = {"rule": missing.rule, "on": missing.on}
        return Withdrawal(faults=[fault(Reason.RULE_NEEDS_PERSON, "/consents", **words)])


def _decided(facts: WithdrawalFacts, plan: PlanAt) -> Withdrawal:
    stops, blocks = plan.codes("withdrawal.stops_insurer"), plan.codes("withdrawal.blocks_access")
    insurers = [c for c in facts.withdrawn if c.value in stops]
    unknown = sorted(c.value for c in facts.withdrawn if c.value not in (*stops, *blocks))
    faults = [
        fault(WithdrawalReason.WITHDRAWAL_NEEDS_PERSON, "/consents", consent=consent)
        for consent in unknown
    ]
    branch = _branch(facts, plan) if insurers else Branch.SHARING_ONLY
    faults += _asked(facts, branch)
    if faults:
        return Withdrawal(faults=faults)
    found = _of_branch(facts, plan, branch)
    if len(insurers) < len(facts.withdrawn) and branch is not Branch.SHARING_ONLY:
        found = found.model_copy(update={"cancelled": [*found.cancelled, Cancelled.NEW_ACCESS]})
    if branch is not Branch.SHARING_ONLY:
        found = _with_sends(found, facts, plan)
    return _with_emergency(found, facts, plan) if facts.emergency else found


def _before(moment: datetime | None, facts: WithdrawalFacts) -> bool:
    """Its row was committed before the withdrawal's; of one moment, the lock let it go first."""
    return moment is not None and moment <= facts.withdrawn_at


def _last_day(facts: WithdrawalFacts, plan: PlanAt) -> date:
    """The last day of a suspension."""
    days = timedelta(days=plan.count("withdrawal.suspended"))
    return local_day(facts.withdrawn_at) + days


def _branch(facts: WithdrawalFacts, plan: PlanAt) -> Branch:
    if _before(facts.paid_at, facts):
        return Branch.AFTER_PAYOUT
    if _before(facts.decided_at, facts):
        return Branch.BEFORE_PAYOUT
    if not _before(facts.submitted_at, facts):
        return Branch.BEFORE_CLAIM
    over = local_day(facts.now) > _last_day(facts, plan)
    return Branch.SUSPENSION_OVER if over else Branch.BEFORE_DECISION


def _asked(facts: WithdrawalFacts, branch: Branch) -> list[Fault]:
    """What the branch needs and nobody gave."""
    found = []
    sharing, undecided = branch is Branch.SHARING_ONLY, facts.approved is None
    decided = branch in (Branch.BEFORE_PAYOUT, Branch.AFTER_PAYOUT) or (sharing and not undecided)
    if decided and (undecided or facts.rate is None):
        found.append(fault(WithdrawalReason.APPROVED_PART_NOT_STATED, "/approved"))
    waits = branch is Branch.BEFORE_DECISION or (sharing and undecided)
    if waits and facts.forecast is None:
        found.append(fault(WithdrawalReason.FORECAST_PART_NOT_STATED, "/forecast"))
    if facts.emergency and not facts.emergency_reason.strip():
        found.append(fault(WithdrawalReason.EMERGENCY_REASON_MISSING, "/emergency_reason"))
    return found


def _approved(facts: WithdrawalFacts) -> Money | None:
    """CNY of the approved part, never above what the other funders leave."""
    if facts.approved is None or facts.rate is None:
        return None
    return min(facts.rate.to_fen(facts.approved), facts.bill - facts.others)


def _of_branch(facts: WithdrawalFacts, plan: PlanAt, branch: Branch) -> Withdrawal:
    left = facts.bill - facts.others
    approved = _approved(facts) or fen(0)
    forecast = min(facts.forecast or fen(0), left)
    match branch:
        case Branch.BEFORE_CLAIM | Branch.SUSPENSION_OVER:
            return _closed(facts, plan, branch, left)
        case Branch.BEFORE_DECISION:
            return _suspended(facts, plan, forecast, left - forecast)
        case Branch.BEFORE_PAYOUT:
            return _still_paid(plan, approved, left - approved)
        case Branch.AFTER_PAYOUT:
            key, reason = "withdrawal.stops_insurer", WithdrawalReason.WITHDRAWN_AFTER_PAYOUT
            return Withdrawal(
                branch=branch,
                status=Status.UNCHANGED,
                cancelled=[Cancelled.SENDS, Cancelled.ALL_ACCESS],
                insurer=approved,
                patient=left - approved,
                trace=[traced(plan, [key], reason, "")],
            )
        case Branch.SHARING_ONLY:
            pending = forecast if facts.approved is None else fen(0)
            key, reason = "withdrawal.blocks_access", WithdrawalReason.WITHDRAWN_SHARING
            return Withdrawal(
                branch=branch,
                status=Status.UNCHANGED,
                cancelled=[Cancelled.NEW_ACCESS],
                may_send=[Data.ACCOUNT, Data.MEDICAL],
                insurer=approved,
                pending=pending,
                patient=left - approved - pending,
                trace=[traced(plan, [key], reason, "")],
            )


def _closed(facts: WithdrawalFacts, plan: PlanAt, branch: Branch, left: Money) -> Withdrawal:
    """The insurer pays nothing, the hospital bills the patient what no other funder carries."""
    reason, keys = WithdrawalReason.WITHDRAWN_BEFORE_CLAIM, ["withdrawal.stops_insurer"]
    words: dict[str, object] = {"patient": left}
    if branch is Branch.SUSPENSION_OVER:
        reason = WithdrawalReason.WITHDRAWN_SUSPENSION_OVER
        keys, words = [*keys, "withdrawal.suspended"], words | {"until": _last_day(facts, plan)}
    guarantee = [Cancelled.GUARANTEE] if facts.guarantee_issued else []
    return Withdrawal(
        branch=branch,
        status=Status.CLOSED,
        cancelled=[Cancelled.SENDS, *guarantee, Cancelled.DIRECT_BILLING],
        patient=left,
        trace=[traced(plan, keys, reason, left, words=words)],
    )


def _suspended(facts: WithdrawalFacts, plan: PlanAt, pending: Money, patient: Money) -> Withdrawal:
    until = _last_day(facts, plan)
    keys = ["withdrawal.stops_insurer", "withdrawal.suspended"]
    words = {"until": until, "pending": pending}
    reason = WithdrawalReason.WITHDRAWN_BEFORE_DECISION
    return Withdrawal(
        branch=Branch.BEFORE_DECISION,
        status=Status.SUSPENDED,
        cancelled=[Cancelled.SENDS],
        pending=pending,
        patient=patient,
        suspended_through=until,
        trace=[traced(plan, keys, reason, until, words=words)],
    )


def _still_paid(plan: PlanAt, insurer: Money, patient: Money) -> Withdrawal:
    """What is approved is paid on the contract, with the data that payment needs."""
    key, reason = "after_approval.sends", WithdrawalReason.WITHDRAWN_BEFORE_PAYOUT
    words = {"insurer": insurer, "patient": patient}
    return Withdrawal(
        branch=Branch.BEFORE_PAYOUT,
        status=Status.UNCHANGED,
        cancelled=[Cancelled.SENDS],
        may_send=[Data(code) for code in plan.codes(key)],
        insurer=insurer,
        patient=patient,
        trace=[traced(plan, [key], reason, insurer, words=words)],
    )


def _with_sends(found: Withdrawal, facts: WithdrawalFacts, plan: PlanAt) -> Withdrawal:
    """What was sent before stays lawful and is stored only; what came later is an alert."""
    late = [send for send in facts.sends if not _before(send.at, facts)]
    lawful = len(facts.sends) - len(late)
    kept = "retention.inpatient" if facts.inpatient else "retention.outpatient"
    years = plan.count(kept)
    reason = WithdrawalReason.WITHDRAWN_SENDS_STAY
    keys = ["withdrawal.sent_before", kept]
    step = traced(plan, keys, reason, lawful, words={"count": lawful, "years": years})
    code = WithdrawalReason.SENT_AFTER_WITHDRAWAL
    alerts = [fault(code, "/sends", reference=send.reference) for send in late]
    changes = {"retention_years": years, "trace": [*found.trace, step], "alerts": alerts}
    return found.model_copy(update=changes)


def _with_emergency(found: Withdrawal, facts: WithdrawalFacts, plan: PlanAt) -> Withdrawal:
    """Life and health come first: medical data may go out; the money stays as it is."""
    key, reason = "emergency.outbound", WithdrawalReason.WITHDRAWN_EMERGENCY
    if plan.rule(key).value is not True:
        raise RuleMissing(f"{plan.plan}:{key}", plan.on, "does not allow it")
    inputs = {"reason": "on record"}
    step = traced(plan, [key], reason, Data.MEDICAL.value, inputs=inputs)
    sends = list(dict.fromkeys([*found.may_send, Data.MEDICAL]))
    return found.model_copy(update={"may_send": sends, "trace": [*found.trace, step]})
