"""Every figure of an episode by name, to be compared with those of ``examples/expected.yaml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from crossclaim.demo.failure import DemoFailed
from crossclaim.demo.play import Played


def amount(minor: int) -> str:
    """Fen or cents as a decimal text with thousands."""
    return f"{Decimal(minor).scaleb(-2):,.2f}"


def figures_of(played: Played) -> dict[str, str]:
    """Name → figure. The insurer's id reads ``insurer`` in names, whichever it is."""
    found, insurer = played.episode, played.run.insurer
    figures = dict(_figures(found)) | dict(_of_account(played.account))
    if not insurer:
        return figures
    return {name.replace(insurer, "insurer"): figure for name, figure in figures.items()}


def _figures(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "episode", found["episode"]["status"]
    yield "exceptions", str(len(found["exceptions"]))
    for bill in found["bills"]:
        split = _split(found, bill["id"])
        yield from _of_bill(bill, split)
        yield from _of_papers(bill, split, found)
    if found["voucher"]:
        yield "voucher balance HKD", amount(found["voucher"]["balance_minor"])
    if found.get("spouse"):
        yield "spouse voucher balance HKD", amount(found["spouse"]["balance_minor"])
    for guarantee in found["guarantees"]:
        whose = f" {guarantee['insurer_id']}" if len(found["guarantees"]) > 1 else ""
        yield (
            f"guarantee{whose} {guarantee['currency']}",
            f"{amount(guarantee['limit_minor'])} {guarantee['state']}",
        )
    several = len({payout["debtor_organisation_id"] for payout in found["payouts"]}) > 1
    versions = {bill["id"]: bill["version"] for bill in found["bills"]}
    for claim in found["claims"]:
        voided = " voided" if claim["state"] == "voided" else ""
        whose = f" {claim['organisation_id']}" if several and claim["organisation_id"] else ""
        kind = f"{claim['kind']} claim{whose} {claim['benefit_currency']}"
        name = f"bill {versions[claim['bill_id']]} {kind}{_more(found, claim['id'])}"
        yield name, f"{amount(claim['benefit_minor'] or 0)}{voided}"
    for payout in found["payouts"]:
        whose = f" by {payout['debtor_organisation_id']}" if several else ""
        more = _more(found, payout["claim_id"])
        name = f"payout {payout['payee']} {payout['sequence']}{more}{whose} CNY"
        yield name, f"{amount(payout['amount_minor'])} {payout['state']}"
    yield from _of_tenders(found)
    for account in found["ledger"]:
        name = f"ledger {account['account_id']} {account['currency']}"
        yield name, amount(account["balance_minor"])


def _more(found: Mapping[str, Any], claim_id: str) -> str:
    """Of the difference that a later decision pays by itself: which of them it is."""
    later = [claim["id"] for claim in found["claims"] if claim["supplements"]]
    return f" more {later.index(claim_id) + 1}" if claim_id in later else ""


def _split(found: Mapping[str, Any], bill_id: str) -> Mapping[str, Any]:
    for allocation in found["allocations"]:
        if allocation["bill_id"] == bill_id:
            split: Mapping[str, Any] = allocation["result"]
            return split
    return {"totals": [], "trace": []}


def _of_bill(bill: Mapping[str, Any], split: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    name = f"bill {bill['version']}"
    yield name, f"{amount(bill['total_minor'])} {bill['status']} {bill['state']}"
    for total in split["totals"]:
        party = party_of(total, split)
        yield f"{name} {party} CNY", _text(total["amount"])
        counted = total["in_funder_currency"]
        if counted:
            yield f"{name} {party} {counted['currency']}", _text(counted)
    if split.get("non_medical"):
        yield f"{name} non-medical CNY", _text(split["non_medical"])
    if split.get("later_reimbursement"):
        yield f"{name} later reimbursement CNY", _text(split["later_reimbursement"]["amount"])
    for line, payable in payable_of(split).items():
        yield f"{name} line {line} payable {payable.currency}", payable.amount


def _of_papers(
    bill: Mapping[str, Any], split: Mapping[str, Any], found: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """What the plan pays of each paper in HKD and why, and what the patient keeps in the end."""
    papers = split.get("papers") or []
    for paper in papers:
        yield f"paper {paper['bill']} HKD", " ".join([_text(paper["benefit"]), *paper["reasons"]])
    if papers:
        credited = [p["amount_minor"] for p in found["payouts"] if p["state"] == "credited"]
        yield "patient keeps CNY", amount(bill["total_minor"] - sum(credited))


def _of_tenders(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Payments through the acquirer, with the card's own side, and what went back."""
    for paid in found["payments"]:
        name = f"payment {paid['method']}"
        yield f"{name} CNY", f"{amount(paid['amount_minor'])} {paid['state']}"
        if paid["card_currency"]:
            yield f"{name} {paid['card_currency']}", paid["card_amount"]
    for number, back in enumerate(found["refunds"], 1):
        told = f"{amount(back['amount_minor'])} {back['route']} {back['state']}"
        yield f"refund {number} {back['method']} CNY", told


def _of_account(account: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    if account is None:
        return
    for name in ("limit", "owed", "available"):
        yield f"credit {name} CNY", _text(account["credit"][name])
    for draw in account["draws"]:
        for number, part in enumerate(draw["instalments"], 1):
            yield f"instalment {number} CNY", _text(part["amount"])


def has_several_insurers(split: Mapping[str, Any]) -> bool:
    insurers = [total for total in split["totals"] if total["funder"] == "insurer"]
    return len(insurers) > 1


def party_of(part: Mapping[str, Any], split: Mapping[str, Any]) -> str:
    """Whose a part is: the funder's kind, or the insurer's id where there are several."""
    own = part["funder"] == "insurer" and has_several_insurers(split)
    return str(part["organisation"] if own else part["funder"])


class Payable(NamedTuple):
    """What a plan pays for a line, in what it counts in."""

    currency: str
    amount: str


def payable_of(split: Mapping[str, Any]) -> dict[str, Payable]:
    """Charge line → what the plan pays for it, before deductible and co-insurance; of several
    insurers each has its own, which the trace tells."""
    if has_several_insurers(split):
        return {}
    return {
        step["inputs"]["line"]: Payable(*step["result"].split()[-2:])
        for step in split["trace"]
        if "line" in step["inputs"] and "converted" in step["inputs"]
    }


def _text(money: Mapping[str, str]) -> str:
    return f"{Decimal(money['amount']):,.2f}"


def expected_of(examples: Path) -> dict[str, dict[str, str]]:
    """Run's name → its figures, each written as text."""
    expected: dict[str, dict[str, str]] = yaml.safe_load(
        (examples / "expected.yaml").read_text(encoding="utf-8")
    )
    return expected


def compare(played: Played, expected: Mapping[str, str]) -> int:
    """The number of figures compared. Raises ``DemoFailed`` that names the first difference."""
    found = figures_of(played)
    for name in [*expected, *(name for name in found if name not in expected)]:
        wanted, got = expected.get(name), found.get(name)
        if wanted != got:
            raise DemoFailed(
                f"{played.run.title}: {name} is {got or 'absent'} but {wanted or 'nothing'} was"
                f" expected; see `crossclaim episode show {played.episode_id}`."
            )
    return len(expected)
