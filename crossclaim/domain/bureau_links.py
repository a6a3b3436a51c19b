"""Links of the funders that pay through the bureau: its word binds, our own rules are the forecast.

A refusal by our rules stands. Where our rules only lack a fact, the bureau's figures hold without a
forecast.
"""

from __future__ import annotations

from collections.abc import Sequence

from crossclaim.domain.allocation import (
    BillFacts,
    Fault,
    FunderTotal,
    TraceStep,
    share_of,
)
from crossclaim.domain.bureau import SettlementSplit
from crossclaim.domain.bureau_facts import (
    BureauFacts,
    Purse,
    account_facts,
    basic_facts,
    disagreed,
    shared_of,
)
from crossclaim.domain.chain import Left, LegAnswer, Link, Part, first_claimed
from crossclaim.domain.combination import first_day
from crossclaim.domain.family_account import Place
from crossclaim.domain.mainland_links import account_link, basic_link
from crossclaim.domain.money import Currency, Money, fen, total
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.sentences import Reason
from crossclaim.domain.sentences_basic import BasicReason
from crossclaim.domain.sentences_bureau import BureauReason
from crossclaim.domain.spread import fill
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.trace import fault, plain

_QUESTIONS = frozenset(
    {
        BasicReason.BASIC_FACT_NOT_STATED.value,
        BasicReason.BASIC_ELIGIBLE_NOT_STATED.value,
        Reason.RULE_NEEDS_PERSON.value,
    }
)
"""Our rules cannot say; the bureau can."""
_SHARING = "/account/sharing"
_FAMILY_STEPS = frozenset(
    {BasicReason.FAMILY_ACCOUNT_LEG.value, BasicReason.FAMILY_ACCOUNT_EMPTY.value}
)
_NOT_BESIDE = (FunderKind.VOUCHER, FunderKind.INSURER)


def bureau_links(told: BureauFacts) -> tuple[Link, ...]:
    """The pooled fund and the accounts of an insured person. Whether the fund pays a purchase at a
    pharmacy nobody has told us: without a link a person decides."""
    accounts = Link(FunderKind.PERSONAL_ACCOUNT, _Accounts(told).carry)
    if told.account.place is not Place.DESIGNATED_HOSPITAL:
        return (accounts,)
    return Link(FunderKind.BASIC_INSURANCE, _Fund(told).carry), accounts


def refusing_links(code: BureauReason, why: str = "") -> tuple[Link, ...]:
    """Nothing is known of the person: each coverage at the bureau is refused for this reason."""

    def of(funder: FunderKind) -> Link:
        def carry(facts: BillFacts, plans: PlanSet, left: Left) -> LegAnswer:
            found = first_claimed(facts, funder)
            assert found is not None, "only claimed funders have a link"
            pointer = f"/episode/coverages/{found[0]}"
            uninsured = code is BureauReason.BUREAU_PERSON_UNKNOWN
            if uninsured and funder is FunderKind.PERSONAL_ACCOUNT:
                return LegAnswer(faults=[fault(BasicReason.FAMILY_USER_NOT_INSURED, pointer)])
            return LegAnswer(faults=[fault(code, pointer, why=why)])

        return Link(funder, carry)

    return of(FunderKind.BASIC_INSURANCE), of(FunderKind.PERSONAL_ACCOUNT)


class _Fund:
    def __init__(self, told: BureauFacts) -> None:
        self._told = told

    def carry(self, facts: BillFacts, plans: PlanSet, left: Left) -> LegAnswer:
        forecast = basic_link(basic_facts(self._told, facts)).carry(facts, plans, left)
        stated = _not_quoted(self._told, facts, FunderKind.BASIC_INSURANCE)
        if any(found.code not in _QUESTIONS for found in forecast.faults):
            return forecast
        if stated is not None:
            return forecast.model_copy(update={"faults": [*forecast.faults, *stated]})
        quote, split = self._told.quote, self._told.split
        assert quote is not None and split is not None, "it was quoted"
        if not quote.order.fund_used:
            return forecast
        return _bound(facts, forecast, FunderKind.BASIC_INSURANCE, [split.fund], left)


class _Accounts:
    def __init__(self, told: BureauFacts) -> None:
        self._told = told

    def carry(self, facts: BillFacts, plans: PlanSet, left: Left) -> LegAnswer:
        place = next(at for at, c in facts.claimed if c.funder is FunderKind.PERSONAL_ACCOUNT)
        if any(c.funder in _NOT_BESIDE for _, c in facts.claimed):
            pointer = f"/episode/coverages/{place}/funder"
            return LegAnswer(faults=[fault(BureauReason.ACCOUNT_BESIDE_OTHERS, pointer)])
        forecast = account_link(account_facts(self._told, facts)).carry(facts, plans, left)
        forecast = _of_bindings(self._told, facts, forecast)
        if any(found.code not in _QUESTIONS for found in forecast.faults):
            return forecast
        stated = _not_quoted(self._told, facts, FunderKind.PERSONAL_ACCOUNT)
        if stated is not None:
            return forecast.model_copy(update={"faults": [*forecast.faults, *stated]})
        quote, split = self._told.quote, self._told.split
        assert quote is not None and split is not None, "it was quoted"
        by_fund = any(c.funder is FunderKind.BASIC_INSURANCE for _, c in facts.claimed)
        if not quote.order.account_used or (quote.order.fund_used and not by_fund):
            return forecast
        spoken_for = _spoken_for(self._told, split, place)
        if spoken_for:
            return LegAnswer(rules=forecast.rules, faults=spoken_for)
        purses = [split.account, split.family]
        if len(forecast.parts) == 1:
            # One purse only by our rules: which of the two, the bureau says.
            purses = [split.account + split.family]
        return _bound(facts, forecast, FunderKind.PERSONAL_ACCOUNT, purses, left)


def _of_bindings(told: BureauFacts, facts: BillFacts, forecast: LegAnswer) -> LegAnswer:
    """Names our own binding as the source of what was judged of a relative's account."""
    shared = shared_of(told, facts)
    binding = shared.binding if shared is not None else None
    about = f"/family_bindings/{binding.binding_id}" if binding is not None else "/family_bindings"
    faults = [
        found.model_copy(update={"pointer": found.pointer.replace(_SHARING, about)})
        if found.pointer.startswith(_SHARING)
        else found
        for found in forecast.faults
    ]
    if binding is not None and disagreed(told, facts):
        # What the rules miss of an account that the bureau does not know is this very difference.
        faults = [found for found in faults if found.code != BasicReason.FAMILY_NOT_BOUND]
        faults.append(fault(BureauReason.FAMILY_BINDING_DIFFERS, about, on=first_day(facts)))
    parts = list(forecast.parts)
    told_in = next((n for n, part in enumerate(parts) if _a_relatives(part)), None)
    if binding is not None and told_in is not None:
        step = plain(
            f"family-binding:{binding.binding_id}",
            first_day(facts),
            BureauReason.FAMILY_BINDING_HOLDS,
            binding.sharing.approved_on,
            {"binding": binding.binding_id, "relation": binding.sharing.relation.value},
            binding=binding.binding_id,
            since=binding.sharing.approved_on,
        )
        trace = [step, *parts[told_in].trace]
        parts[told_in] = parts[told_in].model_copy(update={"trace": trace})
    return forecast.model_copy(update={"faults": faults, "parts": parts})


def _a_relatives(part: Part) -> bool:
    return any(step.result.split(" ", 1)[0] in _FAMILY_STEPS for step in part.trace)


def _spoken_for(told: BureauFacts, split: SettlementSplit, place: int) -> list[Fault]:
    """What other bills will take is no longer there, though the bureau still shows it."""
    before = {
        Purse.OWN: (split.account, split.balance),
        Purse.FAMILY: (split.family, split.family_balance),
    }
    short = [
        told.spoken_for[purse]
        for purse, (amount, rest) in before.items()
        if amount.amount_minor and told.spoken_for.get(purse, fen(0)) > rest
    ]
    pointer = f"/episode/coverages/{place}"
    return [fault(BureauReason.ACCOUNT_SPOKEN_FOR, pointer, held=held) for held in short]


def _not_quoted(told: BureauFacts, facts: BillFacts, funder: FunderKind) -> list[Fault] | None:
    """Why there is no figure of the bureau's; None when there is one."""
    claimed = first_claimed(facts, funder)
    pointer = f"/episode/coverages/{claimed[0]}" if claimed else "/episode/coverages"
    if told.quote is None:
        return [fault(BureauReason.BUREAU_NOT_ASKED, pointer)]
    if told.split is None:
        return [fault(BureauReason.BUREAU_REFUSED, pointer, why=told.quote.refused)]
    if told.split.hospital.amount_minor:
        share = told.split.hospital
        return [fault(BureauReason.BUREAU_SPLIT_NEEDS_PERSON, pointer, amount=share)]
    return None


def _bound(
    facts: BillFacts, forecast: LegAnswer, funder: FunderKind, purses: Sequence[Money], left: Left
) -> LegAnswer:
    """The bureau's amounts in place of ours, laid on the lines as ours are where they are equal."""
    claimed = first_claimed(facts, funder)
    assert claimed is not None, "only claimed funders have a link"
    if total(purses, Currency.CNY) > total(left.values(), Currency.CNY):
        pointer = f"/episode/coverages/{claimed[0]}"
        found = fault(BureauReason.BUREAU_SPLIT_NEEDS_PERSON, pointer, amount=fen(0))
        return LegAnswer(rules=forecast.rules, faults=[found])
    parts, rest = [], dict(left)
    known: list[Part | None] = [*forecast.parts]
    known += [None] * (len(purses) - len(known))
    for own, amount in zip(known, purses, strict=True):
        if own is None and not amount.amount_minor:
            continue
        part = _part(facts, funder, claimed[1].organisation, own, amount, rest)
        rest = {n: rest[n] - s for n, s in _by_line(part).items()} | {
            n: m for n, m in rest.items() if n not in _by_line(part)
        }
        parts.append(part)
    return LegAnswer(parts=parts, rules=forecast.rules)


def _by_line(part: Part) -> dict[int, Money]:
    return {share.line: share.amount for share in part.shares}


def _part(
    facts: BillFacts,
    funder: FunderKind,
    organisation: str | None,
    own: Part | None,
    amount: Money,
    left: Left,
) -> Part:
    if own is not None and own.total.amount == amount and _fits(own, left):
        step = _step(facts, BureauReason.BUREAU_BINDS, amount, {}, amount=amount)
        return own.model_copy(update={"trace": [*own.trace, step]})
    numbers = sorted(left)
    weights = [_by_line(own).get(n, fen(0)).amount_minor if own else 0 for n in numbers]
    rooms = [left[n].amount_minor for n in numbers]
    laid = fill(amount.amount_minor, weights, rooms)
    reasons = {share.line: share.reasons for share in own.shares} if own else {}
    if own is None:
        step = _step(facts, BureauReason.BUREAU_WITHOUT_FORECAST, amount, {}, amount=amount)
    else:
        words = {"amount": amount, "forecast": own.total.amount}
        inputs: dict[str, object] = {"forecast": own.total.amount}
        step = _step(facts, BureauReason.BUREAU_DIFFERS, amount, inputs, **words)
    shares = [
        share_of(number, funder, fen(part), organisation, reasons.get(number))
        for number, part in zip(numbers, laid, strict=True)
    ]
    summed = FunderTotal(funder=funder, organisation=organisation, amount=amount)
    return Part(total=summed, shares=shares, trace=[*(own.trace if own else []), step])


def _fits(own: Part, left: Left) -> bool:
    return all(amount <= left.get(n, fen(0)) for n, amount in _by_line(own).items())


def _step(
    facts: BillFacts,
    reason: BureauReason,
    figure: Money,
    inputs: dict[str, object],
    **words: object,
) -> TraceStep:
    return plain("bureau:settlement", first_day(facts), reason, figure, inputs, **words)
