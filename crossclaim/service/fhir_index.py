"""Finds what a FHIR search asks for: ids, the newest first, under row-level security.

A type's rows come from one table or more; each is read by its own key, so a page costs what it
holds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crossclaim.api.fhir_port import FhirQuery
from crossclaim.domain.allocation import Frozen
from crossclaim.fhir.datatypes import EPISODE, INFORMATION_REQUEST, PAYOUT
from crossclaim.fhir.document_reference import DIGITS, SHA256
from crossclaim.gateways import fhir_terms as terms
from crossclaim.store.connection import Connection

_OWN = "%(org)s"
_HOSPITAL = f"(%(whole)s or e.hospital_id = {_OWN})"
_VOUCHER_CONSENTS = (
    "('EHEALTH_JOIN', 'EHEALTH_SHARE', 'VOUCHER_USE', 'VOUCHER_ACCOUNT', 'SPOUSE_SHARE')"
)


@dataclass(frozen=True)
class Source:
    """Rows of one table, called ``x``, with their episode ``e``; names are our code's own."""

    table: str
    key: str
    """What the resource is called; ordered by ``order`` from the end."""
    changed: str
    created: str
    status: str
    seen: str
    """Who sees the row beside the episode's hospital; a second lock before the rows are cut."""
    order: tuple[str, ...] = ("x.id",)
    episode: str = "x.episode_id"
    where: str = "true"
    identifiers: Mapping[str, str] = field(default_factory=dict)


def _case(column: str, words: Mapping[str, str], other: str) -> str:
    whens = " ".join(f"when '{ours}' then '{theirs}'" for ours, theirs in words.items())
    return f"case {column} {whens} else '{other}' end"


_EPISODE_CHANGED = "greatest(x.opened_at, x.admitted_at, x.discharged_at, x.closed_at)"
_WAITS = "x.encounter_class = 'inpatient' and x.admitted_at is null"


def _episode(status: str, **identifiers: str) -> Source:
    return Source(
        table="episode",
        key="x.id",
        changed=_EPISODE_CHANGED,
        created="x.opened_at",
        status=status,
        seen="true",
        episode="x.id",
        identifiers=identifiers,
    )


def _cover(changed: str, status: str) -> Source:
    return Source(
        table="coverage",
        key="x.episode_id || '-' || x.ordinal",
        changed=changed,
        created="coalesce(x.added_at, e.opened_at)",
        status=status,
        seen=f"x.organisation_id = {_OWN}",
        order=("x.episode_id", "x.ordinal"),
    )


_CLAIM_SEEN = f"x.organisation_id = {_OWN}"
_BILL_SEEN = f"exists (select 1 from claim c where c.bill_id = x.id and c.organisation_id = {_OWN})"
_ITEM_CHANGED = "greatest(x.recorded_at, x.answered_at)"
_DECIDED = """greatest(x.occurred_at, x.submitted_at, x.decided_at,
 (select max(a.occurred_at) from allocation a where a.bill_id = x.bill_id),
 (select max(p.recorded_at) from payout_intent p where p.claim_id = x.id),
 (select max(p.credited_at) from payout_intent p where p.claim_id = x.id))"""
_CLAIM_NUMBERS = {terms.REFERENCE: "x.reference", terms.CLAIM_NUMBER: "x.number"}
_BILL_NUMBERS = {terms.BILL_NUMBER: "x.number"}
_BILL_CHANGED = """greatest(x.occurred_at,
 (select max(y.occurred_at) from bill y where y.corrects = x.id))"""
_REQUEST_CHANGED = "greatest(x.asked_at, x.overdue_at, x.closed_at)"
_CLAIM = Source(
    table="claim",
    key="x.id",
    changed=_DECIDED,
    created="coalesce(x.decided_at, x.submitted_at, e.opened_at)",
    status=_case("x.state", {"voided": "cancelled"}, "active"),
    seen=_CLAIM_SEEN,
    where="x.supplements is null",
    identifiers=_CLAIM_NUMBERS,
)
_ENDED = dict.fromkeys(("released", "cancelling", "cancelled", "expired", "withdrawn"), "cancelled")
_LETTER = Source(
    table="guarantee",
    key="x.id",
    changed="greatest(e.opened_at, x.requested_at, x.answered_at, x.released_at)",
    created="coalesce(x.answered_at, x.requested_at, e.opened_at)",
    status=_case("x.state", _ENDED, "active"),
    seen=f"x.insurer_id = {_OWN}",
    identifiers={terms.REFERENCE: "x.reference", terms.GUARANTEE_NUMBER: "x.number"},
)
_BILL = Source(
    table="bill",
    key="x.id",
    changed=_BILL_CHANGED,
    created="x.issued_at",
    status=_case("x.state", {"current": "active", "draft": "active"}, "cancelled"),
    seen=_BILL_SEEN,
    identifiers=_BILL_NUMBERS,
)


def _asked(status: Mapping[str, str]) -> Source:
    return Source(
        table="information_request",
        key="x.id",
        changed=_REQUEST_CHANGED,
        created="x.asked_at",
        status=_case("x.state", status, "unknown"),
        seen=f"x.organisation_id = {_OWN}",
        identifiers={INFORMATION_REQUEST: "x.number"},
    )


SOURCES: Mapping[str, tuple[Source, ...]] = {
    "EpisodeOfCare": (
        _episode(
            f"case when x.closed_at is not null then 'finished' when {_WAITS} then 'planned'"
            " else 'active' end",
            **{EPISODE: "x.id"},
        ),
    ),
    "Encounter": (
        _episode(
            "case when x.discharged_at is not null or x.closed_at is not null then 'finished'"
            f" when {_WAITS} then 'planned' else 'in-progress' end",
            **{terms.VISIT_NUMBER: "x.visit_number"},
        ),
    ),
    "Patient": (_episode("'active'"),),
    "Coverage": (_cover("coalesce(x.added_at, e.opened_at)", "'active'"),),
    "CoverageEligibilityResponse": (
        _cover("greatest(x.added_at, e.opened_at, x.eligibility_at)", "'active'"),
    ),
    "Consent": (
        Source(
            table="consent",
            key="x.episode_id || '-' || x.id",
            changed="greatest(x.recorded_at, x.withdrawn_at)",
            created="x.signed_at",
            status="case when x.withdrawn_at is null then 'active' else 'inactive' end",
            seen=f"x.recipient = {_OWN}"
            f" or (x.recipient = '' and x.type not in {_VOUCHER_CONSENTS})",
            order=("x.episode_id", "x.id"),
        ),
    ),
    "Claim": (_BILL, _LETTER),
    "ClaimResponse": (
        _CLAIM,
        _LETTER,
        # A draft's answer is its split.
        Source(**{**_BILL.__dict__, "where": "x.status = 'draft'"}),
    ),
    "ExplanationOfBenefit": (
        Source(
            **{
                **_CLAIM.__dict__,
                "where": "x.supplements is null and x.state in ('approved', 'partial', 'denied')",
            }
        ),
    ),
    "PaymentNotice": (
        Source(
            table="payout_intent",
            key="x.reference",
            changed="greatest(x.reserved_at, x.sent_at, x.settled_at, x.credited_at, x.closed_at)",
            created="x.reserved_at",
            status=_case(
                "x.state",
                dict.fromkeys(("rejected", "returned", "cancelled"), "cancelled"),
                "active",
            ),
            seen=f"x.debtor_organisation_id = {_OWN}",
            order=("x.reference",),
            identifiers={PAYOUT: "x.reference"},
        ),
    ),
    "CommunicationRequest": (
        _asked(
            {"open": "active", "answered": "completed", "withdrawn": "revoked", "ended": "revoked"}
        ),
    ),
    "Task": (
        _asked(
            {
                "open": "requested",
                "answered": "completed",
                "withdrawn": "cancelled",
                "ended": "cancelled",
            }
        ),
    ),
    "Communication": (
        Source(
            table="information_item",
            key="x.request_id || '-' || x.item",
            changed=_ITEM_CHANGED,
            created="coalesce(x.answered_at, x.recorded_at)",
            status=_case("x.state", {"received": "completed"}, "not-done"),
            seen="true",
            order=("x.request_id", "x.item"),
            where="x.state <> 'wanted'",
            identifiers={
                INFORMATION_REQUEST: "(select r.number || '/' || x.item from information_request r"
                " where r.id = x.request_id)"
            },
        ),
    ),
    "DocumentReference": (
        Source(
            table="document",
            key=f"x.episode_id || '-' || left(x.sha256, {DIGITS})",
            changed="x.recorded_at",
            created="x.recorded_at",
            status="'current'",
            seen=f"""x.organisation_id = {_OWN} or exists (select 1 from information_item i
 join information_request r on r.id = i.request_id
 where i.episode_id = x.episode_id and i.sha256 = x.sha256 and r.organisation_id = {_OWN})""",
            order=("x.episode_id", "x.sha256"),
            identifiers={SHA256: "x.sha256"},
        ),
    ),
}


class Hit(Frozen):
    key: str
    episode_id: str
    changed_at: datetime
    after: list[Any]
    """Where the next page begins when this is the last row of its own."""


_COUNTED = frozenset(
    {("coverage", "x.ordinal"), ("consent", "x.id"), ("information_item", "x.item")}
)
"""Columns of an order that are numbers; the others are texts."""
_OPERATORS = frozenset({"=", "<", "<=", ">", ">=", "<>"})


def find(
    connection: Connection, kind: str, wanted: FhirQuery, organisation: str, *, whole: bool
) -> list[Hit]:
    """At most ``limit`` rows; the sources of a type one after the other."""
    found: list[Hit] = []
    if wanted.after and not _is_ours(SOURCES[kind], wanted.after):
        return found
    begun = wanted.after[0] if wanted.after else 0
    for place, source in enumerate(SOURCES[kind]):
        if place < begun or len(found) >= wanted.limit:
            continue
        after = wanted.after[1:] if wanted.after and place == begun else None
        left = wanted.limit - len(found)
        statement, values = _statement(source, wanted, after, left)
        bound = {**values, "org": organisation, "whole": whole}
        for row in connection.execute(statement, bound).all():
            after_it = [place, *json.loads(row.after)]
            found.append(
                Hit(key=row.key, episode_id=row.episode, changed_at=row.changed, after=after_it)
            )
    return found


def _is_ours(sources: tuple[Source, ...], after: list[Any]) -> bool:
    """A place between two rows, as ``Hit.after`` has it; whoever makes his own finds nothing."""
    place, *values = after
    if not 0 <= place < len(sources) or len(values) != len(sources[place].order):
        return False
    named = zip(sources[place].order, values, strict=True)
    kinds = ((int if (sources[place].table, one) in _COUNTED else str, v) for one, v in named)
    return all(type(v) is kind and (not isinstance(v, int) or abs(v) < 2**63) for kind, v in kinds)


def _statement(
    source: Source, wanted: FhirQuery, after: list[Any] | None, limit: int
) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {"limit": limit}
    conditions = [source.where, f"({_HOSPITAL} or {source.seen})"]
    if wanted.ids is not None:
        conditions.append(f"{source.key} = any(cast(%(ids)s as text[]))")
        values["ids"] = wanted.ids
    if wanted.patients is not None:
        conditions.append(f"{source.episode} = any(cast(%(patients)s as text[]))")
        values["patients"] = wanted.patients
    if wanted.statuses is not None:
        conditions.append(f"({source.status}) = any(cast(%(statuses)s as text[]))")
        values["statuses"] = wanted.statuses
    if wanted.identifiers is not None:
        conditions.append(_numbered(source, wanted.identifiers, values))
    for name, column in (("changed", source.changed), ("created", source.created)):
        for n, (operator, moment) in enumerate(getattr(wanted, name)):
            assert operator in _OPERATORS, "the search is read by us"
            conditions.append(f"date_trunc('milliseconds', {column}) {operator} %({name}{n})s")
            values[f"{name}{n}"] = moment
    if after is not None:
        marks = [f"%(after{n})s" for n in range(len(after))]
        conditions.append(f"({', '.join(source.order)}) < ({', '.join(marks)})")
        values |= {f"after{n}": value for n, value in enumerate(after)}
    statement = f"""
    select {source.key} as key, {source.episode} as episode, {source.changed} as changed,
           json_build_array({", ".join(source.order)})::text as after
    from {source.table} x join episode e on e.id = {source.episode}
    where {" and ".join(f"({one})" for one in conditions)}
    order by {", ".join(f"{one} desc" for one in source.order)} limit %(limit)s
    """
    return statement, values


def _numbered(
    source: Source, identifiers: list[tuple[str | None, str]], values: dict[str, Any]
) -> str:
    """Any of the identifiers; nothing matches a system that the rows do not have."""
    found = ["false"]
    for n, (system, value) in enumerate(identifiers):
        columns = [c for s, c in source.identifiers.items() if system is None or s == system]
        if columns:
            values[f"number{n}"] = value
            found += [f"{column} = %(number{n})s" for column in columns]
    return " or ".join(found)
