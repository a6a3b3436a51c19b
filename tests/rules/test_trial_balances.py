"""Every scenario ends with a trial balance; no case of any table leaves a ledger out of balance.

The balances of E7 and E12 stand in their own tables, beside what they follow from.
"""

from __future__ import annotations

import pytest

from crossclaim.domain.allocation import AllocationResult, FunderTotal
from crossclaim.domain.ledger import (
    Account,
    Entry,
    Posting,
    bill_entry,
    credit_entry,
    drift_entry,
    guarantee_entry,
    hospital_bills,
    non_medical_of,
    payout_entry,
    reimbursement_entry,
    reimbursements,
    reversal,
    tender_entry,
    voucher_claim_entry,
)
from crossclaim.domain.money import Currency, Money, fen, hk_cents
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.trial_balance import LedgerBroken, trial_balance
from tests.rules import scenario_runs
from tests.rules.test_tables import Case, cases

HOSPITAL, BANK, INSURER = "h", "b", "harbour-life"


class Books:
    """The entries of a scenario, in their order."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.result: AllocationResult | None = None
        self.of_bill: list[Entry] = []

    def key(self, name: str) -> str:
        return f"{name}:{len(self.entries)}"

    def post(self, entry: Entry, *, of_bill: bool = False) -> None:
        self.entries.append(entry)
        if of_bill:
            self.of_bill.append(entry)

    def bill(self, file: str, name: str) -> None:
        """A refused bill posts nothing."""
        self.result, self.of_bill = scenario_runs.run(file, name).result, []
        if self.result is not None and not self.result.refused:
            self.post(bill_entry(self.key("bill"), HOSPITAL, self.result), of_bill=True)

    def tender(self, legs: dict[str, int]) -> None:
        for method, amount in legs.items():
            self.post(tender_entry(self.key(method), HOSPITAL, amount), of_bill=True)

    def voucher_claim(self) -> None:
        assert self.result is not None
        part = next(t for t in self.result.totals if t.funder is FunderKind.VOUCHER)
        assert part.in_funder_currency is not None
        dollars, worth = part.in_funder_currency, part.amount
        key = self.key("voucher")
        self.post(voucher_claim_entry(key, HOSPITAL, dollars, worth), of_bill=True)

    def void(self) -> None:
        for entry in reversed(self.of_bill):
            self.post(reversal(entry))

    def payout(self, amount: int) -> None:
        self.post(payout_entry(self.key("payout"), INSURER, BANK, amount))

    def credit(self, to: str) -> None:
        payee: Account = hospital_bills(HOSPITAL) if to == "hospital" else reimbursements()
        sent = next(e for e in reversed(self.entries) if e.kind == "payout")
        amount = sent.postings[0].amount_minor
        self.post(credit_entry(self.key("credit"), payee, INSURER, BANK, amount))

    def happen(self, event: str | Case) -> None:
        (name, told), *_ = event.items() if isinstance(event, dict) else [(event, None)]
        match name:
            case "bill":
                self.bill(*told)
            case "tender":
                self.tender(told)
            case "tender_rest":
                assert self.result is not None
                self.tender({"cash": self.result.of(FunderKind.PATIENT).amount_minor})
            case "voucher_claim":
                self.voucher_claim()
            case "void":
                self.void()
            case "guarantee":
                self.post(guarantee_entry("guarantee", INSURER, hk_cents(told)))
            case "release":
                self.post(reversal(self.entries[0]))
            case "payout":
                self.payout(told)
            case "credit":
                self.credit(told)
            case "reimbursement":
                self.post(reimbursement_entry(self.key("owed"), INSURER, told))
            case "drift":
                self.post(drift_entry(self.key("drift"), INSURER, told))
            case _:
                raise AssertionError(f"no such event: {name}")


def books(case: Case) -> Books:
    found = Books()
    for event in case["input"]["events"]:
        found.happen(event)
    return found


@pytest.mark.parametrize("case", cases("trial-balances.yaml"))
def test_a_scenario_ends_with_its_trial_balance(case: Case) -> None:
    assert trial_balance(books(case).entries) == case["output"]


def test_every_scenario_has_a_trial_balance() -> None:
    own = {"E7": "e7-payout-returns.yaml", "E12": "e12-consent-withdrawn.yaml"}
    told = {case["name"].split()[0] for case in scenario_runs.table("trial-balances.yaml")}
    told |= {
        scenario
        for scenario, file in own.items()
        if any("balances" in case["output"] for case in scenario_runs.table(file))
    }
    assert told == {f"E{n}" for n in range(1, 13)}


def test_the_drift_that_e6_posts_is_the_one_that_its_payout_states() -> None:
    paid = scenario_runs.run("e6-reimbursement.yaml", "E6 as it was").payout
    assert paid is not None
    assert (paid.amount, paid.drift) == (fen(142186), fen(362))
    assert paid.amount - paid.drift == fen(141824)


LAID = [
    pytest.param(file, case["name"], id=f"{file}: {case['name']}")
    for file in scenario_runs.RUNS
    for case in scenario_runs.table(file)
]


@pytest.mark.parametrize(("file", "name"), LAID)
def test_whatever_a_case_lays_on_funders_is_owed_to_the_hospital_and_can_be_taken_back(
    file: str, name: str
) -> None:
    result = scenario_runs.run(file, name).result
    if result is None:
        return
    if result.refused:
        assert not result.totals and not result.shares
        return
    entry = bill_entry("bill", HOSPITAL, result)
    own = result.of(FunderKind.PATIENT).amount_minor
    apart = non_medical_of(result, 0, own)
    found = trial_balance([entry, tender_entry("tender", HOSPITAL, own, apart)])
    owed = own - result.total.amount_minor
    assert found.get(hospital_bills(HOSPITAL).id, 0) == owed
    assert sum(found.values()) == 0
    assert all(amount > 0 for account, amount in found.items() if account.startswith("funder:"))
    assert trial_balance([entry, reversal(entry)]) == {}


def bill_of(total: Money, *parts: int) -> AllocationResult:
    totals = [FunderTotal(funder=FunderKind.PATIENT, amount=fen(part)) for part in parts]
    return AllocationResult(total=total, totals=totals)


def test_a_bill_whose_parts_are_a_fen_short_breaks_the_ledger() -> None:
    with pytest.raises(LedgerBroken, match="does not balance"):
        trial_balance([bill_entry("bill", HOSPITAL, bill_of(fen(100), 99))])


def test_an_event_that_is_posted_twice_breaks_the_ledger() -> None:
    entry = bill_entry("bill", HOSPITAL, bill_of(fen(100), 100))
    with pytest.raises(LedgerBroken, match="stands twice"):
        trial_balance([entry, entry])
    with pytest.raises(LedgerBroken, match="stands twice"):
        trial_balance([entry, reversal(entry), reversal(entry)])


def test_an_account_in_two_currencies_breaks_the_ledger() -> None:
    hkd = hospital_bills(HOSPITAL).model_copy(update={"currency": Currency.HKD})
    pair = [Posting(account=hkd, amount_minor=m) for m in (1, -1)]
    entry = bill_entry("bill", HOSPITAL, bill_of(fen(100), 100))
    with pytest.raises(LedgerBroken, match="two currencies"):
        trial_balance([entry, Entry(key="other", kind="bill", postings=pair)])


def test_a_twin_that_adds_all_currencies_calls_a_broken_entry_balanced() -> None:
    postings = [
        Posting(account=hospital_bills(HOSPITAL), amount_minor=100),
        Posting(
            account=Account(id="voucher:committed", kind="x", currency=Currency.HKD),
            amount_minor=-100,
        ),
    ]
    assert sum(one.amount_minor for one in postings) == 0
    with pytest.raises(LedgerBroken, match="does not balance"):
        trial_balance([Entry(key="k", kind="x", postings=postings)])
