"""Runs of ``crossclaim demo --all`` about Macao and about services around an ordinary visit."""

from __future__ import annotations

from crossclaim.demo.example_file import ExampleFile, paid
from crossclaim.demo.script import (
    DOCUMENTS,
    HOSPITAL_INPATIENT,
    HOSPITAL_OUTPATIENT,
    Closed,
    Guaranteed,
    Run,
    Send,
)

HOSPITAL_ZHUHAI = "zhuhai-peoples"


def _macao() -> Run:
    file = ExampleFile("macao-resident")
    wrong = file.refused_opening(
        "the Hong Kong contract for a recipient in Macao",
        "episode-hong-kong-text",
        "CONSENT_OTHER_DESTINATION",
    )
    steps = (
        wrong,
        file.opens(),
        Guaranteed("The Macao insurer answers in patacas"),
        file.send("Admission", "admission"),
        file.send("Discharge", "discharge"),
        *DOCUMENTS,
        file.send("Final bill", "bills", with_documents=True),
        file.send("Patient pays his part", "tenders"),
        Closed(payouts=1, title="Decision in MOP, payout in RMB"),
        file.send("Asks for the reimbursement", "reimbursements"),
        Closed(payouts=2, title="Payout to the patient, credit in RMB"),
    )
    about = "A Macao resident in Zhuhai: a plan in MOP, Macao's own contract, payouts in RMB."
    return Run("macao", "Inpatient, Macao insurer", about, HOSPITAL_ZHUHAI, steps, "lotus-macao")


def _check_up() -> Run:
    file = ExampleFile("service-check-up")
    asked = "VISIT_REASON_MISSING"
    steps = (
        file.refused_opening("no reason for the visit", "episode-no-reason", asked),
        file.opens(),
        file.refused("before the check-up is over", "bill-before", "VOUCHER_PREPAID"),
        file.refused(
            "the window of outpatients", "bill-other-window", "VOUCHER_WINDOW_OTHER_VISIT"
        ),
        *paid(file),
    )
    about = "A check-up, paid with vouchers after it, at the window of the health centre."
    return Run("check-up", "Check-up", about, HOSPITAL_OUTPATIENT, steps)


def _chinese_medicine() -> Run:
    file = ExampleFile("service-chinese-medicine")
    herbs = file.refused("herbs alone", "bill-herbs-only", "VOUCHER_GOODS_ONLY")
    about = "Consultation, acupuncture and herbs in a designated department."
    steps = (file.opens(), herbs, *paid(file))
    return Run("chinese-medicine", "Chinese medicine", about, HOSPITAL_OUTPATIENT, steps)


def _chronic_care() -> Run:
    file = ExampleFile("service-chronic-care")
    code = "SERVICE_DIAGNOSIS_MISSING"
    asked = file.refused_opening(
        "no condition named", "episode-no-diagnosis", code, "VISIT_REASON_MISSING"
    )
    about = "Care of a chronic condition, which the episode names, and its drugs."
    steps = (asked, file.opens(), *paid(file))
    return Run("chronic-care", "Chronic care", about, HOSPITAL_OUTPATIENT, steps)


def _internet() -> Run:
    file = ExampleFile("service-internet-consultation")
    steps = (
        file.refused_opening(
            "outside international service", "episode-ordinary-channel", "SERVICE_OTHER_CHANNEL"
        ),
        file.opens(),
        file.refused(
            "vouchers",
            "bill-vouchers",
            "VOUCHER_CHANNEL_NOT_DEDICATED",
            "VOUCHER_DEPARTMENT_UNKNOWN",
            "VOUCHER_NOT_IN_PERSON",
        ),
        *paid(file),
    )
    about = "A consultation across the border over the internet: never vouchers, the patient pays."
    return Run("internet", "Internet consultation", about, HOSPITAL_INPATIENT, steps)


def _register_first() -> Run:
    file = ExampleFile("appointment-register-first")

    def told(title: str, part: str, *refused: str) -> Send:
        return file.send(title, "appointments", part, *refused)

    steps = (
        file.opens(),
        file.refused("came without registering", "bill-not-registered", "VOUCHER_REGISTER_FIRST"),
        told("Refused: in the evening", "appointment-night", "APPOINTMENT_OUTSIDE_HOURS"),
        told("Registers through the voucher entry", "appointment"),
        told("Changes to the afternoon", "appointment-changed"),
        told("Refused: missed before its time", "appointment-missed-early", "APPOINTMENT_NOT_YET"),
        told("Reports at the desk", "appointment-kept"),
        *paid(file),
    )
    about = "Who uses vouchers in this department registers first; changed once, then kept."
    return Run("register-first", "Appointment for vouchers", about, HOSPITAL_OUTPATIENT, steps)


VISIT_RUNS = (
    _macao(),
    _check_up(),
    _chinese_medicine(),
    _chronic_care(),
    _internet(),
    _register_first(),
)
