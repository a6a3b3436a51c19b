"""The words of the pages of money that is given back, in the region's three languages."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

WRITE_OFF_PAGE_WORDS: dict[str, Triple] = {
    "claw_backs": ("Money given back", "退還款項", "退还款项"),
    "claw_back_one": ("Money to give back", "應退還款項", "应退还款项"),
    "claw_backs_are": (
        "What payees owe back to insurers. It ends with its owner's receipt, by itself when the "
        "bank brings it back, or where it was paid twice by a write-off of two people.",
        "收款人須退還保險公司的款項。由款項所屬一方確認收妥後結束;如由銀行退回則自動結束;"
        "屬重複支付的,可由兩人註銷。",
        "收款人须退还保险公司的款项。由款项所属一方确认收妥后结束;如由银行退回则自动结束;"
        "属重复支付的,可由两人核销。",
    ),
    "no_claw_back_fits": (
        "Nothing is to be given back here.",
        "沒有應退還的款項。",
        "没有应退还的款项。",
    ),
    "claw_backs_cut": (
        "The first {n}; narrow by state to see others.",
        "只顯示首{n}項;請按狀態篩選。",
        "只显示首{n}项;请按状态筛选。",
    ),
    "gives_back": ("Gives back", "退款人", "退款人"),
    "belongs_to": ("Belongs to", "款項屬於", "款项属于"),
    "cause": ("Cause", "原因", "原因"),
    "cause_CORRECTION": ("A corrected bill", "帳單更正", "账单更正"),
    "cause_CANCELLATION": ("A cancelled settlement", "結算取消", "结算取消"),
    "cause_DECISION": ("A later decision", "其後的決定", "其后的决定"),
    "cause_PAID_TWICE": ("Paid twice", "重複支付", "重复支付"),
    "back_due": ("Owed", "應退還", "应退还"),
    "back_received": ("Received", "已收妥", "已收妥"),
    "back_needless": ("Not owed any more", "已無須退還", "已无须退还"),
    "back_written_off": ("Written off", "已註銷", "已核销"),
    "word_waits": ("Waits for a second person", "待第二人決定", "待第二人决定"),
    "back_twice": ("Back twice", "收回兩次", "收回两次"),
    "ordered": ("Since", "自", "自"),
    "second_payout": ("The second payout", "重複的付款", "重复的付款"),
    "receipt_number": ("Receipt", "收據編號", "收据编号"),
    "of_it_undone": ("Taken back of the receipt", "已撤回的收妥金額", "已撤回的收妥金额"),
    "receive_back": ("Confirm that it is here", "確認收妥", "确认收妥"),
    "receive_effect": (
        "Confirmed, {amount} is booked as back with {who}, and nobody is asked for it any more.",
        "確認後,將記錄{who}已收回{amount},不再追討。",
        "确认后,将记录{who}已收回{amount},不再追讨。",
    ),
    "said_of_it": ("What people said of it", "相關人員的處理", "相关人员的处理"),
    "received_on": ("Received on", "收款日期", "收款日期"),
    "write_off_propose": ("Propose a write-off", "建議註銷", "建议核销"),
    "write_off_effect": (
        "Nothing is booked now. Once a second person agrees, nobody is asked for {amount} any "
        "more, and the books show it as a loss of {who}: from “Overpaid” to “Written off”.",
        "現時不作任何記帳。第二人同意後,不再追討{amount},並記為{who}的損失:由「多付款項」轉入"
        "「已註銷款項」。",
        "现时不作任何记账。第二人同意后,不再追讨{amount},并记为{who}的损失:由「多付款项」转入"
        "「已核销款项」。",
    ),
    "what_was_tried": ("What was tried", "追討經過", "追讨经过"),
    "write_off_decide": ("A write-off waits for you", "註銷待你決定", "核销待你决定"),
    "write_off_agree_effect": (
        "Agreed, {amount} is booked as a loss of {who} and nobody is asked for it. Refused, it is "
        "still owed. What comes back later all the same ends the loss by itself.",
        "同意後,{amount}記為{who}的損失,不再追討;拒絕則仍須退還。其後如仍收回,損失會自動沖銷。",
        "同意后,{amount}记为{who}的损失,不再追讨;拒绝则仍须退还。其后如仍收回,损失会自动冲销。",
    ),
    "write_off_yes": ("Agree to write it off", "同意註銷", "同意核销"),
    "write_off_no": ("Refuse", "拒絕", "拒绝"),
    "not_yourself": (
        "You said this yourself; another person decides it.",
        "此項由你提出,須由另一人決定。",
        "此项由你提出,须由另一人决定。",
    ),
    "find_out": ("Tell how it ended", "記錄結果", "记录结果"),
    "had_twice_is": (
        "{who} has {amount} from the payee and from the bank. Find out which it is, and tell it "
        "here.",
        "{who}由收款人及銀行兩次收回{amount}。請查明情況並在此記錄。",
        "{who}由收款人及银行两次收回{amount}。请查明情况并在此记录。",
    ),
    "found_what": ("What was found", "查明結果", "查明结果"),
    "proof": ("Transfer or entry", "轉帳或分錄編號", "转账或分录编号"),
    "find_effect": (
        "Nothing is booked or paid now. Once a second person confirms, the books show {amount} as "
        "received once. Nothing is ever paid by itself.",
        "現時不作任何記帳或付款。第二人確認後,帳目顯示{amount}只收回一次。系統不會自動付款。",
        "现时不作任何记账或付款。第二人确认后,账目显示{amount}只收回一次。系统不会自动付款。",
    ),
    "finding_decide": ("A finding waits for you", "查明結果待你確認", "查明结果待你确认"),
    "finding_agree_effect": (
        "Confirmed, the receipt of {amount} is taken back in the books of {who}. Refused, it "
        "stays as it is and somebody tells it anew.",
        "確認後,{who}帳目上的{amount}收妥記錄將撤回;拒絕則維持不變,須重新記錄。",
        "确认后,{who}账目上的{amount}收妥记录将撤回;拒绝则维持不变,须重新记录。",
    ),
    "finding_yes": ("Confirm", "確認", "确认"),
    "write_off_by": (
        "{who} proposed to write it off, {at}: {why}.",
        "{who}於{at}建議註銷:{why}。",
        "{who}于{at}建议核销:{why}。",
    ),
    "finding_by": (
        "{who} told how {amount} ended, {at}: {why} ({proof}).",
        "{who}於{at}記錄{amount}的結果:{why}({proof})。",
        "{who}于{at}记录{amount}的结果:{why}({proof})。",
    ),
    "finding_amount": (
        "Amount in CNY, all of it or a part",
        "金額(人民幣),全數或部分",
        "金额(人民币),全数或部分",
    ),
    "word_yes": ("{who} agreed, {at}.", "{who}於{at}同意。", "{who}于{at}同意。"),
    "word_no": ("{who} refused, {at}.", "{who}於{at}拒絕。", "{who}于{at}拒绝。"),
    "claw_back_said_before": (
        "This was said before; the page shows by whom.",
        "此前已有人處理;本頁顯示由誰處理。",
        "此前已有人处理;本页显示由谁处理。",
    ),
    "claw_back_received": ("Booked as received.", "已記錄收妥。", "已记录收妥。"),
    "write_off_asked": (
        "Proposed; it waits for a second person.",
        "已提出,有待第二人決定。",
        "已提出,有待第二人决定。",
    ),
    "write_off_agreed": ("Written off.", "已註銷。", "已核销。"),
    "write_off_refused": ("Refused; it is still owed.", "已拒絕,仍須退還。", "已拒绝,仍须退还。"),
    "finding_told": (
        "Told; it waits for a second person.",
        "已記錄,有待第二人確認。",
        "已记录,有待第二人确认。",
    ),
    "finding_confirmed": (
        "Confirmed; the books follow it.",
        "已確認,帳目已更正。",
        "已确认,账目已更正。",
    ),
    "finding_refused": (
        "Refused; nothing is booked.",
        "已拒絕,帳目不變。",
        "已拒绝,账目不变。",
    ),
    "fix_day": ("To the bank's days", "前往銀行對帳日", "前往银行对账日"),
    "fix_list": ("Others of this cause", "同一原因的其他事項", "同一原因的其他事项"),
    "fix_claw_back": ("To the money given back", "前往退還款項", "前往退还款项"),
}
