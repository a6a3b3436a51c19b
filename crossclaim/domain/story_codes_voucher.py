"""What the reasons and exceptions of vouchers are called in a story."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

VOUCHER_CODES: dict[str, Triple] = {
    "VOUCHER_PAIRING_ENDED": (
        "the pairing of the spouses had ended",
        "配偶共用配對已終止",
        "配偶共用配对已终止",
    ),
    "PAIRING_ENDED": (
        "the pairing of the spouses has ended",
        "配偶共用配對已終止",
        "配偶共用配对已终止",
    ),
    "CLAIM_LAPSED": ("the claim has lapsed", "申報已失效", "申报已失效"),
    "STATEMENT_TOTAL": (
        "the statement's total is not the sum of its lines",
        "結單總額與各項之和不符",
        "结单总额与各项之和不符",
    ),
}

VOUCHER_EXCEPTIONS: dict[str, Triple] = {
    "VOUCHER_ANSWER_CONTRADICTS": (
        "an answer of the eHealth System (Subsidies) cannot be true; it is kept and nothing was "
        "changed by it",
        "醫健通(資助)系統的答覆不可能屬實;已存檔,未作任何更改",
        "医健通(资助)系统的答复不可能属实;已存档,未作任何更改",
    ),
    "VOUCHER_PAIRING_ENDED": (
        "the pairing ended before the spouse's vouchers were claimed; the bill is split without",
        "配偶共用配對在申報前已終止；帳單改按不使用配偶醫療券分帳",
        "配偶共用配对在申报前已终止；账单改按不使用配偶医疗券分账",
    ),
    "VOUCHER_ACCOUNT_REFUSED": (
        "the eHealth System (Subsidies) opened no account for the patient",
        "醫健通(資助)系統未有為病人開立戶口",
        "医健通(资助)系统未有为病人开立户口",
    ),
    "VOUCHER_CLAIM_UNCONFIRMED": (
        "the provider has not confirmed a voucher claim; unconfirmed ones are not reimbursed",
        "服務提供者尚未確認醫療券申報；未確認者不獲發還",
        "服务提供者尚未确认医疗券申报；未确认者不获发还",
    ),
    "VOUCHER_ACCOUNT_UNVALIDATED": (
        "the patient's new voucher account is not validated yet; its claims are not reimbursed",
        "病人新開立的醫療券戶口尚未核實；其申報不獲發還",
        "病人新开立的医疗券户口尚未核实；其申报不获发还",
    ),
    "VOUCHER_CLAIM_LAPSES_SOON": (
        "a voucher claim is about to lapse",
        "醫療券申報即將失效",
        "医疗券申报即将失效",
    ),
    "VOUCHER_CLAIM_LAPSED": (
        "a voucher claim lapsed; that part of the bill is not paid",
        "醫療券申報已失效；該部分帳單未獲支付",
        "医疗券申报已失效；该部分账单未获支付",
    ),
    "VOUCHER_CLAIM_TAKEN_BACK": (
        "a voucher claim was taken back at the eHealth System (Subsidies); that part of the bill "
        "is not paid",
        "醫療券申報已在醫健通(資助)系統撤回；該部分帳單未獲支付",
        "医疗券申报已在医健通(资助)系统撤回；该部分账单未获支付",
    ),
    "VOUCHER_CLAIM_UNKNOWN": (
        "the eHealth System (Subsidies) does not know a claim that it had taken",
        "醫健通(資助)系統沒有其先前已接納的申報",
        "医健通(资助)系统没有其先前已接纳的申报",
    ),
    "VOUCHER_CONFIRMATION_REFUSED": (
        "the eHealth System (Subsidies) did not take the provider's confirmation",
        "醫健通(資助)系統未接納服務提供者的確認",
        "医健通(资助)系统未接纳服务提供者的确认",
    ),
    "VOUCHER_NOT_REIMBURSED": (
        "the month's statement of the Department of Health does not hold a voucher claim",
        "衛生署的每月結單沒有列出一項醫療券申報",
        "卫生署的每月结单没有列出一项医疗券申报",
    ),
    "VOUCHER_PAID_UNCONFIRMED": (
        "the statement leaves a voucher claim out as not confirmed",
        "結單指一項醫療券申報未獲確認，不予發還",
        "结单指一项医疗券申报未获确认，不予发还",
    ),
    "VOUCHER_PAID_UNVALIDATED": (
        "the statement leaves a voucher claim out: the account is not validated",
        "結單指一項醫療券申報的戶口未獲核實，不予發還",
        "结单指一项医疗券申报的户口未获核实，不予发还",
    ),
    "VOUCHER_PAID_OTHER_AMOUNT": (
        "the Department of Health states another amount for a voucher claim; nothing was booked",
        "衛生署就一項醫療券申報列出不同金額；並無入帳",
        "卫生署就一项医疗券申报列出不同金额；并无入账",
    ),
    "VOUCHER_PAID_WITHOUT_CLAIM": (
        "the Department of Health reimbursed a voucher claim that does not stand",
        "衛生署發還了一項已不成立的醫療券申報",
        "卫生署发还了一项已不成立的医疗券申报",
    ),
}
