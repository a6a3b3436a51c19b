"""Two insurers of one episode (scenario E11): the first pays first, the second on what it left."""

from __future__ import annotations

import pytest

from tests.steps.rig import HARBOUR, MUTUAL, Rig
from tests.steps.two_insurers import (
    PEARL,
    YEARS,
    DualStay,
    first_there,
    paid,
    second_here,
    second_there,
)

A_FEN = 2_745_000


def asked(stay: DualStay) -> dict[str, str]:
    return {error["pointer"]: error["code"] for error in stay.billed().body["errors"]}


@pytest.mark.parametrize("year", YEARS)
def test_the_window_is_told_e11s_figures(rig: Rig, year: int) -> None:
    stay = DualStay.opened(rig, [first_there(), second_here(year)])
    patient = {1: "24550.00", 2: "13570.00", 3: "2590.00", 4: "0.00"}
    assert paid(stay.billed().split) == {
        HARBOUR: "27450.00",
        MUTUAL: YEARS[year],
        "patient": patient[year],
    }


def test_who_pays_first_is_asked_of_each_insurer(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(order=None), second_here(3, order=None)])
    code = "DUAL_COVER_NEEDS_PERSON"
    assert asked(stay) == {"/cover_facts/0/order": code, "/cover_facts/1/order": code}
    stay.bill["cover_facts"] = {"0": {"order": 1}, "1": {"order": 2}}
    assert paid(stay.billed().split)[MUTUAL] == YEARS[3]


def test_the_order_that_is_stated_counts_and_not_the_order_of_the_list(rig: Rig) -> None:
    stay = DualStay.opened(rig, [second_here(3), first_there()])
    split = stay.billed().split
    assert [t.organisation for t in split.totals] == [HARBOUR, MUTUAL, None]
    assert paid(split)[MUTUAL] == YEARS[3]


def test_the_second_alone_is_a_full_claim_without_the_firsts_statement(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_here(3)], coverages=[1])
    answer = stay.billed()
    assert answer.codes == ["OTHER_INSURER_STATEMENT_MISSING"]
    assert (stay.rows().bills, stay.rows().claims) == ([], [])


def test_the_first_alone_is_legal(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_here(3)], coverages=[0])
    assert paid(stay.billed().split) == {HARBOUR: "27450.00", "patient": "24550.00"}


def test_the_second_is_claimed_of_when_the_first_has_decided_and_with_its_statement(
    rig: Rig,
) -> None:
    stay = DualStay.opened(rig, [first_there(), second_there()])
    stay.billed()
    assert stay.claims() == {HARBOUR: "due"}
    stay.submit(HARBOUR)
    assert stay.claims() == {HARBOUR: "queued"}
    assert stay.examiners[HARBOUR].orders[0].statements == []
    standing = stay.answered(HARBOUR, 3_000_000)
    assert stay.claims() == {HARBOUR: "partial", PEARL: "due"}
    assert standing.claim_due == stay.claim_on(PEARL).id
    stay.submit(PEARL)
    (order,) = stay.examiners[PEARL].orders
    (statement,) = order.statements
    told = (statement.organisation, statement.benefit.amount_minor, statement.paid.amount_minor)
    assert told == (HARBOUR, 3_000_000, A_FEN)
    assert order.insured.insurer == PEARL
    assert order.guarantee_number == f"LG-{PEARL}"
    stay.answered(PEARL, 2_400_000)
    assert stay.reserve() == {HARBOUR: A_FEN, PEARL: 2_196_000}


def test_an_insurer_that_decides_here_follows_one_that_decides_there(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_here(2)])
    stay.billed()
    stay.submit(HARBOUR)
    assert stay.standing().claim_decision_due is None
    stay.answered(HARBOUR, 3_000_000)
    stay.decide()
    assert stay.claims() == {HARBOUR: "partial", MUTUAL: "partial"}
    assert stay.reserve() == {HARBOUR: A_FEN, MUTUAL: 1_098_000}
    assert stay.rows().exceptions == []
