"""What fails with international medical service and Hong Kong-Macao drugs and devices."""

from __future__ import annotations

from typing import Any

from crossclaim.demo.failures.content import (
    AT_DISCHARGE,
    SHENZHEN,
    line_of,
    tender_of,
    total_of,
)
from crossclaim.demo.failures.stage import Body, Stage, varied
from crossclaim.demo.play import part_of

DAY = "2026-03-12"


def _stay(stage: Stage, **changes: Any) -> Body:
    """An international inpatient who pays all himself."""
    return varied(
        part_of(stage.examples, "episode-1-inpatient.json"),
        visit={"number": f"ZY20260311-{stage.numbers.text}"},
        coverages=[],
        consents=[],
        estimate=None,
        **changes,
    )


def _bill(stage: Stage, *lines: tuple[str, str, str], version: int = 1) -> Body:
    made = [line_of(n, *line, DAY) for n, line in enumerate(lines, 1)]
    return varied(
        part_of(stage.examples, "episode-1-bill-final.json"),
        number=f"F20260314-{stage.numbers.text}",
        version=version,
        lines=made,
        total=total_of(made),
    )


def _corrected(stage: Stage, wrong: Body, right: Body, why: str) -> None:
    named = {"bill_number": wrong["number"], "bill_version": wrong["version"]}
    voided_at = "2026-03-14T11:00:00+08:00"
    stage.say("voids", {**named, "voided_at": voided_at, "reason": why})
    stage.say("bills", right)
    stage.say("tenders", tender_of(stage, right, right["total"]["amount"], AT_DISCHARGE))


def _flagged(stage: Stage, wrong: Body, right: Body, why: str, **changes: Any) -> None:
    stage.open(SHENZHEN, _stay(stage, **changes))
    stage.say("admission", part_of(stage.examples, "episode-1-admission.json"))
    stage.say("discharge", part_of(stage.examples, "episode-1-discharge.json"))
    stage.say("bills", wrong)
    stage.failing()
    _corrected(stage, wrong, right, why)


def above_filed_price(stage: Stage) -> None:
    dear = _bill(stage, ("consultation", "INTL-CONSULT", "880.00"))
    fair = _bill(stage, ("consultation", "INTL-CONSULT", "800.00"), version=2)
    _flagged(stage, dear, fair, "The price of May was charged in March")


def bundle_billed_twice(stage: Stage) -> None:
    bundle = ("treatment", "HIP-REPLACEMENT", "86000.00")
    twice = _bill(stage, bundle, ("room", "BED-INTL-S", "1200.00"))
    once = _bill(stage, bundle, version=2)
    _flagged(stage, twice, once, "The room is part of the bundle")


def no_filed_price(stage: Stage) -> None:
    unknown = _bill(stage, ("consultation", "INTL-CONSLT", "800.00"))
    filed = _bill(stage, ("consultation", "INTL-CONSULT", "800.00"), version=2)
    _flagged(stage, unknown, filed, "The item's code was mistyped")


def _drug(stage: Stage, code: str, why: str, **changes: Any) -> None:
    wrong = _bill(stage, ("special_drug", code, "5000.00"))
    right = _bill(stage, ("special_drug", "HKM-DRUG-01", "5000.00"), version=2)
    if changes:
        right = _bill(stage, ("consultation", "INTL-CONSULT", "800.00"), version=2)
    _flagged(stage, wrong, right, why, **changes)


def item_not_listed(stage: Stage) -> None:
    _drug(stage, "HKM-DRUG-99", "The item's code was mistyped")


def item_without_approval(stage: Stage) -> None:
    _drug(stage, "HKMO-V001", "Another item had been used")


def other_purpose(stage: Stage) -> None:
    pneumonia = [{"system": "icd-10", "code": "J18.9"}]
    _drug(stage, "HKM-DRUG-01", "The hospital bears the drug itself", diagnoses=pneumonia)
