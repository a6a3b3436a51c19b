"""The bank simulator on requests to cancel: one case each, decided by what it has done."""

from __future__ import annotations

import pytest

from tests.simulators import bank_files
from tests.simulators.bank_files import BankFile
from tests.simulators.test_bank import Customer, customer, harbour

__all__ = ["customer", "harbour"]


def recall(customer: Customer, reference: str, number: int = 1) -> None:
    content = bank_files.recall(reference, number)
    customer.send(f"{reference}-r{number}.xml", content)


def answer(told: BankFile) -> tuple[str, str]:
    return told.text("TxInfAndSts/TxCxlSts"), told.text("TxInfAndSts/CxlStsRsnInf/Rsn/Cd")


def test_what_was_not_made_yet_is_cancelled_and_never_made(customer: Customer) -> None:
    customer.bank.set_clock("2026-03-14T10:45:00+08:00")
    customer.bank.set_faults({"match": {"reference": "c-1"}, "fault": "late", "delay_s": 7200})
    customer.pay("c-1")
    recall(customer, "c-1")
    told = customer.told("camt.029", "c-1")[0]
    assert told.message_type == "camt.029.001.09" and answer(told) == ("ACCR", "CUST")
    customer.bank.set_clock("2026-03-14T12:45:01+08:00")
    customer.ask("c-1")
    assert customer.answers("c-1")[0].text("TxInfAndSts/TxSts") == "CANC"
    assert customer.executions("c-1") == 0


@pytest.mark.parametrize(("paid", "reason"), [(True, "AGNT"), (False, "NOOR")])
def test_what_was_made_or_is_unknown_is_not_cancelled(
    customer: Customer, paid: bool, reason: str
) -> None:
    if paid:
        customer.pay("c-2")
        customer.executed("c-2")
    recall(customer, "c-2")
    assert answer(customer.told("camt.029", "c-2")[0]) == ("RJCR", reason)


def test_the_same_case_is_answered_alike_however_often_it_is_asked(customer: Customer) -> None:
    recall(customer, "c-3")
    customer.told("camt.029", "c-3")
    customer.pay("c-3")
    customer.executed("c-3")
    recall(customer, "c-3", 2)
    first, second = customer.told("camt.029", "c-3", times=2)
    assert answer(first) == answer(second) == ("RJCR", "NOOR")


def test_a_bank_may_say_that_it_cancelled_and_pay_all_the_same(customer: Customer) -> None:
    customer.bank.set_clock("2026-03-14T10:45:00+08:00")
    customer.bank.set_faults(
        {"match": {"operation": "payment"}, "fault": "late", "delay_s": 7200},
        {"match": {"operation": "recall"}, "fault": "executes_anyway"},
    )
    customer.pay("c-4")
    recall(customer, "c-4")
    assert answer(customer.told("camt.029", "c-4")[0]) == ("ACCR", "CUST")
    customer.bank.set_clock("2026-03-14T12:45:01+08:00")
    customer.executed("c-4")
