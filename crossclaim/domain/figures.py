"""The indicators that an insurer and a hospital judge the work by, each with its definition. Pure.

A rate is ``good`` of ``all``; what counts as either is said in words here and in SQL where the rows
are read. Sources of the names: analytics of claims systems (``docs/console.md``).
"""

from __future__ import annotations

from enum import StrEnum

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.story_phrase import Triple


class Indicator(StrEnum):
    AUTOMATIC_DECISIONS = "automatic_decisions"
    FIRST_PASS = "first_pass"
    DIRECT_BILLING = "direct_billing"
    INFORMATION_REQUESTS = "information_requests"
    GUARANTEES_AT_ONCE = "guarantees_at_once"
    GUARANTEES_IN_AN_HOUR = "guarantees_in_an_hour"
    PAYOUTS_IN_THREE_DAYS = "payouts_in_three_days"
    PAYOUTS_RETURNED = "payouts_returned"
    RECONCILED_IN_A_DAY = "reconciled_in_a_day"
    LEAKAGE = "leakage"


MORE_IS_WORSE = frozenset(
    {Indicator.INFORMATION_REQUESTS, Indicator.PAYOUTS_RETURNED, Indicator.LEAKAGE}
)

NAMES: dict[Indicator, Triple] = {
    Indicator.AUTOMATIC_DECISIONS: ("Automatic decisions", "自動審核率", "自动审核率"),
    Indicator.FIRST_PASS: ("First-pass yield", "一次通過率", "一次通过率"),
    Indicator.DIRECT_BILLING: ("Share of direct billing", "直付比例", "直付比例"),
    Indicator.INFORMATION_REQUESTS: ("Information requests", "補件率", "补件率"),
    Indicator.GUARANTEES_AT_ONCE: ("Guarantees at once", "擔保函即時答覆率", "担保函即时答复率"),
    Indicator.GUARANTEES_IN_AN_HOUR: (
        "Guarantees within the hour",
        "擔保函一小時內答覆率",
        "担保函一小时内答复率",
    ),
    Indicator.PAYOUTS_IN_THREE_DAYS: (
        "Payouts to patients in three days",
        "三日內付款到病人戶口",
        "三日内付款到病人账户",
    ),
    Indicator.PAYOUTS_RETURNED: ("Payouts returned", "退款率", "退款率"),
    Indicator.RECONCILED_IN_A_DAY: ("Reconciled within a day", "一日內對帳率", "一日内对账率"),
    Indicator.LEAKAGE: ("Leakage", "超額批付率", "超额批付率"),
}
DEFINITIONS: dict[Indicator, Triple] = {
    Indicator.AUTOMATIC_DECISIONS: (
        "Of insurers' claims that were decided here, those that the rules decided alone; by the "
        "month of the decision.",
        "在本系統審核的保險索賠中,由規則自動決定的比例;按決定月份。",
        "在本系统审核的保险索赔中,由规则自动决定的比例;按决定月份。",
    ),
    Indicator.FIRST_PASS: (
        "Of insurers' claims that were decided, those without an information request and without "
        "an appeal; by the month of the decision.",
        "已決定的保險索賠中,無須補件亦無上訴的比例;按決定月份。",
        "已决定的保险索赔中,无须补件亦无上诉的比例;按决定月份。",
    ),
    Indicator.DIRECT_BILLING: (
        "Of insurers' claims that were sent or decided, those that the hospital is paid for and "
        "not the patient; by the month in which they arose.",
        "已提交的保險索賠中,直接付予醫院而非病人的比例;按產生月份。",
        "已提交的保险索赔中,直接付予医院而非病人的比例;按产生月份。",
    ),
    Indicator.INFORMATION_REQUESTS: (
        "Of insurers' claims, those for which documents were asked for; by the month in which "
        "they arose. Less is better.",
        "保險索賠中曾要求補件的比例;按產生月份。越低越好。",
        "保险索赔中曾要求补件的比例;按产生月份。越低越好。",
    ),
    Indicator.GUARANTEES_AT_ONCE: (
        "Of letters of guarantee that were answered, those answered within 15 seconds of the "
        "request; by the month of the request.",
        "已答覆的擔保函中,15秒內答覆的比例;按申請月份。",
        "已答复的担保函中,15秒内答复的比例;按申请月份。",
    ),
    Indicator.GUARANTEES_IN_AN_HOUR: (
        "Of letters of guarantee that were answered, those answered within one hour; by the month "
        "of the request.",
        "已答覆的擔保函中,一小時內答覆的比例;按申請月份。",
        "已答复的担保函中,一小时内答复的比例;按申请月份。",
    ),
    Indicator.PAYOUTS_IN_THREE_DAYS: (
        "Of payouts to patients that were credited, those credited within 72 hours of being "
        "reserved; by the month of the reservation.",
        "已到帳的病人付款中,預留後72小時內到帳的比例;按預留月份。",
        "已到账的病人付款中,预留后72小时内到账的比例;按预留月份。",
    ),
    Indicator.PAYOUTS_RETURNED: (
        "Of payouts that came to an end, those that the bank rejected or returned; by the month "
        "of the reservation. Less is better.",
        "已完結的付款中,被銀行拒絕或退回的比例;按預留月份。越低越好。",
        "已完结的付款中,被银行拒绝或退回的比例;按预留月份。越低越好。",
    ),
    Indicator.RECONCILED_IN_A_DAY: (
        "Of payouts that the bank credited and that we expect on an account's statement, those "
        "that were matched with it within 24 hours of the credit; by the month of the credit.",
        "銀行已入帳並預期見於對帳單的付款中,入帳後24小時內完成對帳的比例;按入帳月份。",
        "银行已入账并预期见于对账单的付款中,入账后24小时内完成对账的比例;按入账月份。",
    ),
    Indicator.LEAKAGE: (
        "Of insurers' claims that a person decided, those that were given more than the rules "
        "would have given; by the month of the decision. Less is better.",
        "由人手決定的保險索賠中,批付高於規則所得金額的比例;按決定月份。越低越好。",
        "由人工决定的保险索赔中,批付高于规则所得金额的比例;按决定月份。越低越好。",
    ),
}


class MonthFigure(Frozen):
    """One indicator in one month of the region (UTC+8)."""

    indicator: Indicator
    month: str
    """``2026-04``."""
    all: int
    good: int

    @property
    def thousandths(self) -> int:
        """Of ``all``, half up; nothing of nothing is 0."""
        return (self.good * 2000 + self.all) // (self.all * 2) if self.all else 0

    @property
    def percent(self) -> str:
        return f"{self.thousandths // 10}.{self.thousandths % 10} %"
