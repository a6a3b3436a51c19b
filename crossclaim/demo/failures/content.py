"""What desks send in the failures: the example files with numbers of their own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from crossclaim.demo.failures.stage import Body, Stage, varied
from crossclaim.demo.play import part_of

JIANGMEN, SHENZHEN, DONGGUAN = "jiangmen-central", "hku-szh", "dongguan-tcm"
IN_OCTOBER = "2025-10-14T10:45:00+08:00"
IN_APRIL = "2025-04-10T10:45:00+08:00"
AT_DISCHARGE = "2026-03-14T10:50:00+08:00"


def cny(amount: str) -> Body:
    return {"amount": amount, "currency": "CNY"}


def now(minutes: float = 0) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat(timespec="seconds")


def tender_of(stage: Stage, bill: Body, amount: str, at: str, **more: Any) -> Body:
    """The patient pays by bank card."""
    reference = f"POS-{stage.numbers.text}-{amount}"
    leg = {"method": "bank_card", "amount": cny(amount), "reference": reference}
    named = {"bill_number": bill["number"], "bill_version": bill["version"]}
    return {**named, "tendered_at": at, "legs": [leg], **more}


def line_of(number: int, category: str, code: str, amount: str, day: str) -> Body:
    return {
        "number": number,
        "category": category,
        "code": code,
        "description": category.replace("_", " ").capitalize(),
        "service_date": day,
        "quantity": 1,
        "unit_price": cny(amount),
        "amount": cny(amount),
    }


def total_of(lines: list[Body]) -> Body:
    fen = sum(int(line["amount"]["amount"].replace(".", "")) for line in lines)
    return cny(f"{fen // 100}.{fen % 100:02d}")


class VoucherVisit:
    """An outpatient of Jiangmen with HKD 3,500 of vouchers; ``account`` is how the voucher system
    calls his account, ``card`` how it finds him."""

    def __init__(self, stage: Stage, **changes: Any) -> None:
        numbers = stage.numbers
        shown = numbers.identity_card()
        self._stage = stage
        self.account = f"va-{numbers.text}"
        self.card = shown.replace("(", "").replace(")", "")
        row = {
            "document": "HKID",
            "number": self.card,
            "birth_date": "1949-05-01",
            "balance_hkd": 3500,
            "ehealth_joined": True,
        }
        stage.controls.tables("voucher", {"accounts": {self.account: row}})
        self.submission = varied(
            part_of(stage.examples, "episode-2-voucher.json"),
            visit={"number": f"MZ20251014-{numbers.text}"},
            patient={"documents": [{"type": "hkid", "number": shown}]},
            **changes,
        )
        bill = part_of(stage.examples, "episode-2-bill-1.json")
        self.bill = varied(bill, number=f"MZF20251014-{numbers.text}")

    def pay(self, amount: str, *, signs: bool = True) -> None:
        """With the signature for the use of vouchers, or without."""
        signed = part_of(self._stage.examples, "episode-2-tender-1.json")["consents"]
        more = {"consents": signed} if signs else {}
        self._stage.say("tenders", tender_of(self._stage, self.bill, amount, IN_OCTOBER, **more))

    def split_and_paid(self) -> None:
        self._stage.open(JIANGMEN, self.submission)
        self._stage.say("bills", self.bill)
        self.pay("0.82")


class Stay:
    """A stay at the international centre of the University of Hong Kong-Shenzhen Hospital under a
    policy of its own."""

    def __init__(self, stage: Stage, insurer: str, policy: str) -> None:
        numbers, self._stage = stage.numbers, stage
        self.policy = f"{policy}-{numbers.text}"
        submission = part_of(stage.examples, "episode-1-inpatient.json")
        coverage = {**submission["coverages"][0], "organisation": insurer}
        self.submission = varied(
            submission,
            visit={"number": f"ZY20260311-{numbers.text}"},
            coverages=[{**coverage, "policy_number": self.policy}],
            consents=[
                {**consent, "recipient": insurer} if "recipient" in consent else consent
                for consent in submission["consents"]
            ],
        )
        bill = part_of(stage.examples, "episode-1-bill-final.json")
        self.bill = varied(bill, number=f"F20260314-{numbers.text}")

    def until_discharge(self) -> None:
        stage = self._stage
        stage.open(SHENZHEN, self.submission)
        stage.wait("an answer to the guarantee", guaranteed)
        stage.say("admission", part_of(stage.examples, "episode-1-admission.json"))
        stage.say("discharge", part_of(stage.examples, "episode-1-discharge.json"))

    def whole(self, pays: str = "20810.17") -> None:
        self.until_discharge()
        self._stage.say("bills", self.bill)
        self.pay(pays)

    def pay(self, amount: str) -> None:
        self._stage.say("tenders", tender_of(self._stage, self.bill, amount, AT_DISCHARGE))


def guaranteed(rows: Body) -> bool:
    asked = rows["guarantees"]
    return bool(asked) and all(g["state"] in ("granted", "refused") for g in asked)
