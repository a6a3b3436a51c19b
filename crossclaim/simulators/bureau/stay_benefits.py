"""The bureau's own arithmetic of a stay: deductible, bands, the year's limit, by its own tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crossclaim.simulators.bureau.benefits import Fund
from crossclaim.simulators.bureau.state import No, fen, part

MATERNITY = "52"
RETIRED = "12"

Tables = Mapping[str, Any]


def fund_of_stay(
    table: Tables,
    person: Tables,
    level: str,
    stay: Tables,
    lines: list[dict[str, Any]],
    used: Mapping[str, int],
) -> Fund:
    """What the fund pays of what lies in the catalogue. Raises ``No`` without such a benefit."""
    care = "maternity" if stay["med_type"] == MATERNITY else "inpatient"
    told = table.get(care, {}).get(person["insutype"])
    if told is None:
        raise No("NO_BENEFIT", "This insurance has no such benefit.")
    group = "retired" if person["psn_type"] == RETIRED else person.get("tier", "all")
    eligible = sum(fen(line["inscp_scp_amt"]) for line in lines)
    amount = _banded(told, group, level, eligible)
    limits = {}
    if "year" in told:
        limits[f"{stay['med_type']}/year/{stay['begins'][:4]}"] = fen(told["year"])
    left = min((max(0, top - used.get(key, 0)) for key, top in limits.items()), default=None)
    amount = amount if left is None else min(amount, left)
    return Fund(amount, left, dict.fromkeys(limits, amount))


def _banded(told: Tables, group: str, level: str, eligible: int) -> int:
    """The deductible comes off the part below the border."""
    ratios = told["ratio"].get(group, told["ratio"]["all"])
    deducted = min(fen(told.get("deductible", {}).get(level, "0")), eligible)
    border = fen(told["above"]["from"]) if "above" in told else eligible
    if eligible <= border:
        return part(eligible - deducted, ratios[level])
    above = told["above"].get(group, told["above"]["all"])
    below = max(0, border - deducted)
    return part(below, ratios[level]) + part(eligible - deducted - below, above)
