"""Decides from the policy's table row: it never computes from, or repeats, what is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from crossclaim.simulators.faults import Fault
from crossclaim.simulators.insurer.requests import ClaimRequest

Row = Mapping[str, Any]


@dataclass(frozen=True)
class LineDecision:
    sequence: int
    benefit_c: int
    reasons: list[str]


@dataclass(frozen=True)
class Decision:
    """Hundredths of its currency. ``error`` is the code of a request that cannot be decided."""

    disposition: str
    error: str = ""
    benefit_c: int = 0
    reason: str = ""
    deductible_c: int = 0
    copay_c: int = 0
    lines: list[LineDecision] = field(default_factory=list)
    valid_days: int = 0
    conditions: list[str] = field(default_factory=list)
    exclusions: list[str] = field(default_factory=list)


def policy_row(policies: Mapping[str, Row], number: str) -> Row | None:
    """The row of this very number, else of the longest prefix that ends with ``*``."""
    if number in policies:
        return policies[number]
    prefixes = [key for key in policies if key.endswith("*") and number.startswith(key[:-1])]
    return policies[max(prefixes, key=len)] if prefixes else None


def decide_guarantee(row: Row | None, fault: Fault | None) -> Decision:
    if row is None:
        return Decision("This policy is not known here.", error="POLICY_UNKNOWN")
    if fault is not None and fault.fault == "refuse_guarantee":
        return Decision("Refused by the examiner.", error="REFUSED_BY_EXAMINER")
    guarantee = row.get("guarantee")
    if not row["in_force"] or guarantee is None:
        return Decision("The policy gives no guarantee.", error="POLICY_GIVES_NO_GUARANTEE")
    return Decision(
        "Guarantee of payment issued.",
        benefit_c=guarantee["limit_c"],
        valid_days=guarantee["valid_days"],
        conditions=list(guarantee.get("conditions", [])),
        exclusions=list(guarantee.get("exclusions", [])),
    )


def decide_change(row: Row | None, before: int) -> Decision:
    """The next line of the policy's table of raised letters, after ``before`` of them."""
    guarantee = (row or {}).get("guarantee") or {}
    raised = guarantee.get("raised", [])
    if row is None or not row["in_force"] or before >= len(raised):
        return Decision("The letter stays as it is.", error="NO_MORE_UNDER_POLICY")
    return Decision(
        "Guarantee of payment raised.",
        benefit_c=raised[before]["limit_c"],
        valid_days=raised[before].get("valid_days", guarantee["valid_days"]),
        conditions=list(guarantee.get("conditions", [])),
        exclusions=list(guarantee.get("exclusions", [])),
    )


def decide_claim(row: Row | None, request: ClaimRequest, fault: Fault | None) -> Decision:
    if row is None or not row["in_force"]:
        lines = [LineDecision(n.sequence, 0, ["POLICY_NOT_IN_FORCE"]) for n in request.lines]
        return Decision("No policy in force.", reason="POLICY_NOT_IN_FORCE", lines=lines)
    table = (row.get("claims") or {}).get(request.payee)
    if table is None:
        return Decision("No table for this payee.", error="PAYEE_NOT_COVERED")
    if "after_other_c" in table:
        if request.other_c is None:
            return Decision("Who pays first?", error="OTHER_INSURER_STATEMENT_MISSING")
        table = table["after_other_c"].get(str(request.other_c))
        if table is None:
            return Decision("A statement for a person.", error="STATEMENT_NOT_IN_TABLE")
    if {line.category for line in request.lines} != set(table["categories"]):
        return Decision("Other charges than the table knows.", error="CHARGES_NOT_IN_TABLE")
    decision = Decision(
        "Settled according to the policy's schedule.",
        benefit_c=table["benefit_c"],
        reason=table.get("reason", ""),
        deductible_c=table["deductible_c"],
        copay_c=table["copay_c"],
        lines=_lines(table, request),
    )
    return decision if fault is None else _spoil(decision, table, fault)


def _lines(table: Row, request: ClaimRequest) -> list[LineDecision]:
    """A category's benefit goes to its first line; the others of it have nothing left."""
    lines: list[LineDecision] = []
    seen: set[str] = set()
    for line in request.lines:
        row = table["categories"][line.category]
        reasons = [row["reason"]] if "reason" in row else []
        if line.category in seen:
            lines.append(LineDecision(line.sequence, 0, reasons or ["CATEGORY_USED_UP"]))
        else:
            lines.append(LineDecision(line.sequence, row["benefit_c"], reasons))
        seen.add(line.category)
    return lines


def _spoil(decision: Decision, table: Row, fault: Fault) -> Decision:
    if fault.fault == "wrong_total":
        off_c = int(fault.detail("amount_c", 100_000))
        return replace(decision, benefit_c=decision.benefit_c + off_c)
    if fault.fault != "deny_line":
        return decision
    lines = [
        LineDecision(line.sequence, 0, [str(fault.detail("reason", "DENIED_BY_EXAMINER"))])
        if line.sequence == int(fault.detail("line", 1))
        else line
        for line in decision.lines
    ]
    left_c = max(sum(line.benefit_c for line in lines) - decision.deductible_c, 0)
    share = Decimal(left_c) * Decimal(str(table["copay_percent"])) / 100
    copay_c = int(share.quantize(Decimal(1), ROUND_HALF_UP))
    benefit_c = min(decision.benefit_c, left_c - copay_c)
    copay_c = left_c - benefit_c
    return replace(decision, lines=lines, copay_c=copay_c, benefit_c=benefit_c)
