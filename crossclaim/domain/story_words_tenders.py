"""What payments through an acquirer and refunds are called in a story."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

TENDER_STEPS: dict[str, Triple] = {
    "take_payment": (
        "charge the payer through the acquirer, or ask how the payment stands",
        "透過收單機構收款或查詢支付狀況",
        "通过收单机构收款或查询支付状况",
    ),
    "refund_tender": (
        "give a refund back through the acquirer, or ask how it stands",
        "透過收單機構退款或查詢退款狀況",
        "通过收单机构退款或查询退款状况",
    ),
    "order_refunds": (
        "order what the patient paid too much to be given back",
        "安排退回病人多付的款項",
        "安排退回病人多付的款项",
    ),
}
TENDER_THINGS: dict[str, Triple] = {
    "payment": ("a payment", "收款", "收款"),
    "refund": ("a refund", "退款", "退款"),
}
TENDER_KINDS: dict[str, Triple] = {
    "confirm_refund": (
        "the cashier's confirmation of a refund",
        "收費處的退款確認",
        "收费处的退款确认",
    ),
}
TENDER_PARTIES: dict[str, Triple] = {
    "acquirer": ("the hospital's acquirer", "醫院的收單機構", "医院的收单机构"),
}
TENDER_METHODS: dict[str, Triple] = {
    "foreign_card": ("foreign card", "境外銀行卡", "境外银行卡"),
}
CAUSES: dict[str, Triple] = {
    "VOID": ("the bill was taken back", "帳單已作廢", "账单已作废"),
    "SPLIT_CHANGED": (
        "the patient's part is now less than he has paid",
        "病人應付部分少於已付款項",
        "病人应付部分少于已付款项",
    ),
    "PAID_TWICE": ("the order was paid twice", "同一訂單支付了兩次", "同一订单支付了两次"),
}
TENDER_CODES: dict[str, Triple] = {
    **CAUSES,
    "BILL_VOIDED": ("the bill was taken back", "帳單已作廢", "账单已作废"),
    "NOT_PAID_IN_TIME": ("it was not paid in time", "逾時未付", "逾时未付"),
    "NOTENOUGH": ("the payer has not enough money", "付款人餘額不足", "付款人余额不足"),
    "AUTHCODEEXPIRE": ("the payer's code had expired", "付款碼已過期", "付款码已过期"),
    "USER_ACCOUNT_ABNORMAL": (
        "the payer's account cannot take the money",
        "付款人的賬戶未能收款",
        "付款人的账户未能收款",
    ),
    "CARD_DECLINED": ("the card was declined", "銀行卡被拒", "银行卡被拒"),
    "PARTIAL_REFUND_UNSUPPORTED": (
        "only the whole can be given back that way",
        "該方式只可全額退款",
        "该方式只可全额退款",
    ),
    "NOT_WITH_ACQUIRER": (
        "the acquirer's statement does not have it",
        "收單機構的對帳單沒有此項",
        "收单机构的对账单没有此项",
    ),
    "NOT_WITH_US": ("we do not have it so", "我方沒有此項", "我方没有此项"),
    "AMOUNT_DIFFERS": ("the amounts differ", "金額不符", "金额不符"),
}
TENDER_EXCEPTIONS: dict[str, Triple] = {
    "PAYMENT_UNKNOWN": (
        "it is not known whether the patient's payment was taken; do not take it again",
        "未能確定病人的付款是否成功，請勿再次收款",
        "未能确定病人的付款是否成功，请勿再次收款",
    ),
    "PAYMENT_ANSWER_DIFFERS": (
        "the acquirer's answer about a payment cannot be believed; nothing was changed by it",
        "收單機構就付款的回覆不可信，未作任何更改",
        "收单机构就付款的回复不可信，未作任何更改",
    ),
    "REFUND_ANSWER_DIFFERS": (
        "the acquirer's answer about a refund cannot be believed; nothing was changed by it",
        "收單機構就退款的回覆不可信，未作任何更改",
        "收单机构就退款的回复不可信，未作任何更改",
    ),
    "REFUND_NOT_TAKEN": (
        "the acquirer does not take the order of a refund; it is tried again",
        "收單機構未接納退款指示，將再次嘗試",
        "收单机构未接纳退款指示，将再次尝试",
    ),
    "REFUND_LATE": (
        "a refund has been on its way for long; tell the patient",
        "退款歷時已久，請告知病人",
        "退款历时已久，请告知病人",
    ),
    "TENDER_REFUND_REFUSED": (
        "the acquirer will not give a refund back; the cashier has an order for it",
        "收單機構拒絕退款，已轉由收費處退回",
        "收单机构拒绝退款，已转由收费处退回",
    ),
    "ACQUIRER_DAY_DIFFERS": (
        "the acquirer's daily statement and our books differ",
        "收單機構的日對帳單與我方帳目不符",
        "收单机构的日对账单与我方账目不符",
    ),
}
TENDER_WAITING: dict[str, Triple] = {
    "ACQUIRER_PAYMENT": (
        "Waits for the acquirer's word on a payment.",
        "等待收單機構確認付款。",
        "等待收单机构确认付款。",
    ),
    "ACQUIRER_REFUND": (
        "Waits for the acquirer to give a refund back.",
        "等待收單機構退款。",
        "等待收单机构退款。",
    ),
    "CASHIER_REFUND": (
        "Waits for {hospital}'s cashier to give a refund back and confirm it.",
        "等待{hospital}收費處退款並確認。",
        "等待{hospital}收费处退款并确认。",
    ),
}
TENDER_LINES: dict[str, Triple] = {
    "payment_asked": (
        "{amount} of bill {number} is asked of the payer by {method}, reference {reference}.",
        "以{method}向付款人收取帳單{number}的{amount},編號{reference}。",
        "以{method}向付款人收取账单{number}的{amount},编号{reference}。",
    ),
    "payment_refused": (
        "Payment {reference} was refused: {reason}.",
        "付款{reference}被拒:{reason}。",
        "付款{reference}被拒:{reason}。",
    ),
    "payment_closed": (
        "Payment {reference} was given up and can no longer be paid: {reason}.",
        "付款{reference}已關閉,不能再支付:{reason}。",
        "付款{reference}已关闭,不能再支付:{reason}。",
    ),
    "payment_card": (
        "The foreign card was charged {card} for payment {reference}; the rate of {rate} was fixed "
        "by {by}.",
        "境外銀行卡就付款{reference}扣{card};兌換率{rate}由{by}釐定。",
        "境外银行卡就付款{reference}扣{card};兑换率{rate}由{by}厘定。",
    ),
    "refund_ordered": (
        "{amount} of bill {number} goes back by {method}, reference {reference}: {reason}.",
        "帳單{number}的{amount}將以{method}退回,編號{reference}:{reason}。",
        "账单{number}的{amount}将以{method}退回,编号{reference}:{reason}。",
    ),
    "refund_by_cashier": (
        "{hospital}'s cashier is to give {amount} of bill {number} back by hand ({method}), "
        "reference {reference}: {reason}.",
        "{hospital}收費處須人手退回帳單{number}的{amount}({method}),編號{reference}:{reason}。",
        "{hospital}收费处须人手退回账单{number}的{amount}({method}),编号{reference}:{reason}。",
    ),
    "refund_made": (
        "Refund {reference} of {amount} is back with the patient.",
        "退款{reference}({amount})已退回病人。",
        "退款{reference}({amount})已退回病人。",
    ),
    "refund_dropped": (
        "Refund {reference} is not to be made any more: {reason}.",
        "退款{reference}無須再退:{reason}。",
        "退款{reference}无须再退:{reason}。",
    ),
    "refund_refused": (
        "The acquirer refused refund {reference}: {reason}.",
        "收單機構拒絕退款{reference}:{reason}。",
        "收单机构拒绝退款{reference}:{reason}。",
    ),
}
RATE_BY: dict[str, Triple] = {
    "scheme": ("the card scheme", "卡組織", "卡组织"),
    "acquirer": (
        "the acquirer, as the holder chose",
        "收單機構(持卡人選擇)",
        "收单机构(持卡人选择)",
    ),
}
