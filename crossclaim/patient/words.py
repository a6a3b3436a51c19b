"""The words of a patient's own pages, in three languages: short, calm, no term of ours."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple
from crossclaim.patient.words_consents import CONSENTS
from crossclaim.patient.words_money import MONEY

WORDS: dict[str, Triple] = {
    "skip": ("Skip to the page", "跳到內容", "跳到内容"),
    "yours": ("Your care", "您的診療", "您的诊疗"),
    "stands": ("Where it stands", "進度", "进度"),
    "language": ("Language", "語言", "语言"),
    "out": ("Leave", "離開", "离开"),
    "back": ("Back", "返回", "返回"),
    "home": ("All my care", "我的所有診療", "我的所有诊疗"),
    # The door.
    "door": ("Your own pages", "您的個人頁面", "您的个人页面"),
    "door_why": (
        "To make sure that it is you, please tell us one thing.",
        "為確認是您本人,請填寫以下其中一項。",
        "为确认是您本人,请填写以下其中一项。",
    ),
    "birth_date": ("Your date of birth", "您的出生日期", "您的出生日期"),
    "or": ("or", "或", "或"),
    "document": (
        "The last 4 characters of your identity document",
        "您的身份證件號碼最後 4 個字元",
        "您的身份证件号码最后 4 个字符",
    ),
    "document_hint": (
        "For A123456(3) these are 4563.",
        "例如 A123456(3) 就是 4563。",
        "例如 A123456(3) 就是 4563。",
    ),
    "come_in": ("Open my pages", "打開我的頁面", "打开我的页面"),
    "not_let_in": (
        "That did not work. Please check what you typed. If you are sure, your link may be used up"
        " or too old: ask the hospital for a new one.",
        "未能打開。請檢查所填內容。如確定無誤,連結可能已用過或過期,請向醫院索取新連結。",
        "未能打开。请检查所填内容。如确定无误,链接可能已用过或过期,请向医院索取新链接。",
    ),
    "few_tries": (
        "A link can be tried a few times only. It opens your pages once.",
        "每條連結只可嘗試數次,並只可打開一次。",
        "每条链接只可尝试数次,并只可打开一次。",
    ),
    "staff_here": (
        "This browser is signed in for staff. Patients' pages do not open there. Sign out first, or"
        " use the patient's own phone.",
        "此瀏覽器已以職員身份登入,不能打開病人頁面。請先登出,或使用病人自己的手機。",
        "此浏览器已以职员身份登录,不能打开病人页面。请先退出登录,或使用病人自己的手机。",
    ),
    "ended": ("Your pages are closed", "您的頁面已關閉", "您的页面已关闭"),
    "ended_why": (
        "They close by themselves when nobody has used them for half an hour. Ask the hospital for"
        " a new link to open them again.",
        "半小時沒有使用便會自動關閉。如要再打開,請向醫院索取新連結。",
        "半小时没有使用便会自动关闭。如要再打开,请向医院索取新链接。",
    ),
    "goodbye": ("Your pages are closed now. Thank you.", "頁面已關閉,謝謝。", "页面已关闭,谢谢。"),
    # The list.
    "hello": ("Your care", "您的診療", "您的诊疗"),
    "on": ("from", "日期:", "日期:"),
    "inpatient": ("Stay in hospital", "住院", "住院"),
    "day_procedure": ("Day procedure", "日間手術", "日间手术"),
    "outpatient": ("Outpatient visit", "門診", "门诊"),
    "emergency": ("Emergency visit", "急症", "急诊"),
    "check_up": ("Check-up", "體檢", "体检"),
    "pharmacy": ("Pharmacy", "藥房購藥", "药店购药"),
    "ambulance_transfer": ("Ambulance transfer", "救護車轉運", "救护车转运"),
    "visit": ("Visit number", "就診號", "就诊号"),
    "open": ("Open", "打開", "打开"),
    # Where it stands.
    "closed": ("Everything is settled.", "一切已辦妥。", "一切已办妥。"),
    "closed_withdrawn": (
        "This is closed, because you took your consent back.",
        "由於您撤回了同意,此個案已結束。",
        "由于您撤回了同意,此个案已结束。",
    ),
    "waits_for_you": ("We need something from you.", "需要您提供資料。", "需要您提供资料。"),
    "suspended": (
        "Your insurer's part is on hold, because you took your consent back.",
        "由於您撤回了同意,保險公司的部分已暫停。",
        "由于您撤回了同意,保险公司的部分已暂停。",
    ),
    "guarantee_asked": (
        "We have asked your insurer to promise payment. You need to do nothing.",
        "已請您的保險公司作出付款擔保,您無須辦理任何手續。",
        "已请您的保险公司作出付款担保,您无须办理任何手续。",
    ),
    "planned": (
        "Your stay is registered. The hospital expects you.",
        "您的住院已登記,醫院會接待您。",
        "您的住院已登记,医院会接待您。",
    ),
    "in_care": (
        "You are being cared for. The bill comes at the end.",
        "您正在接受診療,帳單會在最後發出。",
        "您正在接受诊疗,账单会在最后发出。",
    ),
    "bill_awaited": (
        "The hospital has yet to send its bill.",
        "醫院尚未發出帳單。",
        "医院尚未发出账单。",
    ),
    "with_insurer": (
        "Your insurer is looking at the bill. You need to do nothing.",
        "保險公司正在審核帳單,您無須辦理任何手續。",
        "保险公司正在审核账单,您无须办理任何手续。",
    ),
    "money_on_its_way": (
        "Money is on its way to you.",
        "有款項正在付給您。",
        "有款项正在付给您。",
    ),
    "being_settled": (
        "The payment to the hospital is under way. You need to do nothing.",
        "正在向醫院付款,您無須辦理任何手續。",
        "正在向医院付款,您无须办理任何手续。",
    ),
    # What is missing.
    "missing": ("What we need from you", "需要您提供", "需要您提供"),
    "nothing_missing": ("Nothing. You need to do nothing now.", "暫時沒有。", "暂时没有。"),
    "missing_documents": (
        "Documents for {who}: {count}. Please send them by {due}.",
        "{who}需要 {count} 份文件,請於 {due} 或之前提交。",
        "{who}需要 {count} 份文件,请于 {due} 或之前提交。",
    ),
    "missing_payment": (
        "{amount} to pay at {who}.",
        "須向{who}支付 {amount}。",
        "须向{who}支付 {amount}。",
    ),
    "missing_account": (
        "The bank gave {amount} back to {who}: the account cannot be paid. Please give the hospital"
        " another account.",
        "銀行把 {amount} 退回了{who}:該帳戶無法收款。請向醫院提供另一個帳戶。",
        "银行把 {amount} 退回了{who}:该账户无法收款。请向医院提供另一个账户。",
    ),
    "missing_consent": (
        "{who} waits for your new consent. If none comes by {due}, you pay that part yourself. Ask"
        " the hospital for the form.",
        "{who}正等待您重新同意。如 {due} 前沒有同意,該部分由您自付。請向醫院索取表格。",
        "{who}正等待您重新同意。如 {due} 前没有同意,该部分由您自付。请向医院索取表格。",
    ),
    "send_it": ("Send this document", "提交此文件", "提交此文件"),
    "choose_file": (
        "Choose a photo (JPG, PNG) or a PDF",
        "選擇相片(JPG、PNG)或 PDF",
        "选择照片(JPG、PNG)或 PDF",
    ),
    "do_not_have_it": ("I do not have it", "我沒有這份文件", "我没有这份文件"),
    "why_not": ("Why?", "原因", "原因"),
    "say_so": ("Tell them", "告知", "告知"),
    "received": ("Received. Thank you.", "已收到,謝謝。", "已收到,谢谢。"),
    "not_had": (
        "You said that you do not have it.",
        "您表示沒有這份文件。",
        "您表示没有这份文件。",
    ),
    "dropped": ("No longer needed.", "不再需要。", "不再需要。"),
    "no_file": (
        "No file was chosen. Please choose one and send it again.",
        "未選擇檔案,請選擇後再提交。",
        "未选择文件,请选择后再提交。",
    ),
    "wrong_file": (
        "This kind of file cannot be taken. Please send a photo (JPG or PNG) or a PDF.",
        "不接受這類檔案。請提交相片(JPG 或 PNG)或 PDF。",
        "不接受这类文件。请提交照片(JPG 或 PNG)或 PDF。",
    ),
    "never_issued": ("It was never given to me", "從未發給我", "从未发给我"),
    "lost": ("I lost it", "已遺失", "已遗失"),
    "issuer_refuses": ("I asked for it and was refused", "對方拒絕提供", "对方拒绝提供"),
    "retention_over": ("It is too old, nobody keeps it", "年代久遠,已無存檔", "年代久远,已无存档"),
    "other_reason": ("Another reason", "其他原因", "其他原因"),
    "itemised_bill": ("Itemised bill", "費用明細單", "费用明细单"),
    "ebill": ("Electronic bill", "電子票據", "电子票据"),
    "receipt": ("Receipt", "收據", "收据"),
    "discharge_summary": ("Discharge summary", "出院小結", "出院小结"),
    "medical_report": ("Medical report", "醫療報告", "医疗报告"),
    "test_report": ("Test report", "化驗報告", "检验报告"),
    "prescription": ("Prescription", "處方", "处方"),
    "operation_record": ("Operation record", "手術紀錄", "手术记录"),
    "referral": ("Referral letter", "轉介信", "转诊信"),
    "claim_form": ("Claim form", "索償表格", "索偿表格"),
    "other": ("Other document", "其他文件", "其他文件"),
    # What went wrong.
    "went_wrong": ("This page cannot be shown", "無法顯示此頁", "无法显示此页"),
    "error_not_found": (
        "There is no such page. Please go back to your list.",
        "沒有此頁,請返回列表。",
        "没有此页,请返回列表。",
    ),
    "error_unavailable": (
        "Something does not answer just now. Please try again in a moment.",
        "系統暫時沒有回應,請稍後再試。",
        "系统暂时没有响应,请稍后再试。",
    ),
    "error_request": (
        "The browser sent something that cannot be read. Please go back and try again.",
        "無法讀取瀏覽器送出的內容,請返回再試。",
        "无法读取浏览器送出的内容,请返回再试。",
    ),
    "error_too_large": (
        "The file is too large. Please send a smaller photo.",
        "檔案太大,請提交較小的相片。",
        "文件太大,请提交较小的照片。",
    ),
    "error_bug": (
        "Something went wrong on our side. Please try again, or ask the hospital.",
        "我們的系統出了問題,請再試,或向醫院查詢。",
        "我们的系统出了问题,请再试,或向医院查询。",
    ),
    "error_too_fast": (
        "Too many tries. Please wait a minute.",
        "嘗試次數過多,請等候一分鐘。",
        "尝试次数过多,请等候一分钟。",
    ),
    "not_sent": ("It was not sent", "未有送出", "未有送出"),
    "not_sent_why": (
        "Your pages have closed meanwhile, so nothing was sent. Here is what you wrote, so that you"
        " can copy it. Ask the hospital for a new link to go on.",
        "頁面已關閉,內容未有送出。以下是您所寫的內容,可先複製。請向醫院索取新連結再繼續。",
        "页面已关闭,内容未有送出。以下是您所写的内容,可先复制。请向医院索取新链接再继续。",
    ),
    "you_wrote": ("What you wrote", "您所寫的內容", "您所写的内容"),
    "refused": (
        "It could not be taken:",
        "未能接收:",
        "未能接收:",
    ),
    **MONEY,
    **CONSENTS,
}
