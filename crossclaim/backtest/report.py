"""A back-test's figures as rows: for tables, for a CSV file and as JSON."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, Literal

from crossclaim.backtest.fault import ClaimsRefused
from crossclaim.backtest.run import Comparison
from crossclaim.domain.backtest_tally import PATIENT, Sums, Tally
from crossclaim.domain.money import fen

Dimension = Literal["payer", "hospital", "month"]
_AMOUNTS = ("running_fen", "changed_fen", "difference_fen")
_COUNTS = ("claims", "pays_less", "pays_more", "refused_running", "refused_changed")
CSV_COLUMNS = (
    "payer",
    "hospital",
    "month",
    "claims",
    "running_cny",
    "changed_cny",
    "difference_cny",
    "pays_less",
    "pays_more",
    "refused_running",
    "refused_changed",
)


def by(tally: Tally, dimension: Dimension, *, patients_only: bool = False) -> dict[str, Sums]:
    """Sums along one dimension, in the order of its names, the patient last."""
    found: dict[str, Sums] = {}
    for place, sums in tally.sums.items():
        if patients_only and place.payer != PATIENT:
            continue
        found.setdefault(getattr(place, dimension), Sums()).add(sums)
    return {name: found[name] for name in sorted(found, key=lambda n: (n == PATIENT, n))}


def rows(tally: Tally) -> list[dict[str, str | int]]:
    """One row for each payer, hospital and month; amounts in CNY as decimal texts."""
    found: list[dict[str, str | int]] = []
    for place, sums in sorted(tally.sums.items(), key=lambda item: item[0]):
        amounts = {n.replace("_fen", "_cny"): _cny(getattr(sums, n)) for n in _AMOUNTS}
        counts = {name: getattr(sums, name) for name in _COUNTS}
        row = place._asdict() | amounts | counts
        found.append({name: row[name] for name in CSV_COLUMNS})
    return found


def check_writable(path: Path) -> None:
    """Before a long run. Raises ClaimsRefused when the file cannot be written."""
    try:
        path.open("a", encoding="utf-8").close()
    except OSError as error:
        raise ClaimsRefused(f"{path} cannot be written: {error.strerror}.") from None


def write_csv(tally: Tally, path: Path) -> None:
    """Raises ClaimsRefused when the file cannot be written."""
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, CSV_COLUMNS)
            writer.writeheader()
            writer.writerows(rows(tally))
    except OSError as error:
        raise ClaimsRefused(f"{path} cannot be written: {error.strerror}.") from None


def as_json(tally: Tally, comparison: Comparison) -> dict[str, Any]:
    return {
        "running": _versions(comparison, changed=False),
        "changed": _versions(comparison, changed=True),
        "claims": tally.claims,
        "moved": tally.moved,
        "refused_running": tally.refused_running,
        "refused_changed": tally.refused_changed,
        "sums": rows(tally),
        "most_moved": [
            {
                "hospital": one.hospital,
                "bill": one.bill,
                "month": one.month,
                "patient_running_cny": _cny(one.running_fen),
                "patient_changed_cny": _cny(one.changed_fen),
                "patient_difference_cny": _cny(one.by_fen),
            }
            for one in tally.most_moved
        ],
    }


def _versions(comparison: Comparison, *, changed: bool) -> dict[str, str]:
    plans = comparison.changed if changed else comparison.running
    return {plan.id: plan.version for plan in sorted(plans.plans, key=lambda plan: plan.id)}


def _cny(amount_fen: int) -> str:
    return fen(amount_fen).decimal_text()
