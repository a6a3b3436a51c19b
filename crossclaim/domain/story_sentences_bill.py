"""What a story says of a bill's versions: drafts, corrections, cancelled settlements."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

SENTENCES: dict[str, Triple] = {
    "bill_draft": (
        "{hospital} sent bill {number} version {version} as a draft over {total}; its split, by "
        "which nothing moves: {split}.",
        "{hospital}提交帳單{number}第{version}版草稿,合計{total};分帳(不涉及款項):{split}。",
        "{hospital}提交账单{number}第{version}版草稿,合计{total};分账(不涉及款项):{split}。",
    ),
    "bill_corrected": (
        "{hospital} corrected bill {number} ({correction}): version {version} takes the place of "
        "version {older}, {change} against it; the split: {split}.",
        "{hospital}更正帳單{number}({correction}):第{version}版取代第{older}版,差額{change};"
        "分帳:{split}。",
        "{hospital}更正账单{number}({correction}):第{version}版取代第{older}版,差额{change};"
        "分账:{split}。",
    ),
    "bill_reopened": (
        "{organisation} reopened a bill: it is a draft again, and nobody owes anything by it.",
        "{organisation}重開帳單:該帳單已退回草稿,不再構成任何應付款項。",
        "{organisation}重开账单:该账单已退回草稿,不再构成任何应付款项。",
    ),
    "settlement_taken_back": (
        "{organisation} cancelled a bill's settlement: every due, receipt and claim of it is taken "
        "back, and what was paid is ordered back.",
        "{organisation}取消帳單結算:其所有應付、收款及索償已撤回,已付款項已要求退還。",
        "{organisation}取消账单结算:其所有应付、收款及索偿已撤回,已付款项已要求退还。",
    ),
    "coverage_added": (
        "{organisation} added a cover that was stated after the episode was opened.",
        "{organisation}加入個案開立後才申報的保障。",
        "{organisation}加入个案开立后才申报的保障。",
    ),
    "claim_replaced": (
        "A corrected version of the bill replaces claim {reference}; only the difference to it is "
        "paid or given back.",
        "帳單的更正版本取代索償{reference};只支付或退還差額。",
        "账单的更正版本取代索偿{reference};只支付或退还差额。",
    ),
    "claim_taken_back": (
        "Claim {reference} is withdrawn with its settlement.",
        "索償{reference}隨結算撤回。",
        "索偿{reference}随结算撤回。",
    ),
    "use_record_void": (
        "The record on use of vouchers of claim {reference} was printed again, as void.",
        "申報{reference}的醫療券使用記錄已重印,註明作廢。",
        "申报{reference}的医疗券使用记录已重印,注明作废。",
    ),
    "claw_back_ordered": (
        "{payee} is to give {amount} back to {insurer} ({reference}).",
        "{payee}須向{insurer}退還{amount}({reference})。",
        "{payee}须向{insurer}退还{amount}({reference})。",
    ),
    "claw_back_received": (
        "{insurer} has {amount} back ({reference}).",
        "{insurer}已收回{amount}({reference})。",
        "{insurer}已收回{amount}({reference})。",
    ),
    "claw_back_needless": (
        "{payee} need not give {amount} back to {insurer} any more ({reference}): that money was "
        "not paid after all.",
        "{payee}無須再向{insurer}退還{amount}({reference}):該款項其後查明並未支付。",
        "{payee}无须再向{insurer}退还{amount}({reference}):该款项其后查明并未支付。",
    ),
}
CORRECTIONS: dict[str, Triple] = {
    "replace": ("a replacement", "取代", "取代"),
    "late_charge": ("a late charge", "補收費用", "补收费用"),
    "cancel_item": ("an item cancelled", "取消項目", "取消项目"),
}
KINDS: dict[str, Triple] = {
    "reopen_bill": ("the reopening of a bill", "重開帳單", "重开账单"),
    "cancel_bill_settlement": ("the cancellation of a settlement", "取消結算", "取消结算"),
    "confirm_claw_back": ("money given back", "退還款項", "退还款项"),
    "propose_claw_back_write_off": (
        "a proposal to write money off",
        "註銷款項的建議",
        "核销款项的建议",
    ),
    "decide_claw_back_write_off": (
        "the word on a write-off",
        "對註銷款項的決定",
        "对核销款项的决定",
    ),
    "propose_claw_back_finding": (
        "what was found about money that came back twice",
        "兩次收回款項的查明結果",
        "两次收回款项的查明结果",
    ),
    "decide_claw_back_finding": (
        "the word on a finding about money that came back twice",
        "對兩次收回款項查明結果的決定",
        "对两次收回款项查明结果的决定",
    ),
    "add_coverage": ("a cover stated late", "後補的保障", "后补的保障"),
}
STEPS: dict[str, Triple] = {
    "take_back_claim": (
        "tell the insurer that a settlement was cancelled",
        "通知保險公司結算已取消",
        "通知保险公司结算已取消",
    ),
}
THINGS: dict[str, Triple] = {
    "withdraw": (
        "a claim to be taken back, by its reference alone",
        "撤回索償(只提供編號)",
        "撤回索偿(只提供编号)",
    ),
}
RESULTS: dict[str, Triple] = {
    "replaced": ("decided", "決定", "决定"),
    "withdrawing": ("decided", "決定", "决定"),
    "voided": ("decided", "決定", "决定"),
}
EXCEPTIONS: dict[str, Triple] = {
    "CLAW_BACK_DUE": (
        "a payee has to give money of a payout back",
        "收款人須退還已付款項",
        "收款人须退还已付款项",
    ),
    "CLAIM_WITHDRAWAL_REFUSED": (
        "an insurer did not take the word that a settlement was cancelled",
        "保險公司未接納結算已取消的通知",
        "保险公司未接纳结算已取消的通知",
    ),
    "DECISION_AFTER_CANCELLATION": (
        "an insurer decided on a claim whose settlement was cancelled; the decision is kept and "
        "nothing is paid",
        "保險公司就已取消結算的索償作出決定;決定已保存,並無支付任何款項",
        "保险公司就已取消结算的索偿作出决定;决定已保存,并无支付任何款项",
    ),
}
WAITING: dict[str, Triple] = {
    "PAYEE_CLAW_BACK": (
        "Waits until money that has to go back is with its insurer.",
        "等待須退還的款項退回保險公司。",
        "等待须退还的款项退回保险公司。",
    ),
}
TO_DO: dict[str, Triple] = {
    "CLAW_BACK_DUE": (
        "Have the payee give the amount back; the insurer confirms it under this reference.",
        "請收款人退還該款項;保險公司以此編號確認收妥。",
        "请收款人退还该款项;保险公司以此编号确认收妥。",
    ),
    "CLAIM_WITHDRAWAL_REFUSED": (
        "Call the insurer: the claim of this reference is withdrawn, and nothing of it is to be "
        "paid.",
        "致電保險公司:此編號的索償已撤回,不應再支付。",
        "致电保险公司:此编号的索偿已撤回,不应再支付。",
    ),
    "DECISION_AFTER_CANCELLATION": (
        "Tell the insurer that the settlement was cancelled; a new bill is a new claim.",
        "告知保險公司結算已取消;新帳單為新的索償。",
        "告知保险公司结算已取消;新账单为新的索偿。",
    ),
}
