"""What a remittance advice says, in three languages."""

from __future__ import annotations

from crossclaim.domain.allocation import Sentence

Triple = tuple[str, str, str]

KINDS: dict[str, Triple] = {
    "payment": ("Payment", "付款", "付款"),
    "claw_back": ("Claw-back", "追回", "追回"),
    "return": ("Returned by the bank", "銀行退回", "银行退回"),
    "given_back": (
        "Given back by the hospital itself",
        "醫院自行退還",
        "医院自行退还",
    ),
}

BASES: dict[str, Triple] = {
    "paid": (
        "We were told that the hospital has received these amounts.",
        "已獲告知醫院收到以下款項。",
        "已获告知医院收到以下款项。",
    ),
    "settled": (
        "The funder has taken these amounts over; when its bank pays them is not told to us.",
        "付款方已確認承擔以下款項；其銀行何時付款，我方未獲告知。",
        "付款方已确认承担以下款项；其银行何时付款，我方未获告知。",
    ),
}

CARRIED: dict[str, Triple] = {
    "CLAW_BACKS_EXCEED_THE_DAY": (
        "Claw-backs come to more than the day's payments; the rest is held against the next day.",
        "追回金額多於當日付款，餘額將於下一日抵扣。",
        "追回金额多于当日付款，余额将于下一日抵扣。",
    ),
}

FUNDERS: dict[str, Triple] = {
    "basic_insurance": ("Basic medical insurance", "基本醫療保險", "基本医疗保险"),
    "voucher": (
        "Elderly Health Care Vouchers, Department of Health",
        "長者醫療券（衛生署）",
        "长者医疗券（卫生署）",
    ),
    "pay_later": ("Pay-after-care platform", "先診療後付費平台", "先诊疗后付费平台"),
}

WORDS: dict[str, Triple] = {
    "title": ("Remittance Advice", "匯款通知書", "汇款通知书"),
    "number": ("Number", "編號", "编号"),
    "hospital": ("Hospital", "醫院", "医院"),
    "funder": ("Funder", "付款方", "付款方"),
    "day": ("Day", "日期", "日期"),
    "currency": ("Currency", "貨幣", "币种"),
    "kind": ("Kind", "類別", "类别"),
    "at": ("Time", "時間", "时间"),
    "episode": ("Episode", "療程", "疗程"),
    "visit": ("Visit", "就診編號", "就诊编号"),
    "bill": ("Bill", "帳單", "账单"),
    "claim": ("Claim", "理賠", "理赔"),
    "claim_number": ("Funder's number", "付款方編號", "付款方编号"),
    "payout": ("Payout", "付款編號", "付款编号"),
    "amount": ("Amount", "金額", "金额"),
    "payments": ("Payments", "付款合計", "付款合计"),
    "claw_backs": ("Claw-backs", "追回合計", "追回合计"),
    "returns": ("Returned by the bank", "銀行退回合計", "银行退回合计"),
    "given_back": (
        "Given back by the hospital itself",
        "醫院自行退還合計",
        "医院自行退还合计",
    ),
    "carried_in": ("Carried over from before", "承前餘額", "承前余额"),
    "payable": ("Net for the day", "當日淨額", "当日净额"),
    "carried_out": ("Carried over to the next day", "結轉下日", "结转下日"),
    "facts": ("Digest of the facts (SHA-256)", "事實摘要（SHA-256）", "事实摘要（SHA-256）"),
    "page": ("Page", "頁", "页"),
}


def words_of(language: str) -> dict[str, str]:
    return {name: text[place_of(language)] for name, text in WORDS.items()}


def place_of(language: str) -> int:
    return {"en": 0, "zh-Hant": 1}.get(language, 2)


def sentence_of(texts: Triple) -> Sentence:
    return Sentence(en=texts[0], zh_hant=texts[1], zh_hans=texts[2])
