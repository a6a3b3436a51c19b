"""What pay-after-care is called in a story."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

PAY_LATER_STEPS: dict[str, Triple] = {
    "look_up_pay_later": (
        "look up the payer's account with Huimin pay-after-care",
        "查詢付款人的惠民就醫賬戶",
        "查询付款人的惠民就医账户",
    ),
    "charge_pay_later": (
        "charge the payer's account with Huimin pay-after-care",
        "從惠民就醫賬戶扣款",
        "从惠民就医账户扣款",
    ),
    "refund_pay_later": (
        "take a charge to Huimin pay-after-care back",
        "撤回惠民就醫扣款",
        "撤回惠民就医扣款",
    ),
}
PAY_LATER_THINGS: dict[str, Triple] = {
    "payer-look-up": ("the payer's account", "查詢付款人賬戶", "查询付款人账户"),
    "charge": ("a charge", "扣款", "扣款"),
    "charge-refund": ("a charge to be taken back", "撤回扣款", "撤回扣款"),
}
PAY_LATER_KINDS: dict[str, Triple] = {
    "confirm_pay_later": (
        "the confirmation of a payment by Huimin pay-after-care",
        "惠民支付確認",
        "惠民支付确认",
    ),
}
PAY_LATER_PARTIES: dict[str, Triple] = {"huimin": ("Huimin pay-after-care", "惠民就醫", "惠民就医")}
PAY_LATER_EXCEPTIONS: dict[str, Triple] = {
    "PAY_LATER_NO_PAYER": (
        "nobody was found who pays after care",
        "找不到惠民就醫的付款人",
        "找不到惠民就医的付款人",
    ),
    "PAY_LATER_ANSWER_DIFFERS": (
        "Huimin pay-after-care answers about other money or another person; nothing was changed",
        "惠民就醫的回覆金額或對象不符,未作任何更改",
        "惠民就医的回复金额或对象不符,未作任何更改",
    ),
    "PAY_LATER_SPLIT_REFUSED": (
        "a charge failed and the bill cannot be split on other means of payment",
        "扣款失敗,帳單未能改由其他方式支付",
        "扣款失败,账单未能改由其他方式支付",
    ),
    "PAY_LATER_CASH_DUE": (
        "a charge failed after the patient had left; he owes the hospital cash",
        "病人離開後扣款失敗,尚欠醫院現金",
        "病人离开后扣款失败,尚欠医院现金",
    ),
    "PAY_LATER_PAID_TWICE": (
        "the bound card was charged beside a payment at the window; give one of them back",
        "綁定銀行卡與窗口付款重複,請退回其中一筆",
        "绑定银行卡与窗口付款重复,请退回其中一笔",
    ),
    "PAY_LATER_GIVEN_BACK_TWICE": (
        "a charge goes back whole to the bound card, and the cashier had given back a part of it",
        "扣款將全數退回綁定銀行卡,而收費處早前已退回其中一部分",
        "扣款将全数退回绑定银行卡,而收费处早前已退回其中一部分",
    ),
    "PAY_LATER_REFUND_REFUSED": (
        "Huimin pay-after-care did not take a charge back",
        "惠民就醫拒絕撤回扣款",
        "惠民就医拒绝撤回扣款",
    ),
}
PAY_LATER_WAITING: dict[str, Triple] = {
    "PAYER_CONFIRMATION": (
        "Waits for the payer to choose Huimin payment.",
        "等待付款人選擇惠民支付。",
        "等待付款人选择惠民支付。",
    ),
}
PAY_LATER_LINES: dict[str, Triple] = {
    "charge_due": (
        "{amount} of bill {number} is to be charged to the payer's account with Huimin "
        "pay-after-care, reference {reference}.",
        "帳單{number}的{amount}將從付款人的惠民就醫賬戶扣除,編號{reference}。",
        "账单{number}的{amount}将从付款人的惠民就医账户扣除,编号{reference}。",
    ),
    "charge_taken": (
        "Huimin pay-after-care took charge {reference}: it pays the hospital {amount}.",
        "惠民就醫已接納扣款{reference}:向醫院支付{amount}。",
        "惠民就医已接纳扣款{reference}:向医院支付{amount}。",
    ),
    "charge_failed": (
        "Charge {reference} failed; the bill is split on the next means of payment.",
        "扣款{reference}失敗;帳單改由下一付款方式支付。",
        "扣款{reference}失败;账单改由下一付款方式支付。",
    ),
    "charge_taken_back": (
        "Charge {reference} was taken back.",
        "扣款{reference}已撤回。",
        "扣款{reference}已撤回。",
    ),
}
