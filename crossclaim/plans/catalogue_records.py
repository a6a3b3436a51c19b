"""Parameters of the plan about health records: who may see what, for how long, who signs."""

from __future__ import annotations

from crossclaim.domain.plan import Unit
from crossclaim.domain.submission import ConsentType
from crossclaim.plans.expected import Expected

_CONSENTS = frozenset(consent.value for consent in ConsentType)
_CAPACITIES = frozenset({"parent", "guardian", "carer"})

RECORDS = (
    Expected("request.needs", (Unit.CODES,), words=_CONSENTS),
    Expected("request.window", (Unit.YEARS,)),
    Expected("request.code_valid", (Unit.MINUTES,)),
    Expected("request.answer_within", (Unit.HOURS,)),
    Expected("direct_link.needs", (Unit.CODES,), words=_CONSENTS),
    Expected("deposit.needs", (Unit.CODES,), words=_CONSENTS),
    Expected("deposit.images", (Unit.SWITCH,)),
    Expected("deposit.due", (Unit.HOURS,)),
    Expected("consent_report.due", (Unit.HOURS,)),
    Expected("substitute.below", (Unit.YEARS,)),
    Expected("substitute.minor", (Unit.CODES,), words=_CAPACITIES),
    Expected("substitute.incapable", (Unit.CODES,), words=_CAPACITIES),
)
