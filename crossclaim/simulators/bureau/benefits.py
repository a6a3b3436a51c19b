"""The bureau's own arithmetic of a settlement, by its own tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from crossclaim.simulators.bureau.state import fen, part

CONSULT_FEE = "12"
SPECIAL_DISEASE = "14"

Tables = Mapping[str, Any]


@dataclass(frozen=True)
class Fund:
    """What the pooled fund pays, and the periods that it counts in."""

    amount: int
    left: int | None = None
    """What the tightest limit leaves; None: no limit."""
    used: dict[str, int] = field(default_factory=dict)


def fund_of(
    table: Tables,
    person: Tables,
    level: str,
    visit: Tables,
    lines: list[dict[str, Any]],
    used: Mapping[str, int],
) -> Fund:
    """Share of each kind of line, then the tightest limit. ``flat``: so much of any bill."""
    if "flat" in table:
        return Fund(min(fen(table["flat"]), sum(fen(x["inscp_scp_amt"]) for x in lines)))
    insurance, special = person["insutype"], visit["med_type"] == SPECIAL_DISEASE
    fee = sum(fen(x["inscp_scp_amt"]) for x in lines if x["med_chrgitm_type"] == CONSULT_FEE)
    rest = sum(fen(x["inscp_scp_amt"]) for x in lines if x["med_chrgitm_type"] != CONSULT_FEE)
    if special:
        ratio = _special(table, insurance, visit)
        amount = part(fee, ratio) + part(rest, ratio)
    else:
        amount = part(fee, table["consult_fee"][insurance]) + part(
            rest, table["ratio"][insurance][level]
        )
        if person["psn_type"] == "12":
            amount += part(rest, table["retired_more"])
    limits = _limits(table, insurance, visit, lines)
    left = min((max(0, top - used.get(key, 0)) for key, top in limits.items()), default=None)
    amount = amount if left is None else min(amount, left)
    return Fund(amount, left, dict.fromkeys(limits, amount))


def _special(table: Tables, insurance: str, visit: Tables) -> str:
    """Less for care elsewhere that was not filed."""
    ratio = Decimal(table["special"][insurance])
    less = Decimal(table.get("unfiled_less", "0")) if visit.get("filed") == "0" else Decimal(0)
    return str(max(Decimal(0), ratio - less))


def _limits(
    table: Tables, insurance: str, visit: Tables, lines: list[dict[str, Any]]
) -> dict[str, int]:
    """``care/period/when`` → fen, of the day of the first line."""
    day = min((str(line["day"]) for line in lines), default="1970-01-01")
    care = visit["med_type"]
    if care == SPECIAL_DISEASE:
        name = visit["disease_class"]
        quarter = f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"
        tops = table.get("special_quarter", {})
        return {f"{care}-{name}/quarter/{quarter}": fen(tops[name])} if name in tops else {}
    when = {"month": day[:7], "year": day[:4]}
    return {
        f"{care}/{kind}/{when[kind]}": fen(top) for kind, top in table["limits"][insurance].items()
    }
