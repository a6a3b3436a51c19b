"""Sentences of the faults of claims with papers and of their bills; see ``fault_sentences``."""

from __future__ import annotations

PAPER_TEXTS: dict[str, tuple[str, str, str]] = {
    "CLAIM_NOT_YOURS": (
        "Only an insurer may send a claim of its members; use the key of that insurer.",
        "只有保險公司可提交其受保人的索償，請使用該公司的金鑰。",
        "只有保险公司可提交其受保人的索偿，请使用该公司的密钥。",
    ),
    "INSURER_DECIDES_THERE": (
        "The insurer {insurer} decides claims in its own system; nothing is decided here.",
        "保險公司 {insurer} 在其自有系統審批索償，此處不作決定。",
        "保险公司 {insurer} 在其自有系统审批索偿，此处不作决定。",
    ),
    "PAPERS_MISSING": (
        "The claim has no papers; give at least one paid bill.",
        "索償沒有單據，請至少提供一張已付帳單。",
        "索偿没有单据，请至少提供一张已付账单。",
    ),
    "PAPER_NOT_PAID": (
        "The receipts show {paid} and the bill is {due}; a claim is for bills that were paid.",
        "收據合共 {paid}，帳單為 {due}；只可就已付清的帳單索償。",
        "收据合共 {paid}，账单为 {due}；只可就已付清的账单索偿。",
    ),
    "EBILL_FORM": (
        "Code, number or check code of the electronic bill is not in the form of a medical one.",
        "電子票據的代碼、號碼或校驗碼不符合醫療票據格式。",
        "电子票据的代码、号码或校验码不符合医疗票据格式。",
    ),
    "EBILL_YEAR": (
        "The electronic bill's code names another year than its date of issue.",
        "電子票據代碼的年份與開票日期不符。",
        "电子票据代码的年份与开票日期不符。",
    ),
    "EBILL_PROVINCE": (
        "The electronic bill is of another province than the hospital.",
        "電子票據的省份與醫院不符。",
        "电子票据的省份与医院不符。",
    ),
    "EBILL_ITEMS": (
        "The items of the electronic bill do not add up to its total.",
        "電子票據的項目合計與總額不符。",
        "电子票据的项目合计与总额不符。",
    ),
    "EBILL_PAYERS": (
        "The payers on the electronic bill do not add up to its total.",
        "電子票據各付款項合計與總額不符。",
        "电子票据各付款项合计与总额不符。",
    ),
}
