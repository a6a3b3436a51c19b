"""What fails with a resident of Macao whose plan counts in patacas."""

from __future__ import annotations

from typing import Any

from crossclaim.demo.failures.content import guaranteed, tender_of
from crossclaim.demo.failures.stage import EPISODES, Body, Stage, varied
from crossclaim.demo.play import part_of

LOTUS, ZHUHAI, FILE = "lotus-macao", "zhuhai-peoples", "macao-resident.json"
AT_DISCHARGE = "2026-03-27T11:40:00+08:00"


class _Stay:
    """A stay in Zhuhai of CNY 32,000.00, guaranteed with MOP 18,000.00."""

    def __init__(self, stage: Stage, **covered: Any) -> None:
        self._stage, self._covered = stage, covered
        self.policy = f"LM-2026-000001-{stage.numbers.text}"
        number = f"F20260327-{stage.numbers.text}"
        self.bill = varied(self._part("bill"), number=number)

    def _part(self, name: str) -> Body:
        content: Body = part_of(self._stage.examples, f"{FILE}#{name}")
        return content

    def submission(self, part: str = "episode") -> Body:
        content = self._part(part)
        coverage = {**content["coverages"][0], "policy_number": self.policy, **self._covered}
        visit = {"number": f"ZY20260324-{self._stage.numbers.text}"}
        return varied(content, visit=visit, coverages=[coverage])

    def opened(self) -> None:
        self._stage.open(ZHUHAI, self.submission())
        self._stage.wait("an answer to the guarantee", guaranteed)

    def until_discharge(self) -> None:
        self.opened()
        self._stage.say("admission", self._part("admission"))
        self._stage.say("discharge", self._part("discharge"))

    def pay(self) -> None:
        self._stage.say("tenders", tender_of(self._stage, self.bill, "16016.00", AT_DISCHARGE))


def contract_of_hong_kong(stage: Stage) -> None:
    stay = _Stay(stage)
    wrong = stay.submission("episode-hong-kong-text")
    stage.not_taken(ZHUHAI, EPISODES, wrong, "CONSENT_OTHER_DESTINATION")
    stay.opened()


def decided_in_another_currency(stage: Stage) -> None:
    stay = _Stay(stage)
    told = [{"operation": way, "policy_number": stay.policy} for way in ("callback", "inquire")]
    stay.until_discharge()
    for match in told:
        stage.spoil(LOTUS, "other_currency", match, times=-1)
    stage.say("bills", stay.bill)
    stay.pay()
    stage.failing()
    for match in told:
        stage.controls.mend(LOTUS, match)


def used_counted_in_hong_kong_dollars(stage: Stage) -> None:
    stay = _Stay(stage, annual_benefit_used={"amount": "100.00", "currency": "HKD"})
    stay.until_discharge()
    stage.refused("bills", stay.bill, "COVER_COUNTED_OTHERWISE")
    stage.failing()
    right = {"annual_benefit_used": {"amount": "103.00", "currency": "MOP"}}
    stage.say("bills", {**stay.bill, "cover_facts": {"0": right}})
    stay.pay()
