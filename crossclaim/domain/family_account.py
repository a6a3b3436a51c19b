"""Personal accounts of employee insurance: the holder's own bills, and those of bound relatives.

Two records must not be confused. ``FamilySharing`` (家庭共济) lets a relative's bill spend the
holder's money; ``FamilyCodeLink`` (亲情账户) only shows a relative's own code, which spends that
relative's own money. Money may be shared, cards may not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import StrEnum

from crossclaim.domain.allocation import Fault, Frozen, TraceStep
from crossclaim.domain.checks import faults_found
from crossclaim.domain.insured import Insurance, Relation
from crossclaim.domain.money import Currency, Money, fen, total
from crossclaim.domain.plan import PlanAt
from crossclaim.domain.sentences_basic import BasicReason
from crossclaim.domain.spread import largest_remainder
from crossclaim.domain.trace import fault, traced


class PoolingScope(StrEnum):
    """How far apart two people may be insured and still share an account."""

    POOL = "POOL"
    PROVINCE = "PROVINCE"
    NATION = "NATION"


class Place(StrEnum):
    DESIGNATED_HOSPITAL = "designated_hospital"
    DESIGNATED_PHARMACY = "designated_pharmacy"
    OTHER = "other"


class CardShown(StrEnum):
    """Whose card or e-code the patient presented."""

    OWN = "own"
    AUTHORISERS = "authorisers"


class Area(Frozen):
    """Where somebody is insured: the pooling area and its province."""

    pool: str
    province: str


class AccountHolder(Frozen):
    """Whose personal account it is. ``balance`` in CNY, None when nobody has looked it up."""

    insurance: Insurance
    area: Area
    balance: Money | None = None


class AccountUser(Frozen):
    """The relative whose bill it is. ``area`` is None for one who is not insured."""

    insured: bool
    area: Area | None = None


class FamilySharing(Frozen):
    """家庭共济: ``user`` is the authoriser's ``relation``. Pending until ``approved_on``."""

    authoriser: AccountHolder
    user: AccountUser
    relation: Relation
    approved_on: date | None = None
    ended_on: date | None = None
    """First day on which it no longer holds."""

    def holds(self, on: date) -> bool:
        begun = self.approved_on is not None and self.approved_on <= on
        return begun and (self.ended_on is None or on < self.ended_on)


class FamilyCodeLink(Frozen):
    """亲情账户: somebody may show the relative's own code; it opens no account of the shower."""

    relation: Relation
    linked_on: date


class AccountFacts(Frozen):
    """What the rules of personal accounts may look at. ``holder`` is the patient's own account."""

    on: date
    place: Place
    card: CardShown = CardShown.OWN
    holder: AccountHolder | None = None
    sharing: FamilySharing | None = None
    code_link: FamilyCodeLink | None = None


class AccountLeg(Frozen):
    """What an account pays (CNY). With ``faults`` it pays nothing."""

    amount: Money
    shares: dict[int, Money]
    """Line number → CNY."""
    left: dict[int, Money]
    """Line number → CNY that nobody has paid yet."""
    balance_after: Money | None
    trace: list[TraceStep] = []
    faults: list[Fault] = []


def family_faults(facts: AccountFacts, plan: PlanAt) -> list[Fault]:
    """Every reason why a relative's account may not pay; empty when it may."""
    return faults_found(_FAMILY_CHECKS, facts, plan, "/account")


def account_faults(facts: AccountFacts, plan: PlanAt) -> list[Fault]:
    """Every reason why the patient's own account may not pay; empty when it may."""
    return faults_found(_OWN_CHECKS, facts, plan, "/account")


def family_leg(facts: AccountFacts, plan: PlanAt, left: Mapping[int, Money]) -> AccountLeg:
    """What the binder's account pays of what earlier funders left of each line."""
    faults = family_faults(facts, plan)
    holder = facts.sharing.authoriser if facts.sharing else None
    reasons = (BasicReason.FAMILY_ACCOUNT_LEG, BasicReason.FAMILY_ACCOUNT_EMPTY)
    keys = ["relatives.allowed", "scope.pooling", "holders.insurances"]
    return _leg(holder, faults, plan, left, reasons, keys)


def account_leg(facts: AccountFacts, plan: PlanAt, left: Mapping[int, Money]) -> AccountLeg:
    """What the patient's own account pays of what earlier funders left of each line."""
    faults = account_faults(facts, plan)
    reasons = (BasicReason.ACCOUNT_LEG, BasicReason.PERSONAL_ACCOUNT_EMPTY)
    return _leg(facts.holder, faults, plan, left, reasons, ["scope.places", "holders.insurances"])


def pay_from(balance: Money, left: Mapping[int, Money]) -> tuple[Money, dict[int, Money]]:
    """An amount no larger than the balance, laid on what is left of the lines in proportion."""
    ordered = dict(sorted(left.items()))
    due = total(ordered.values(), Currency.CNY)
    amount = max(fen(0), min(balance, due))
    weights = [money.amount_minor for money in ordered.values()]
    parts = largest_remainder(amount.amount_minor, weights)
    return amount, {number: fen(part) for number, part in zip(ordered, parts, strict=True)}


def still_left(left: Mapping[int, Money], shares: Mapping[int, Money]) -> dict[int, Money]:
    """What is left of each line after a payment."""
    nothing = fen(0)
    return {number: money - shares.get(number, nothing) for number, money in left.items()}


def _leg(
    holder: AccountHolder | None,
    faults: list[Fault],
    plan: PlanAt,
    left: Mapping[int, Money],
    reasons: tuple[BasicReason, BasicReason],
    keys: list[str],
) -> AccountLeg:
    balance = holder.balance if holder else None
    if faults or balance is None:
        nothing = {number: fen(0) for number in left}
        return AccountLeg(
            amount=fen(0), shares=nothing, left=dict(left), balance_after=balance, faults=faults
        )
    amount, shares = pay_from(balance, left)
    after = balance - amount
    paid, empty = reasons
    inputs = {"balance": balance, "due": total(left.values(), Currency.CNY)}
    words = {"amount": amount, "after": after}
    if balance.amount_minor <= 0:
        step = traced(plan, keys, empty, amount, inputs=inputs)
    else:
        step = traced(plan, keys, paid, amount, words=words, inputs=inputs)
    return AccountLeg(
        amount=amount,
        shares=shares,
        left=still_left(left, shares),
        balance_after=after,
        trace=[step],
    )


Check = Callable[[AccountFacts, PlanAt], Iterator[Fault]]


def _bound(facts: AccountFacts, plan: PlanAt) -> Iterator[Fault]:
    if facts.sharing is None or not facts.sharing.holds(facts.on):
        yield fault(BasicReason.FAMILY_NOT_BOUND, "/account/sharing", on=facts.on)


def _relation(facts: AccountFacts, plan: PlanAt) -> Iterator[Fault]:
    allowed = plan.codes("relatives.allowed")
    if facts.sharing is not None and facts.sharing.relation.value not in allowed:
        words = {"relation": facts.sharing.relation.value, "allowed": ", ".join(allowed)}
        pointer = "/account/sharing/relation"
        reason = BasicReason.FAMILY_RELATION_NOT_ALLOWED
        yield fault(reason, pointer, on=facts.on, **words)


def _user(facts: AccountFacts, plan: PlanAt) -> Iterator[Fault]:
    sharing = facts.sharing
    if sharing is None:
        return
    if not sharing.user.insured:
        if plan.rule("users.insured_only").value:
            yield fault(BasicReason.FAMILY_USER_NOT_INSURED, "/account/sharing/user")
        return
    scope = PoolingScope(plan.code("scope.pooling"))
    if not _within(scope, sharing.authoriser.area, sharing.user.area):
        pointer = "/account/sharing/user/area"
        words = {"on": facts.on, "scope": scope.value}
        yield fault(BasicReason.FAMILY_POOL_MISMATCH, pointer, **words)


def _within(scope: PoolingScope, one: Area, other: Area | None) -> bool:
    if scope is PoolingScope.NATION:
        return True
    if other is None or one.province != other.province:
        return False
    return scope is PoolingScope.PROVINCE or one.pool == other.pool


def _card(facts: AccountFacts, plan: PlanAt) -> Iterator[Fault]:
    if facts.card is CardShown.AUTHORISERS and plan.rule("users.own_card_only").value:
        yield fault(BasicReason.CARD_SHARING, "/account/card")


def _place(facts: AccountFacts, plan: PlanAt) -> Iterator[Fault]:
    allowed = plan.codes("scope.places")
    if facts.place.value not in allowed:
        words = {"allowed": ", ".join(allowed)}
        yield fault(BasicReason.ACCOUNT_PLACE_NOT_ALLOWED, "/account/place", **words)


def _authoriser(facts: AccountFacts, plan: PlanAt) -> Iterator[Fault]:
    if facts.sharing is not None:
        yield from _account(facts.sharing.authoriser, plan, "/account/sharing/authoriser")


def _holder(facts: AccountFacts, plan: PlanAt) -> Iterator[Fault]:
    if facts.holder is None:
        yield fault(BasicReason.ACCOUNT_BALANCE_NOT_STATED, "/account/holder")
    else:
        yield from _account(facts.holder, plan, "/account/holder")


def _account(holder: AccountHolder, plan: PlanAt, pointer: str) -> Iterator[Fault]:
    if holder.insurance.value not in plan.codes("holders.insurances"):
        words = {"insurance": holder.insurance.value}
        yield fault(BasicReason.FAMILY_NO_PERSONAL_ACCOUNT, f"{pointer}/insurance", **words)
    elif holder.balance is None:
        yield fault(BasicReason.ACCOUNT_BALANCE_NOT_STATED, f"{pointer}/balance")


_FAMILY_CHECKS: tuple[Check, ...] = (_bound, _relation, _user, _authoriser, _card, _place)
_OWN_CHECKS: tuple[Check, ...] = (_holder, _card, _place)
