"""``Claim/$inquire``: how claims stand, by any identifier that their sender knows."""

from __future__ import annotations

from typing import Any

from crossclaim.api.fhir_bundle import FhirBundle
from crossclaim.api.fhir_element import Element
from crossclaim.api.fhir_fault import FhirFault, fault
from crossclaim.api.fhir_port import FhirPage, FhirQuery, FhirReads, Resource
from crossclaim.api.fhir_r4 import checked
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.errors import Refused
from crossclaim.fhir.datatypes import EPISODE, our_id
from crossclaim.security.roles import Principal

PAGE = 100


class Inquiry(Frozen):
    identifiers: list[tuple[str | None, str]]
    use: str | None = None


def read_inquiry(resource: dict[str, Any]) -> Inquiry:
    """``Parameters`` with ``identifier`` and ``use``, a Claim, or a Bundle around one.

    Raises ``Refused`` with every fault.
    """
    kind = resource.get("resourceType")
    if kind == "Parameters":
        faults = checked(resource)
        root = Element(resource, "Parameters", faults)
        named = {p.maybe("name").value: p for p in root.each("parameter")}
        given = [p for p in root.each("parameter") if p.maybe("name").value == "identifier"]
        identifiers = [p.maybe("valueIdentifier") for p in given]
        use = named["use"].maybe("valueCode").value if "use" in named else None
    else:
        bundle = FhirBundle(resource)
        faults, claim = bundle.faults, None
        if bundle.of_type("Claim"):
            claim = bundle.only("Claim")
        elif not faults:
            faults.append(fault(FhirFault.RESOURCE_MISSING, "Claim"))
        identifiers = claim.each("identifier") if claim else []
        use = claim.maybe("use").value if claim else None
    found = [one for i in identifiers if (one := _identifier(i)) is not None]
    if not found and not faults:
        faults.append(fault(FhirFault.ELEMENT_MISSING, f"{kind}.identifier"))
    if faults:
        raise Refused("the inquiry cannot be read", faults)
    return Inquiry(identifiers=found, use=use if isinstance(use, str) else None)


def _identifier(place: Element) -> tuple[str | None, str] | None:
    value, system = place.maybe("value").value, place.maybe("system").value
    if not isinstance(value, str) or not value:
        return None
    return (system if isinstance(system, str) else None, value)


async def answers_to(reads: FhirReads, principal: Principal, inquiry: Inquiry) -> FhirPage:
    """Every ClaimResponse that the identifiers name: its own, its claim's, or its episode's."""
    wanted = inquiry.identifiers
    kind, limit = "ClaimResponse", PAGE
    own = await reads.search(principal, kind, FhirQuery(identifiers=wanted, limit=limit))
    found, episodes = list(own.found), list(own.episodes)
    claims = await reads.search(principal, "Claim", FhirQuery(identifiers=wanted, limit=limit))
    named = {f"Claim/{one['id']}" for one in claims.found}
    about = {episode for episode in claims.episodes if claims.found}
    whole = {value for system, value in wanted if system == EPISODE}
    patients = sorted({*about, *whole})
    if patients:
        query = FhirQuery(patients=patients, limit=limit)
        more = await reads.search(principal, kind, query)
        episodes += more.episodes
        found += [one for one in more.found if _about(one, named, whole)]
    unique = {one["id"]: one for one in found if inquiry.use in (None, one["use"])}
    return FhirPage(found=list(unique.values()), episodes=list(dict.fromkeys(episodes)))


def _about(response: Resource, claims: set[str], episodes: set[str]) -> bool:
    if response["request"]["reference"] in claims:
        return True
    return our_id(response["patient"]["reference"].removeprefix("Patient/")) in episodes
