"""What codes of rows and histories are called in a story, in the region's three languages."""

from __future__ import annotations

Triple = tuple[str, str, str]

STEPS: dict[str, Triple] = {
    "take_stock": (
        "read where the episode stands",
        "讀取個案狀況",
        "读取个案状况",
    ),
    "apply_submission": (
        "take a message in",
        "處理提交資料",
        "处理提交资料",
    ),
    "look_up_voucher": (
        "look up the voucher account",
        "查詢醫療券戶口",
        "查询医疗券户口",
    ),
    "claim_voucher": (
        "claim vouchers",
        "申報醫療券",
        "申报医疗券",
    ),
    "void_voucher": (
        "take a voucher claim back",
        "撤回醫療券申報",
        "撤回医疗券申报",
    ),
    "check_eligibility": (
        "ask the insurer about cover",
        "向保險公司確認保障",
        "向保险公司确认保障",
    ),
    "request_guarantee": (
        "ask for the letter of guarantee",
        "申請擔保函",
        "申请担保函",
    ),
    "inquire_guarantee": (
        "ask how the letter of guarantee stands",
        "查詢擔保函進度",
        "查询担保函进度",
    ),
    "release_guarantee": (
        "release the guarantee",
        "解除擔保",
        "解除担保",
    ),
    "submit_claim": (
        "send the claim to the insurer",
        "向保險公司提交索償",
        "向保险公司提交索偿",
    ),
    "inquire_claim": (
        "ask how the claim stands",
        "查詢索償進度",
        "查询索偿进度",
    ),
    "decide_claim": (
        "decide the claim by the rules kept here",
        "按本系統規則決定索償",
        "按本系统规则决定索偿",
    ),
    "reserve_payout": (
        "fix the payout",
        "定下付款",
        "定下付款",
    ),
    "send_payout": (
        "hand the payment order to the bank",
        "向銀行交付付款指示",
        "向银行交付付款指示",
    ),
    "inquire_payout": (
        "ask the bank how the payment stands",
        "向銀行查詢付款狀況",
        "向银行查询付款状况",
    ),
    "apply_reports": (
        "take in the bank's reports",
        "處理銀行報告",
        "处理银行报告",
    ),
    "close_episode": (
        "close the episode",
        "結束個案",
        "结束个案",
    ),
    "archive_history": (
        "archive the run's history",
        "封存流程紀錄",
        "封存流程纪录",
    ),
}
THINGS: dict[str, Triple] = {
    "look-up": (
        "the voucher account",
        "查詢醫療券戶口",
        "查询医疗券户口",
    ),
    "eligibility": (
        "confirmation of cover",
        "確認保障",
        "确认保障",
    ),
    "guarantee": (
        "a letter of guarantee",
        "發出擔保函",
        "发出担保函",
    ),
    "guarantee-inquiry": (
        "news of the letter of guarantee",
        "說明擔保函進度",
        "说明担保函进度",
    ),
    "claim": (
        "a decision on the claim",
        "就索償作決定",
        "就索偿作决定",
    ),
    "claim-inquiry": (
        "news of the claim",
        "說明索償進度",
        "说明索偿进度",
    ),
    "void": (
        "the voucher claim to be taken back",
        "撤回醫療券申報",
        "撤回医疗券申报",
    ),
    "release": (
        "the release of the guarantee",
        "解除擔保",
        "解除担保",
    ),
}
CODES: dict[str, Triple] = {
    "TIMED_OUT": (
        "no answer in time, after sending",
        "發送後逾時未有答覆",
        "发送后逾时未有答复",
    ),
    "CONNECTION_LOST": (
        "the connection broke off",
        "連線中斷",
        "连线中断",
    ),
    "UNREACHABLE": (
        "could not be reached",
        "無法連線",
        "无法连线",
    ),
    "ANSWER_UNREADABLE": (
        "the answer could not be read",
        "答覆無法讀取",
        "答复无法读取",
    ),
    "ANSWER_FOREIGN": (
        "the answer was about something else",
        "答覆與查詢不符",
        "答复与查询不符",
    ),
    "ANSWER_INCONSISTENT": (
        "the answer contradicted itself",
        "答覆內容矛盾",
        "答复内容矛盾",
    ),
    "UNAVAILABLE": (
        "our database did not answer",
        "我方資料庫沒有回應",
        "我方资料库没有回应",
    ),
    "STEP_TIMED_OUT": (
        "the worker gave no sign of life in time",
        "工作程序逾時沒有回應",
        "工作程序逾时没有回应",
    ),
    "CONSENT_MISSING": (
        "a consent that the sending needs is missing",
        "缺少發送所需的同意",
        "缺少发送所需的同意",
    ),
    "NOT_IN_FORCE": (
        "the policy is not in force or has no direct billing",
        "保單未生效或不設直接結算",
        "保单未生效或不设直接结算",
    ),
    "POLICY_NOT_IN_FORCE": (
        "the policy is not in force",
        "保單未生效",
        "保单未生效",
    ),
    "RELEASE_PENDING": (
        "the release is still being worked on",
        "解除仍在處理",
        "解除仍在处理",
    ),
    "RELEASE_REFUSED": (
        "the release was refused",
        "解除被拒",
        "解除被拒",
    ),
    "AC01": (
        "wrong account number, AC01",
        "帳號錯誤,AC01",
        "帐号错误,AC01",
    ),
    "AC03": (
        "wrong account of the payee, AC03",
        "收款人帳戶錯誤,AC03",
        "收款人帐户错误,AC03",
    ),
    "AC04": (
        "the account is closed, AC04",
        "帳戶已結束,AC04",
        "帐户已结束,AC04",
    ),
    "AC06": (
        "the account is blocked, AC06",
        "帳戶被凍結,AC06",
        "帐户被冻结,AC06",
    ),
    "AM04": (
        "not enough money on the account, AM04",
        "帳戶餘額不足,AM04",
        "帐户余额不足,AM04",
    ),
    "AM05": (
        "called a duplicate, AM05",
        "被指重複,AM05",
        "被指重复,AM05",
    ),
    "BE01": (
        "name and account do not belong together, BE01",
        "戶名與帳戶不符,BE01",
        "户名与帐户不符,BE01",
    ),
    "VOUCHER_BALANCE_CHANGED": (
        "the voucher balance had changed",
        "醫療券結餘已改變",
        "医疗券结余已改变",
    ),
    "DECISION": (
        "the insurer decided otherwise than forecast",
        "保險公司的決定與預計不同",
        "保险公司的决定与预计不同",
    ),
}
EXCEPTIONS: dict[str, Triple] = {
    "GUARANTEE_REFUSED": (
        "there is no letter of guarantee",
        "沒有擔保函",
        "没有担保函",
    ),
    "CLAIM_DENIED": (
        "the insurer pays nothing on a claim",
        "保險公司就索償不予賠償",
        "保险公司就索偿不予赔偿",
    ),
    "CLAIM_STOPPED": (
        "a claim cannot be sent",
        "索償無法提交",
        "索偿无法提交",
    ),
    "DECISION_DIFFERS": (
        "the insurer decided otherwise than forecast",
        "保險公司的決定與預計不同",
        "保险公司的决定与预计不同",
    ),
    "ANSWER_NOT_USABLE": (
        "an insurer's message made no sense and was set aside",
        "保險公司的訊息無法理解,已擱置",
        "保险公司的讯息无法理解,已搁置",
    ),
    "VOUCHER_VOID_REFUSED": (
        "the voucher system did not take a claim back",
        "醫療券系統拒絕撤回申報",
        "医疗券系统拒绝撤回申报",
    ),
    "VOUCHER_BALANCE_CHANGED": (
        "the voucher balance was lower than at the window",
        "醫療券結餘低於窗口查詢時",
        "医疗券结余低于窗口查询时",
    ),
    "VOUCHER_DOCUMENT_MISSING": (
        "a document for voucher use is missing",
        "缺少使用醫療券所需證件",
        "缺少使用医疗券所需证件",
    ),
    "VOUCHER_ACCOUNT_NOT_FOUND": (
        "there is no voucher account",
        "沒有醫療券戶口",
        "没有医疗券户口",
    ),
    "VOUCHER_CLAIM_REFUSED": (
        "the voucher system refused a claim",
        "醫療券系統拒絕申報",
        "医疗券系统拒绝申报",
    ),
    "PAYOUT_ACCOUNT_DIFFERS": (
        "the bank names another account than ours",
        "銀行所述帳戶與我方不同",
        "银行所述帐户与我方不同",
    ),
    "PAYOUT_AMOUNT_DIFFERS": (
        "the bank names another amount than ours",
        "銀行所述金額與我方不同",
        "银行所述金额与我方不同",
    ),
    "PAYOUT_CREDITED_AFTER_CLOSE": (
        "the bank credited a payout that was over",
        "銀行將已終結的付款入帳",
        "银行将已终结的付款入帐",
    ),
    "PAYOUT_SETTLED_AFTER_CLOSE": (
        "the bank settled a payout that was over",
        "銀行結算已終結的付款",
        "银行结算已终结的付款",
    ),
    "PAYOUT_REJECTED": (
        "the bank rejected a payout",
        "銀行拒絕付款",
        "银行拒绝付款",
    ),
    "PAYOUT_REJECTED_AFTER_CREDIT": (
        "the bank rejected a payout that it had credited",
        "銀行拒絕已入帳的付款",
        "银行拒绝已入帐的付款",
    ),
    "PAYOUT_RETURNED": (
        "the bank returned a payout",
        "銀行退回付款",
        "银行退回付款",
    ),
}
KINDS: dict[str, Triple] = {
    "submit_episode": (
        "the episode",
        "個案資料",
        "个案资料",
    ),
    "record_admission": (
        "the admission",
        "入院資料",
        "入院资料",
    ),
    "submit_bill": (
        "a bill",
        "帳單",
        "帐单",
    ),
    "record_discharge": (
        "the discharge",
        "出院資料",
        "出院资料",
    ),
    "record_tender": (
        "the patient's payment",
        "病人付款",
        "病人付款",
    ),
    "void_bill": (
        "the withdrawal of a bill",
        "撤回帳單",
        "撤回帐单",
    ),
    "record_consent": (
        "a consent",
        "同意書",
        "同意书",
    ),
    "request_reimbursement": (
        "a request for reimbursement",
        "發還申請",
        "发还申请",
    ),
    "record_insurer_answer": (
        "an answer",
        "答覆",
        "答复",
    ),
    "record_decision": (
        "a decision",
        "決定",
        "决定",
    ),
}
CONSENTS: dict[str, Triple] = {
    "EHEALTH_JOIN": (
        "the registration with eHealth",
        "醫健通登記",
        "医健通登记",
    ),
    "EHEALTH_SHARE": (
        "the sharing consent of eHealth",
        "醫健通互通同意",
        "医健通互通同意",
    ),
    "VOUCHER_USE": (
        "the consent to use vouchers",
        "使用醫療券同意書",
        "使用医疗券同意书",
    ),
    "PI_SENSITIVE": (
        "the consent to handling sensitive data",
        "處理敏感個人資料同意書",
        "处理敏感个人资料同意书",
    ),
    "PI_PROVIDE": (
        "the consent to providing data",
        "提供個人資料同意書",
        "提供个人资料同意书",
    ),
    "PI_CROSS_BORDER": (
        "the consent to sending data across the border",
        "個人資料跨境提供同意書",
        "个人资料跨境提供同意书",
    ),
    "CLAIM_AUTH": (
        "the authorisation to claim",
        "索償授權書",
        "索偿授权书",
    ),
}
ENCOUNTERS: dict[str, Triple] = {
    "inpatient": (
        "an inpatient stay",
        "住院",
        "住院",
    ),
    "day_procedure": (
        "a day procedure",
        "日間手術",
        "日间手术",
    ),
    "outpatient": (
        "an outpatient visit",
        "門診",
        "门诊",
    ),
    "emergency": (
        "an emergency visit",
        "急診",
        "急诊",
    ),
}
FUNDERS: dict[str, Triple] = {
    "voucher": (
        "vouchers",
        "醫療券",
        "医疗券",
    ),
    "basic_insurance": (
        "basic medical insurance",
        "基本醫療保險",
        "基本医疗保险",
    ),
    "insurer": (
        "the insurer",
        "保險公司",
        "保险公司",
    ),
    "pay_later": (
        "pay-later credit",
        "先診後付",
        "先诊后付",
    ),
    "patient": (
        "the patient",
        "病人",
        "病人",
    ),
}
METHODS: dict[str, Triple] = {
    "cash": (
        "cash",
        "現金",
        "现金",
    ),
    "bank_card": (
        "bank card",
        "銀行卡",
        "银行卡",
    ),
    "wechat": (
        "WeChat Pay",
        "微信支付",
        "微信支付",
    ),
    "alipay": (
        "Alipay",
        "支付寶",
        "支付宝",
    ),
    "paper": (
        "on paper",
        "紙本",
        "纸本",
    ),
    "electronic": (
        "electronically",
        "電子方式",
        "电子方式",
    ),
}
RESULTS: dict[str, Triple] = {
    "approved": (
        "approved",
        "批准",
        "批准",
    ),
    "partial": (
        "approved in part",
        "部分批准",
        "部分批准",
    ),
    "denied": (
        "denied",
        "拒絕",
        "拒绝",
    ),
}
PARTIES: dict[str, Triple] = {
    "voucher": (
        "the voucher system",
        "醫療券系統",
        "医疗券系统",
    ),
    "patient": (
        "the patient",
        "病人",
        "病人",
    ),
    "crossclaim": (
        "crossclaim",
        "本系統",
        "本系统",
    ),
}
