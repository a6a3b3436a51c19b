"""Amounts of their own for each episode, so that a payout is known by what it pays."""

from __future__ import annotations

import copy
from typing import Any

CHEAPER_FEN = 10
"""So much cheaper is each bill than the one before."""
_MISC_FEN = 825050
_RATE = 9150
"""CNY per HKD, in ten thousandths, frozen at the quote of the example stay."""
_DEDUCTIBLE_C = 800_000
_OTHERS_C = {
    "room": 225_000,
    "attending_doctor": 98_361,
    "surgeon": 1_967_213,
    "anaesthetist": 688_525,
    "theatre": 688_525,
}
"""What the insurer's schedule carries of the lines that are the same in every stay, in HK cents."""

Body = dict[str, Any]


def cheaper(bill: Body, line: int, number: int) -> Body:
    """The bill with one of its lines made cheaper by what the episode's number says."""
    changed = copy.deepcopy(bill)
    found = next(one for one in changed["lines"] if one["number"] == line)
    for amount in (found["unit_price"], found["amount"], changed["total"]):
        take_off(amount, number)
    return changed


def take_off(amount: Body, number: int) -> None:
    """Makes an amount of the wire cheaper, in place."""
    major, _, minor = str(amount["amount"]).partition(".")
    left = int(major) * 100 + int(minor) - number * CHEAPER_FEN
    amount["amount"] = f"{left // 100}.{left % 100:02d}"


def insurers_book(policy: str, numbers: range) -> Body:
    """What the insurer that decides there has decided about each of its members' stays."""
    return {"policies": {f"{policy}{number}": _policy(number) for number in numbers}}


def _policy(number: int) -> Body:
    misc = _half_up((_MISC_FEN - number * CHEAPER_FEN) * 10_000, _RATE)
    above = sum(_OTHERS_C.values()) + misc - _DEDUCTIBLE_C
    copay = _half_up(above, 10)
    paid = {**_OTHERS_C, "miscellaneous": misc}
    categories: Body = {name: {"benefit_c": cents} for name, cents in paid.items()}
    for excluded in ("special_drug", "cross_border_ambulance"):
        categories[excluded] = {"benefit_c": 0, "reason": f"EXCLUDED_{excluded.upper()}"}
    return {
        "in_force": True,
        "direct_billing": True,
        "guarantee": {"limit_c": 4_000_000, "valid_days": 90, "answer": "queued"},
        "claims": {
            "provider": {
                "answer": "queued",
                "categories": categories,
                "deductible_c": _DEDUCTIBLE_C,
                "copay_c": copay,
                "copay_percent": 10,
                "benefit_c": above - copay,
            }
        },
    }


def _half_up(number: int, by: int) -> int:
    return (2 * number + by) // (2 * by)
