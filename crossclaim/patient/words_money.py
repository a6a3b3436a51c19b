"""What a patient's pages say of money, decisions and estimates, in three languages."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

MONEY: dict[str, Triple] = {
    # Money.
    "bill": ("Your bill", "您的帳單", "您的账单"),
    "who_pays": ("Who pays what", "各方支付", "各方支付"),
    "you": ("You", "您", "您"),
    "no_bill": ("There is no bill yet.", "尚未有帳單。", "尚未有账单。"),
    "you_paid": ("What you paid", "您已支付", "您已支付"),
    "paid_nothing": ("You have paid nothing so far.", "您尚未付款。", "您尚未付款。"),
    "comes_back": ("What comes back to you", "會退還給您", "会退还给您"),
    "nothing_back": (
        "Nothing is on its way back to you.",
        "沒有款項退還給您。",
        "没有款项退还给您。",
    ),
    "back_expected": (
        "{amount} from {who}, if your claim is approved. Nobody has decided yet.",
        "如索償獲批,{who}會支付 {amount},現尚未決定。",
        "如索偿获批,{who}会支付 {amount},现尚未决定。",
    ),
    "back_decided": (
        "{amount} from {who}. It is approved and will be sent.",
        "{who}將支付 {amount},已獲批准,即將付出。",
        "{who}将支付 {amount},已获批准,即将付出。",
    ),
    "back_sent": (
        "{amount} from {who}. It is on its way.",
        "{who}支付的 {amount} 正在途中。",
        "{who}支付的 {amount} 正在途中。",
    ),
    "back_sent_day": (
        "{amount} from {who}. It is on its way and should be there on {day}.",
        "{who}支付的 {amount} 正在途中,預計 {day} 到帳。",
        "{who}支付的 {amount} 正在途中,预计 {day} 到账。",
    ),
    "back_account": (
        "{amount} from {who} came back from the bank. Please give the hospital another account.",
        "{who}支付的 {amount} 被銀行退回,請向醫院提供另一個帳戶。",
        "{who}支付的 {amount} 被银行退回,请向医院提供另一个账户。",
    ),
    "back_there": (
        "{amount} from {who} reached your account on {day}.",
        "{who}支付的 {amount} 已於 {day} 到帳。",
        "{who}支付的 {amount} 已于 {day} 到账。",
    ),
    "cash": ("cash", "現金", "现金"),
    "wechat": ("WeChat Pay", "微信支付", "微信支付"),
    "alipay": ("Alipay", "支付寶", "支付宝"),
    "bank_card": ("bank card", "銀行卡", "银行卡"),
    "foreign_card": ("card", "外卡", "外卡"),
    "ecny": ("digital RMB", "數字人民幣", "数字人民币"),
    # Decisions and letters.
    "letters": ("Decisions and letters", "決定及信件", "决定及信件"),
    "no_letter": ("There is no decision yet.", "尚未有決定。", "尚未有决定。"),
    "decided_on": (
        "Decided by {who} on {day}.",
        "{who}於 {day} 作出決定。",
        "{who}于 {day} 作出决定。",
    ),
    "letter_decision": ("The letter (PDF)", "決定信(PDF)", "决定信(PDF)"),
    "letter_benefits": (
        "How it was worked out (PDF)",
        "賠付說明(PDF)",
        "赔付说明(PDF)",
    ),
    "disagree": ("I do not agree", "我不同意", "我不同意"),
    "appeal": ("Ask for another look", "要求覆核", "要求复核"),
    "appeal_why": (
        "Somebody who did not decide before looks at it again. You can ask until {day}.",
        "由未曾參與決定的人重新審視。您可於 {day} 或之前提出。",
        "由未曾参与决定的人重新审视。您可于 {day} 或之前提出。",
    ),
    "appeal_reason": (
        "In your own words: what should be looked at again?",
        "請用您自己的話說明:需要重新審視甚麼?",
        "请用您自己的话说明:需要重新审视什么?",
    ),
    "appeal_send": ("Send", "提交", "提交"),
    "appeal_empty": ("Please write a few words.", "請填寫原因。", "请填写原因。"),
    "appealed_open": (
        "You asked for another look. An answer comes by {day}.",
        "您已要求覆核,將於 {day} 或之前答覆。",
        "您已要求复核,将于 {day} 或之前答复。",
    ),
    "appealed_upheld": (
        "It was looked at again and stays as it was.",
        "覆核後維持原決定。",
        "复核后维持原决定。",
    ),
    "appealed_changed": ("It was looked at again and changed.", "覆核後已更改。", "复核后已更改。"),
    "appeal_sent": (
        "We have passed it on. You find the answer here.",
        "已轉交,答覆會顯示在此。",
        "已转交,答复会显示在此。",
    ),
    # Estimate.
    "estimate": ("What would I pay?", "我大約要付多少?", "我大约要付多少?"),
    "estimate_why": (
        "Type the amount that the hospital has told you, and see who would pay what today.",
        "輸入醫院告知的金額,查看今天各方會支付多少。",
        "输入医院告知的金额,查看今天各方会支付多少。",
    ),
    "amount": ("Amount in RMB", "金額(人民幣)", "金额(人民币)"),
    "amount_wrong": (
        "Please type an amount, for instance 12000 or 12000.50.",
        "請輸入金額,例如 12000 或 12000.50。",
        "请输入金额,例如 12000 或 12000.50。",
    ),
    "work_it_out": ("Work it out", "計算", "计算"),
    "estimate_of": ("Of {amount}", "{amount} 之中", "{amount} 之中"),
    "later_back": (
        "{amount} of what you pay would come back from {who} later.",
        "您所付的款項中,{who}其後會退還 {amount}。",
        "您所付的款项中,{who}其后会退还 {amount}。",
    ),
    "estimate_not": (
        "This cannot be worked out now. Please ask the hospital. Why:",
        "暫時無法計算,請向醫院查詢。原因:",
        "暂时无法计算,请向医院查询。原因:",
    ),
    "we_assume": ("What we take for granted", "計算的假設", "计算的假设"),
}
FUNDER_WORDS: dict[str, Triple] = {
    "voucher": ("Your vouchers", "您的醫療券", "您的医疗券"),
    "basic_insurance": ("Basic medical insurance", "基本醫療保險", "基本医疗保险"),
    "insurer": ("Your insurer", "您的保險公司", "您的保险公司"),
    "pay_later": ("Pay after care", "先診療後付費", "先诊疗后付费"),
    "personal_account": ("Personal medical account", "個人醫保帳戶", "个人医保账户"),
    "patient": ("You", "您", "您"),
}
