"""Settlements of days as PaymentReconciliation: by their ids, and by the days asked for."""

from __future__ import annotations

from datetime import date, datetime, time

from crossclaim.api.fhir_port import FhirQuery, Resource
from crossclaim.domain.errors import NotFound
from crossclaim.domain.reference import Reference
from crossclaim.domain.settlement import Settlement
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.fhir.resources import versioned
from crossclaim.security.roles import Principal
from crossclaim.service.settlement_forms import fhir_of
from crossclaim.store.settlement_reads import SqlSettlements


def advice_of(
    reads: SqlSettlements, reference: Reference, principal: Principal, resource_id: str
) -> Resource:
    """By ``hospital.funder.day``. Raises ``NotFound``, for others than the two as well."""
    parts = resource_id.split(".")
    day = _day(parts[2]) if len(parts) == 3 else None
    if day is not None:
        hospital, funder = parts[0], _FUNDERS.get(parts[1], parts[1])
        if principal.organisation in (hospital, funder):
            found = reads.read(hospital, funder, day, principal.organisation)
            if found is not None:
                return _written(found, reference)
    raise NotFound("there is no such resource")


def advices(
    reads: SqlSettlements, reference: Reference, principal: Principal, days: list[date]
) -> list[Resource]:
    """Every settlement of the principal's on these days, the newest day first."""
    own = principal.organisation
    found = [one for day in sorted(days, reverse=True) for one in reads.listed(day, None, own)]
    return [_written(one, reference) for one in found if own in (one.hospital, one.funder)]


def named_advice(resource: Resource, query: FhirQuery) -> bool:
    number = resource["identifier"][0]
    wanted = query.identifiers
    return (
        (query.ids is None or resource["id"] in query.ids)
        and (query.statuses is None or resource["status"] in query.statuses)
        and (
            wanted is None
            or any(s in (None, number["system"]) and v == number["value"] for s, v in wanted)
        )
    )


_FUNDERS = {name.replace("_", "-"): name for name in ("basic_insurance", "pay_later")}


def _written(settlement: Settlement, reference: Reference) -> Resource:
    """Of the last fact's moment, so that the same facts are the same resource."""
    moments = [line.at for line in settlement.lines]
    opened = datetime.combine(settlement.day, time(0), REGION_ZONE)
    funder = settlement.funder.replace("_", "-")
    built = {**fhir_of(settlement, reference)}
    built["id"] = f"{settlement.hospital}.{funder}.{settlement.day:%Y%m%d}"
    return versioned(built, max(moments, default=opened))


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y%m%d").date()
    except ValueError:
        return None
