"""An electronic medical bill as its paper states it: form, year, province, sums, never twice."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.identity import ebill_defect, ebill_year_fits, half_width
from crossclaim.domain.money import Currency, Money, total


class EbillDefect(StrEnum):
    """What is wrong with an electronic bill; the names end fault codes such as ``EBILL_TWICE``."""

    FORM = "FORM"
    YEAR = "YEAR"
    PROVINCE = "PROVINCE"
    ITEMS = "ITEMS"
    PAYERS = "PAYERS"
    TWICE = "TWICE"


class Ebill(Frozen):
    """All amounts in CNY. ``code``, ``number`` and ``check`` as somebody typed or scanned them."""

    code: str
    number: str
    check: str
    issued_on: date
    items: list[Money]
    total: Money
    pooled_fund: Money
    other: Money
    personal_account: Money
    cash: Money

    @property
    def key(self) -> tuple[str, str]:
        """What no two bills share, however they were typed."""
        return half_width(self.code), half_width(self.number)


def ebill_defects(
    bill: Ebill, province: str, known: Collection[tuple[str, str]]
) -> list[EbillDefect]:
    """Every defect at once. ``province``: the first two digits of the hospital's area code.

    ``known``: keys of the bills that are here already.
    """
    if ebill_defect(bill.code, bill.number, bill.check) is not None:
        return [EbillDefect.FORM]
    code, _ = bill.key
    paid = (bill.pooled_fund, bill.other, bill.personal_account, bill.cash)
    found = {
        EbillDefect.YEAR: not ebill_year_fits(code, bill.issued_on),
        EbillDefect.PROVINCE: code[:2] != province,
        EbillDefect.ITEMS: total(bill.items, Currency.CNY) != bill.total,
        EbillDefect.PAYERS: total(paid, Currency.CNY) != bill.total,
        EbillDefect.TWICE: bill.key in known,
    }
    return [defect for defect, wrong in found.items() if wrong]
