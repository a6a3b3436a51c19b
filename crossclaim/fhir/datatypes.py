"""The data types that our resources are written with; ids and references among them."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from crossclaim.domain.money import Money
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.gateways import fhir_terms as terms

Resource = dict[str, Any]

SERVER = "https://crossclaim.example/fhir"
"""What our definitions are named under; the address that serves them may be another."""
PROFILES = f"{SERVER}/StructureDefinition"
EPISODE = f"{SERVER}/identifier/episode"
PAYOUT = f"{SERVER}/identifier/payout"
REMITTANCE_ADVICE = f"{SERVER}/identifier/remittance-advice"
INFORMATION_REQUEST = f"{SERVER}/identifier/information-request"
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_OURS = re.compile(r"([a-z]{2})-(.+)")


def fhir_id(ours: str) -> str:
    """R4 allows no underscore in an id; ours have one, after the prefix."""
    return ours.replace("_", "-")


def our_id(theirs: str) -> str | None:
    """None for what can be no id of ours. References of payouts have no prefix and stay."""
    if not _ID.fullmatch(theirs):
        return None
    found = _OURS.fullmatch(theirs)
    return f"{found[1]}_{found[2]}" if found else theirs


def reference(kind: str, ours: str) -> Resource:
    return {"reference": f"{kind}/{fhir_id(ours)}", "type": kind}


def organisation(name: str, display: str = "") -> Resource:
    return without_empty(
        {
            "type": "Organization",
            "identifier": identifier(terms.ORGANISATION, name),
            "display": display,
        }
    )


def identifier(system: str, value: str) -> Resource:
    return {"system": system, "value": value}


def concept(system: str, code: str, text: str = "") -> Resource:
    return without_empty({"coding": [{"system": system, "code": code}], "text": text})


def money(amount: Money) -> Resource:
    """Exact, to the fen: what writes the resource keeps the digits of a ``Decimal``."""
    return {"value": Decimal(amount.decimal_text()), "currency": amount.currency.value}


def instant(at: datetime) -> str:
    return at.astimezone(REGION_ZONE).isoformat(timespec="seconds")


def stamp(at: datetime) -> str:
    """An ``instant`` to the millisecond, which is how finely changes are told apart."""
    return at.astimezone(REGION_ZONE).isoformat(timespec="milliseconds")


def day(at: datetime) -> str:
    return at.astimezone(REGION_ZONE).date().isoformat()


def period(start: datetime | None, end: datetime | None) -> Resource:
    return without_empty(
        {"start": instant(start) if start else "", "end": instant(end) if end else ""}
    )


def extension(name: str, *parts: Resource, **value: Any) -> Resource:
    """One of ours, by the name of its StructureDefinition: a value, or parts."""
    found: Resource = {"url": f"{PROFILES}/{name}"}
    return {**found, "extension": list(parts)} if parts else {**found, **value}


def part(name: str, **value: Any) -> Resource:
    return {"url": name, **value}


def without_empty(resource: Resource) -> Resource:
    """R4 has no empty lists, texts or objects."""
    return {k: v for k, v in resource.items() if v is not None and v not in ("", [], {})}
