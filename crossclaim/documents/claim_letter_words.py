"""Words of the letters about decided claims, in English and both Chinese scripts."""

from __future__ import annotations

_Triple = tuple[str, str, str]

WORDS: dict[str, _Triple] = {
    "title_decision": ("Decision on a Claim", "索償決定通知書", "索赔决定通知书"),
    "title_benefits": ("Explanation of Benefits", "賠付說明", "赔付说明"),
    "reference": ("Reference", "索償編號", "索赔编号"),
    "number": ("Insurer's claim number", "保險公司案件編號", "保险公司案件编号"),
    "insurer": ("Insurer", "保險公司", "保险公司"),
    "hospital": ("Hospital", "醫院", "医院"),
    "patient": ("Patient", "病人", "病人"),
    "bill": ("Bill (version)", "帳單(版本)", "账单(版本)"),
    "decided_at": ("Decided", "決定時間", "决定时间"),
    "version": ("Decision number", "決定序號", "决定序号"),
    "outcome": ("Outcome", "結果", "结果"),
    "billed": ("Charged", "收費總額", "收费总额"),
    "benefit": ("Benefit", "賠付額", "赔付额"),
    "paid": ("Paid by this insurer", "本保險公司支付", "本保险公司支付"),
    "change": ("Change by this decision", "本決定的差額", "本决定的差额"),
    "rate": ("Rate", "匯率", "汇率"),
    "line": ("Line", "項目", "项目"),
    "description": ("Description", "說明", "说明"),
    "served_on": ("Day", "日期", "日期"),
    "reasons": ("Reasons", "原因", "原因"),
    "reviewer": ("In the reviewer's words", "覆核人說明", "复核人说明"),
    "why": ("Rules that were applied", "適用的規則", "适用的规则"),
    "appeal": (
        "This decision can be appealed at level {level} until {until} (that day included).",
        "如不同意本決定,可於{until}或之前提出第 {level} 級上訴。",
        "如不同意本决定,可于{until}或之前提出第 {level} 级上诉。",
    ),
    "no_appeal": (
        "No further level of appeal is open here against this decision.",
        "就本決定在此沒有其他上訴級別。",
        "就本决定在此没有其他上诉级别。",
    ),
}
STATES: dict[str, _Triple] = {
    "approved": ("approved", "批准", "批准"),
    "partial": ("approved in part", "部分批准", "部分批准"),
    "denied": ("denied", "不予賠償", "不予赔偿"),
    "upheld": ("the decision before stands", "維持原決定", "维持原决定"),
}
CAUSES: dict[str, _Triple] = {
    "appeal": ("(after an appeal)", "(上訴後)", "(上诉后)"),
    "changed_mind": ("(changed by the insurer)", "(保險公司更改)", "(保险公司更改)"),
    "upstream": (
        "(after an insurer that pays before has changed its decision)",
        "(先行賠付的保險公司更改決定後)",
        "(先行赔付的保险公司更改决定后)",
    ),
}
LINE_REASONS: dict[str, _Triple] = {
    "PLAN_TERMS": (
        "deductible, co-insurance or limits of the plan",
        "計劃的自付額、共付比例或限額",
        "计划的自付额、共付比例或限额",
    ),
    "ALREADY_CLAIMED": ("claimed before", "已曾索償", "已曾索赔"),
    "UNITS_NOT_SUPPORTED": (
        "more units than the records support",
        "數量超出紀錄所示",
        "数量超出记录所示",
    ),
    "PAIR_EXCLUDED": ("not paid beside another item", "不可與另一項目並付", "不可与另一项目并付"),
    "LEVEL_NOT_SUPPORTED": (
        "a higher level than the diagnosis supports",
        "級別高於診斷所需",
        "级别高于诊断所需",
    ),
    "NOT_A_SERVICE": ("no medical service", "不屬醫療服務", "不属医疗服务"),
    "NOT_COVERED": ("not covered by the plan", "不在保障範圍", "不在保障范围"),
    "NOT_NECESSARY": ("not medically necessary", "非醫療所需", "非医疗所需"),
    "PRICE_TOO_HIGH": ("charged above the usual price", "收費高於一般價格", "收费高于一般价格"),
    "PAPERS_NOT_ENOUGH": ("papers missing or not enough", "文件不足", "文件不足"),
    "OTHER": ("for another reason", "其他原因", "其他原因"),
}
