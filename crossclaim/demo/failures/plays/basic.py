"""What fails at the healthcare security bureau, and with relatives who share an account."""

from __future__ import annotations

from typing import Any

from crossclaim.demo.failures.content import IN_APRIL, JIANGMEN, tender_of
from crossclaim.demo.failures.stage import BINDINGS, Body, Stage, varied
from crossclaim.demo.play import part_of

BUREAU, OFFICE = "bureau", "family-office"


class _Family:
    """The father of E8 (a), and the daughter whose account of CNY 412.60 he may use."""

    def __init__(self, stage: Stage, *, approved_on: str = "2025-01-06") -> None:
        numbers, self._stage = stage.numbers, stage
        certno, _ = numbers.citizen()
        holder_certno, _ = numbers.citizen(offset=1)
        self.person = f"P{numbers.serial:016d}"
        self.daughter = f"P1{numbers.serial:015d}"
        shared = {"area": "440703", "benefit": "capped", "contracted": ["H44070300001"]}
        father = {
            **shared,
            "certno": certno,
            "insutype": "390",
            "psn_type": "15",
            "paid_date": "2024-11-05",
            "missed_years": 0,
            "late": False,
            "used": {"11/year/2025": "46.00"},
        }
        daughter = {**shared, "certno": holder_certno, "insutype": "310", "psn_type": "11"}
        stage.controls.tables(
            BUREAU,
            {"persons": {self.person: father, self.daughter: {**daughter, "balance": "412.60"}}},
        )
        binding = {"holder": self.daughter, "user": self.person, "relation": "parent"}
        self.bound(**binding, approved_on=approved_on)
        if approved_on:
            self._binds(certno, holder_certno, approved_on)
        self.submission = varied(
            part_of(stage.examples, "e8-father.json#episode"),
            visit={"number": f"MZ20250410-{numbers.text}"},
            patient={"documents": [{"type": "mainland_id", "number": certno}]},
        )
        bill = part_of(stage.examples, "e8-father.json#bill")
        self.bill = varied(bill, number=f"MZF20250410-{numbers.text}")

    def _binds(self, user: str, holder: str, decided_on: str) -> None:
        """Our own binding, approved by the city's office on the day that the bureau has too."""
        decision = {"decision": "approve", "decided_on": decided_on}
        self._stage.controls.tables(OFFICE, {"decisions": {user: decision}})
        content = part_of(self._stage.examples, "e8-father.json#binding")
        content["number"] = f"QQ-{self._stage.numbers.text}"
        for side, number in (("user", user), ("authoriser", holder)):
            content[side]["document"] = {"type": "mainland_id", "number": number}
        asked = self._stage.ask(JIANGMEN, BINDINGS, content)
        path = f"{BINDINGS}/{asked['binding_id']}"
        self._stage.wait_at(JIANGMEN, path, "the office's approval", _bound)

    def bound(self, **row: Any) -> None:
        self._stage.controls.tables(BUREAU, {"bindings": {f"B-{self.person}": row}})

    def opened_and_split(self) -> None:
        self._stage.open(JIANGMEN, self.submission)
        self._stage.say("bills", self.bill)

    def pay(self, amount: str) -> None:
        self._stage.say("tenders", tender_of(self._stage, self.bill, amount, IN_APRIL))


def _bound(binding: Body) -> bool:
    return bool(binding["state"] == "bound")


def answer_lost(stage: Stage) -> None:
    family = _Family(stage)
    stage.spoil(BUREAU, "accepted_answer_lost", {"infno": "2207", "person": family.person})
    family.opened_and_split()


def split_untrue(stage: Stage) -> None:
    family = _Family(stage)
    settled = {"infno": "2207", "person": family.person}
    stage.spoil(BUREAU, "split_wrong", settled, times=-1)
    family.opened_and_split()
    stage.failing()
    stage.controls.mend(BUREAU, settled)


def balance_changed(stage: Stage) -> None:
    family = _Family(stage)
    settled = {"infno": "2207", "person": family.person}
    holder = family.daughter
    stage.spoil(BUREAU, "balance_changed", settled, account=holder, balance="100.00")
    family.opened_and_split()
    stage.failing()
    family.pay("26.00")


def down(stage: Stage) -> None:
    family = _Family(stage)
    asked = {"infno": "2206", "person": family.person}
    stage.spoil(BUREAU, "down", asked, times=-1)
    stage.open(JIANGMEN, family.submission)
    stage.told_later("bills", family.bill)
    stage.failing()
    stage.controls.mend(BUREAU, asked)
    stage.say("bills", family.bill)


def under_review(stage: Stage) -> None:
    family = _Family(stage, approved_on="")
    stage.open(JIANGMEN, family.submission)
    stage.refused("bills", family.bill, "FAMILY_NOT_BOUND")
    stage.failing()
    stage.say("bills", {**family.bill, "coverages": [0]})
    family.pay("126.00")


def _application(stage: Stage, offset: int = 0, **changes: Any) -> Body:
    content = part_of(stage.examples, "family-binding.json")
    number = f"QQ-{stage.numbers.text}-{offset}"
    content = varied(content, number=number, **changes)
    for side, which in (("authoriser", 2), ("user", 3)):
        shown, _ = stage.numbers.citizen(offset=which)
        content[side]["document"] = {"type": "mainland_id", "number": shown}
    return content


def _decides(stage: Stage, content: Body, **decision: str) -> None:
    number = content["user"]["document"]["number"]
    stage.controls.tables(OFFICE, {"decisions": {number: decision}})


def paper_unreadable(stage: Stage) -> None:
    first = _application(stage)
    _decides(stage, first, decision="refuse", reason="PAPER_UNREADABLE")
    stage.open(JIANGMEN, first, BINDINGS)
    stage.failing()
    _decides(stage, first, decision="approve")
    stage.open(JIANGMEN, _application(stage, 1, replaces=stage.subject), BINDINGS)


def office_contradicts(stage: Stage) -> None:
    content = _application(stage)
    number = content["user"]["document"]["number"]
    stage.spoil(OFFICE, "contradicts", {"operation": "apply", "user": number})
    stage.open(JIANGMEN, content, BINDINGS)
    stage.failing()
