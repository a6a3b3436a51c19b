"""Parameters of the plan about information requests."""

from __future__ import annotations

from crossclaim.domain.plan import Unit
from crossclaim.plans.expected import Expected

INFORMATION = (
    Expected("information.due", (Unit.DAYS,)),
    Expected("information.due_most", (Unit.DAYS,)),
    Expected("information.remind_every", (Unit.DAYS,)),
    Expected("information.link_valid", (Unit.DAYS,)),
    Expected("information.documents_most", (Unit.COUNT,)),
)
