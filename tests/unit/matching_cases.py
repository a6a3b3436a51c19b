"""Entries of a bank beside ours, and the status in which each of them ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from crossclaim.domain.matching import Expected, Stated, look_of

DAY = date(2026, 4, 2)
DUE = datetime(2026, 4, 2, 6, tzinfo=UTC)
AFTER = DUE + timedelta(days=1)
OURS = Expected("payout:PO1", "debit", 5000, "CNY", "PO1", counterparty="payee", due=DUE)
LINE = Stated(1, "debit", 5000, "CNY", DAY, "PO1", counterparty="payee")


def ours(**changes: Any) -> Expected:
    known = {name: getattr(OURS, name) for name in Expected.__slots__}
    return Expected(**{**known, **changes})


def line(**changes: Any) -> Stated:
    known = {name: getattr(LINE, name) for name in Stated.__slots__}
    return Stated(**{**known, **changes})


CASES: dict[str, tuple[list[Expected], list[Stated], dict[int | str, str]]] = {
    "the same": ([OURS], [LINE], {1: "matched", "payout:PO1": "matched"}),
    "only with the bank": ([], [LINE], {1: "missing"}),
    "only with us": ([OURS], [], {"payout:PO1": "missing"}),
    "not due yet": ([ours(due=None)], [], {"payout:PO1": "expected"}),
    "more": ([OURS], [line(amount_minor=5001)], {1: "over", "payout:PO1": "over"}),
    "less": ([OURS], [line(amount_minor=4999)], {1: "under", "payout:PO1": "under"}),
    "another account": (
        [OURS],
        [line(counterparty="stranger")],
        {1: "wrong_data", "payout:PO1": "wrong_data"},
    ),
    "a mangled reference": (
        [OURS],
        [line(reference="", look=look_of("po-1"))],
        {1: "wrong_data", "payout:PO1": "wrong_data"},
    ),
    "another currency": (
        [OURS],
        [line(currency="HKD")],
        {1: "wrong_currency", "payout:PO1": "wrong_currency"},
    ),
    "in parts": (
        [OURS],
        [line(amount_minor=2000), line(id=2, amount_minor=3000)],
        {1: "split", 2: "split", "payout:PO1": "split"},
    ),
    "twice": ([OURS], [LINE, line(id=2)], {1: "matched", 2: "duplicate", "payout:PO1": "matched"}),
    "one booking told twice": (
        [OURS],
        [line(booking="B1"), line(id=2, booking="B1")],
        {1: "matched", 2: "duplicate", "payout:PO1": "matched"},
    ),
    "several in one booking": (
        [ours(group="F1"), ours(id="payout:PO2", reference="PO2", amount_minor=700, group="F1")],
        [line(reference="", group="F1", amount_minor=5700)],
        {1: "matched", "payout:PO1": "matched", "payout:PO2": "matched"},
    ),
    "several in one booking, one short": (
        [ours(group="F1"), ours(id="payout:PO2", reference="PO2", amount_minor=700, group="F1")],
        [line(reference="", group="F1", amount_minor=5000)],
        {1: "under", "payout:PO1": "under", "payout:PO2": "under"},
    ),
    "no reference, the account and the amount": (
        [OURS],
        [line(reference="")],
        {1: "matched", "payout:PO1": "matched"},
    ),
    "no reference, the amount alone": (
        [OURS],
        [line(reference="", counterparty="")],
        {1: "missing", "payout:PO1": "missing"},
    ),
    "the other direction": (
        [OURS],
        [line(direction="credit")],
        {1: "missing", "payout:PO1": "missing"},
    ),
    "what the bank takes for itself": (
        [],
        [line(reference="", counterparty="", code="CHRG", amount_minor=30)],
        {1: "matched"},
    ),
    "what will not happen": ([ours(ended=True)], [LINE], {1: "missing"}),
    "a payment that the bank calls a charge but that names ours": (
        [OURS],
        [line(code="CHRG")],
        {1: "matched", "payout:PO1": "matched"},
    ),
    "a payment that the bank calls a charge and whose reference looks like ours": (
        [OURS],
        [line(reference="", look=look_of("po-1"), code="FEES")],
        {1: "wrong_data", "payout:PO1": "wrong_data"},
    ),
    "a credit with the code of a reversal": (
        [ours(direction="credit")],
        [line(direction="credit", code="RVSL")],
        {1: "matched", "payout:PO1": "matched"},
    ),
    "one booking told twice, after one that the bank gave no id": (
        [OURS],
        [line(id=1, reference="X"), line(id=2, booking="B1"), line(id=3, booking="B1")],
        {1: "missing", 2: "matched", 3: "duplicate", "payout:PO1": "matched"},
    ),
    "one booking told twice, the later day is the second": (
        [OURS],
        [line(booking="B1", booked_on=DAY + timedelta(days=1)), line(id=2, booking="B1")],
        {1: "duplicate", 2: "matched", "payout:PO1": "matched"},
    ),
    "twice, on the next day first by its number": (
        [OURS],
        [line(booked_on=DAY + timedelta(days=1)), line(id=2)],
        {1: "duplicate", 2: "matched", "payout:PO1": "matched"},
    ),
    "one booking of which another amount was told": (
        [OURS],
        [line(booking="B1", amount_minor=2000), line(id=2, booking="B1", amount_minor=3000)],
        {1: "split", 2: "split", "payout:PO1": "split"},
    ),
    "in two currencies": (
        [OURS],
        [LINE, line(id=2, currency="HKD")],
        {1: "matched", 2: "wrong_currency", "payout:PO1": "matched"},
    ),
    "an account that the bank does not name": (
        [OURS],
        [line(counterparty="")],
        {1: "matched", "payout:PO1": "matched"},
    ),
    "an account that we do not know": (
        [ours(counterparty="")],
        [LINE],
        {1: "matched", "payout:PO1": "matched"},
    ),
    "neither side names an account or a reference": (
        [ours(counterparty="", reference="")],
        [line(counterparty="", reference="")],
        {1: "missing", "payout:PO1": "missing"},
    ),
    "the account and the amount, under another reference": (
        [OURS],
        [line(reference="X")],
        {1: "missing", "payout:PO1": "missing"},
    ),
    "the account and the amount, under what looks like another reference": (
        [OURS],
        [line(reference="", look=look_of("X"))],
        {1: "missing", "payout:PO1": "missing"},
    ),
    "a reference written in another way": (
        [OURS],
        [line(reference="po-1")],
        {1: "wrong_data", "payout:PO1": "wrong_data"},
    ),
    "a reference written in another way, of another amount": (
        [OURS],
        [line(reference="po-1", amount_minor=5001)],
        {1: "missing", "payout:PO1": "missing"},
    ),
    "a reference written in another way, in another currency": (
        [OURS],
        [line(reference="po-1", currency="HKD")],
        {1: "missing", "payout:PO1": "missing"},
    ),
    "two that are written in another way": (
        [OURS],
        [line(reference="po-1"), line(id=2, reference="po 1")],
        {1: "missing", 2: "missing", "payout:PO1": "missing"},
    ),
    "three of one account and amount": (
        [OURS],
        [line(id=number, reference="") for number in (1, 2, 3)],
        {1: "missing", 2: "missing", 3: "missing", "payout:PO1": "missing"},
    ),
    "several in one booking that names the group as its reference": (
        [ours(group="F1"), ours(id="payout:PO2", reference="PO2", amount_minor=700, group="F1")],
        [line(reference="F1", amount_minor=5700)],
        {1: "matched", "payout:PO1": "matched", "payout:PO2": "matched"},
    ),
    "several in one booking that names the group twice": (
        [ours(group="F1"), ours(id="payout:PO2", reference="PO2", amount_minor=700, group="F1")],
        [line(reference="F1", group="F1", amount_minor=5700)],
        {1: "matched", "payout:PO1": "matched", "payout:PO2": "matched"},
    ),
    "a booking that names two groups is of the first": (
        [ours(group="F1"), ours(id="payout:PO2", reference="PO2", group="F2")],
        [line(reference="F2", group="F1")],
        {1: "matched", "payout:PO1": "matched", "payout:PO2": "missing"},
    ),
    "several in two bookings": (
        [ours(group="F1"), ours(id="payout:PO2", reference="PO2", amount_minor=700, group="F1")],
        [
            line(reference="", group="F1", amount_minor=5600),
            line(id=2, reference="", group="F1", amount_minor=100),
        ],
        {1: "split", 2: "split", "payout:PO1": "split", "payout:PO2": "split"},
    ),
    "several in one booking of another currency": (
        [ours(group="F1"), ours(id="payout:PO2", reference="PO2", amount_minor=700, group="F1")],
        [line(reference="", group="F1", amount_minor=5700, currency="HKD")],
        {1: "wrong_currency", "payout:PO1": "wrong_currency", "payout:PO2": "wrong_currency"},
    ),
    "several in two bookings, one of them in another currency": (
        [ours(group="F1"), ours(id="payout:PO2", reference="PO2", amount_minor=700, group="F1")],
        [
            line(reference="", group="F1"),
            line(id=2, reference="", group="F1", amount_minor=700, currency="HKD"),
        ],
        {
            1: "wrong_currency",
            2: "wrong_currency",
            "payout:PO1": "wrong_currency",
            "payout:PO2": "wrong_currency",
        },
    ),
    "a group that only the other direction has": (
        [ours(group="F1", direction="credit")],
        [line(reference="", group="F1", counterparty="")],
        {1: "missing", "payout:PO1": "missing"},
    ),
    "one that has no group is in nobody's booking": (
        [ours(counterparty="")],
        [line(reference="", counterparty="", amount_minor=700)],
        {1: "missing", "payout:PO1": "missing"},
    ),
}
