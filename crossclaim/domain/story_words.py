"""What steps, questions, consents, funders and the like are called in a story."""

from __future__ import annotations

from crossclaim.domain import (
    story_bureau_words,
    story_sentences_bill,
    story_sentences_guarantee,
    story_sentences_information,
    story_sentences_records,
    story_sentences_review,
    story_sentences_transfer,
    story_sentences_withdrawal,
)
from crossclaim.domain.story_phrase import Triple
from crossclaim.domain.story_sentences_appeals import APPEAL_KINDS
from crossclaim.domain.story_sentences_repair import REPAIR_KINDS, REPAIR_STEPS
from crossclaim.domain.story_words_pay_later import (
    PAY_LATER_KINDS,
    PAY_LATER_PARTIES,
    PAY_LATER_STEPS,
    PAY_LATER_THINGS,
)
from crossclaim.domain.story_words_tenders import (
    TENDER_KINDS,
    TENDER_METHODS,
    TENDER_PARTIES,
    TENDER_STEPS,
    TENDER_THINGS,
)

STEPS: dict[str, Triple] = {
    **story_sentences_records.STEPS,
    "take_stock": ("read where the episode stands", "讀取個案狀況", "读取个案状况"),
    "apply_submission": ("take a message in", "處理提交資料", "处理提交资料"),
    "look_up_voucher": ("look up the voucher account", "查詢醫療券戶口", "查询医疗券户口"),
    "claim_voucher": ("claim vouchers", "申報醫療券", "申报医疗券"),
    "void_voucher": ("take a voucher claim back", "撤回醫療券申報", "撤回医疗券申报"),
    "look_up_spouse": ("ask about the spouses' pairing", "查詢配偶共用配對", "查询配偶共用配对"),
    "open_voucher_account": ("open a voucher account", "開立醫療券戶口", "开立医疗券户口"),
    "record_appointment": ("the appointment", "預約資料", "预约资料"),
    "confirm_voucher": (
        "hand the provider's confirmation over",
        "提交服務提供者的確認",
        "提交服务提供者的确认",
    ),
    "chase_voucher": ("ask how a voucher claim stands", "查詢醫療券申報狀況", "查询医疗券申报状况"),
    "print_use_record": (
        "print the record on use of vouchers",
        "印製《醫療券使用記錄》",
        "印制《医疗券使用记录》",
    ),
    "check_eligibility": (
        "ask the insurer about cover",
        "向保險公司確認保障",
        "向保险公司确认保障",
    ),
    "request_guarantee": ("ask for the letter of guarantee", "申請擔保函", "申请担保函"),
    "inquire_guarantee": (
        "ask how the letter of guarantee stands",
        "查詢擔保函進度",
        "查询担保函进度",
    ),
    "release_guarantee": ("release the guarantee", "解除擔保", "解除担保"),
    "submit_claim": ("send the claim to the insurer", "向保險公司提交索償", "向保险公司提交索偿"),
    "inquire_claim": ("ask how the claim stands", "查詢索償進度", "查询索偿进度"),
    "decide_claim": (
        "decide the claim by the rules kept here",
        "按本系統規則決定索償",
        "按本系统规则决定索偿",
    ),
    "reserve_payout": ("fix the payout", "定下付款", "定下付款"),
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
    "apply_reports": ("take in the bank's reports", "處理銀行報告", "处理银行报告"),
    "close_episode": ("close the episode", "結束個案", "结束个案"),
    "archive_history": ("archive the run's history", "封存流程紀錄", "封存流程纪录"),
}

THINGS: dict[str, Triple] = {
    **story_sentences_records.THINGS,
    "look-up": ("the voucher account", "查詢醫療券戶口", "查询医疗券户口"),
    "eligibility": ("confirmation of cover", "確認保障", "确认保障"),
    "guarantee": ("a letter of guarantee", "發出擔保函", "发出担保函"),
    "guarantee-inquiry": ("news of the letter of guarantee", "說明擔保函進度", "说明担保函进度"),
    "claim": ("a decision on the claim", "就索償作決定", "就索偿作决定"),
    "voucher-claim": ("the use of vouchers", "接納醫療券申報", "接纳医疗券申报"),
    "claim-inquiry": ("news of the claim", "說明索償進度", "说明索偿进度"),
    "void": ("the voucher claim to be taken back", "撤回醫療券申報", "撤回医疗券申报"),
    "pairing": ("the pairing of the spouses", "確認配偶共用配對", "确认配偶共用配对"),
    "open-account": ("a voucher account", "開立醫療券戶口", "开立医疗券户口"),
    "confirm": (
        "the provider's confirmation to be taken",
        "接納服務提供者的確認",
        "接纳服务提供者的确认",
    ),
    "chase": ("news of the voucher claim", "說明醫療券申報狀況", "说明医疗券申报状况"),
    "release": ("the release of the guarantee", "解除擔保", "解除担保"),
}

KINDS: dict[str, Triple] = {
    **story_sentences_records.KINDS,
    **APPEAL_KINDS,
    "submit_episode": ("the episode", "個案資料", "个案资料"),
    "record_admission": ("the admission", "入院資料", "入院资料"),
    "submit_bill": ("a bill", "帳單", "账单"),
    "record_discharge": ("the discharge", "出院資料", "出院资料"),
    "record_tender": ("the patient's payment", "病人付款", "病人付款"),
    "void_bill": ("the withdrawal of a bill", "撤回帳單", "撤回账单"),
    "record_consent": ("a consent", "同意書", "同意书"),
    "request_reimbursement": ("a request for reimbursement", "發還申請", "发还申请"),
    "submit_claim": ("a claim with papers", "單據索償", "单据索偿"),
    "propose_payee_account": ("another account of a payee", "收款人的另一帳戶", "收款人的另一账户"),
    "decide_payee_account": (
        "the word on a proposed account",
        "對建議帳戶的決定",
        "对建议账户的决定",
    ),
    "approve_payout": ("the release of a payout", "付款的放行", "付款的放行"),
    "recall_payout": ("the recall of a payout", "付款的取消", "付款的取消"),
    "propose_payout_finding": ("a finding about a payout", "付款的查明結果", "付款的查明结果"),
    "decide_payout_finding": (
        "the word on a finding about a payout",
        "對付款查明結果的決定",
        "对付款查明结果的决定",
    ),
    **story_sentences_review.MESSAGES,
    "record_insurer_answer": ("an answer", "答覆", "答复"),
    "record_decision": ("a decision", "決定", "决定"),
    "name_spouse": ("the spouse", "配偶資料", "配偶资料"),
    "record_identity_check": ("the identity check", "身份核對紀錄", "身份核对纪录"),
    "confirm_voucher": ("the provider's confirmation", "服務提供者的確認", "服务提供者的确认"),
}

CONSENTS: dict[str, Triple] = {
    "EHEALTH_JOIN": ("the joining consent of eHealth", "醫健通參與同意", "医健通参与同意"),
    "EHEALTH_SHARE": ("the sharing consent of eHealth", "醫健通互通同意", "医健通互通同意"),
    "VOUCHER_USE": ("the consent to use vouchers", "使用醫療券同意書", "使用医疗券同意书"),
    "VOUCHER_ACCOUNT": (
        "the consent to a voucher account",
        "開立醫療券戶口同意書",
        "开立医疗券户口同意书",
    ),
    "SPOUSE_SHARE": (
        "the consent to share vouchers with the spouse",
        "配偶共用醫療券同意書",
        "配偶共用医疗券同意书",
    ),
    "PI_SENSITIVE": (
        "the consent to handling sensitive data",
        "處理敏感個人資料同意書",
        "处理敏感个人资料同意书",
    ),
    "PI_PROVIDE": ("the consent to providing data", "提供個人資料同意書", "提供个人资料同意书"),
    "PI_CROSS_BORDER": (
        "the consent to sending data across the border",
        "個人資料跨境提供同意書",
        "个人资料跨境提供同意书",
    ),
    "CLAIM_AUTH": ("the authorisation to claim", "索償授權書", "索偿授权书"),
}

DOCUMENTS: dict[str, Triple] = {
    "hkid": ("the Hong Kong identity card", "香港身份證", "香港身份证"),
    "cert_exemption": ("the Certificate of Exemption", "《豁免登記證明書》", "《豁免登记证明书》"),
}

ENTRIES: dict[str, Triple] = {
    "wechat": ("WeChat", "微信公眾號", "微信公众号"),
    "window": ("the staffed window", "人工專窗", "人工专窗"),
    "kiosk": ("the self-service machine", "自助機", "自助机"),
}

ENCOUNTERS: dict[str, Triple] = {
    "inpatient": ("an inpatient stay", "住院", "住院"),
    "day_procedure": ("a day procedure", "日間手術", "日间手术"),
    "outpatient": ("an outpatient visit", "門診", "门诊"),
    "emergency": ("an emergency visit", "急診", "急诊"),
    "check_up": ("a check-up", "體檢", "体检"),
    "pharmacy": ("a purchase at a designated pharmacy", "定點零售藥店購藥", "定点零售药店购药"),
}

FUNDERS: dict[str, Triple] = {
    "voucher": ("vouchers", "醫療券", "医疗券"),
    "basic_insurance": ("basic medical insurance", "基本醫療保險", "基本医疗保险"),
    "insurer": ("the insurer", "保險公司", "保险公司"),
    "pay_later": ("Huimin medical credit", "惠民醫療金", "惠民医疗金"),
    "personal_account": (
        "the personal account of employee insurance",
        "職工醫保個人賬戶",
        "职工医保个人账户",
    ),
    "patient": ("the patient", "病人", "病人"),
}

METHODS: dict[str, Triple] = {
    "cash": ("cash", "現金", "现金"),
    "ecny": ("digital RMB", "數字人民幣", "数字人民币"),
    "app": ("in an app", "應用程式", "应用程式"),
    "bank_card": ("bank card", "銀行卡", "银行卡"),
    "wechat": ("WeChat Pay", "微信支付", "微信支付"),
    "alipay": ("Alipay", "支付寶", "支付宝"),
    "paper": ("on paper", "紙本", "纸本"),
    "electronic": ("electronically", "電子方式", "电子方式"),
}

RESULTS: dict[str, Triple] = {
    "approved": ("approved", "批准", "批准"),
    "partial": ("approved in part", "部分批准", "部分批准"),
    "denied": ("denied", "拒絕", "拒绝"),
}

PARTIES: dict[str, Triple] = {
    **story_sentences_records.PARTIES,
    "voucher": ("the eHealth System (Subsidies)", "醫健通(資助)系統", "医健通(资助)系统"),
    "patient": ("the patient", "病人", "病人"),
    "spouse": ("the spouse", "配偶", "配偶"),
    "crossclaim": ("crossclaim", "本系統", "本系统"),
}

STEPS |= story_sentences_transfer.STEPS
STEPS |= REPAIR_STEPS
KINDS |= REPAIR_KINDS
KINDS |= story_sentences_transfer.KINDS
CONSENTS |= story_sentences_transfer.CONSENTS
ENCOUNTERS |= story_sentences_transfer.ENCOUNTERS
STEPS |= PAY_LATER_STEPS
THINGS |= PAY_LATER_THINGS
KINDS |= PAY_LATER_KINDS
PARTIES |= PAY_LATER_PARTIES
STEPS |= story_bureau_words.STEPS
THINGS |= story_bureau_words.THINGS
PARTIES |= story_bureau_words.PARTIES
STEPS |= story_sentences_bill.STEPS
THINGS |= story_sentences_bill.THINGS
KINDS |= story_sentences_bill.KINDS
RESULTS |= story_sentences_bill.RESULTS
STEPS |= story_sentences_withdrawal.STEPS
STEPS |= story_sentences_guarantee.STEPS
KINDS |= story_sentences_guarantee.KINDS
THINGS |= story_sentences_withdrawal.THINGS
STEPS |= TENDER_STEPS
THINGS |= TENDER_THINGS
KINDS |= TENDER_KINDS
PARTIES |= TENDER_PARTIES
METHODS |= TENDER_METHODS
STEPS |= story_sentences_information.STEPS
THINGS |= story_sentences_information.THINGS
KINDS |= story_sentences_information.KINDS
