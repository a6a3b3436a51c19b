"""A patient with vouchers, Guangdong insurance, an insurer's plan, pay-later and a foreign card.

The window hears what is legal with its figures, the patient picks one, and the rest follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crossclaim.demo.example_file import ExampleFile
from crossclaim.demo.script import HOSPITAL_OUTPATIENT, Closed, Run, Until

_AT_JIANGMEN = ("[1, 2] 439.20 87.84", "[0, 2] 549.00 109.80")
_AT_DONGGUAN = ("[1, 2, 3] 339.20 87.84",)


def _at_jiangmen(chosen: str, title: str, ending: str) -> Run:
    """Pay-later is of another city's hospital, and vouchers go with basic insurance never."""
    file = ExampleFile("five-means")
    numbers = ("MZ20260414-0501", "MZF20260414-0501", "MZF20260414-0501-R", "T-0501")
    codes = ("VOUCHER_WITH_BASIC_INSURANCE", "HUIMIN_SCOPE")
    steps = (
        file.desk("Daughter signs up for pay-after-care", "", "account"),
        Until("Her bank gives no credit", _answered, of_account=True),
        file.opens(),
        file.refused("all of them in one bill", "bill-all", *codes, legal=_AT_JIANGMEN),
        file.send("The patient picks one; the bill is split", "bills", f"bill-{chosen}"),
        file.send("Foreign card for the rest", "tenders", f"tender-{chosen}"),
        Until("The acquirer has charged the card", _card_paid),
        file.send("Claims the insurer's part back", "reimbursements", "reimbursement"),
        Closed(payouts=1, title="Payout to patient, credit in RMB"),
    )
    about = "Of five means of payment the hospital tells what is legal; the patient picks one."
    replaced = {number: f"{number}{ending}" for number in numbers} if ending else {}
    name, after = f"five-{chosen}", "five-insurance" if ending else ""
    return Run(name, title, about, HOSPITAL_OUTPATIENT, steps, replaced=replaced, after=after)


def _at_dongguan() -> Run:
    """Where pay-later is legal, vouchers are not; this patient leaves his insurance out too."""
    file = ExampleFile("five-means-dongguan")
    codes = (
        "VOUCHER_CHANNEL_NOT_DEDICATED",
        "VOUCHER_INSTITUTION_NOT_PILOT",
        "VOUCHER_WITH_BASIC_INSURANCE",
    )
    steps = (
        file.desk("Daughter signs up for pay-after-care", "", "account"),
        Until("Her bank gives no credit", _answered, of_account=True),
        file.opens(),
        file.refused("all of them in one bill", "bill-all", *codes, legal=_AT_DONGGUAN),
        file.send("The bill is split", "bills", "bill"),
        file.send("Foreign card for the rest", "tenders", "tender"),
        Until("The acquirer has charged the card", _card_paid),
        file.send("Claims the insurer's part back", "reimbursements", "reimbursement"),
        Closed(payouts=1, title="Payout to patient, credit in RMB"),
    )
    about = "The same patient where his daughter's account may pay after care."
    title, before = "Five means: pay-later", "five-voucher"
    return Run("five-pay-later", title, about, "dongguan-tcm", steps, after=before)


def _answered(account: Mapping[str, Any]) -> bool:
    return bool(account["credit"]["status"] == "refused")


def _card_paid(found: Mapping[str, Any]) -> bool:
    return any(payment["state"] == "paid" for payment in found["payments"])


FIVE_MEANS = (
    _at_jiangmen("insurance", "Five means: basic insurance first", ""),
    _at_jiangmen("voucher", "Five means: vouchers first", "-V"),
    _at_dongguan(),
)
