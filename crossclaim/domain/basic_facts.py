"""What the rules of basic insurance may look at for one bill; what is None nobody has stated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from crossclaim.domain.allocation import Fault, Frozen, TraceStep
from crossclaim.domain.insured import Insured
from crossclaim.domain.money import Money


class Care(StrEnum):
    """Which part of a plan judges a bill; also the head of the plan's keys."""

    OUTPATIENT = "outpatient"
    SPECIAL_DISEASE = "special_disease"
    INPATIENT = "inpatient"
    MATERNITY = "maternity"


class HospitalLevel(StrEnum):
    """一级及以下, 二级, 三级."""

    LEVEL_1 = "level-1"
    LEVEL_2 = "level-2"
    LEVEL_3 = "level-3"


class Period(StrEnum):
    """What a limit of the pooled fund counts in; calendar periods of the day of the service."""

    MONTH = "per_month"
    QUARTER = "per_quarter"
    YEAR = "per_year"


class BasicLine(Frozen):
    """One charge line, or what earlier funders left of it."""

    number: int
    amount: Money
    """CNY."""
    eligible: Money | None = None
    """CNY within the insurance's catalogue, as the hospital's settlement states it."""
    general_consult_fee: bool = False
    """一般诊疗费."""


class BasicFacts(Frozen):
    """``used`` and ``deductible_used`` are the accumulators before this bill (CNY), for the same
    person, care and, for special diseases, class."""

    insured: Insured
    care: Care
    on: date
    """The day whose rules hold: of the visit, of the admission for a stay."""
    lines: list[BasicLine]
    level: HospitalLevel | None = None
    contracted: bool | None = None
    """The hospital is the one that the insured person has chosen for primary care."""
    elsewhere: bool | None = None
    """Treated outside the city of the insurance."""
    filed: bool | None = None
    """Care elsewhere was filed with the bureau before (异地就医备案)."""
    disease_class: str | None = None
    """Class of a special disease, for instance ``class-3``."""
    used: dict[Period, Money] = {}
    deductible_used: Money | None = None

    def net_of(self, left: Mapping[int, Money]) -> BasicFacts:
        """The same bill when earlier funders leave only this of each line (CNY)."""
        lines = [
            line.model_copy(
                update={
                    "amount": left[line.number],
                    "eligible": None
                    if line.eligible is None
                    else min(line.eligible, left[line.number]),
                }
            )
            for line in self.lines
        ]
        return self.model_copy(update={"lines": lines})

    @property
    def left(self) -> dict[int, Money]:
        """Line number → its amount."""
        return {line.number: line.amount for line in self.lines}


class BasicLeg(Frozen):
    """What the pooled fund pays (CNY). With ``faults``: refused or a question, nothing is paid."""

    fund: Money
    shares: dict[int, Money] = {}
    """Line number → CNY."""
    reasons: dict[int, list[str]] = {}
    computed: Money
    """What ratio and deductible give, before any limit."""
    used: dict[Period, Money] = {}
    """The accumulators after this bill."""
    deductible_used: Money | None = None
    trace: list[TraceStep] = []
    faults: list[Fault] = []
