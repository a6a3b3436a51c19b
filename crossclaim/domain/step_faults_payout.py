"""What can be wrong with a word on a payout, given where the payout stands."""

from __future__ import annotations

PAYOUT_STEP_TEXTS: dict[str, tuple[str, str, str]] = {
    "CLAW_BACK_NEEDLESS": (
        "Nothing of this is owed back any more, and what came back by the bank has gone out again;"
        " send what you received back to its payee.",
        "此項已無須退還，銀行退回的款項亦已再次付出；請將收到的款項退還收款人。",
        "此项已无须退还，银行退回的款项亦已再次付出；请将收到的款项退还收款人。",
    ),
    "CLAW_BACK_NOT_TWICE": (
        "Only what was paid twice can be written off; wait for the payee, or decide anew.",
        "只有重複支付的款項可以註銷；請等候收款人退款，或重新決定索償。",
        "只有重复支付的款项可以核销；请等候收款人退款，或重新决定索偿。",
    ),
    "WRITE_OFF_UNKNOWN": (
        "No write-off of yours waits under this number; check it.",
        "沒有以此編號等候決定的註銷，請核對。",
        "没有以此编号等候决定的核销，请核对。",
    ),
    "WRITE_OFF_DECIDED": (
        "This number is taken: propose under a new one, or read what was decided.",
        "此編號已使用：請以新編號提出，或查閱已作的決定。",
        "此编号已使用：请以新编号提出，或查阅已作的决定。",
    ),
    "CLAW_BACK_NOT_HAD_TWICE": (
        "Nothing of this is with you twice; check the claw-back, or read what was decided.",
        "此項沒有兩次收回的款項；請核對退款編號，或查閱已作的決定。",
        "此项没有两次收回的款项；请核对退款编号，或查阅已作的决定。",
    ),
    "CLAW_BACK_FINDING_AMOUNT": (
        "It is about more than is with you twice, or about nothing; tell what is, or a part of it.",
        "所述金額超出兩次收回的款項，或為零；請按實際金額或其中一部分記錄。",
        "所述金额超出两次收回的款项，或为零；请按实际金额或其中一部分记录。",
    ),
    "CLAW_BACK_FINDING_CURRENCY": (
        "What is given back is in CNY; tell the amount in CNY.",
        "退還款項以人民幣計算；請以人民幣列明金額。",
        "退还款项以人民币计算；请以人民币列明金额。",
    ),
    "CLAW_BACK_FINDING_UNKNOWN": (
        "No finding of yours waits under this number; check it.",
        "沒有以此編號等候決定的查明結果，請核對。",
        "没有以此编号等候决定的查明结果，请核对。",
    ),
    "CLAW_BACK_FINDING_DECIDED": (
        "This number is taken: tell it under a new one, or read what was decided.",
        "此編號已使用：請以新編號提出，或查閱已作的決定。",
        "此编号已使用：请以新编号提出，或查阅已作的决定。",
    ),
    "PAYOUT_UNKNOWN": (
        "You order no payout with this reference; check the reference.",
        "貴方沒有此編號的付款，請核對編號。",
        "贵方没有此编号的付款，请核对编号。",
    ),
    "PAYOUT_NOT_TO_APPROVE": (
        "This payout waits for nobody's release.",
        "此付款無須放行。",
        "此付款无须放行。",
    ),
    "PAYOUT_SECOND_KEY": (
        "The key that made or found this cannot release it; another person decides with another"
        " key.",
        "作出此項的金鑰不可放行，請由另一人以另一金鑰決定。",
        "作出此项的密钥不可放行，请由另一人以另一密钥决定。",
    ),
    "PAYOUT_RECALLED_BEFORE": (
        "This payout has been called back before; wait for the bank's answer.",
        "此付款已提出取消，請等候銀行答覆。",
        "此付款已提出取消，请等候银行答复。",
    ),
    "PAYOUT_SETTLED": (
        "The bank has settled this payout; ask the payee to give the money back.",
        "銀行已結算此付款，請要求收款人退回款項。",
        "银行已结算此付款，请要求收款人退回款项。",
    ),
    "PAYOUT_OVER": (
        "This payout is over; there is nothing to take back.",
        "此付款已終結，無須取消。",
        "此付款已终结，无须取消。",
    ),
    "BANK_TAKES_NO_RECALL": (
        "The bank takes no requests to cancel; call it.",
        "該銀行不接受取消要求，請致電銀行。",
        "该银行不接受取消要求，请致电银行。",
    ),
    "PAYOUT_NOT_CONTRADICTED": (
        "The bank does not contradict itself about a payout of yours with this reference.",
        "銀行對貴方此編號的付款並無矛盾說法。",
        "银行对贵方此编号的付款并无矛盾说法。",
    ),
    "PAYOUT_FOLLOWED": (
        "Another payout of the claim is on its way; wait for its end, or take it back first.",
        "該索償的另一筆付款正在處理，請等候其完結或先行取消。",
        "该索偿的另一笔付款正在处理，请等候其完结或先行取消。",
    ),
    "PAYOUT_FENCE_STANDS": (
        "The bank may still carry the order out; nothing is found as not paid before that has"
        " passed.",
        "銀行仍可能執行該指示；在此之前不可判為未付。",
        "银行仍可能执行该指示；在此之前不可判为未付。",
    ),
    "PAYOUT_FOUND_ON_STATEMENT": (
        "The payer's statements show that the money left the account and did not come back.",
        "付款人結單顯示款項已支出且未退回。",
        "付款人结单显示款项已支出且未退回。",
    ),
    "PAYOUT_ENTRY_PROVES_NOTHING": (
        "This entry is no debit of the payout's amount under its reference; name the right one.",
        "此結單項目並非該付款編號及金額的支出，請指明正確項目。",
        "此结单项目并非该付款编号及金额的支出，请指明正确项目。",
    ),
    "PAYOUT_FOUND_BEFORE": (
        "Two keys have found before that this payout was paid.",
        "此付款先前已由兩人查明已付。",
        "此付款先前已由两人查明已付。",
    ),
    "PAYOUT_FINDING_UNKNOWN": (
        "There is no finding with this number for this payout; check both.",
        "此付款沒有此號碼的查明結果，請核對。",
        "此付款没有此号码的查明结果，请核对。",
    ),
    "PAYOUT_FINDING_DECIDED": (
        "This finding is known already, or has been decided.",
        "此查明結果已提交或已有決定。",
        "此查明结果已提交或已有决定。",
    ),
}
