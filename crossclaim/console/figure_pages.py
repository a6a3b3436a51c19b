"""Indicators with their definitions, by month; each opens into the episodes behind it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from crossclaim.console.entrance import enter
from crossclaim.console.figure_charts import narrowed_by
from crossclaim.console.services import services_of
from crossclaim.console.view import page
from crossclaim.domain.figures import DEFINITIONS, MORE_IS_WORSE, NAMES, Indicator
from crossclaim.security.roles import Operation

_MONTHS = 12


async def figures(request: Request) -> Response:
    visitor = await enter(request, Operation.LIST_EPISODES, "figures")
    services = services_of(request)
    given = request.query_params
    narrowed = narrowed_by(given)
    hospitals = narrowed.hospitals_of(services.reference)
    found = await services.desk.figures(visitor.principal, narrowed.insurers, hospitals)
    return page(
        request,
        "figures",
        visitor,
        {
            "indicators": list(Indicator),
            "months": {i: [f for f in found if f.indicator is i][:_MONTHS] for i in Indicator},
            "names": NAMES,
            "definitions": DEFINITIONS,
            "worse": MORE_IS_WORSE,
            "narrowed": narrowed,
            "cities": sorted({hospital.city for hospital in services.reference.hospitals}),
            "insurers": [insurer.id for insurer in services.reference.insurers],
            "hospitals": [hospital.id for hospital in services.reference.hospitals],
        },
    )
