"""The words of the pages of finance, in the region's three languages."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

FINANCE: dict[str, Triple] = {
    "finance_overview": ("Overview", "總覽", "总览"),
    "reconciliation": ("Reconciliation", "對帳", "对账"),
    "reconciliation_is": (
        "Days of your accounts, and of what insurers, the bureau and the Department of Health "
        "say of them. A day closes by itself when everything on it is matched or explained. "
        "Matching moves no money.",
        "貴機構帳戶的各日,以及保險公司、醫保局和衞生署就該日的資料。當日所有項目均已配對或說明後"
        "自動結帳。配對不會移動任何款項。",
        "贵机构账户的各日,以及保险公司、医保局和卫生署就该日的资料。当日所有项目均已配对或说明后"
        "自动结账。配对不会移动任何款项。",
    ),
    "days_all": ("Closed days too", "連同已結帳的日子", "连同已结账的日子"),
    "of_what": ("Of what", "來源", "来源"),
    "whose_account": ("Whose account", "帳戶所屬", "账户所属"),
    "entries": ("Items", "項目數", "项目数"),
    "to_look_at": ("To look at", "待處理", "待处理"),
    "no_day_waits": (
        "Every day is matched or explained.",
        "各日均已配對或說明。",
        "各日均已配对或说明。",
    ),
    "all_days": ("All days", "所有日子", "所有日子"),
    "by_bank": ("by the bank", "按銀行", "按银行"),
    "by_ledger": ("by our ledger", "按我方帳目", "按我方账目"),
    "difference": ("Difference", "差額", "差额"),
    "matching_how": (
        "Tick what belongs together on either side, or drag one item onto another. Arrow keys "
        "move between the items, the space bar ticks. The difference must be explained by your "
        "reason.",
        "勾選兩側相應的項目,或將一項拖到另一項上。方向鍵移動,空白鍵勾選。如有差額,請在原因中說明。",
        "勾选两侧相应的项目,或将一项拖到另一项上。方向键移动,空格键勾选。如有差额,请在原因中说明。",
    ),
    "matching_read": (
        "Your role sees this day and does not match it.",
        "你的角色可查看,但不能配對。",
        "你的角色可查看,但不能配对。",
    ),
    "day_is_cut": (
        "This day has more items than one page holds; open ones come first. The rest "
        "appears as these are done.",
        "當日項目多於一頁所能顯示,未處理的排在前面;處理後其餘項目會顯示。",
        "当日项目多于一页所能显示,未处理的排在前面;处理后其余项目会显示。",
    ),
    "day_blocked": (
        "A statement has a fault that keeps days open",
        "結單有問題,當日不能結帳",
        "结算单有问题,当日不能结账",
    ),
    "side_bank": ("By the bank", "銀行", "银行"),
    "side_theirs": ("By the other side", "對方", "对方"),
    "side_ours": ("By us", "我方", "我方"),
    "without_reference": ("no reference of ours", "沒有我方編號", "没有我方编号"),
    "choose_both": ("Choose both", "選取兩項", "选取两项"),
    "nothing_on_this_side": (
        "Nothing on this side.",
        "此側沒有項目。",
        "此侧没有项目。",
    ),
    "chosen": ("What is chosen", "已選項目", "已选项目"),
    "nothing_chosen": (
        "Nothing is chosen yet.",
        "尚未選取項目。",
        "尚未选取项目。",
    ),
    "reason_of_match": (
        "Why these belong together, or why this stays open",
        "配對或保留未結的原因",
        "配对或保留未结的原因",
    ),
    "match_these": ("Match", "配對", "配对"),
    "explain_these": ("Explain and leave as it is", "說明並保留原狀", "说明并保留原状"),
    "made_by_hand": ("By hand", "人手處理", "人工处理"),
    "nothing_by_hand": (
        "Nobody has matched or explained anything on this day.",
        "當日沒有人手配對或說明。",
        "当日没有人工配对或说明。",
    ),
    "made_line": ("{who}, {at}:", "{who}，{at}：", "{who}，{at}："),
    "made_match": ("Matched", "已配對", "已配对"),
    "made_explain": ("Explained", "已說明", "已说明"),
    "made_explained": ("Explained", "已說明", "已说明"),
    "undo": ("Take back", "撤銷", "撤销"),
    "undo_confirm": ("Take it back", "確認撤銷", "确认撤销"),
    "day_history": ("What happened to this day", "當日經過", "当日经过"),
    "day_closed": ("Closed", "結帳", "结账"),
    "day_reopened": ("Opened again", "重新開啟", "重新开启"),
    "day_closes": (
        "The day closes when everything on it is matched or explained, and opens again when a "
        "match is taken back or the bank says something else.",
        "所有項目配對或說明後當日結帳;撤銷配對或銀行另有說法時會重新開啟。",
        "所有项目配对或说明后当日结账;撤销配对或银行另有说法时会重新开启。",
    ),
    "meanwhile_matched": (
        "Meanwhile {who} did this at {at}: {why}",
        "期間{who}已於{at}處理:{why}",
        "期间{who}已于{at}处理:{why}",
    ),
    "meanwhile_undone": (
        "Meanwhile {who} took it back at {at}: {why}",
        "期間{who}已於{at}撤銷:{why}",
        "期间{who}已于{at}撤销:{why}",
    ),
    "order_matched": (
        "Matched. It can be taken back below.",
        "已配對,可於下方撤銷。",
        "已配对,可于下方撤销。",
    ),
    "order_explained": (
        "Explained. It can be taken back below.",
        "已說明,可於下方撤銷。",
        "已说明,可于下方撤销。",
    ),
    "order_undone": (
        "Taken back: everything stands as before.",
        "已撤銷,回復原狀。",
        "已撤销,回复原状。",
    ),
    "order_waits": (
        "Your word is kept and is applied as soon as the engine answers; look again in a moment.",
        "已儲存,系統回應後即會執行;請稍後再查看。",
        "已保存,系统回应后即会执行;请稍后再查看。",
    ),
    "receivables": ("Receivables", "應收款項", "应收款项"),
    "receivables_are": (
        "What funders owe by the ledger, by the days since the first bill of each episode.",
        "按帳目各付款方的欠款,帳齡由每宗個案首張帳單起計。",
        "按账目各付款方的欠款,账龄由每宗个案首张账单起计。",
    ),
    "no_receivable": ("Nobody owes anything.", "沒有欠款。", "没有欠款。"),
    "currency": ("Currency", "貨幣", "货币"),
    "age_30": ("to 30 days", "30日內", "30日内"),
    "age_60": ("31 to 60", "31至60日", "31至60日"),
    "age_90": ("61 to 90", "61至90日", "61至90日"),
    "age_older": ("over 90", "逾90日", "逾90日"),
    "whole": ("Total", "總額", "总额"),
    "settlements": ("Settlements", "結算", "结算"),
    "settlements_are": (
        "What each funder settles with each hospital on one day, with its remittance advice. "
        "A day's settlement follows from the ledger by itself; nobody has to start it.",
        "各付款方於一日內與各醫院的結算及付款通知。每日結算由帳目自動得出,無須人手開始。",
        "各付款方于一日内与各医院的结算及付款通知。每日结算由账目自动得出,无须人工开始。",
    ),
    "no_settlement": (
        "Nothing was settled on this day.",
        "當日沒有結算。",
        "当日没有结算。",
    ),
    "settled_days": (
        "Days near it with settlements",
        "鄰近有結算的日子",
        "邻近有结算的日子",
    ),
    "advice_number": ("Number", "編號", "编号"),
    "lines_how_many": ("Lines", "項數", "项数"),
    "settled_payments": ("Payments", "付款", "付款"),
    "settled_back": ("Taken back", "追回", "追回"),
    "settled_payable": ("Payable", "應付", "应付"),
    "remittance_advice": ("Remittance advice", "付款通知", "付款通知"),
    "drift": ("Exchange differences", "匯兌差額", "汇兑差额"),
    "drift_is": (
        "What benefits became worth more or less in yuan between the decision and the payout, "
        "by month of the payout and currency of the benefit.",
        "由決定至付款期間,賠償折合人民幣的增減,按付款月份及賠償貨幣列出。",
        "由决定至付款期间,赔偿折合人民币的增减,按付款月份及赔偿货币列出。",
    ),
    "no_drift": (
        "No payout was worth more or less than decided.",
        "付款折算沒有增減。",
        "付款折算没有增减。",
    ),
    "worth_more": ("Worth more, CNY", "增值(人民幣)", "增值(人民币)"),
    "worth_less": ("Worth less, CNY", "減值(人民幣)", "减值(人民币)"),
    "drift_cny": ("Difference, CNY", "差額(人民幣)", "差额(人民币)"),
    "amount_cny": ("Amount, CNY", "金額(人民幣)", "金额(人民币)"),
    "payout_reference": ("Payout", "付款編號", "付款编号"),
    "payee_hospital": ("the hospital", "醫院", "医院"),
    "payee_patient": ("the patient", "病人", "病人"),
    "payouts_cut": (
        "The first {n}; narrow the list to see the others.",
        "只顯示首{n}項;請篩選以查看其他。",
        "只显示首{n}项;请筛选以查看其他。",
    ),
    "no_payout_fits": ("No payout fits.", "沒有符合的付款。", "没有符合的付款。"),
    "account_waits": (
        "new account to approve",
        "新帳戶待批准",
        "新账户待批准",
    ),
    "recall": ("recall asked", "已要求撤回", "已要求撤回"),
    "from": ("From", "付款方", "付款方"),
    "to": ("To", "收款方", "收款方"),
    "bank_reason": ("Reason", "原因", "原因"),
    "what_people_said": (
        "What people said of this payout",
        "各人就此付款的處理",
        "各人就此付款的处理",
    ),
    "nobody_said": (
        "Nobody had to say anything.",
        "沒有需要人手處理的事項。",
        "没有需要人工处理的事项。",
    ),
    "see_what_was_said": (
        "What other people said meanwhile stands below.",
        "期間其他人的處理見下。",
        "期间其他人的处理见下。",
    ),
    "approval_asked": (
        "A second person's word is needed since {at}.",
        "自{at}起須由第二人批准。",
        "自{at}起须由第二人批准。",
    ),
    "approval_yes": (
        "{who} said yes at {at}: {why}",
        "{who}於{at}同意:{why}",
        "{who}于{at}同意:{why}",
    ),
    "approval_no": (
        "{who} said no at {at}: {why}",
        "{who}於{at}不同意:{why}",
        "{who}于{at}不同意:{why}",
    ),
    "recall_by": (
        "{who} asked for it back at {at}: {why}",
        "{who}於{at}要求撤回:{why}",
        "{who}于{at}要求撤回:{why}",
    ),
    "account_by": (
        "{who} gave another account at {at}: {holder}, {bank}, ending in {ends}",
        "{who}於{at}提出新帳戶:{holder},{bank},尾號{ends}",
        "{who}于{at}提出新账户:{holder},{bank},尾号{ends}",
    ),
    "recall_state_asked": ("asked", "已提出", "已提出"),
    "recall_state_sent": ("with the bank", "銀行處理中", "银行处理中"),
    "recall_state_unknown": ("outcome unknown", "結果未明", "结果未明"),
    "recall_state_accepted": ("came back", "已撤回", "已撤回"),
    "recall_state_refused": ("the bank refused", "銀行拒絕", "银行拒绝"),
    "recall_state_needless": ("not needed", "無須撤回", "无须撤回"),
    "recall_DUPL": ("paid twice", "重複付款", "重复付款"),
    "recall_CUST": ("the payer wishes it", "付款方要求", "付款方要求"),
    "recall_FRAD": ("suspected fraud", "懷疑欺詐", "怀疑欺诈"),
    "recall_TECH": ("technical fault", "技術問題", "技术问题"),
    "recall_AM09": ("wrong amount", "金額錯誤", "金额错误"),
    "recall_AC03": ("wrong account", "帳戶錯誤", "账户错误"),
    "approve_payout": (
        "This payout waits for a second person",
        "此付款須由第二人批准",
        "此付款须由第二人批准",
    ),
    "approve_effect": (
        "Released, it is sent to the bank. Refused, it is cancelled and nothing is paid by it.",
        "批准後發送至銀行;拒絕則取消,不會付款。",
        "批准后发送至银行;拒绝则取消,不会付款。",
    ),
    "release_payout": ("Release it", "批准付款", "批准付款"),
    "refuse_payout": ("Refuse it", "拒絕", "拒绝"),
    "recall_payout": ("Ask for it back", "要求撤回", "要求撤回"),
    "recall_effect": (
        "Before it is sent it is cancelled here; afterwards the bank is asked, and may refuse.",
        "發送前在此取消;發送後向銀行要求,銀行可能拒絕。",
        "发送前在此取消;发送后向银行要求,银行可能拒绝。",
    ),
    "other_account": ("Another account", "另一帳戶", "另一账户"),
    "other_account_effect": (
        "The payee gave and signed for another account. A second person at the payer approves it "
        "before anything is sent.",
        "收款人提供並簽署確認另一帳戶。付款方第二人批准後才會發送。",
        "收款人提供并签署确认另一账户。付款方第二人批准后才会发送。",
    ),
    "account_holder": ("Account holder", "帳戶持有人", "账户持有人"),
    "account_number": ("Account or card number", "帳戶或卡號", "账户或卡号"),
    "account_bank_name": ("Bank and branch", "銀行及分行", "银行及分行"),
    "account_bank_code": ("CNAPS code of the bank", "銀行聯行號", "银行联行号"),
    "signed_on": ("Signed by the payee on", "收款人簽署日期", "收款人签署日期"),
    "propose_account": ("Give this account", "提交此帳戶", "提交此账户"),
    "decide_account": (
        "Another account waits for your word",
        "新帳戶待你批准",
        "新账户待你批准",
    ),
    "account_yes": ("Pay to this account", "付款至此帳戶", "付款至此账户"),
    "account_no": ("Not to this account", "不用此帳戶", "不用此账户"),
    "payout_released": ("Released; it is sent now.", "已批准,正在發送。", "已批准,正在发送。"),
    "payout_refused": ("Refused; nothing is paid.", "已拒絕,不會付款。", "已拒绝,不会付款。"),
    "payout_recalled": (
        "It is asked for back; the outcome will stand here.",
        "已要求撤回,結果會在此顯示。",
        "已要求撤回,结果会在此显示。",
    ),
    "payout_said_before": (
        "This was said before; nothing was done twice. What stands is below.",
        "此前已處理,沒有重複執行;現況見下。",
        "此前已处理,没有重复执行;现况见下。",
    ),
    "account_proposed": (
        "The account waits for a second person at the payer.",
        "帳戶待付款方第二人批准。",
        "账户待付款方第二人批准。",
    ),
    "account_approved": (
        "Approved; it is paid there.",
        "已批准,將付款至此帳戶。",
        "已批准,将付款至此账户。",
    ),
    "account_refused": (
        "Not approved; another account can be given.",
        "未批准,可另提帳戶。",
        "未批准,可另提账户。",
    ),
}

MOVEMENTS: dict[str, Triple] = {
    "payout": ("payout", "付款", "付款"),
    "return": ("return", "退回", "退回"),
    "receipt": ("receipt", "收款", "收款"),
    "voucher": ("voucher reimbursement", "醫療券償付", "医疗券偿付"),
}

SOURCES: dict[str, Triple] = {
    "remittance": ("Insurer's remittance", "保險公司付款通知", "保险公司付款通知"),
    "bureau_total": ("Basic insurance, totals", "醫保局總額", "医保局总额"),
    "bureau_detail": ("Basic insurance, settlements", "醫保局結算明細", "医保局结算明细"),
    "voucher": ("Voucher reimbursements", "醫療券償付", "医疗券偿付"),
}
