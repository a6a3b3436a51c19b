"""What a story says of a payout's rail, approval, recall and finding."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

PAYOUT_LINES: dict[str, Triple] = {
    "payout_rail": (
        "Payout {reference} goes by the rail {rail}. {why}",
        "付款{reference}經支付渠道{rail}支付。{why}",
        "付款{reference}经支付渠道{rail}支付。{why}",
    ),
    "payout_to_approve": (
        "Payout {reference} is above the amount that one person may release; it waits for a second"
        " key.",
        "付款{reference}超出單人可放行的金額,須由第二人放行。",
        "付款{reference}超出单人可放行的金额,须由第二人放行。",
    ),
    "payout_first_account": (
        "Payout {reference} is the first one to its account; it waits until a second key has"
        " compared account and name.",
        "付款{reference}為首次付至該帳戶,須待第二人核對戶名與帳號。",
        "付款{reference}为首次付至该账户,须待第二人核对户名与账号。",
    ),
    "payout_account_check": (
        "What the bank says of the account of payout {reference} leaves it open; it waits until a"
        " second key has compared account and name.",
        "銀行未能確定付款{reference}的帳戶,須待第二人核對戶名與帳號。",
        "银行未能确定付款{reference}的账户,须待第二人核对户名与账号。",
    ),
    "account_check_sent": (
        "Asked {bank} whether the account of payout {reference} is its holder's (question"
        " {number}); nothing is sent before it answers.",
        "向{bank}查詢付款{reference}的帳戶是否屬於該戶名(第{number}次);答覆前不會發送。",
        "向{bank}查询付款{reference}的账户是否属于该户名(第{number}次);答复前不会发送。",
    ),
    "bank_account_matched": (
        "{bank} confirms that the account of payout {reference} is its holder's.",
        "{bank}確認付款{reference}的帳戶屬於該戶名。",
        "{bank}确认付款{reference}的账户属于该户名。",
    ),
    "bank_account_close": (
        "{bank} says that the holder of the account of payout {reference} has nearly that name"
        " ({reason}).",
        "{bank}表示付款{reference}的帳戶戶名相近但不相同({reason})。",
        "{bank}表示付款{reference}的账户户名相近但不相同({reason})。",
    ),
    "bank_account_not_matched": (
        "{bank} says that the account of payout {reference} is not its holder's ({reason}).",
        "{bank}表示付款{reference}的帳戶不屬於該戶名({reason})。",
        "{bank}表示付款{reference}的账户不属于该户名({reason})。",
    ),
    "bank_account_unchecked": (
        "{bank} could not find out whose the account of payout {reference} is ({reason}).",
        "{bank}未能查明付款{reference}的帳戶屬於何人({reason})。",
        "{bank}未能查明付款{reference}的账户属于何人({reason})。",
    ),
    "payout_approved": (
        "A second key released payout {reference}.",
        "第二人已放行付款{reference}。",
        "第二人已放行付款{reference}。",
    ),
    "payout_not_approved": (
        "A second key refused payout {reference}; nothing was sent, and its entry is reversed.",
        "第二人拒絕放行付款{reference};未有發送,其分錄已沖銷。",
        "第二人拒绝放行付款{reference};未有发送,其分录已冲销。",
    ),
    "payout_cancelled_here": (
        "{insurer} took payout {reference} back ({reason}) before it was sent; its entry is"
        " reversed.",
        "{insurer}在發送前取消付款{reference}({reason});其分錄已沖銷。",
        "{insurer}在发送前取消付款{reference}({reason});其分录已冲销。",
    ),
    "payout_lowered": (
        "A later decision pays less, so payout {reference} of {amount} ended before it was sent;"
        " its entry is reversed.",
        "其後的決定減少賠付,金額{amount}的付款{reference}在發送前終止;其分錄已沖銷。",
        "其后的决定减少赔付,金额{amount}的付款{reference}在发送前终止;其分录已冲销。",
    ),
    "payout_rail_day_passed": (
        "Payout {reference} of {amount} waited beyond the day that its rail counts it on, so it is"
        " written anew with today's use of the rail; nothing of it was sent.",
        "金額{amount}的付款{reference}已過其支付渠道計算限額的日期,按今日已用限額重新開立;未有發送。",
        "金额{amount}的付款{reference}已过其支付渠道计算限额的日期,按今日已用限额重新开立;未有发送。",
    ),
    "payout_recall_asked": (
        "{insurer} wants payout {reference} back ({reason}); {bank} is asked to cancel it.",
        "{insurer}要求取消付款{reference}({reason});將向{bank}提出取消。",
        "{insurer}要求取消付款{reference}({reason});将向{bank}提出取消。",
    ),
    "bank_recall_sent": (
        "Asked {bank} to cancel payout {reference} (message {number}).",
        "向{bank}要求取消付款{reference}(第{number}次)。",
        "向{bank}要求取消付款{reference}(第{number}次)。",
    ),
    "bank_recalled": (
        "{bank} has cancelled payout {reference} ({reason}); its entry is reversed.",
        "{bank}已取消付款{reference}({reason});其分錄已沖銷。",
        "{bank}已取消付款{reference}({reason});其分录已冲销。",
    ),
    "bank_recall_refused": (
        "{bank} does not cancel payout {reference} ({reason}); it goes on.",
        "{bank}不取消付款{reference}({reason});付款繼續進行。",
        "{bank}不取消付款{reference}({reason});付款继续进行。",
    ),
    "bank_recall_pending": (
        "{bank} has not decided yet whether payout {reference} can be cancelled.",
        "{bank}尚未決定能否取消付款{reference}。",
        "{bank}尚未决定能否取消付款{reference}。",
    ),
    "payout_goes_out_less": (
        "Of what came back of payout {reference}, {amount} is owed by nothing any more: it stays"
        " with {insurer} and does not go out again.",
        "付款{reference}退回的款項中,{amount}已無須支付,留在{insurer},不再付出。",
        "付款{reference}退回的款项中,{amount}已无须支付,留在{insurer},不再付出。",
    ),
    "write_off_proposed": (
        "{insurer} proposed to ask for {amount} ({reference}) no more: {reason}. It waits for a"
        " second key.",
        "{insurer}建議不再追討{amount}({reference}):{reason}。有待第二人確認。",
        "{insurer}建议不再追讨{amount}({reference}):{reason}。有待第二人确认。",
    ),
    "written_off": (
        "A second key agreed: nobody is asked for {amount} ({reference}) any more; it is the loss"
        " of {insurer}.",
        "第二人已同意:不再追討{amount}({reference}),由{insurer}承擔損失。",
        "第二人已同意:不再追讨{amount}({reference}),由{insurer}承担损失。",
    ),
    "write_off_refused": (
        "A second key refused to write {amount} off ({reference}); it is still owed.",
        "第二人不同意註銷{amount}({reference});款項仍須退還。",
        "第二人不同意核销{amount}({reference});款项仍须退还。",
    ),
    "claw_back_finding_told": (
        "{insurer} looked into {amount} that it has back twice ({reference}): {outcome}. It waits"
        " for a second key.",
        "{insurer}已查核兩次收回的{amount}({reference}):{outcome}。有待第二人確認。",
        "{insurer}已查核两次收回的{amount}({reference}):{outcome}。有待第二人确认。",
    ),
    "claw_back_finding_confirmed": (
        "A second key confirmed what was found about {reference}: {insurer} has the money once, and"
        " the books say so.",
        "第二人已確認{reference}的查明結果:{insurer}只收回一次,帳目已據此更正。",
        "第二人已确认{reference}的查明结果:{insurer}只收回一次,账目已据此更正。",
    ),
    "claw_back_finding_refused": (
        "A second key refused what was found about {reference}; {insurer} still has the money"
        " twice.",
        "第二人不接納{reference}的查明結果;{insurer}仍兩次收回款項。",
        "第二人不接纳{reference}的查明结果;{insurer}仍两次收回款项。",
    ),
    "payout_found_paid": (
        "{insurer} found that payout {reference} was paid: entry {entry} of the statement. It"
        " waits for a second key.",
        "{insurer}查明付款{reference}已付:結單第{entry}項。有待第二人確認。",
        "{insurer}查明付款{reference}已付:结单第{entry}项。有待第二人确认。",
    ),
    "payout_found_not_paid": (
        "{insurer} found that payout {reference} was not paid. It waits for a second key.",
        "{insurer}查明付款{reference}未付。有待第二人確認。",
        "{insurer}查明付款{reference}未付。有待第二人确认。",
    ),
    "payout_finding_confirmed": (
        "A second key confirmed what was found about payout {reference}; the books follow it.",
        "第二人確認付款{reference}的查明結果,帳目已據此更正。",
        "第二人确认付款{reference}的查明结果,账目已据此更正。",
    ),
    "payout_finding_refused": (
        "A second key refused what was found about payout {reference}; nothing is booked.",
        "第二人不接納付款{reference}的查明結果,帳目不變。",
        "第二人不接纳付款{reference}的查明结果,账目不变。",
    ),
}

PAYOUT_CODES: dict[str, Triple] = {
    "NOT_APPROVED": ("a second key refused it", "第二人拒絕放行", "第二人拒绝放行"),
    "FOUND_PAID": (
        "an earlier payout was paid after all",
        "較早的付款其後查明已付",
        "较早的付款其后查明已付",
    ),
    "DECISION_LOWERED": (
        "a later decision pays less",
        "其後的決定減少賠付",
        "其后的决定减少赔付",
    ),
    "FOUND_NOT_PAID": ("two keys found that it was not paid", "兩人查明未付", "两人查明未付"),
    "PAYOUT_RAIL_UNKNOWN": (
        "no rail is known to carry the payout",
        "未知任何可用於該付款的支付渠道",
        "未知任何可用于该付款的支付渠道",
    ),
    "CUST": ("its payer asked for it, CUST", "應付款人要求,CUST", "应付款人要求,CUST"),
    "DUPL": ("it was ordered twice, DUPL", "重複指示,DUPL", "重复指示,DUPL"),
    "FRAD": ("fraud is suspected, FRAD", "懷疑欺詐,FRAD", "怀疑欺诈,FRAD"),
    "TECH": ("a technical cause, TECH", "技術原因,TECH", "技术原因,TECH"),
    "AM09": ("wrong amount, AM09", "金額錯誤,AM09", "金额错误,AM09"),
    "NOOR": (
        "the bank has no such payment, NOOR",
        "銀行沒有該筆付款,NOOR",
        "银行没有该笔付款,NOOR",
    ),
}

WRITE_OFF_REASONS: dict[str, Triple] = {
    "payee_cannot": ("the payee cannot pay", "收款人無力退款", "收款人无力退款"),
    "payee_not_found": ("the payee is not found", "找不到收款人", "找不到收款人"),
    "cost_above_amount": (
        "asking costs more than the amount",
        "追討成本高於款額",
        "追讨成本高于款额",
    ),
    "agreed": ("agreed with the payee", "與收款人協定", "与收款人协定"),
}

TWICE_OUTCOMES: dict[str, Triple] = {
    "sent_back": (
        "the second one was sent to the payee",
        "多收的一筆已退還收款人",
        "多收的一笔已退还收款人",
    ),
    "not_received": (
        "the payee gave nothing back, and the receipt was booked by mistake",
        "收款人並未退款,收妥記錄有誤",
        "收款人并未退款,收妥记录有误",
    ),
}

PAYOUT_EXCEPTIONS: dict[str, Triple] = {
    "CLAW_BACK_FINDING_PROPOSED": (
        "what was found about money that came back twice waits for a second key",
        "兩次收回款項的查明結果有待第二人確認",
        "两次收回款项的查明结果有待第二人确认",
    ),
    "CLAW_BACK_WRITE_OFF_PROPOSED": (
        "a write-off waits for a second key",
        "註銷款項有待第二人確認",
        "核销款项有待第二人确认",
    ),
    "GIVEN_BACK_TWICE": (
        "an insurer has money back twice: from the bank and from its payee",
        "保險公司兩次收回同一款項:由銀行及收款人退回",
        "保险公司两次收回同一款项:由银行及收款人退回",
    ),
    "PAYOUT_TO_APPROVE": (
        "a payout waits for a second key",
        "一筆付款有待第二人放行",
        "一笔付款有待第二人放行",
    ),
    "PAYOUT_CANCELLED": (
        "a payout was cancelled; the money is still owed",
        "一筆付款已取消,款項仍未支付",
        "一笔付款已取消,款项仍未支付",
    ),
    "PAYOUT_RECALL_ASKED": (
        "the payer wants a payout back",
        "付款人要求取消付款",
        "付款人要求取消付款",
    ),
    "PAYOUT_FINDING_PROPOSED": (
        "what was found about a payout waits for a second key",
        "付款的查明結果有待第二人確認",
        "付款的查明结果有待第二人确认",
    ),
    "PAYOUT_PAID_TWICE": (
        "a claim was paid twice; what is too much is owed by the payee",
        "一項索償重複支付,多付款項由收款人欠付",
        "一项索偿重复支付,多付款项由收款人欠付",
    ),
    "PAYOUT_LATE_FORECAST": (
        "a payout is expected after the time that was promised",
        "付款預計遲於承諾時間到帳",
        "付款预计迟于承诺时间到账",
    ),
}

PAYOUT_TO_DO: dict[str, Triple] = {
    "CLAW_BACK_WRITE_OFF_PROPOSED": (
        "A second person looks at what was tried, and agrees or refuses.",
        "由第二人查看追討經過,再同意或拒絕。",
        "由第二人查看追讨经过,再同意或拒绝。",
    ),
    "CLAW_BACK_FINDING_PROPOSED": (
        "A second person compares the finding with the named transfer or entry, and confirms or"
        " refuses it.",
        "由第二人將查明結果與所列轉帳或分錄核對,再確認或拒絕。",
        "由第二人将查明结果与所列转账或分录核对,再确认或拒绝。",
    ),
    "GIVEN_BACK_TWICE": (
        "The insurer finds out what it has: it sends the second one to the payee, or the receipt"
        " was a mistake. One person tells it here, a second one confirms; nothing is paid by"
        " itself.",
        "由保險公司查明:將多收的款項退還收款人,或更正誤記的收妥記錄。由一人在此記錄,另一人確認;"
        "系統不會自動支付。",
        "由保险公司查明:将多收的款项退还收款人,或更正误记的收妥记录。由一人在此记录,另一人确认;"
        "系统不会自动支付。",
    ),
    "PAYOUT_TO_APPROVE": (
        "Another person than the one who decided compares amount and account, and releases or"
        " refuses it.",
        "由決定者以外的人核對金額及帳戶,再放行或拒絕。",
        "由决定者以外的人核对金额及账户,再放行或拒绝。",
    ),
    "PAYOUT_CANCELLED": (
        "If the money is still owed, one person proposes the account and a second one approves it.",
        "如款項仍須支付,由一人提出帳戶,另一人批准。",
        "如款项仍须支付,由一人提出账户,另一人批准。",
    ),
    "PAYOUT_RECALL_ASKED": (
        "Nothing: the bank is asked, and asked again while it is silent.",
        "無須處理:系統會向銀行提出,並在其未答覆時再次查詢。",
        "无须处理:系统会向银行提出,并在其未答复时再次查询。",
    ),
    "PAYOUT_FINDING_PROPOSED": (
        "A second person compares the finding with the bank's statement and confirms or refuses"
        " it.",
        "由第二人將查明結果與銀行結單核對,再確認或拒絕。",
        "由第二人将查明结果与银行结单核对,再确认或拒绝。",
    ),
    "PAYOUT_PAID_TWICE": (
        "Ask the payee to give back what was paid too much and confirm its receipt, or write it off"
        " with a second person.",
        "要求收款人退回多付款項並確認收妥,或由兩人註銷。",
        "要求收款人退回多付款项并确认收妥,或由两人核销。",
    ),
    "PAYOUT_LATE_FORECAST": (
        "Tell the patient when the money is expected; the time by which it is due stays.",
        "告知病人預計到帳時間;承諾時限不變。",
        "告知病人预计到账时间;承诺时限不变。",
    ),
}

PAYOUT_WAITING: dict[str, Triple] = {
    "BANK_TO_BE_APPROVED": (
        "Waits for a second key to release a payout; nothing is sent before.",
        "等待第二人放行付款;在此之前不會發送。",
        "等待第二人放行付款;在此之前不会发送。",
    ),
    "PAYOUT_CANCELLED": (
        "Waits for a person: a payout was cancelled, and nothing is paid by itself.",
        "等待人員處理:一筆付款已取消,系統不會自動支付。",
        "等待人员处理:一笔付款已取消,系统不会自动支付。",
    ),
}
