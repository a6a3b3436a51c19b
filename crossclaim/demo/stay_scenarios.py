"""Stays under basic insurance and care elsewhere, as the demonstration plays them."""

from __future__ import annotations

from crossclaim.demo.example_file import ExampleFile, paid
from crossclaim.demo.script import CASHIER_REFUNDS, HOSPITAL_INPATIENT, Closed, Run


def _stay_employee() -> Run:
    file = ExampleFile("stay-employee")
    steps = (
        file.opens(),
        file.send("Admission", "admission"),
        file.send("Interim bill", "bills", "bill-interim"),
        file.send("Discharge", "discharge"),
        file.send("Final bill", "bills"),
        file.send("Patient pays his part", "tenders"),
        Closed(title="Settled by the bureau"),
    )
    about = "An employee of Qingdao in Shenzhen: deductible, two bands, his account, then cash."
    return Run("stay-employee", "Stay, basic insurance", about, HOSPITAL_INPATIENT, steps)


def _stay_maternity() -> Run:
    file = ExampleFile("stay-maternity")
    steps = (
        file.opens(),
        file.send("Admission", "admission"),
        file.send("Discharge", "discharge"),
        file.send("Final bill", "bills", "bill-wrong"),
        file.send("Patient pays her part", "tenders", "tender-wrong"),
        Closed(title="Settled by the bureau"),
        file.send("A bed was counted twice: void", "voids", "void"),
        CASHIER_REFUNDS,
        file.send("The cashier has given it back", "refund-confirmations"),
        file.send("Corrected bill", "bills"),
        file.send("Patient pays her part", "tenders"),
        Closed(title="Taken back, and settled anew"),
    )
    about = "Childbirth by the maternity rules; the settlement is taken back and made anew."
    return Run("stay-maternity", "Stay, childbirth", about, HOSPITAL_INPATIENT, steps)


def _stay_waiting() -> Run:
    file = ExampleFile("stay-waiting")
    refused = file.refused("still waiting", "bill-insured", "BASIC_WAITING_PERIOD")
    steps = (
        file.opens(),
        file.send("Admission", "admission"),
        file.send("Discharge", "discharge"),
        refused,
        *paid(file),
    )
    about = "Enrolled late: admitted within the three months of waiting, the patient pays all."
    return Run("stay-waiting", "Stay, waiting period", about, HOSPITAL_INPATIENT, steps)


def _stay_late() -> Run:
    file = ExampleFile("stay-late-enrolment")
    steps = (
        file.opens(),
        file.send("Admission on the first day", "admission"),
        file.send("Final bill", "bills"),
        file.send("Patient pays his part", "tenders"),
        file.send("Discharge", "discharge"),
        Closed(title="Settled by the bureau"),
    )
    about = "The same patient comes again after the waiting: a stay of its own, and the fund pays."
    title, before = "Stay, late enrolment", "stay-waiting"
    return Run("stay-late-enrolment", title, about, HOSPITAL_INPATIENT, steps, after=before)


def _elsewhere(name: str, title: str, about: str) -> Run:
    file = ExampleFile(name)
    steps = (file.opens(), *paid(file, "Settled by the bureau"))
    return Run(name, title, about, HOSPITAL_INPATIENT, steps)


STAY_RUNS = (
    _stay_employee(),
    _stay_maternity(),
    _stay_waiting(),
    _stay_late(),
    _elsewhere(
        "elsewhere-filed",
        "Care elsewhere, filed",
        "A special disease of Jinan's insurance, treated in Shenzhen; filed with the bureau.",
    ),
    _elsewhere(
        "elsewhere-not-filed",
        "Care elsewhere, not filed",
        "The same without a filing: the fund pays ten points less.",
    ),
)
