"""Invented persons and numbers: others in every run, so that nothing is played twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Numbers:
    """The numbers of one failure in one run."""

    serial: int
    """Below a million."""

    @property
    def text(self) -> str:
        return f"F{self.serial:06d}"

    def identity_card(self) -> str:
        """A Hong Kong identity card number ``E……`` with its check digit."""
        digits = f"{self.serial:06d}"
        weighted = sum(int(d) * w for d, w in zip(digits, range(7, 1, -1), strict=True))
        check = -(36 * 9 + 14 * 8 + weighted) % 11
        return f"E{digits}({'A' if check == 10 else check})"

    def citizen(self, area: str = "440703", offset: int = 0) -> tuple[str, str]:
        """A mainland identity number with its check sign, and the birth date in it."""
        born = _EPOCH + timedelta(days=self.serial // 100 + 10_000 * offset % 3000)
        body = f"{area}{born:%Y%m%d}{self.serial % 100 * 10 + offset:03d}"
        rest = sum(int(sign) * weight for sign, weight in zip(body, _WEIGHTS, strict=True)) % 11
        return body + _CHECKS[rest], born.isoformat()

    def account(self) -> str:
        """A payee's UnionPay account whose Luhn digit fits."""
        body = f"620555{self.serial:012d}"
        total = 0
        for place, sign in enumerate(reversed(body)):
            doubled = int(sign) * 2 if place % 2 == 0 else int(sign)
            total += doubled - 9 if doubled > 9 else doubled
        return f"{body}{-total % 10}"
