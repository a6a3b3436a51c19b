"""What an episode left in the ledger: nothing between the parties, or exactly what is said."""

from __future__ import annotations

from tests.flows.hospital import Body


def ledger(rows: Body) -> dict[str, int]:
    """Account → fen (or HK cents) that the episode's entries left there, without the zeros."""
    return {a["account_id"]: a["balance_minor"] for a in rows["ledger"] if a["balance_minor"]}


def with_vouchers(hospital: str, dollars: int) -> dict[str, int]:
    """All is paid but what the Department of Health owes the hospital, in HK cents."""
    return {
        f"hospital:{hospital}:voucher_receivable": dollars * 100,
        "voucher:committed": -dollars * 100,
    }
