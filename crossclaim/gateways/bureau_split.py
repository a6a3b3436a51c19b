"""Believes who pays what only when it is about our person, visit and fee, and adds up."""

from __future__ import annotations

from typing import Any

from crossclaim.domain.bureau import FundPart, SettlementOrder, SettlementSplit
from crossclaim.domain.money import Currency, Money, total
from crossclaim.gateways.bureau_envelope import contradicts
from crossclaim.gateways.bureau_person import used_before
from crossclaim.gateways.bureau_shapes import SetlInfo, Settlement


def checked(
    order: SettlementOrder, told: Settlement, whole: Any, infno: str, *, settled: bool
) -> SettlementSplit:
    """The split. Raises ``AnswerContradicts`` with the first thing that cannot be true."""
    said = told.setlinfo
    if said.psn_no != order.person_number:
        raise contradicts("BUREAU_OTHER_PERSON", infno, whole)
    if said.mdtrt_id != order.visit_id:
        raise contradicts("BUREAU_OTHER_VISIT", infno, whole)
    if said.currency != Currency.CNY.value:
        raise contradicts("BUREAU_OTHER_CURRENCY", infno, whole)
    if said.medfee_sumamt != order.total:
        raise contradicts("BUREAU_OTHER_AMOUNT", infno, whole)
    if not _adds_up(told):
        raise contradicts("BUREAU_SPLIT_NOT_EQUAL", infno, whole)
    unasked = (said.fund_pay_sumamt, order.fund_used), (said.acct_pay, order.account_used)
    shared = (said.acct_mulaid_pay, order.account_used and order.family_used)
    if any(amount.amount_minor and not used for amount, used in (*unasked, shared)):
        raise contradicts("BUREAU_PURSE_NOT_ASKED", infno, whole)
    if settled and not said.setl_id:
        raise contradicts("BUREAU_SETTLEMENT_MISSING", infno, whole)
    return _split(told, whole)


def _adds_up(told: Settlement) -> bool:
    """Fund, both accounts, cash and the hospital's share are the fee; each fund's part is the
    fund's; and what lies in and out of the scope is the fee, where the bureau says it."""
    said = told.setlinfo
    legs = (
        said.fund_pay_sumamt,
        said.acct_pay,
        said.acct_mulaid_pay,
        said.psn_cash_pay,
        said.hosp_part_amt,
    )
    rows = [detail.fund_payamt for detail in told.setldetail]
    return (
        _sum(*legs) == said.medfee_sumamt
        and _sum(*rows) == said.fund_pay_sumamt
        and _named(said.funds, said.fund_pay_sumamt)
        and _named(said.scope, said.medfee_sumamt)
    )


def _named(parts: tuple[Money | None, ...], whole: Money) -> bool:
    """Parts that are not told are nothing; with none told there is nothing to compare."""
    told = [part for part in parts if part is not None]
    return not told or _sum(*told) == whole


def _sum(*amounts: Money) -> Money:
    return total(amounts, Currency.CNY)


def _split(told: Settlement, whole: Any) -> SettlementSplit:
    said: SetlInfo = told.setlinfo
    return SettlementSplit(
        settlement=said.setl_id,
        fee=said.medfee_sumamt,
        fund=said.fund_pay_sumamt,
        account=said.acct_pay,
        family=said.acct_mulaid_pay,
        cash=said.psn_cash_pay,
        hospital=said.hosp_part_amt,
        balance=said.balc,
        family_balance=said.mulaid_balc,
        parts=[
            FundPart(fund=d.fund_pay_type, limit_left=d.crt_payb_lmt_amt, amount=d.fund_payamt)
            for d in told.setldetail
        ],
        used=used_before(told.cuminfo, whole),
    )
