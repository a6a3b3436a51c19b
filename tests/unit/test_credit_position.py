"""What is owed of draws whatever is drawn, split, repaid and refunded, in any order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossclaim.domain.credit import equal_instalments
from crossclaim.domain.credit_position import (
    available,
    draws,
    laid,
    open_instalments,
    overdue,
    owed,
)
from crossclaim.domain.credit_rows import (
    CreditAccountRow,
    CreditChargeRow,
    CreditInstalmentRow,
    CreditRepaidRow,
    CreditRows,
)
from crossclaim.domain.waiting import months_later

AT = datetime(2026, 3, 18, tzinfo=UTC)
LIMIT = 1000000

Move = tuple[str, int, int]
"""What happens: ``draw``, ``split``, ``repay`` or ``refund``, to which draw, with how much."""


def opened() -> CreditRows:
    account = CreditAccountRow(
        id="ca_1",
        organisation_id="dongguan-tcm",
        plan="huimin-dongguan",
        state="open",
        revision=1,
        credit_state="granted",
        limit_minor=LIMIT,
        opened_at=AT,
    )
    return CreditRows(account=account)


def drawn(rows: CreditRows, amount: int) -> CreditRows:
    number = len(rows.charges)
    charge = CreditChargeRow(
        reference=f"CP{number}",
        episode_id="ep_1",
        claim_id=f"cp_{number}",
        hospital_id="dongguan-tcm",
        number=f"HC{number}",
        account_minor=0,
        credit_minor=amount,
        card_minor=0,
        charged_on=AT.date(),
        occurred_at=AT + timedelta(days=number),
    )
    part = CreditInstalmentRow(
        charge_reference=charge.reference,
        plan=1,
        number=1,
        count=1,
        due_on=months_later(date(2026, 5, 1), number),
        amount_minor=amount,
    )
    return rows.model_copy(
        update={"charges": [*rows.charges, charge], "instalments": [*rows.instalments, part]}
    )


def split(rows: CreditRows, which: int, count: int) -> CreditRows:
    draw = draws(rows)[which]
    parts = [
        CreditInstalmentRow(
            charge_reference=draw.charge_reference,
            plan=draw.plan + 1,
            number=number,
            count=count,
            due_on=months_later(draw.instalments[0].due_on, number - 1),
            amount_minor=amount,
            repaid_before_minor=draw.repaid_minor,
        )
        for number, amount in enumerate(equal_instalments(draw.left_minor, count), 1)
    ]
    return rows.model_copy(update={"instalments": [*rows.instalments, *parts]})


def repaid(rows: CreditRows, amount: int) -> CreditRows:
    reference = f"CRP{len(rows.repaid)}"
    shares = [
        CreditRepaidRow(
            reference=reference, charge_reference=charge, amount_minor=share, occurred_at=AT
        )
        for charge, share in laid(rows, amount)
    ]
    return rows.model_copy(update={"repaid": [*rows.repaid, *shares]})


def refunded(rows: CreditRows, which: int) -> CreditRows:
    draw = draws(rows)[which]
    changed = [
        c.model_copy(update={"refunded_minor": c.credit_minor, "excess_minor": draw.repaid_minor})
        if c.reference == draw.charge_reference
        else c
        for c in rows.charges
    ]
    return rows.model_copy(update={"charges": changed})


def moved(rows: CreditRows, move: Move) -> CreditRows:
    what, which, amount = move
    if what == "draw":
        return drawn(rows, amount) if amount <= available(rows) else rows
    if what == "repay":
        return repaid(rows, min(amount, owed(rows)))
    open_draws = [n for n, d in enumerate(draws(rows)) if d.left_minor > 0 and not d.in_parts]
    if not open_draws:
        return rows
    chosen = open_draws[which % len(open_draws)]
    if what == "split":
        return split(rows, chosen, (3, 6, 12)[amount % 3])
    return refunded(rows, chosen)


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["draw", "draw", "split", "repay", "repay", "refund"]),
        st.integers(0, 20),
        st.integers(1, 400000),
    ),
    max_size=25,
)


@given(MOVES)
def test_nothing_is_ever_owed_below_zero_and_the_credit_is_limit_less_open_draws(
    moves: list[Move],
) -> None:
    rows = opened()
    for move in moves:
        rows = moved(rows, move)
        for draw in draws(rows):
            assert draw.left_minor >= 0
            assert sum(part.left_minor for part in draw.instalments) == draw.left_minor
            assert all(0 <= p.left_minor <= p.amount_minor for p in draw.instalments)
        assert available(rows) == LIMIT - owed(rows) >= 0


@given(MOVES)
def test_drawn_is_repaid_left_or_refunded_to_the_last_fen(moves: list[Move]) -> None:
    rows = opened()
    for move in moves:
        rows = moved(rows, move)
    gone = sum(c.credit_minor for c in rows.charges if c.refunded_minor is not None)
    excess = sum(c.excess_minor for c in rows.charges)
    lent = sum(c.credit_minor for c in rows.charges)
    assert lent - gone == owed(rows) + sum(r.amount_minor for r in rows.repaid) - excess


@given(MOVES, st.integers(1, LIMIT))
def test_a_repayment_is_laid_whole_on_what_is_due_first(moves: list[Move], amount: int) -> None:
    rows = opened()
    for move in moves:
        rows = moved(rows, move)
    amount = min(amount, owed(rows))
    shares = dict(laid(rows, amount))
    assert sum(shares.values()) == amount
    first = open_instalments(rows)[:1]
    for part in first if amount else []:
        assert shares[part.charge_reference] >= min(amount, part.left_minor)


def test_what_is_paid_on_the_due_day_is_in_time() -> None:
    rows = drawn(opened(), 72000)
    assert overdue(rows, date(2026, 5, 1)) == []
    assert [part.left_minor for part in overdue(rows, date(2026, 5, 2))] == [72000]


@pytest.mark.parametrize("state", ["none", "in_review", "refused", "withdrawn"])
def test_only_a_credit_in_force_can_be_drawn_on(state: str) -> None:
    rows = opened()
    account = rows.account.model_copy(update={"credit_state": state})
    assert available(rows.model_copy(update={"account": account})) == 0


def test_parts_chosen_after_an_early_repayment_are_of_what_is_left() -> None:
    rows = split(repaid(drawn(opened(), 72000), 12000), 0, 3)
    (draw,) = draws(rows)
    assert [part.amount_minor for part in draw.instalments] == [20000] * 3
    assert owed(repaid(rows, 20000)) == 40000
