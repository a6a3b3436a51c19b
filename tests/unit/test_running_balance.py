"""Ledger entries with what each leaves on its accounts."""

from __future__ import annotations

from datetime import timedelta

from crossclaim.domain.money import Currency
from crossclaim.domain.running_balance import LedgerPosting, balances_at, running
from tests.unit.story_scene import START


def posting(entry: int, account: str, minor: int, currency: Currency) -> LedgerPosting:
    at = START + timedelta(minutes=entry)
    return LedgerPosting(
        entry=entry,
        kind="bill",
        account=account,
        account_kind="hospital_bills",
        amount_minor=minor,
        currency=currency,
        occurred_at=at,
        recorded_at=at,
    )


CNY, HKD = Currency.CNY, Currency.HKD
POSTINGS = [
    posting(1, "a", 100, CNY),
    posting(1, "b", -100, CNY),
    posting(2, "a", -40, CNY),
    posting(2, "b", 40, CNY),
    posting(3, "a", 7, HKD),
    posting(3, "b", -7, HKD),
]


def test_each_account_is_counted_by_itself_and_per_currency() -> None:
    found = running(POSTINGS)
    assert [str(one.balance) for one in found] == [
        "CNY 1.00",
        "CNY -1.00",
        "CNY 0.60",
        "CNY -0.60",
        "HKD 0.07",
        "HKD -0.07",
    ]
    assert [one.first for one in found] == [True, False, True, False, True, False]


def test_the_balances_of_a_moment_are_those_of_the_entries_until_then() -> None:
    then = balances_at(POSTINGS, START + timedelta(minutes=1))
    assert {(b.posting.account, b.balance.amount_minor) for b in then} == {("a", 100), ("b", -100)}
    assert balances_at(POSTINGS, START) == []
    assert len(balances_at(POSTINGS, START + timedelta(hours=1))) == 4
