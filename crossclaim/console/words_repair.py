"""Words of the repair pages."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

REPAIR_WORDS: dict[str, Triple] = {
    "repair": ("Repair", "修復", "修复"),
    "repair_what": ("What can be done", "可採取的處理", "可采取的处理"),
    "repair_nothing": (
        "Nothing can be done here now; what is open is listed above with who has to act.",
        "現時沒有可在此處理的事項;待辦事項及負責方見上。",
        "现时没有可在此处理的事项;待办事项及负责方见上。",
    ),
    "repair_open": ("What is wrong", "待處理的問題", "待处理的问题"),
    "repair_none_wrong": (
        "Nothing is reported as wrong.",
        "沒有待處理的問題。",
        "没有待处理的问题。",
    ),
    "repair_past": ("What was done before", "過往處理", "过往处理"),
    "repair_look": ("See the effect first", "先查看影響", "先查看影响"),
    "repair_fits": ("Put it right", "前往處理", "前往处理"),
    "repair_back": ("Back to repair", "返回修復頁", "返回修复页"),
    "repair_effect": ("What will happen", "將會發生的事", "将会发生的事"),
    "repair_stays": ("What stays as it is", "保持不變的事", "保持不变的事"),
    "repair_meanwhile": ("What happened meanwhile", "其間發生的事", "其间发生的事"),
    "repair_not_done": ("Nothing was done", "未作任何更改", "未作任何更改"),
    "repair_acted_before": (
        "Somebody has done this first, perhaps you in another tab. Below is how it stands now.",
        "此項已由他人(或您在另一分頁)先行處理。現況如下。",
        "此项已由他人(或您在另一分页)先行处理。现况如下。",
    ),
    "repair_kept": (
        "The order is kept and is worked on; look again in a moment.",
        "指示已保存並正在處理,請稍後再看。",
        "指示已保存并正在处理,请稍后再看。",
    ),
    "repair_reason": ("Reason", "原因", "原因"),
    "repair_note": (
        "In your words, for whoever looks next",
        "請說明,供其後處理的人參考",
        "请说明,供其后处理的人参考",
    ),
    "repair_until": ("Until (optional)", "至(可留空)", "至(可留空)"),
    "repair_until_then": ("until", "至", "至"),
    "repair_at_end": ("When that time comes", "到期時", "到期时"),
    "repair_at_end_remind": ("remind us, and stay held", "提醒,並繼續暫停", "提醒,并继续暂停"),
    "repair_at_end_release": ("go on by itself", "自動繼續", "自动继续"),
    "repair_by": ("by", "由", "由"),
    "repair_of_staff": ("staff", "工作人員", "工作人员"),
    "repair_party": ("Party", "各方", "各方"),
    "repair_reversed": ("Reversed", "撤銷", "撤销"),
    "repair_owed": ("Already out, given back", "已付出,須退還", "已付出,须退还"),
    "repair_out": ("is out already", "已發出", "已发出"),
    "repair_known": ("is known there", "對方已知悉", "对方已知悉"),
    "repair_no_money": (
        "No money of anybody is touched: there is nothing to take back.",
        "不涉及任何款項:沒有須撤銷的事項。",
        "不涉及任何款项:没有须撤销的事项。",
    ),
    "repair_step": ("Step", "步驟", "步骤"),
    "repair_proposed": ("Waits for a second person", "有待第二人決定", "有待第二人决定"),
    "repair_skipped": ("left out", "已略過", "已略过"),
    "repair_kept_step": ("not left out", "不略過", "不略过"),
    "repair_agree": ("Leave it out", "同意略過", "同意略过"),
    "repair_disagree": ("Keep the step", "不同意", "不同意"),
    "repair_held_now": ("This episode is held", "個案已暫停", "个案已暂停"),
    "repair_cancelled_now": ("This episode is cancelled", "個案已取消", "个案已取消"),
    "repair_ended": ("ended", "已結束", "已结束"),
    "repair_hold": ("Hold the episode", "暫停個案", "暂停个案"),
    "repair_hold_does": (
        "Nothing new is sent to anybody, and no money moves, until it is released.",
        "解除前不向任何一方發送新的訊息,亦不付款。",
        "解除前不向任何一方发送新的讯息,亦不付款。",
    ),
    "repair_hold_stays": (
        "Answers that come in are taken in. A payment that a bank has already is followed to its"
        " end. Clocks of the law run on, and a withdrawn consent is told as ever.",
        "收到的答覆照常處理。已交銀行的付款會跟進至完結。法定時限繼續計算,撤回的同意照常通知。",
        "收到的答复照常处理。已交银行的付款会跟进至完结。法定时限继续计算,撤回的同意照常通知。",
    ),
    "repair_hold_done": (
        "The episode is held. Nothing new is sent until it is released.",
        "個案已暫停;解除前不發送新的訊息。",
        "个案已暂停;解除前不发送新的讯息。",
    ),
    "repair_release": ("Release the episode", "解除暫停", "解除暂停"),
    "repair_release_does": (
        "The episode goes on with the step at which it was held.",
        "個案由暫停時的步驟繼續。",
        "个案由暂停时的步骤继续。",
    ),
    "repair_release_stays": (
        "Nothing is done twice: each step looks first whether it was done.",
        "不會重複處理:每個步驟先查看是否已完成。",
        "不会重复处理:每个步骤先查看是否已完成。",
    ),
    "repair_release_done": (
        "The episode is released and goes on.",
        "已解除暫停,個案繼續。",
        "已解除暂停,个案继续。",
    ),
    "repair_account": ("Give another account", "提供另一帳戶", "提供另一账户"),
    "repair_account_does": (
        "A payout that came back goes out again, with the same amount, to the account below, once"
        " another person at its payer has agreed.",
        "被退回的付款經付款方另一人同意後,以相同金額付至以下帳戶。",
        "被退回的付款经付款方另一人同意后,以相同金额付至以下账户。",
    ),
    "repair_account_stays": (
        "Nothing is paid before that, and the payout that came back stays closed: it is never sent"
        " again itself.",
        "在此之前不會付款;被退回的付款維持結束,不會再次發送。",
        "在此之前不会付款;被退回的付款维持结束,不会再次发送。",
    ),
    "repair_account_done": (
        "The account is proposed. Another person at the payer decides on it.",
        "帳戶已提出,由付款方另一人決定。",
        "账户已提出,由付款方另一人决定。",
    ),
    "repair_payout": ("Payout that came back", "被退回的付款", "被退回的付款"),
    "repair_holder": ("Account holder", "戶名", "户名"),
    "repair_number": ("Account or card number", "帳號或卡號", "账号或卡号"),
    "repair_bank_name": ("Bank and branch", "銀行及分行", "银行及分行"),
    "repair_bank_code": ("Clearing code (CNAPS, 12 digits)", "聯行號(12位)", "联行号(12位)"),
    "repair_signed": ("Signed by the payee at", "收款人簽署時間", "收款人签署时间"),
    "repair_sign_in_again": (
        "Sign out and in again to do this: it is too long since you proved who you are. What you"
        " typed stands below.",
        "此操作須先登出再登入:距離上次驗證身分的時間過長。您輸入的內容保留在下方。",
        "此操作须先登出再登录:距离上次验证身份的时间过长。您输入的内容保留在下方。",
    ),
    "repair_again": ("Try again now", "立即重試", "立即重试"),
    "repair_again_does": (
        "Every step that waits for its next try is tried at once, at the party that it waits for.",
        "所有等待重試的步驟立即向有關方重試。",
        "所有等待重试的步骤立即向有关方重试。",
    ),
    "repair_again_stays": (
        "What may have been taken before is asked about first, so nothing goes out twice.",
        "可能已被接收者會先查詢,不會重複發送。",
        "可能已被接收者会先查询,不会重复发送。",
    ),
    "repair_skip": ("Leave out a step", "略過步驟", "略过步骤"),
    "repair_skip_does": (
        "A second person is asked to agree; then the step is not taken and the episode goes on.",
        "須由第二人同意;其後不再執行該步驟,個案繼續。",
        "须由第二人同意;其后不再执行该步骤,个案继续。",
    ),
    "repair_skip_stays": (
        "Steps that move money, tell of a consent, claim, or find out a fact are never left out.",
        "涉及款項、同意、索償或事實查核的步驟不可略過。",
        "涉及款项、同意、索偿或事实查核的步骤不可略过。",
    ),
    "repair_skip_done": (
        "The proposal is kept. Another person decides on it.",
        "建議已記錄,由另一人決定。",
        "建议已记录,由另一人决定。",
    ),
    "repair_decide": ("Decide on a step", "決定是否略過步驟", "决定是否略过步骤"),
    "repair_decide_does": (
        "If you agree the step is not taken any more; if not, it stays as it is.",
        "同意後不再執行該步驟;不同意則維持不變。",
        "同意后不再执行该步骤;不同意则维持不变。",
    ),
    "repair_decide_stays": (
        "Who proposed it cannot decide on it.",
        "建議者不可自行決定。",
        "建议者不可自行决定。",
    ),
    "repair_decide_done": ("Your word is kept.", "決定已記錄。", "决定已记录。"),
    "repair_reset": ("Begin the run anew", "重新開始流程", "重新开始流程"),
    "repair_reset_does": (
        "The run that hangs ends, and another begins at the step that our rows say is due.",
        "卡住的流程會結束,並由系統紀錄所示的步驟重新開始。",
        "卡住的流程会结束,并由系统纪录所示的步骤重新开始。",
    ),
    "repair_reset_stays": (
        "Our rows stay: bills, claims, payouts and their numbers. A claim or payout that was sent"
        " is asked about under its own number and never sent twice.",
        "系統紀錄不變:帳單、索償、付款及其編號。已發送的索償或付款以原編號查詢,不會重複發送。",
        "系统纪录不变:账单、索偿、付款及其编号。已发送的索偿或付款以原编号查询,不会重复发送。",
    ),
    "repair_reset_done": (
        "The run has begun anew from our rows.",
        "流程已由系統紀錄重新開始。",
        "流程已由系统纪录重新开始。",
    ),
    "repair_cancel": ("Cancel the episode", "取消個案", "取消个案"),
    "repair_cancel_does": (
        "What was promised is reversed, and what is out is asked back: all in one step, and nothing"
        " else.",
        "撤銷已承諾的事項並追回已付出的款項:一次過完成,不涉及其他事項。",
        "撤销已承诺的事项并追回已付出的款项:一次过完成,不涉及其他事项。",
    ),
    "repair_cancel_stays": (
        "Nothing is erased: every reversal stands beside what it reverses. Money that is out is"
        " asked back and counts as owed until it has come.",
        "不會刪除任何紀錄:撤銷與原紀錄並列。已付出的款項會追回,收回前列為應收。",
        "不会删除任何纪录:撤销与原纪录并列。已付出的款项会追回,收回前列为应收。",
    ),
    "repair_cancel_done": (
        "The episode is cancelled. What was out is on its way back.",
        "個案已取消,已付出者正在收回。",
        "个案已取消,已付出者正在收回。",
    ),
    "why_paper": (
        "The paper can be printed by hand.",
        "文件可人手列印。",
        "文件可人手打印。",
    ),
    "why_reminder": (
        "It only asks again what somebody owes us anyway.",
        "只是再次追問對方應覆的事項。",
        "只是再次追问对方应复的事项。",
    ),
    "why_deposit": (
        "The record can be handed in by hand; no money rests on it.",
        "紀錄可人手遞交,不涉款項。",
        "纪录可人手递交,不涉款项。",
    ),
    "why_fetched": (
        "The care goes on without it; the doctor can ask for it otherwise.",
        "治療可照常進行,醫生可另行索取。",
        "治疗可照常进行,医生可另行索取。",
    ),
    "note_reset": ("begun anew", "重新開始", "重新开始"),
}
