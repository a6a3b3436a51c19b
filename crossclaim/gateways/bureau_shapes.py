"""Shapes of the national interface's answers as far as we read them (``docs/wire/bureau.md``)."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

from crossclaim.domain.basic_facts import Care, Period
from crossclaim.domain.money import Money, fen

_LOCAL = ZoneInfo("Asia/Shanghai")
_AMOUNT = re.compile(r"-?\d{1,12}\.\d{2}")
MED_TYPES = {
    Care.OUTPATIENT: "11",
    Care.SPECIAL_DISEASE: "14",
    Care.INPATIENT: "21",
    Care.MATERNITY: "52",
}
PURCHASE = "41"
"""定点药店购药 among the types of care."""
CARES = {code: care for care, code in MED_TYPES.items()}
PERIODS = {"month": Period.MONTH, "quarter": Period.QUARTER, "year": Period.YEAR}

Name = Annotated[str, StringConstraints(min_length=1, max_length=64)]


def _amount(text: Any) -> Money:
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        raise ValueError("an amount has two decimals")
    whole, _, cents = text.partition(".")
    minor = abs(int(whole)) * 100 + int(cents)
    return fen(-minor if text.startswith("-") else minor)


def _not_negative(amount: Money) -> Money:
    if amount.amount_minor < 0:
        raise ValueError("an amount is not negative")
    return amount


def _absent(value: Any) -> Any:
    """An empty text stands for nothing."""
    return None if value == "" else value


def written(amount: Money) -> str:
    return amount.decimal_text()


def moment(at: datetime) -> str:
    """Beijing time, as the interface writes it."""
    return f"{at.astimezone(_LOCAL):%Y-%m-%d %H:%M:%S}"


Yuan = Annotated[Money, BeforeValidator(_amount), AfterValidator(_not_negative)]
MaybeYuan = Annotated[Yuan | None, BeforeValidator(_absent)]
MaybeDay = Annotated[date | None, BeforeValidator(_absent)]


class Answer(BaseModel):
    """Answers may grow members; we read those we know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Envelope(Answer):
    infcode: Literal["0", "-1"]
    inf_refmsgid: str
    respond_time: str
    err_msg: str = ""
    signtype: str
    cainfo: str
    output: dict[str, Any]


class Base(Answer):
    psn_no: Name
    card_psn_no: Name


class Insurance(Answer):
    insutype: Literal["310", "390"]
    psn_type: Name
    psn_insu_stas: Name
    insuplc_admdvs: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    balc: Yuan
    paid_date: MaybeDay = None
    brk_years: int | None = None
    late_flag: Literal["0", "1"] | None = None
    exempt_type: str = ""
    paid_amt: MaybeYuan = None
    psn_tier: str = ""


class Cumulative(Answer):
    med_type: Name
    cum_type: Literal["month", "quarter", "year"]
    cum_ym: Name
    cum: Yuan


class Disease(Answer):
    dise_codg: Name
    dise_class: Name


class Chosen(Answer):
    fixmedins_code: Name


class Shared(Answer):
    auth_psn_no: str = ""
    auth_certno: str = ""
    insutype: Literal["310", "390"]
    insuplc_admdvs: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    rlts: Name
    begndate: MaybeDay = None
    enddate: MaybeDay = None
    balc: Yuan


class Person(Answer):
    baseinfo: Base
    insuinfo: list[Insurance]
    cuminfo: list[Cumulative] = []
    diseinfo: list[Disease] = []
    fixedinfo: list[Chosen] = []
    mulaidinfo: list[Shared] = []


class Visit(Answer):
    psn_no: Name
    mdtrt_id: Name
    out_filing_flag: Annotated[Literal["0", "1"] | None, BeforeValidator(_absent)] = None


class Discharged(Answer):
    psn_no: Name
    mdtrt_id: Name


class JudgedLine(Answer):
    feedetl_sn: Name
    det_item_fee_sumamt: Yuan
    inscp_scp_amt: Yuan
    med_chrgitm_type: Name


class Judged(Answer):
    result: list[JudgedLine]


class SetlInfo(Answer):
    psn_no: Name
    mdtrt_id: Name
    setl_id: str
    medfee_sumamt: Yuan
    fund_pay_sumamt: Yuan
    acct_pay: Yuan
    acct_mulaid_pay: Yuan
    psn_cash_pay: Yuan
    hosp_part_amt: Yuan
    balc: Yuan
    mulaid_balc: Yuan
    currency: str = "CNY"
    fulamt_ownpay_amt: MaybeYuan = None
    overlmt_selfpay: MaybeYuan = None
    preselfpay_amt: MaybeYuan = None
    inscp_scp_amt: MaybeYuan = None
    hifp_pay: MaybeYuan = None
    hifes_pay: MaybeYuan = None
    hifmi_pay: MaybeYuan = None
    hifob_pay: MaybeYuan = None
    maf_pay: MaybeYuan = None

    @property
    def funds(self) -> tuple[Money | None, ...]:
        """What each fund pays, where it is told."""
        return self.hifp_pay, self.hifes_pay, self.hifmi_pay, self.hifob_pay, self.maf_pay

    @property
    def scope(self) -> tuple[Money | None, ...]:
        """The fee by what of it lies in the insurance's scope; without that nothing is told."""
        if self.inscp_scp_amt is None:
            return ()
        outside = self.fulamt_ownpay_amt, self.overlmt_selfpay, self.preselfpay_amt
        return (*outside, self.inscp_scp_amt)


class SetlDetail(Answer):
    fund_pay_type: Name
    crt_payb_lmt_amt: MaybeYuan = None
    fund_payamt: Yuan


class Settlement(Answer):
    setlinfo: SetlInfo
    setldetail: list[SetlDetail]
    cuminfo: list[Cumulative] = []


class CancelInfo(Answer):
    psn_no: Name
    init_setl_id: Name


class Cancelled(Answer):
    setlinfo: CancelInfo


class Reversed(Answer):
    psn_no: Name
    omsgid: Name


class StatementInfo(Answer):
    stmt_rslt: Literal["0", "1"]
    setl_optins: str


class Compared(Answer):
    stmtinfo: StatementInfo


class Differing(Answer):
    setl_id: Name
    stmt_rslt: Literal["NOT_WITH_BUREAU", "NOT_WITH_HOSPITAL", "AMOUNT_DIFFERS"]
    medfee_sumamt: Yuan | None = None
    fund_pay_sumamt: Yuan | None = None
    acct_pay: Yuan | None = None


class Differences(Answer):
    result: list[Differing]
