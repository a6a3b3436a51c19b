"""What fund, accounts, credit and patient carry of a bill is one balanced entry."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from crossclaim.domain.allocation import AllocationResult, FunderTotal
from crossclaim.domain.ledger import bill_entry, tender_entry
from crossclaim.domain.money import fen
from crossclaim.domain.submission import FunderKind
from tests.rules.basic_scene import Case, Paid, pay

HERE = Path(__file__).parent
PURSES = (
    (FunderKind.BASIC_INSURANCE, None, ("fund",)),
    (FunderKind.PERSONAL_ACCOUNT, None, ("account", "family", "gold_card")),
    (FunderKind.PAY_LATER, "bank-of-dongguan", ("credit",)),
    (FunderKind.PATIENT, None, ("card", "cash")),
)


def case(file: str, name: str) -> Case:
    found: list[Case] = yaml.load((HERE / file).read_text("utf-8"), Loader=yaml.CSafeLoader)
    return next(one for one in found if one["name"] == name)


def balances(told: Case, paid: Paid) -> dict[str, int]:
    """The trial balance in fen after the bill and after the patient has paid at the window."""
    bill = sum(line["fen"] for line in told["input"]["lines"])
    totals = [
        FunderTotal(
            funder=funder,
            organisation=organisation,
            amount=fen(sum(paid.figures.get(name, 0) for name in names)),
        )
        for funder, organisation, names in PURSES
    ]
    result = AllocationResult(total=fen(bill), totals=totals)
    own = totals[-1].amount.amount_minor
    entries = [bill_entry("b", "h", result), tender_entry("t", "h", own)]
    found: dict[str, int] = {}
    for entry in entries:
        assert sum(posting.amount_minor for posting in entry.postings) == 0
        for posting in entry.postings:
            account = posting.account.id
            found[account] = found.get(account, 0) + posting.amount_minor
    return {account: amount for account, amount in found.items() if amount}


@pytest.mark.parametrize(
    ("file", "name", "wanted"),
    [
        (
            "e8-jiangmen.yaml",
            "E8 (a) father, chosen primary care, yearly limit nearly used, daughter's account "
            "pays the rest",
            {"funder:basic_insurance:due": 400, "funder:personal_account:due": 12600},
        ),
        (
            "e8-jiangmen.yaml",
            "E8 (b) herself, level 2, monthly limit",
            {"funder:basic_insurance:due": 2500, "funder:personal_account:due": 28660},
        ),
        (
            "e9-family-and-waiting.yaml",
            "E9 no binding",
            {},
        ),
        (
            "e10-dongguan.yaml",
            "E10 mother at 东莞市中医院, seamless, of 148000 the fund paid 50000",
            {"funder:personal_account:due": 26000, "funder:pay_later:bank-of-dongguan:due": 72000},
        ),
        (
            "e10-dongguan.yaml",
            "E10 draw of 430000, 428000 available, no card, falls to cash",
            {},
        ),
    ],
)
def test_the_trial_balance_owes_the_hospital_what_the_funders_carry(
    file: str, name: str, wanted: dict[str, int]
) -> None:
    told = case(file, name)
    found = balances(told, pay(told))
    owed = {"hospital:h:bills": -sum(wanted.values())} if wanted else {}
    assert found == wanted | owed
    assert sum(found.values()) == 0
    assert isinstance(told["period"], date)
