"""How an episode, or a family binding, stands: the little of it that a failure is judged by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from crossclaim.demo.failures.catalogue import Expected
from crossclaim.demo.figures import amount

Rows = Mapping[str, Any]


def shape_of(rows: Rows, waits: str) -> Expected:
    """Of an episode; ``waits`` is the code of what it waits for."""
    return Expected(
        state=rows["episode"]["status"],
        exceptions=_open(rows["exceptions"]),
        waits=waits,
        claims=[_claim(claim) for claim in rows["claims"]],
        payouts=[f"{p['payee']} {amount(p['amount_minor'])} {p['state']}" for p in rows["payouts"]],
        ledger={
            f"{a['account_id']} {a['currency']}": amount(a["balance_minor"])
            for a in rows["ledger"]
            if a["balance_minor"]
        },
    )


def shape_of_binding(rows: Rows, waits: str) -> Expected:
    return Expected(state=rows["state"], exceptions=_open(rows["exceptions"]), waits=waits)


def imbalance(rows: Rows) -> dict[str, int]:
    """Currency → what the entries of an episode do not balance by; empty when they all do."""
    sums: dict[str, int] = defaultdict(int)
    for account in rows.get("ledger", []):
        sums[account["currency"]] += account["balance_minor"]
    return {currency: left for currency, left in sums.items() if left}


def _open(exceptions: list[dict[str, Any]]) -> list[str]:
    return sorted({e["code"] for e in exceptions if not e.get("resolved_at")})


def _claim(claim: Mapping[str, Any]) -> str:
    currency = claim["benefit_currency"]
    benefit = claim["benefit_minor"]
    worth = f" {currency} {amount(benefit)}" if benefit is not None else ""
    return f"{claim['kind']} {claim['state']}{worth}"
