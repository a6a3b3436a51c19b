"""What an account's story, statement and exceptions say to people, in three languages."""

from __future__ import annotations

from collections.abc import Mapping

from crossclaim.domain.allocation import Sentence

_Texts = Mapping[str, tuple[str, str, str]]

EVENT_TEXTS: _Texts = {
    "SIGN_UP_ASKED": (
        "The holder authorised, confirmed the particulars and passed the face check; Huimin "
        "pay-after-care was asked to open the account.",
        "持有人已授權、確認個人資料並通過人臉識別,已向惠民就醫申請開通。",
        "持有人已授权、确认个人信息并通过人脸识别,已向惠民就医申请开通。",
    ),
    "SIGNED_UP": (
        "The pay-after-care platform opened the account.",
        "惠民就醫已開通。",
        "惠民就医已开通。",
    ),
    "SIGN_UP_REFUSED": (
        "Huimin pay-after-care refused the sign-up: {code}.",
        "惠民就醫拒絕開通:{code}。",
        "惠民就医拒绝开通:{code}。",
    ),
    "CARD_CODE_SENT": (
        "A text message with a code went to the card's holder.",
        "已向持卡人發送短信驗證碼。",
        "已向持卡人发送短信验证码。",
    ),
    "CARD_REFUSED": (
        "The card was not accepted: {code}.",
        "銀行卡未獲接受:{code}。",
        "银行卡未获接受:{code}。",
    ),
    "CARD_BOUND": ("A bank card was bound.", "已綁定銀行卡。", "已绑定银行卡。"),
    "CARD_CODE_REFUSED": (
        "The code of the text message was not accepted: {code}.",
        "短信驗證碼不正確:{code}。",
        "短信验证码不正确:{code}。",
    ),
    "CREDIT_ASKED": (
        "The bank looks at an application for {amount} of medical credit.",
        "銀行正審核{amount}的惠民醫療金申請。",
        "银行正审核{amount}的惠民医疗金申请。",
    ),
    "CREDIT_GRANTED": (
        "The bank granted a medical credit of {amount}.",
        "銀行批出惠民醫療金額度{amount}。",
        "银行批出惠民医疗金额度{amount}。",
    ),
    "CREDIT_REFUSED": (
        "The medical credit was refused: {code}. A bank card can still be bound.",
        "惠民醫療金申請未獲批准:{code}。仍可綁定銀行卡。",
        "惠民医疗金申请未获批准:{code}。仍可绑定银行卡。",
    ),
    "CREDIT_WITHDRAWN": (
        "The bank withdrew the medical credit; what was drawn is still owed.",
        "銀行已收回惠民醫療金額度;已使用的款項仍須償還。",
        "银行已收回惠民医疗金额度;已使用的款项仍须偿还。",
    ),
    "CHARGED": (
        "The hospital was paid {amount}: personal account {account}, credit {credit}, card {card}.",
        "已向醫院支付{amount}:個人賬戶{account},惠民醫療金{credit},銀行卡{card}。",
        "已向医院支付{amount}:个人账户{account},惠民医疗金{credit},银行卡{card}。",
    ),
    "DRAWN": (
        "{amount} of it was drawn on the credit, free of interest until {due}.",
        "其中使用惠民醫療金{amount},免息至{due}。",
        "其中使用惠民医疗金{amount},免息至{due}。",
    ),
    "REFUNDED": (
        "The hospital's charge of {amount} was taken back.",
        "已撤回向醫院支付的{amount}。",
        "已撤回向医院支付的{amount}。",
    ),
    "GIVEN_BACK": (
        "{amount} had been repaid of it and went back to what repaid it.",
        "其中已償還的{amount}已退回原還款方式。",
        "其中已偿还的{amount}已退回原还款方式。",
    ),
    "SETTLED": (
        "Huimin pay-after-care paid the hospital {amount}.",
        "惠民就醫已向醫院結算{amount}。",
        "惠民就医已向医院结算{amount}。",
    ),
    "INSTALMENTS_CHOSEN": (
        "{amount} is repaid in {count} instalments of {each}, the last of {last}, from {first} on.",
        "{amount}分{count}期償還,每期{each},末期{last},首期{first}。",
        "{amount}分{count}期偿还,每期{each},末期{last},首期{first}。",
    ),
    "INSTALMENTS_REFUSED": (
        "The bank did not take the choice of instalments: {code}.",
        "銀行未接受分期:{code}。",
        "银行未接受分期:{code}。",
    ),
    "DUE_SOON": (
        "A reminder: {amount} is due on {due}.",
        "提醒:{amount}將於{due}到期。",
        "提醒:{amount}将于{due}到期。",
    ),
    "OVERDUE": (
        "{amount} was due on {due} and has not been repaid.",
        "{amount}已於{due}到期,尚未償還。",
        "{amount}已于{due}到期,尚未偿还。",
    ),
    "OVERDUE_CLEARED": (
        "An overdue part was repaid.",
        "逾期款項已償還。",
        "逾期款项已偿还。",
    ),
    "REPAID": ("{amount} was repaid.", "已償還{amount}。", "已偿还{amount}。"),
    "REPAYMENT_REFUSED": (
        "A repayment of {amount} failed: {code}.",
        "償還{amount}失敗:{code}。",
        "偿还{amount}失败:{code}。",
    ),
    "CLOSED": ("The account was closed.", "賬戶已註銷。", "账户已注销。"),
    "CLOSING_REFUSED": (
        "Huimin pay-after-care did not close the account: {code}.",
        "惠民就醫未能註銷賬戶:{code}。",
        "惠民就医未能注销账户:{code}。",
    ),
}

WAITING_TEXTS: _Texts = {
    "PLATFORM": (
        "Waits for Huimin pay-after-care to take an order.",
        "等待惠民就醫處理。",
        "等待惠民就医处理。",
    ),
    "CREDIT_DECISION": (
        "Waits for the bank's decision on the credit.",
        "等待銀行審核惠民醫療金。",
        "等待银行审核惠民医疗金。",
    ),
    "CARD_CODE": (
        "Waits for the code of the text message.",
        "等待短信驗證碼。",
        "等待短信验证码。",
    ),
    "REPAYMENT": ("Waits for repayment.", "等待還款。", "等待还款。"),
    "NEXT_CHARGE": ("Waits for the next visit.", "等待下次就醫。", "等待下次就医。"),
}

EXCEPTION_TEXTS: _Texts = {
    "REPAYMENT_OVERDUE": (
        "A part is overdue; speak to the holder.",
        "有款項逾期,請聯絡持有人。",
        "有款项逾期,请联系持有人。",
    ),
    "REPAYMENT_REFUSED": (
        "A repayment failed; ask the holder for another means of payment.",
        "還款失敗,請持有人改用其他方式。",
        "还款失败,请持有人改用其他方式。",
    ),
    "REPAID_TOO_MUCH": (
        "More was repaid than is owed; the platform has to give the rest back.",
        "還款多於欠款,須由平台退回餘額。",
        "还款多于欠款,须由平台退回余额。",
    ),
    "ANSWER_DIFFERS": (
        "Huimin pay-after-care answers about other money or another person; nothing was changed.",
        "惠民就醫的回覆金額或對象不符,未作任何更改。",
        "惠民就医的回复金额或对象不符,未作任何更改。",
    ),
    "INSTALMENTS_DIFFER": (
        "The bank's instalments are not ours; nothing was changed.",
        "銀行的分期與我方計算不符,未作任何更改。",
        "银行的分期与我方计算不符,未作任何更改。",
    ),
    "CHARGED_TWICE": (
        "Huimin pay-after-care states one charge several times; have the others taken back.",
        "惠民就醫同一筆扣款出現多次,請要求撤回多出的部分。",
        "惠民就医同一笔扣款出现多次,请要求撤回多出的部分。",
    ),
    "CHARGE_NOT_STATED": (
        "Huimin pay-after-care does not state a charge of ours.",
        "惠民就醫的對賬單缺少我方一筆扣款。",
        "惠民就医的对账单缺少我方一笔扣款。",
    ),
    "CHARGE_UNKNOWN": (
        "Huimin pay-after-care states a charge that is not ours.",
        "惠民就醫的對賬單有一筆不屬我方的扣款。",
        "惠民就医的对账单有一笔不属我方的扣款。",
    ),
    "OWED_DIFFERS": (
        "Huimin pay-after-care says that another sum is owed than we do.",
        "惠民就醫所列欠款與我方不符。",
        "惠民就医所列欠款与我方不符。",
    ),
    "STEP_FAILED": ("A step failed.", "有一步驟失敗。", "有一步骤失败。"),
    "SUBMISSION_NOT_APPLIED": (
        "A submission could not be applied.",
        "有一項提交未能處理。",
        "有一项提交未能处理。",
    ),
}


def credit_sentence(texts: _Texts, code: str, words: Mapping[str, str]) -> Sentence:
    """The sentence of a code. Raises ``KeyError`` for a code or value that is not known."""
    en, hant, hans = (text.format(**words) for text in texts[code])
    return Sentence(en=en, zh_hant=hant, zh_hans=hans)


def spoken(sentence: Sentence, language: str) -> str:
    """In the reader's language: ``en``, ``zh-Hant`` or ``zh-Hans``."""
    if language == "zh-Hant":
        return sentence.zh_hant
    return sentence.zh_hans if language == "zh-Hans" else sentence.en
