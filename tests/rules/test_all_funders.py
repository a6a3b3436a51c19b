"""Random bills over every funder with its real rules: 1,000 in a usual run, 10,000 in a full one.

The numbers come from a seed, so that a violation can be looked at again; each promise names it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from crossclaim.domain.allocate import LINKS, allocate, split
from crossclaim.domain.allocation import AllocationResult, BillFacts, FunderTotal, SpouseVouchers
from crossclaim.domain.basic_facts import BasicFacts, BasicLine, Care, HospitalLevel, Period
from crossclaim.domain.chain import Link
from crossclaim.domain.covers_link import covers_link
from crossclaim.domain.family_account import AccountFacts, AccountHolder, Area, Place
from crossclaim.domain.insured import Insurance, Insured, InsuredStatus
from crossclaim.domain.mainland_links import account_link, basic_link, pay_later_link
from crossclaim.domain.money import Currency, Money, fen, hk_cents, total
from crossclaim.domain.pay_later import Payer, PayLaterFacts
from crossclaim.domain.submission import EncounterClass, FunderKind
from tests.rules import facts as given
from tests.rules import insurer_facts as insurers
from tests.rules.test_insurers_tables import FIRST, SECOND

BILLS = 10_000 if os.environ.get("CROSSCLAIM_FULL") == "1" else 1_000
PLANS = insurers.plans({"gba-network-hk": {"network.hospitals": ["hku-szh", "jiangmen-central"]}})
CATEGORIES = ["consultation", "examination", "laboratory", "treatment", "drug", "specialist"]
COVERAGES: dict[str, dict[str, str]] = {
    "voucher": {"funder": "voucher"},
    "basic": {"funder": "basic_insurance", "plan": "jiangmen-seed-caps"},
    "first": {"funder": "insurer", "plan": FIRST["plan"], "organisation": FIRST["organisation"]},
    "second": {"funder": "insurer", "plan": SECOND["plan"], "organisation": SECOND["organisation"]},
    "account": {"funder": "personal_account"},
    "credit": {"funder": "pay_later"},
}


class Drawn(NamedTuple):
    """A bill with the most that each funder may pay of it (CNY; HKD for vouchers)."""

    facts: BillFacts
    links: tuple[Link, ...]
    dollars: int
    fund: int
    account: int
    credit: int


def amount(random: Random) -> int:
    return random.choice([0, 1, random.randint(2, 400), random.randint(401, 900_000)])


def drawn(seed: int) -> Drawn:
    random = Random(seed)
    day = date(2026, 3, 11) + timedelta(random.randint(0, 200))
    lines = [
        given.line(n, random.choice(CATEGORIES), amount(random), day)
        for n in range(1, random.randint(1, 9))
    ]
    lines.append(given.line(99, "consultation", random.randint(1, 50_000), day))
    random.shuffle(lines)
    own, second = random.randint(0, 8000), random.randint(0, 8000)
    rate = f"{random.randint(8000, 11000) / 10000:.4f}"
    facts = given.served_on(given.with_lines(given.voucher_facts(own * 100, rate), lines), day)
    names = random.sample(list(COVERAGES), random.randint(1, 4))
    visit = {"channel": random.choice(["voucher_dedicated"] * 4 + ["international", "ordinary"])}
    coverages = [COVERAGES[name] for name in names]
    facts = given.with_episode(facts, coverages=coverages, visit=visit)
    if paired := random.random() < 0.4:
        spouse = SpouseVouchers(
            balance=hk_cents(second * 100), paired_on=day, papers=["spouse_id_copy"]
        )
        facts = facts.model_copy(update={"spouse": spouse})
    account, credit, used = (random.randint(0, 60_000) for _ in range(3))
    used = min(used, 30_000)
    links = (
        LINKS[0],
        fund(random, facts, used),
        covers(random, day, rate),
        purse(day, account),
        lender(day, credit),
    )
    dollars = own + (second if paired else 0)
    return Drawn(facts, links, dollars, min(2_500, 30_000 - used), account, credit)


def fund(random: Random, facts: BillFacts, used: int) -> Link:
    lines = [
        BasicLine(
            number=one.number,
            amount=one.amount,
            eligible=fen(random.randint(0, one.amount.amount_minor)),
        )
        for one in facts.bill.lines
    ]
    return basic_link(
        BasicFacts(
            insured=Insured(insurance=Insurance.EMPLOYEE, retired=random.random() < 0.5),
            care=Care.OUTPATIENT,
            on=facts.bill.lines[0].service_date,
            lines=lines,
            level=random.choice(list(HospitalLevel)),
            used={Period.MONTH: fen(0), Period.YEAR: fen(used)},
        )
    )


def covers(random: Random, day: date, rate: str) -> Link:
    both: dict[str, Any] = {"rates": {"quote": rate}, "used": {}, "since": date(2019, 1, 1)}
    ranks = random.choice([(1, 2), (2, 1), (None, None)])
    asked = [
        both | named | {"rank": rank, "guarantee_c": random.choice([None, 0, 10_000, 9_000_000])}
        for named, rank in zip((FIRST, SECOND), ranks, strict=True)
    ]
    known = {"accident": random.random() < 0.5, "pre_existing": random.random() < 0.5}
    return covers_link([insurers.cover(one | known, day) for one in asked])


def purse(day: date, balance: int) -> Link:
    area = Area(pool="jiangmen", province="guangdong")
    holder = AccountHolder(insurance=Insurance.EMPLOYEE, area=area, balance=fen(balance))
    return account_link(AccountFacts(on=day, place=Place.DESIGNATED_HOSPITAL, holder=holder))


def lender(day: date, credit: int) -> Link:
    return pay_later_link(
        PayLaterFacts(
            on=day,
            hospital="dongguan-tcm",
            encounter_class=EncounterClass.OUTPATIENT,
            payer=Payer(status=InsuredStatus.ACTIVE, credit_available=fen(credit)),
        )
    )


def broken(bill: Drawn, totals: Sequence[FunderTotal]) -> list[str]:
    """The promises that a split's totals do not keep."""
    most = {
        FunderKind.BASIC_INSURANCE: bill.fund,
        FunderKind.PERSONAL_ACCOUNT: bill.account,
        FunderKind.PAY_LATER: bill.credit,
    }
    found = [f"{t.funder.value} below zero" for t in totals if t.amount < fen(0)]
    found += [
        f"{t.funder.value} above its limit"
        for t in totals
        if t.amount.amount_minor > most.get(t.funder, t.amount.amount_minor)
    ]
    for one in totals:
        cents = one.in_funder_currency or hk_cents(0)
        if one.funder is FunderKind.VOUCHER and cents > hk_cents(100 * bill.dollars):
            found.append("vouchers above their balances")
    if summed(t.amount for t in totals) != bill.facts.bill.total:
        found.append("totals are not the bill")
    return found


def summed(amounts: Any) -> Money:
    return total(amounts, Currency.CNY)


def lines_kept(bill: Drawn, result: AllocationResult) -> bool:
    return all(
        summed(s.amount for s in result.shares if s.line == one.number) == one.amount
        and all(fen(0) <= s.amount for s in result.shares if s.line == one.number)
        for one in bill.facts.bill.lines
    ) and all(
        summed(
            s.amount
            for s in result.shares
            if (s.funder, s.organisation) == (t.funder, t.organisation)
        )
        == t.amount
        for t in result.totals
    )


def test_random_bills_over_every_funder_keep_every_promise() -> None:
    seen: Counter[str] = Counter()
    for seed in range(BILLS):
        bill = drawn(seed)
        result = allocate(bill.facts, PLANS, bill.links)
        seen.update(["refused" if result.refused else "split"])
        if result.refused:
            assert result.alternatives and not result.shares, seed
            costs = [one.cost for one in result.alternatives]
            assert costs == sorted(costs), seed
            for one in result.alternatives:
                assert not broken(bill, one.totals), seed
            continue
        seen.update(t.funder.value for t in result.totals if fen(0) < t.amount)
        assert not broken(bill, result.totals), (seed, broken(bill, result.totals))
        assert lines_kept(bill, result), seed
    assert {kind.value for kind in FunderKind} <= set(seen), seen
    assert min(seen["refused"], seen["split"]) > BILLS // 20, seen


def test_random_bills_give_the_same_shares_whatever_the_order_of_their_lines() -> None:
    for seed in range(BILLS // 5):
        bill = drawn(seed)
        lines = sorted(bill.facts.bill.lines, key=lambda one: one.number)
        turned = bill.facts.bill.model_copy(update={"lines": lines})
        again = split(bill.facts.model_copy(update={"bill": turned}), PLANS, bill.links)
        first = split(bill.facts, PLANS, bill.links)
        assert again.totals == first.totals and again.shares == first.shares, seed
        assert [one.code for one in again.faults] == [one.code for one in first.faults], seed


def test_a_twin_that_lets_a_fund_pay_past_its_limit_is_seen() -> None:
    for seed in range(BILLS):
        bill = drawn(seed)
        result = split(bill.facts, PLANS, bill.links)
        for part in result.totals:
            if part.funder is FunderKind.BASIC_INSURANCE:
                over = part.model_copy(update={"amount": fen(bill.fund + 1)})
                others = [t for t in result.totals if t is not part]
                assert "basic_insurance above its limit" in broken(bill, [over, *others])
                return
    raise AssertionError("no bill had a fund's part")
