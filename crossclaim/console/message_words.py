"""What messages, bank files and roles are called on the console's pages, in three languages."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

OPERATIONS: dict[str, Triple] = {
    "look-up": ("look-up", "查詢", "查询"),
    "payer-look-up": ("look-up of the payer", "查詢付款人", "查询付款人"),
    "person": ("look-up of the person", "查詢參保人", "查询参保人"),
    "pairing": ("look-up of the pairing", "查詢配對", "查询配对"),
    "eligibility": ("confirmation of cover", "查詢保障資格", "查询保障资格"),
    "guarantee": ("letter of guarantee", "擔保函", "担保函"),
    "guarantee-inquiry": ("inquiry about a guarantee", "查詢擔保函", "查询担保函"),
    "release": ("release of a guarantee", "釋放擔保", "释放担保"),
    "claim": ("claim", "索賠", "索赔"),
    "claim-inquiry": ("inquiry about a claim", "查詢索賠", "查询索赔"),
    "information": ("documents", "補充文件", "补充文件"),
    "chase": ("reminder", "催辦", "催办"),
    "confirm": ("confirmation", "確認", "确认"),
    "void": ("voiding", "取消", "取消"),
    "cancel": ("cancellation", "取消", "取消"),
    "quote": ("quotation", "預結算", "预结算"),
    "settle": ("settlement", "結算", "结算"),
    "reversal": ("reversal", "沖正", "冲正"),
    "discharge": ("discharge", "出院登記", "出院登记"),
    "stay_back": ("registration taken back", "撤回登記", "撤回登记"),
    "charge": ("charge", "扣款", "扣款"),
    "charge-refund": ("refund of a charge", "扣款退回", "扣款退回"),
    "refund": ("refund", "退款", "退款"),
    "payment": ("payment", "收款", "收款"),
    "withdraw": ("claim taken back", "撤回索賠", "撤回索赔"),
    "consent-report": ("notice of a consent", "通報同意", "通报同意"),
    "record-deposit": ("deposit of a document", "存放文件", "存放文件"),
    "record-deposit-inquiry": ("inquiry about a document", "查詢文件", "查询文件"),
    "open-account": ("opening of an account", "開立帳戶", "开立账户"),
    "record-request": ("request for records", "索取病歷", "索取病历"),
    "hcx-answer": ("answer over the exchange", "經交換平台回覆", "经交换平台回复"),
    "hcx-notice": ("notice over the exchange", "經交換平台通知", "经交换平台通知"),
}
"""Of an attempt; one without words stays as it is, readable."""

OUTCOMES: dict[str, Triple] = {
    "answered": ("answered", "已回覆", "已回复"),
    "refused": ("refused", "被拒絕", "被拒绝"),
    "unknown": ("outcome unknown", "結果未明", "结果未明"),
    "not_taken": ("not taken", "未獲接收", "未获接收"),
}

BANK_FILES: dict[str, Triple] = {
    "order": ("order", "付款指示", "付款指示"),
    "inquiry": ("inquiry", "查詢", "查询"),
    "recall": ("recall", "撤回指示", "撤回指示"),
}

RAILS: dict[str, Triple] = {
    "payment_connect": ("Payment Connect", "跨境支付通", "跨境支付通"),
    "cips": ("CIPS", "CIPS跨境支付", "CIPS跨境支付"),
    "batch_file": ("batch file", "批量付款", "批量付款"),
    "single_transfer": ("single transfer", "單筆轉帳", "单笔转账"),
}

ROLES: dict[str, Triple] = {
    "hospital_billing": ("hospital, billing", "醫院收費", "医院收费"),
    "hospital_provider": ("hospital, provider", "醫院醫療人員", "医院医疗人员"),
    "hospital_finance": ("hospital, finance", "醫院財務", "医院财务"),
    "insurer_system": ("insurer, system", "保險公司系統", "保险公司系统"),
    "insurer_examiner": ("insurer, examiner", "理賠審核員", "理赔审核员"),
    "insurer_supervisor": ("insurer, supervisor", "理賠主管", "理赔主管"),
    "finance": ("finance", "財務", "财务"),
    "support": ("support", "支援人員", "支援人员"),
    "support_supervisor": ("support, supervisor", "支援主管", "支援主管"),
    "operator": ("operator", "系統操作員", "系统操作员"),
    "auditor": ("auditor", "審計員", "审计员"),
}
