"""Checks before a decision, on our rows: what was claimed before goes to the examiner, and what two
insurers, two visits or two stays explain does not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from crossclaim.store.review_tables import CHECK, ReviewTables
from tests.flows.hospital import Body, cny, example, varied
from tests.steps.examining import (
    DAY,
    OTHER_INSURER,
    checked,
    claim_of,
    decision,
    line,
    reasons,
    says,
    sent,
)
from tests.steps.paper_claims import INSURER, claim, ebill, paper
from tests.steps.rig import Rig

_TOLD = "select to_json(r)::text as told from claim_review r where episode_id = %(i)s"


@pytest.fixture
def rig(rig: Rig) -> Rig:
    """With a second insurer that decides claims with papers here."""
    book = rig.world.reference
    (ours,) = (i for i in book.insurers if i.id == INSURER)
    other = next(i for i in book.insurers if i.id == OTHER_INSURER)
    allowed = other.model_copy(update={"plans": [*other.plans, *ours.plans]})
    insurers = [allowed if i.id == OTHER_INSURER else i for i in book.insurers]
    papers = [p for p in book.policies if p.plan == ours.plans[0]]
    theirs = [p.model_copy(update={"insurer": OTHER_INSURER}) for p in papers]
    fixed = [r for r in book.exchange_rates if r.fixed_by == INSURER]
    rates = [r.model_copy(update={"fixed_by": OTHER_INSURER}) for r in fixed]
    known = book.model_copy(
        update={
            "insurers": insurers,
            "policies": [*book.policies, *theirs],
            "exchange_rates": [*book.exchange_rates, *rates],
        }
    )
    return replace(rig, world=replace(rig.world, reference=known))


def again(content: Body, **changes: Any) -> Body:
    """The same person and papers in another claim."""
    fresh = claim()
    own = {name: fresh[name] for name in ("number", "policy_number")}
    return {**content, **own, **changes}


def renumbered(content: Body, number: str) -> list[Body]:
    return [varied(content["papers"][0], number=number)]


def with_ebill(number: str, day: str = DAY) -> Body:
    return varied(paper("V1", day, "860.00"), ebill=ebill(number, "860.00"))


def test_a_claim_of_its_own_is_decided_without_anybody(rig: Rig) -> None:
    first = claim([paper("V1", DAY, "860.00")])
    assert reasons(rig, checked(rig, first)) == []
    # Another person's same charges, the same person's other day, the same visit's other charge.
    assert reasons(rig, checked(rig, claim([paper("V1", DAY, "860.00")]))) == []
    later = again(first, papers=[paper("V1", "2026-03-20", "860.00")])
    assert reasons(rig, checked(rig, later)) == []
    other = again(first, papers=[paper("V2", DAY, "430.00")])
    assert reasons(rig, checked(rig, other)) == []


def test_the_same_charges_under_another_number_go_to_the_examiner(rig: Rig) -> None:
    first = claim([paper("V1", DAY, "860.00")])
    episode = checked(rig, first)
    again_ = checked(rig, again(first, papers=renumbered(first, "V7")))
    assert reasons(rig, again_) == ["LINES_CLAIMED_BEFORE"]
    assert reasons(rig, episode) == []
    same_bill = again(first, papers=[paper("V1", DAY, "861.00")])
    assert reasons(rig, checked(rig, same_bill)) == ["BILL_CLAIMED_BEFORE"]


def test_a_claim_that_was_denied_is_no_claim_before(rig: Rig) -> None:
    first = claim([paper("V1", DAY, "300.00", "long_term_physiotherapy")])
    assert claim_of(rig, checked(rig, first)).state == "denied"
    assert reasons(rig, checked(rig, again(first))) == []


def test_another_insurers_claim_on_the_visit_is_looked_at_unless_the_claim_names_it(
    rig: Rig,
) -> None:
    first = claim([paper("V1", DAY, "860.00")])
    checked(rig, first, OTHER_INSURER)
    silent = again(first, papers=[paper("W1", DAY, "500.00")])
    assert reasons(rig, checked(rig, silent)) == ["VISIT_OTHER_INSURER"]
    stated = [{"organisation": OTHER_INSURER, "bill": "V1", "paid": cny("300.00")}]
    named = again(first, other_insurers=[OTHER_INSURER], statements=stated)
    # Of its own claim before it is told, of the other insurer's, which it names, it is not.
    assert reasons(rig, checked(rig, named)) == []


def test_of_another_tenants_claim_no_more_is_kept_than_that_there_is_one(rig: Rig) -> None:
    first = claim([paper("V1", DAY, "860.00")])
    theirs = checked(rig, first, OTHER_INSURER)
    ours = checked(rig, again(first))
    (row,) = rig._select(_TOLD, i=ours)
    told = str(row["told"])
    about = claim_of(rig, theirs)
    for secret in (about.id, about.reference, theirs, OTHER_INSURER, first["policy_number"]):
        assert secret not in told
    assert "LINES_CLAIMED_BEFORE" in told
    own = checked(rig, again(first))
    (row,) = rig._select(_TOLD, i=own)
    assert claim_of(rig, ours).reference in str(row["told"])
    assert about.reference not in str(row["told"])


def test_an_electronic_bill_at_a_second_insurer_is_an_examiners_question_not_a_refusal(
    rig: Rig,
) -> None:
    assert reasons(rig, checked(rig, claim([with_ebill("0000009001")]), OTHER_INSURER)) == []
    # Whoever the person and the day: the number is one bill's for ever.
    twice = claim([with_ebill("0000009001", "2026-03-20")])
    assert reasons(rig, checked(rig, twice)) == ["EBILL_CLAIMED_BEFORE"]
    _, refused = sent(rig, claim([with_ebill("0000009001")]), OTHER_INSURER)
    assert refused.codes == ["EBILL_TWICE"]


def test_two_claims_with_one_electronic_bill_at_once_are_never_both_decided_by_themselves(
    rig: Rig,
) -> None:
    opened = []
    for number in range(6):
        key = f"00000091{number:02d}"
        pair = [(claim([with_ebill(key)]), INSURER), (claim([with_ebill(key)]), OTHER_INSURER)]
        opened.append(pair)
    with ThreadPoolExecutor(4) as pool:
        for pair in opened:
            episodes = list(pool.map(lambda one: checked(rig, *one), pair))
            states = [claim_of(rig, episode).state for episode in episodes]
            assert states.count("approved") <= 1 and "pended" in states


def test_a_check_that_does_not_look_beyond_its_episode_lets_the_second_claim_through(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The naive twin: with it the tests above are red."""
    whole = ReviewTables.claim_check
    monkeypatch.setattr(
        ReviewTables, "claim_check", lambda own, about: whole(own, about)._replace(matches=[])
    )
    first = claim([paper("V1", DAY, "860.00")])
    checked(rig, first)
    assert claim_of(rig, checked(rig, again(first))).state == "approved"


def test_papers_of_a_visit_that_the_hospital_claims_are_looked_at(rig: Rig) -> None:
    visit = rig.visit("KM-2025-000052-checks")
    visit.accepted(coverages=[1])
    visit.decide()
    assert visit.claim("direct").state == "partial"
    person = example("episode-2-voucher")["patient"]
    content = claim([paper("P1", "2026-04-02", "500.00")], patient=person)
    episode = checked(rig, content)
    found, about = reasons(rig, episode), claim_of(rig, episode)
    # Denied it is no claim before: the window's one patient of this folder has other visits.
    says(rig, episode, decision(about.id, line(1, "0.00", reason="ALREADY_CLAIMED")))
    assert found == ["VISIT_OTHER_CHANNEL"] and claim_of(rig, episode).state == "denied"


def test_two_visits_of_one_day_that_the_hospital_numbers_are_two(rig: Rig) -> None:
    for policy in ("KM-2025-000052-two-a", "KM-2025-000052-two-b"):
        visit = rig.visit(policy)
        visit.accepted(coverages=[1])
        visit.decide()
        assert visit.claim("direct").state == "partial"


def test_one_check_is_one_statement_on_indexes(rig: Rig) -> None:
    episode, _ = sent(rig, claim())
    about = claim_of(rig, episode).id
    with rig.database.begin() as connection:
        connection.execute("set local enable_seqscan = off")
        told = connection.execute("explain " + CHECK, {"claim": about}).all()
    text = "\n".join(row[0] for row in told)
    assert "claim_mark_mark" in text and "Seq Scan" not in text
