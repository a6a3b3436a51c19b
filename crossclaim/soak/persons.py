"""Invented persons, each with an account of his own at the parties that need one."""

from __future__ import annotations

from typing import Any

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def hkid(number: int) -> str:
    """``S`` and six digits with their check digit, without brackets."""
    digits = f"{number:06d}"
    values = [36, ord("S") - 55, *map(int, digits)]
    rest = -sum(weight * value for weight, value in zip(range(9, 1, -1), values, strict=True)) % 11
    return f"S{digits}{'A' if rest == 10 else rest}"


def mainland_id(number: int) -> str:
    """Of persons born in 1988 in Jiangmen, a thousand a day."""
    day, serial = divmod(number, 1000)
    month, day = divmod(day, 28)
    digits = f"4407031988{month % 12 + 1:02d}{day + 1:02d}{serial:03d}"
    check = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11
    return f"{digits}{'10X98765432'[check]}"


def birth_date(document: str) -> str:
    """As the mainland's number tells it."""
    return f"{document[6:10]}-{document[10:12]}-{document[12:14]}"


def voucher_accounts(numbers: range) -> dict[str, Any]:
    """Rows for the voucher system: one account for each number."""
    return {
        "accounts": {
            f"va-s{number}": {
                "document": "HKID",
                "number": hkid(number),
                "birth_date": "1950-01-01",
                "balance_hkd": 3500,
                "ehealth_joined": True,
            }
            for number in numbers
        }
    }


def insured_persons(numbers: range) -> dict[str, Any]:
    """Rows for the healthcare security bureau: an employee for each number."""
    return {
        "persons": {
            f"P{44079000 + number:08d}0000000{1:01d}": {
                "certno": mainland_id(number),
                "insutype": "310",
                "psn_type": "11",
                "area": "440703",
                "benefit": "capped",
                "balance": "412.60",
            }
            for number in numbers
        }
    }
