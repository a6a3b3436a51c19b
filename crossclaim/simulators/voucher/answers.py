"""How the voucher system answers: a status with a body, amounts in whole Hong Kong dollars."""

from __future__ import annotations

from typing import Any

Answer = tuple[int, dict[str, Any]]
"""HTTP status and body."""


def hkd(dollars: int) -> dict[str, str]:
    return {"amount": f"{dollars}.00", "currency": "HKD"}


def refusal(status: int, code: str, message: str, **members: Any) -> Answer:
    return status, {"code": code, "message": message, **members}
