"""Parameters of the checks before a claim is decided here, of examination and of sampling."""

from __future__ import annotations

from crossclaim.domain.plan import Unit
from crossclaim.domain.submission import SurgeryClass
from crossclaim.plans.expected import CATEGORIES, TERMS, Expected

_LEVELS = frozenset(level.value for level in SurgeryClass)

REVIEW = (
    Expected("units.per_day.*", (Unit.COUNT,), names=CATEGORIES),
    Expected("pairs.*", (Unit.CODES,), words=TERMS),
    Expected("norms.*", (Unit.CODE,), words=_LEVELS, names=TERMS),
    Expected("goods.items", (Unit.CODES,), words=TERMS),
    Expected("goods.services", (Unit.CODES,), words=CATEGORIES),
    Expected("stays.one_hospital", (Unit.SWITCH,)),
    Expected("second_person.above", (Unit.HKD, Unit.MOP)),
    Expected("second_person.more_than_rules", (Unit.SWITCH,)),
    Expected("sample.ratio", (Unit.RATIO,)),
)
