"""What an insurer stands in for at a hospital: promised by letters of guarantee, not yet paid."""

from __future__ import annotations

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.money import Currency, Money, counted


class Exposure(Frozen):
    insurer: str
    hospital: str
    currency: Currency
    open_minor: int
    """Promised, and no bill uses it yet."""
    used_minor: int
    """Held by bills that are not settled yet."""
    owed_back_minor: int = 0
    """Of payouts, what the hospital is still to give back."""

    def told(self) -> dict[str, object]:
        return {
            "insurer": self.insurer,
            "hospital": self.hospital,
            "open": self._money(self.open_minor),
            "used": self._money(self.used_minor),
            "exposure": self._money(self.open_minor + self.used_minor),
            "owed_back": self._money(self.owed_back_minor),
        }

    def _money(self, minor: int) -> dict[str, str]:
        amount: Money = counted(minor, self.currency)
        told: dict[str, str] = amount.model_dump()
        return told
