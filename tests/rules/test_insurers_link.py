"""Two insurers in the chain of funders: E11 end to end, true-up between its rows."""

from __future__ import annotations

from datetime import date

from crossclaim.domain.allocate import LINKS, allocate
from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.chain import Link
from crossclaim.domain.cover import Cover
from crossclaim.domain.covers_link import covers_link
from crossclaim.domain.money import fen, hk_cents
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.true_up import true_up
from tests.rules import facts as given
from tests.rules.test_insurers_twins import BILL, PLANS, pair
from tests.rules.test_scenarios import conserved
from tests.rules.test_true_up import exact, told


def links(covers: list[Cover]) -> list[Link]:
    others = [link for link in LINKS if link.funder is not FunderKind.INSURER]
    return [*others, covers_link(covers)]


FACTS = given.with_episode(
    BILL,
    coverages=[
        {"funder": "insurer", "organisation": "first-life", "plan": "gba-network-hk"},
        {"funder": "insurer", "organisation": "second-life", "plan": "hospital-scale-hk"},
    ],
)


def split(covers: list[Cover]) -> AllocationResult:
    return allocate(FACTS, PLANS, links(covers))


def test_e11_in_the_chain_of_funders_conserves_every_fen_of_every_line() -> None:
    result = split(pair(date(2024, 3, 11)))
    assert not result.faults
    amounts = {t.organisation: t.amount for t in result.totals}
    assert amounts == {"first-life": fen(2745000), "second-life": fen(2196000), None: fen(259000)}
    own = [t.in_funder_currency for t in result.totals]
    assert own == [hk_cents(3000000), hk_cents(2400000), None]
    assert sum(share.amount.amount_minor for share in result.shares) == 5200000
    for line in FACTS.bill.lines:
        parts = [s.amount.amount_minor for s in result.shares if s.line == line.number]
        assert sum(parts) == line.amount.amount_minor
    assert {rule.plan for rule in result.rules} >= {"gba-network-hk", "hospital-scale-hk"}


def test_a_later_policy_year_of_the_second_is_a_difference_that_is_only_its_own() -> None:
    old, new = split(pair(date(2024, 3, 11))), split(pair(date(2023, 3, 11)))
    found = true_up(old, new)
    assert exact(found, old, new)
    moved = [(m["kind"], m["funder"], m["currency"], m["minor"]) for m in told(found.movements)]
    assert moved == [
        ("extra_payment", "insurer", "CNY", 259000),
        ("refund", "patient", "CNY", 259000),
    ]
    assert {one.organisation for one in found.movements} == {"second-life", None}


def test_what_both_owe_the_patient_later_is_told_for_each() -> None:
    first, second = pair(date(2024, 3, 11))
    low = [one.model_copy(update={"guarantee_limit": hk_cents(1000000)}) for one in (first, second)]
    result = split(low)
    assert result.later_reimbursement is not None
    assert result.later_reimbursement.amount == fen(1830000)
    assert [one.amount for one in result.further_reimbursements] == [fen(1281000)]
    assert result.of(FunderKind.PATIENT) == fen(259000 + 1830000 + 1281000)
    assert exact(true_up(split([first, second]), result), split([first, second]), result)


def test_insurers_faults_refuse_the_whole_bill() -> None:
    first, second = pair()
    result = split([first, second.model_copy(update={"rank": 1})])
    assert [one.code for one in result.faults] == ["DUAL_COVER_NEEDS_PERSON"]
    assert not result.shares


def test_one_cover_through_the_link_is_e5_as_ever() -> None:
    facts = given.inpatient_facts()
    coverage = facts.episode.coverages[0]
    assert coverage.plan is not None
    cover = Cover(plan=coverage.plan, organisation=coverage.organisation)
    cover = cover.model_copy(update={"guarantee_limit": facts.guarantee_limit})
    cover = cover.model_copy(
        update={"rates": cover.rates.model_copy(update={"quote": given.rate()})}
    )
    result = allocate(facts, given.PLANS, links([cover]))
    assert result.of(FunderKind.INSURER) == fen(3104033)
    assert result.of(FunderKind.PATIENT) == fen(2081017)
    assert conserved(result, facts)
