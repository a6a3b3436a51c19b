"""Which tender gets what back: any amount, any tenders, any order, and a naive twin that is red."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossclaim.domain.acquirer import StatementKind, StatementLine
from crossclaim.domain.acquirer_day import OurMovement, day_differences
from crossclaim.domain.records import BillRow, EpisodeRow, EpisodeRows, TenderRow
from crossclaim.domain.submission import EncounterClass
from crossclaim.domain.tender_habits import TenderHabits
from crossclaim.domain.tender_refunds import PLAN, RefundPart, parts_back, route_of, whole_back
from crossclaim.domain.tender_rows import PaymentRow, RefundRow
from crossclaim.plans.loader import load_plans

AT = datetime(2026, 4, 14, 2, 0, tzinfo=UTC)
METHODS = ["wechat", "alipay", "ecny", "bank_card", "foreign_card", "cash"]
BILL = BillRow(id="bl_1", number="B", version=1, status="final", state="current", total_minor=1)


def rows(*tenders: tuple[str, int], refunds: list[RefundRow] | None = None) -> EpisodeRows:
    return EpisodeRows(
        episode=EpisodeRow(
            id="ep_1",
            hospital_id="hku-szh",
            encounter_class=EncounterClass.OUTPATIENT,
            status="open",
            revision=1,
            opened_at=AT,
        ),
        bills=[BILL],
        tenders=[
            TenderRow(id=n, bill_id="bl_1", method=method, amount_minor=fen, reference=f"T{n}")
            for n, (method, fen) in enumerate(tenders, 1)
        ],
        refunds=refunds or [],
    )


def refund(tender: int, fen: int, state: str = "refunded") -> RefundRow:
    return RefundRow(
        reference=f"R{tender}-{fen}",
        bill_id="bl_1",
        tender_id=tender,
        method="wechat",
        route="acquirer",
        amount_minor=fen,
        cause="SPLIT_CHANGED",
        state=state,
        ordered_at=AT,
    )


def told(parts: list[RefundPart]) -> list[tuple[str, int]]:
    return [(part.tender.method, part.amount_minor) for part in parts]


ORDER = load_plans().find(PLAN)


def order() -> tuple[str, ...]:
    assert ORDER is not None
    return ORDER.on(AT.date()).codes("refund_order")


def test_the_plan_names_every_means_of_payment_once() -> None:
    assert sorted(order()) == sorted(METHODS)


def test_wallets_come_before_cards_and_cash_is_last() -> None:
    paid = rows(("cash", 100), ("foreign_card", 500), ("wechat", 300))
    assert told(parts_back(paid, BILL, 350, order())) == [("wechat", 300), ("foreign_card", 50)]
    assert told(parts_back(paid, BILL, 900, order()))[-1] == ("cash", 100)


def test_of_one_means_the_newest_payment_comes_first() -> None:
    paid = rows(("wechat", 100), ("wechat", 200))
    (part,) = parts_back(paid, BILL, 150, order())
    assert part.tender.id == 2


def test_what_went_back_before_is_not_there_any_more() -> None:
    paid = rows(("wechat", 300), ("cash", 100), refunds=[refund(1, 250), refund(2, 100, "refused")])
    assert paid.tendered("bl_1") == 150
    assert told(parts_back(paid, BILL, 150, order())) == [("wechat", 50), ("cash", 100)]
    with pytest.raises(ValueError, match="more would be given back"):
        parts_back(paid, BILL, 151, order())


@given(
    st.lists(st.tuples(st.sampled_from(METHODS), st.integers(1, 10_000)), min_size=1, max_size=8),
    st.data(),
)
def test_parts_add_up_and_none_is_more_than_its_tender_paid(
    paid: list[tuple[str, int]], data: st.DataObject
) -> None:
    known = rows(*paid)
    first = data.draw(st.integers(0, sum(fen for _, fen in paid)))
    parts = parts_back(known, BILL, first, order())
    assert sum(part.amount_minor for part in parts) == first
    gone = [refund(part.tender.id, part.amount_minor) for part in parts]
    rest = whole_back(rows(*paid, refunds=gone), BILL)
    assert sum(part.amount_minor for part in rest) == sum(fen for _, fen in paid) - first
    for tender in known.tenders:
        back = sum(p.amount_minor for p in [*parts, *rest] if p.tender.id == tender.id)
        assert 0 <= back <= tender.amount_minor


def naive_parts(known: EpisodeRows, amount: int) -> list[RefundPart]:
    """The twin: everything to the newest tender, as a terminal without memory would do it."""
    return [RefundPart(tender=known.tenders[-1], amount_minor=amount)]


def test_the_naive_twin_gives_a_tender_more_than_it_paid() -> None:
    known = rows(("foreign_card", 500), ("wechat", 100))
    (part,) = naive_parts(known, 350)
    assert part.amount_minor > part.tender.amount_minor


def test_what_the_window_took_itself_is_the_cashiers() -> None:
    known = rows(("wechat", 100), ("wechat", 100))
    taken = PaymentRow(
        reference="T2",
        bill_id="bl_1",
        method="wechat",
        amount_minor=100,
        state="paid",
        number="42",
        ordered_at=AT,
        close_at=AT,
    )
    known = known.model_copy(update={"payments": [taken]})
    assert [route_of(known, t) for t in known.tenders] == ["cashier", "acquirer"]


def test_pauses_double_up_to_their_longest() -> None:
    habits = TenderHabits()
    assert [habits.pause(n).total_seconds() for n in (0, 1, 4, 5, 99)] == [2, 4, 32, 60, 60]
    assert habits.pause(99, refund=True).total_seconds() == 2 * 2**12
    slow = habits.model_copy(update={"again_s": 10.0})
    assert slow.pause(99, refund=True).total_seconds() == 6 * 3600


def line(reference: str, number: str, fen: int) -> StatementLine:
    kind = StatementKind.PAYMENT
    return StatementLine(kind=kind, reference=reference, number=number, amount_minor=fen, at=AT)


def ours(reference: str, number: str, fen: int, *, done: bool = True) -> OurMovement:
    return OurMovement(
        kind=StatementKind.PAYMENT,
        reference=reference,
        number=number,
        amount_minor=fen,
        episode_id="ep_1",
        done=done,
    )


@pytest.mark.parametrize(
    ("held", "stated", "kinds"),
    [
        ([ours("A", "1", 5)], [line("A", "1", 5)], []),
        ([ours("A", "1", 5)], [line("A", "1", 6)], ["AMOUNT_DIFFERS"]),
        ([ours("A", "1", 5)], [], ["NOT_WITH_ACQUIRER"]),
        ([], [line("A", "1", 5)], ["NOT_WITH_US"]),
        ([ours("A", "", 5, done=False)], [line("A", "1", 5)], ["NOT_WITH_US"]),
        ([ours("A", "1", 5, done=False)], [], []),
        ([ours("A", "1", 5)], [line("A", "1", 5), line("A", "2", 5)], ["PAID_TWICE"]),
        ([ours("A", "2", 5)], [line("A", "1", 5), line("A", "2", 5)], ["PAID_TWICE"]),
        ([ours("A", "1", 5)], [line("A", "2", 5)], ["NOT_WITH_US", "NOT_WITH_ACQUIRER"]),
    ],
)
def test_a_day_tells_each_difference_once(
    held: list[OurMovement], stated: list[StatementLine], kinds: list[str]
) -> None:
    assert [found.kind for found in day_differences(held, stated)] == kinds
