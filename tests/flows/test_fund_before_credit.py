"""Scenario E10 whole: the fund in front, then the payer's card and credit, whatever goes wrong."""

from __future__ import annotations

import pytest

from tests.flows.basic_visit import Insured
from tests.flows.credit_account import CreditAccount, bill_of, now
from tests.flows.hospital import Episode, Hospital, varied
from tests.flows.money import ledger
from tests.flows.simulator import Simulator
from tests.flows.test_basic_insurance import paid

HELD = {
    "bureau:fund:committed": -50000,
    "hospital:dongguan-tcm:bureau_fund_receivable": 50000,
    "hospital:dongguan-tcm:pay_later_receivable": 98000,
    "pay_later:committed": -98000,
}


def mother_of(account: CreditAccount, bureau: Simulator) -> tuple[Episode, Insured]:
    """Her visit is laid on Dongguan's insurance and on the child's account."""
    signed = {"text_version": "2026-01", "signed_at": now(), "channel": "paper"}
    insured = [{"funder": "basic_insurance", "plan": "dongguan-basic"}]
    consents = [
        {"type": "PI_SENSITIVE", **signed},
        {"type": "PI_PROVIDE", "recipient": "bureau", **signed},
    ]
    submission = account.mothers_visit()
    number = submission["patient"]["documents"][0]["number"]
    person = Insured(bureau, certno=number, insutype="390", area="441900", benefit="dongguan")
    coverages = [*insured, *submission["coverages"]]
    return account.hospital.open(varied(submission, coverages=coverages, consents=consents)), person


@pytest.mark.parametrize("fault", ["", "accepted_answer_lost", "split_wrong"])
def test_e10_fund_of_500_card_of_260_credit_of_720(
    dongguan: Hospital, huimin: Simulator, bureau: Simulator, fault: str
) -> None:
    account = CreditAccount(dongguan, huimin)
    account.ready()
    episode, person = mother_of(account, bureau)
    if fault:
        bureau.fault(fault, infno="2207", person=person.number)
    split = episode.say("bills", bill_of("1480.00"))
    assert paid(split) == {
        "basic_insurance": 50000,
        "personal_account": 26000,
        "pay_later": 72000,
        "patient": 0,
    }
    rows = episode.closed()
    assert ledger(rows) == HELD
    account.owes("720.00")
    assert all(e["resolved_at"] for e in rows["exceptions"])
