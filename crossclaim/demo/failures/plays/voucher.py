"""What fails at the eHealth System (Subsidies), where vouchers are claimed."""

from __future__ import annotations

from crossclaim.demo.failures.content import JIANGMEN, VoucherVisit
from crossclaim.demo.failures.stage import Stage


def answer_lost(stage: Stage) -> None:
    visit = VoucherVisit(stage)
    stage.spoil("voucher", "accepted_answer_lost", {"operation": "claim", "account": visit.account})
    visit.split_and_paid()


def down(stage: Stage) -> None:
    visit = VoucherVisit(stage)
    asked = {"operation": "search", "number": visit.card}
    stage.spoil("voucher", "down", asked, times=-1)
    stage.open(JIANGMEN, visit.submission)
    stage.told_later("bills", visit.bill)
    stage.failing()
    stage.controls.mend("voucher", asked)
    stage.say("bills", visit.bill)
    visit.pay("0.82")


def balance_changed(stage: Stage) -> None:
    visit = VoucherVisit(stage)
    claimed = {"operation": "claim", "account": visit.account}
    stage.spoil("voucher", "balance_changed", claimed, balance_hkd=500)
    visit.split_and_paid()
    stage.failing()
    visit.pay("828.08", signs=False)


def other_claim(stage: Stage) -> None:
    visit = VoucherVisit(stage)
    claimed = {"account": visit.account}
    stage.spoil("voucher", "other_claim", claimed, times=-1)
    visit.split_and_paid()
    stage.failing()
    stage.controls.mend("voucher", claimed)
