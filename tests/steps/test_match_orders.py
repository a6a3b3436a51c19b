"""A person matches what the engine left open, explains the rest, and can take all of it back."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossclaim.domain.matching import digest_of
from crossclaim.store.match_orders import SqlMatchOrders
from tests.steps.bank_rig import DAY, OPENING, Desk, booked
from tests.steps.rig import HARBOUR, Rig

AT = datetime(2025, 10, 16, tzinfo=UTC)
THIRD = DAY + timedelta(days=2)
_numbers = itertools.count(1)


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> Desk:
    return Desk.of(rig, tmp_path)


def order(desk: Desk, kind: str, *, organisation: str = HARBOUR, **content: Any) -> dict[str, Any]:
    orders, name = SqlMatchOrders(desk.rig.database), f"ro_{desk.bank}_{next(_numbers)}"
    content = {"reason": "the bank's letter of 16 October", "by": "finance-1", **content}
    orders.add_order(name, organisation, "key-1", kind, json.dumps(content))
    outcome = orders.apply_order(name, AT)
    assert orders.apply_order(name, AT) == outcome
    return outcome


def codes(outcome: dict[str, Any]) -> list[str]:
    assert outcome["status"] == 422
    return [one["code"] for one in outcome["body"]["errors"]]


def ids(desk: Desk) -> list[int]:
    rows = desk.select("select id from bank_entry where bank = %(bank)s order by id")
    return [row["id"] for row in rows]


def entry_of(desk: Desk, minor: int) -> int:
    """They are kept together, in no order that is promised."""
    (row,) = desk.select(
        f"select id from bank_entry where bank = %(bank)s and amount_minor = {minor:d}"
    )
    return int(row["id"])


def state(desk: Desk) -> tuple[Any, ...]:
    """Everything of the account that an undo has to bring back."""
    entries = desk.select(
        "select id, status, why, match_id, by_hand, candidates, explained_at, explanation"
        " from bank_entry where bank = %(bank)s order by id"
    )
    ours = desk.select(
        "select id, status, why, match_id, by_hand, candidates, explained_at, explanation"
        " from expected_movement where bank = %(bank)s order by id"
    )
    return entries, ours, desk.days()


def foreign(desk: Desk, minor: int = 5000) -> str:
    """A payout that the bank books under a name of its own."""
    one = desk.payout(minor)
    desk.comes(desk.statement(booked("DBIT", "LETTER", minor, payee=""), net=-minor))
    return one


def test_a_match_by_hand_closes_the_day_and_its_undo_opens_it_again(desk: Desk) -> None:
    one = foreign(desk)
    before, postings = state(desk), desk.postings()
    outcome = order(desk, "match", entries=ids(desk), expected=[f"payout:{one}"])
    assert (outcome["status"], outcome["body"]["status"]) == (201, "matched")
    assert desk.entries() == [(digest_of("LETTER"), "matched", "BY_HAND")]
    assert desk.days() == {DAY: "closed"}
    desk.match()
    assert desk.entries() == [(digest_of("LETTER"), "matched", "BY_HAND")]
    undone = order(desk, "undo", match=outcome["body"]["match"])
    assert undone["body"]["days"][0]["cause"] == "OPEN_ITEM"
    entries, ours, days = state(desk)
    assert (entries, ours) == before[:2]
    assert days == {DAY: "open"}
    assert desk.postings() == postings


def test_who_did_what_and_why_stays_for_ever(desk: Desk) -> None:
    one = foreign(desk)
    made = order(desk, "match", entries=ids(desk), expected=[f"payout:{one}"])["body"]["match"]
    order(desk, "undo", match=made, by="finance-2", reason="it was another one")
    (row,) = desk.select("select * from bank_match where id = %(match)s", match=made)
    assert (row["made_by"], row["undone_by"]) == ("finance-1", "finance-2")
    assert (row["reason"], row["undone_reason"]) == (
        "the bank's letter of 16 October",
        "it was another one",
    )
    audited = desk.select(
        "select key_id, operation, outcome from audit where object = %(match)s order by id",
        match=str(made),
    )
    assert [tuple(row.values()) for row in audited] == [
        ("key-1", "match_bank_entries", "201"),
        ("key-1", "undo_bank_entries", "201"),
    ]


def test_what_differs_after_a_match_by_hand_is_explained(desk: Desk) -> None:
    one = desk.payout(5000)
    desk.comes(desk.statement(booked("DBIT", "LETTER", 5030, payee=""), net=-5030))
    both: dict[str, Any] = {"entries": ids(desk), "expected": [f"payout:{one}"]}
    matched = order(desk, "match", **both)["body"]
    assert (matched["status"], desk.days()) == ("over", {})
    explained = order(desk, "explain", **both)["body"]
    assert desk.days() == {DAY: "closed"}
    assert codes(order(desk, "undo", match=matched["match"])) == ["MATCH_EXPLAINED"]
    order(desk, "undo", match=explained["match"])
    assert desk.days() == {DAY: "open"}
    order(desk, "undo", match=matched["match"])
    assert desk.entries() == [(digest_of("LETTER"), "missing", "NOTHING_EXPECTED")]


def test_a_payment_that_never_came_is_explained_alone(desk: Desk) -> None:
    one = desk.payout(5000)
    desk.comes(desk.statement(net=0))
    assert (desk.expected(), desk.days()) == ({one: "missing"}, {})
    order(desk, "explain", expected=[f"payout:{one}"])
    assert desk.days() == {DAY: "closed"}


def test_what_cannot_be_matched_is_refused_with_every_reason(desk: Desk) -> None:
    one, two = desk.payout(5000), desk.payout(700)
    desk.comes(
        desk.statement(
            booked("DBIT", one, 5000),
            booked("DBIT", two, 701),
            booked("CRDT", "GIFT", 10, payee=""),
            net=-5691,
        )
    )
    done, over, gift = (entry_of(desk, amount) for amount in (5000, 701, 10))
    ours = [f"payout:{two}"]
    assert codes(order(desk, "match", entries=[done], expected=ours)) == [
        "MATCH_ALREADY_DONE",
        "MATCH_GROUP_SPLIT",
    ]
    assert codes(order(desk, "match", entries=[over], expected=[])) == ["MATCH_GROUP_SPLIT"]
    assert codes(order(desk, "match", entries=[gift], expected=[])) == ["MATCH_ONE_SIDE"]
    assert codes(order(desk, "match", entries=[over, over], expected=ours)) == ["MATCH_ITEM_TWICE"]
    both = [over, gift]
    assert codes(order(desk, "match", entries=both, expected=ours)) == ["MATCH_TWO_DIRECTIONS"]
    assert codes(order(desk, "match", entries=[0], expected=ours))[0] == "MATCH_ITEM_UNKNOWN"
    assert codes(order(desk, "undo", match=0)) == ["MATCH_UNKNOWN"]


def test_items_of_another_organisation_are_unknown(desk: Desk) -> None:
    one = foreign(desk)
    about = {"entries": ids(desk), "expected": [f"payout:{one}"]}
    found = order(desk, "match", organisation="kowloon-mutual", **about)
    assert codes(found) == ["MATCH_ITEM_UNKNOWN", "MATCH_ITEM_UNKNOWN"]
    assert desk.entries() == [(digest_of("LETTER"), "missing", "NOTHING_EXPECTED")]


def test_an_undo_happens_once(desk: Desk) -> None:
    one = foreign(desk)
    made = order(desk, "match", entries=ids(desk), expected=[f"payout:{one}"])["body"]["match"]
    order(desk, "undo", match=made)
    assert codes(order(desk, "undo", match=made)) == ["MATCH_UNDONE"]


AMOUNTS = st.lists(st.sampled_from([100, 200, 300]), min_size=1, max_size=3)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(theirs=AMOUNTS, ours=AMOUNTS)
def test_undo_restores_whatever_was_matched(
    rig: Rig, tmp_path: Path, theirs: list[int], ours: list[int]
) -> None:
    desk = Desk.of(rig, tmp_path)
    expected = [f"payout:{desk.payout(minor)}" for minor in ours]
    lines = [booked("DBIT", f"L{n}", minor, payee="") for n, minor in enumerate(theirs)]
    desk.comes(desk.statement(*lines, net=-sum(theirs)))
    entries, sides, _ = state(desk)
    made = order(desk, "match", entries=ids(desk), expected=expected)
    order(desk, "undo", match=made["body"]["match"])
    assert state(desk)[:2] == (entries, sides)


def test_a_break_that_the_bank_never_mends_is_explained_and_days_close_again(desk: Desk) -> None:
    desk.comes(desk.statement(net=0))
    desk.comes(desk.statement(net=0, day=THIRD, number=3, opening=OPENING - 1))
    assert (desk.faults(), desk.days()) == (["STATEMENT_GAP"], {DAY: "closed"})
    (row,) = desk.select("select id from statement_exception where bank = %(bank)s")
    unknown = order(desk, "explain", organisation="kowloon-mutual", exceptions=[row["id"]])
    assert codes(unknown) == ["MATCH_ITEM_UNKNOWN"]
    told = order(desk, "explain", exceptions=[row["id"]])
    assert told["body"]["status"] == "explained"
    desk.match()
    assert desk.faults() == []
    assert desk.days()[THIRD] == "closed"


@pytest.mark.parametrize("beside", [False, True])
def test_an_explained_exception_is_taken_back_and_stands_again(desk: Desk, beside: bool) -> None:
    desk.comes(desk.statement(net=0))
    gift = booked("CRDT", "GIFT", 10, payee="", day=THIRD)
    desk.comes(desk.statement(gift, net=10, day=THIRD, number=3, opening=OPENING - 1))
    (row,) = desk.select("select * from statement_exception where bank = %(bank)s")
    items: dict[str, Any] = {"entries": ids(desk)} if beside else {}
    told = order(desk, "explain", exceptions=[row["id"]], **items)
    assert desk.faults() == []
    assert order(desk, "undo", match=told["body"]["match"])["status"] == 201
    desk.match()
    assert desk.faults() == ["STATEMENT_GAP"]
    assert desk.days().get(THIRD, "open") == "open"
    (after,) = desk.select("select * from statement_exception where bank = %(bank)s")
    assert after == row
