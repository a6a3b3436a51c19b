"""The money of one episode as tables: who pays what of each charge, who was paid, what is owed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from crossclaim.demo.figures import Payable, amount, party_of, payable_of
from crossclaim.demo.play import Played

TITLES = {"voucher": "Vouchers", "insurer": "Insurer", "patient": "Patient"}


def tables_of(played: Played) -> list[RenderableType]:
    """One table a final bill, then payouts and ledger."""
    found = played.episode
    final = [bill for bill in found["bills"] if bill["status"] == "final"]
    return [
        *(_bill(bill, played) for bill in final),
        *([_payouts(found)] if found["payouts"] else []),
        _ledger(found),
    ]


def _bill(bill: Mapping[str, Any], played: Played) -> Table:
    split = next(a["result"] for a in played.episode["allocations"] if a["bill_id"] == bill["id"])
    state = "" if bill["state"] == "current" else f" ({bill['state']})"
    table = _table(f"Bill {bill['number']}, version {bill['version']}{state}, in CNY")
    payable = payable_of(split)
    funders = [party_of(total, split) for total in split["totals"]]
    table.add_column("")
    table.add_column("Charge")
    table.add_column("Billed", justify="right", no_wrap=True)
    if payable:
        currency = next(iter(payable.values())).currency
        table.add_column(f"Plan pays, {currency}", justify="right", no_wrap=True)
    for funder in funders:
        table.add_column(TITLES.get(funder, funder), justify="right", no_wrap=True)
    for line in played.charges.get(str(bill["version"]), []):
        number = str(line["number"])
        shares = {party_of(s, split): s for s in split["shares"] if str(s["line"]) == number}
        row = [number, line["description"], _text(line["amount"])]
        if payable:
            own = payable.get(number)
            row.append(own.amount if own else _excluded(shares))
        table.add_row(*row, *(_share(shares.get(funder)) for funder in funders))
    table.add_section()
    table.add_row(*_totals(bill, split, payable), style="bold")
    return table


def _totals(
    bill: Mapping[str, Any], split: Mapping[str, Any], payable: Mapping[str, Payable]
) -> list[str]:
    row = ["", "Total", amount(bill["total_minor"])]
    if payable:
        row.append(f"{sum(Decimal(own.amount.replace(',', '')) for own in payable.values()):,.2f}")
    return [*row, *(_text(total["amount"]) for total in split["totals"])]


def _excluded(shares: Mapping[str, Any]) -> str:
    reasons = [reason for share in shares.values() for reason in share["reasons"]]
    return "excluded" if any(reason.startswith("EXCLUDED") for reason in reasons) else "-"


def _share(share: Mapping[str, Any] | None) -> str:
    return _text(share["amount"]) if share else "-"


def _text(money: Mapping[str, str]) -> str:
    return f"{Decimal(money['amount']):,.2f}"


def _payouts(found: Mapping[str, Any]) -> Table:
    table = _table("Payouts, in CNY")
    for title in ("From", "To", "State", "Reference"):
        table.add_column(title)
    table.add_column("Amount", justify="right", no_wrap=True)
    for payout in found["payouts"]:
        table.add_row(
            payout["debtor_organisation_id"],
            payout["payee"],
            payout["state"],
            payout["reference"],
            amount(payout["amount_minor"]),
        )
    return table


def _ledger(found: Mapping[str, Any]) -> RenderableType:
    """Accounts with a balance; the others only by their number."""
    rows: Sequence[Mapping[str, Any]] = found["ledger"]
    open_rows = [account for account in rows if account["balance_minor"] != 0]
    even = f"{len(rows) - len(open_rows)} accounts balance to 0.00"
    if not open_rows:
        return Text(f"Ledger: all {even}.")
    table = _table(f"Ledger; {even}")
    table.add_column("Account")
    table.add_column("Balance", justify="right", no_wrap=True)
    for account in open_rows:
        balance = f"{account['currency']} {amount(account['balance_minor'])}"
        table.add_row(account["account_id"], balance)
    return table


def _table(title: str) -> Table:
    return Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False
    )
