"""What fails at the hospital's acquirer, which takes payments and gives them back."""

from __future__ import annotations

from typing import Any

from crossclaim.demo.failures.content import IN_OCTOBER, JIANGMEN, line_of, tender_of, total_of
from crossclaim.demo.failures.stage import Body, Stage, varied
from crossclaim.demo.play import part_of

ACQUIRER = "acquirer"
WECHAT = "130000000000000001"
VOIDED_AT = "2025-10-14T11:20:00+08:00"


class _Till:
    """A visit to Jiangmen that the patient pays himself; the acquirer finds it by its amount, which
    no other failure has."""

    def __init__(self, stage: Stage, amount: str) -> None:
        self._stage, self._amount = stage, amount
        number = stage.numbers.text
        submission = varied(
            part_of(stage.examples, "episode-2-voucher.json"),
            visit={"number": f"MZ20251014-{number}"},
            patient={"documents": [{"type": "hkid", "number": stage.numbers.identity_card()}]},
            coverages=[],
            consents=[],
        )
        lines = [line_of(1, "consultation", "CONS-IM", amount, "2025-10-14")]
        bill = part_of(stage.examples, "episode-2-bill-1.json")
        named = f"MZF20251014-{number}"
        self.bill = varied(bill, number=named, lines=lines, total=total_of(lines))
        stage.open(JIANGMEN, submission)
        stage.say("bills", self.bill)

    def spoil(self, fault: str, operation: str, **details: Any) -> None:
        fen = self._amount.replace(".", "")
        asked = {"operation": operation, "amount": fen}
        self._stage.spoil(ACQUIRER, fault, asked, **details)

    def asks(self, method: str, code: str) -> None:
        """The acquirer is to charge what the window scanned or read."""
        tender = tender_of(self._stage, self.bill, self._amount, IN_OCTOBER)
        (leg,) = tender["legs"]
        self._stage.say(
            "tenders", {**tender, "legs": [{**leg, "method": method, "payer_code": code}]}
        )

    def by_terminal(self) -> None:
        """The hospital's own terminal has taken it."""
        tender = tender_of(self._stage, self.bill, self._amount, IN_OCTOBER)
        (leg,) = tender["legs"]
        again = {**leg, "reference": f"{leg['reference']}-2"}
        self._stage.say("tenders", {**tender, "legs": [again]})

    def void(self) -> None:
        named = {"bill_number": self.bill["number"], "bill_version": self.bill["version"]}
        why = "The consultation did not take place"
        self._stage.say("voids", {**named, "voided_at": VOIDED_AT, "reason": why})


def answer_lost(stage: Stage) -> None:
    till = _Till(stage, "613.00")
    till.spoil("accepted_answer_lost", "micropay")
    till.asks("wechat", WECHAT)


def card_declined(stage: Stage) -> None:
    till, card = _Till(stage, "614.00"), f"VISA-{stage.numbers.text}"
    stage.controls.tables(ACQUIRER, {"payers": {card: {"refuse": "CARD_DECLINED"}}})
    till.asks("foreign_card", card)
    stage.wait("the refusal", _refused)
    stage.failing()
    till.by_terminal()


def refund_refused(stage: Stage) -> None:
    till = _Till(stage, "617.00")
    till.asks("wechat", WECHAT)
    stage.wait("the payment", lambda rows: rows["episode"]["status"] == "closed")
    till.spoil("refused", "refund", code="USER_ACCOUNT_ABNORMAL")
    till.void()
    stage.failing()
    refund = next(r for r in stage.rows()["refunds"] if r["route"] == "cashier")
    receipt = f"TK-{stage.numbers.text}"
    given = {"refund": refund["reference"], "receipt": receipt, "paid_back_at": VOIDED_AT}
    stage.say("refund-confirmations", given)


def _refused(rows: Body) -> bool:
    return any(payment["state"] == "refused" for payment in rows["payments"])
