"""Sentences of the faults of payments through an acquirer; see ``fault_sentences``."""

from __future__ import annotations

TENDER_TEXTS: dict[str, tuple[str, str, str]] = {
    "PAYER_CODE_FOR_CASH": (
        "Cash is taken at the window and has no payer's code; leave it out.",
        "現金由窗口收取，不設付款碼，請刪除。",
        "现金由窗口收取，不设付款码，请删除。",
    ),
    "PAYER_CODE_IS_A_CARD": (
        "This is a card's number; send the code that the terminal or the payer's phone shows.",
        "這是卡號；請傳送終端機或付款人手機顯示的付款碼。",
        "这是卡号；请传送终端机或付款人手机显示的付款码。",
    ),
    "PAYER_CODE_FOR_NOTHING": (
        "A payer is charged an amount above zero; leave out the code where nothing is paid.",
        "向付款人收取的金額須大於零；無須付款時請刪除付款碼。",
        "向付款人收取的金额须大于零；无须付款时请删除付款码。",
    ),
}
TENDER_STEP_TEXTS: dict[str, tuple[str, str, str]] = {
    "ACQUIRER_NOT_CONNECTED": (
        "No acquirer is connected for this hospital; take the payment at the window's terminal.",
        "本醫院未接通收單機構，請以窗口的終端機收款。",
        "本医院未接通收单机构，请以窗口的终端机收款。",
    ),
    "REFUND_UNKNOWN": (
        "There is no refund with this reference in the episode; check it.",
        "本個案沒有此編號的退款，請核對。",
        "本个案没有此编号的退款，请核对。",
    ),
    "REFUND_NOT_BY_HAND": (
        "The acquirer gives this refund back by itself; nobody confirms it.",
        "此退款由收單機構退回，無須確認。",
        "此退款由收单机构退回，无须确认。",
    ),
    "REFUND_CONFIRMED_ALREADY": (
        "This refund is confirmed under receipt {receipt}.",
        "此退款已按收據 {receipt} 確認。",
        "此退款已按收据 {receipt} 确认。",
    ),
}
