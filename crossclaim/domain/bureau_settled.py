"""Settlements in force as our rows hold them, and their sums by insurance and area. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.bureau import Institution, SettledDetail, SettledTotal
from crossclaim.domain.insured import Insurance
from crossclaim.domain.money import fen


class SettledClaim(Frozen):
    episode_id: str
    reference: str
    settlement: str
    insurance: Insurance
    area_code: str
    fee_minor: int
    fund_minor: int
    account_minor: int
    stay: bool = False

    @property
    def detail(self) -> SettledDetail:
        return SettledDetail(
            settlement=self.settlement,
            fee=fen(self.fee_minor),
            fund=fen(self.fund_minor),
            account=fen(self.account_minor),
        )


def summed(
    claims: Sequence[SettledClaim],
    institution: Institution,
    begins: date,
    ends: date,
    at: datetime,
) -> list[tuple[SettledTotal, list[SettledClaim]]]:
    """One sum for each insurance and area, of visits and of stays, and for each insurance of the
    own area even when it is nothing: the bureau may have what we lack."""
    keys = {(c.insurance, c.area_code, c.stay) for c in claims}
    keys |= {(one, institution.area, stay) for one in Insurance for stay in (False, True)}
    found = []
    for insurance, area, stay in sorted(keys):
        of = [c for c in claims if (c.insurance, c.area_code, c.stay) == (insurance, area, stay)]
        days = f"{begins:%Y%m%d}-{ends:%Y%m%d}{'-S' if stay else ''}"
        total = SettledTotal(
            reference=f"BT-{institution.code}-{insurance.value}-{area}-{days}-{at:%Y%m%d%H%M%S%f}",
            institution=institution,
            area_code=area,
            insurance=insurance,
            begins=begins,
            ends=ends,
            fee=fen(sum(c.fee_minor for c in of)),
            fund=fen(sum(c.fund_minor for c in of)),
            account=fen(sum(c.account_minor for c in of)),
            count=len(of),
            stay=stay,
            at=at,
        )
        found.append((total, of))
    return found
