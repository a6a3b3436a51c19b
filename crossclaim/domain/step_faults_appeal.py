"""Sentences of what can be wrong with an appeal or a later decision where its claim stands."""

from __future__ import annotations

APPEAL_TEXTS: dict[str, tuple[str, str, str]] = {
    "CLAIM_NOT_IN_ADDRESS": (
        "The message is about another claim than its address names; correct one of them.",
        "內容所指的索償與網址不符,請更正其一。",
        "内容所指的索赔与网址不符,请更正其一。",
    ),
    "CLAIM_UNDECIDED": (
        "This claim has no decision that holds ({state}); nothing can be said against one yet.",
        "此索償沒有有效的決定({state}),暫無可上訴的決定。",
        "此索赔没有有效的决定({state}),暂无可上诉的决定。",
    ),
    "APPEAL_NOT_YOURS": (
        "This claim is appealed by {who}.",
        "此索償的上訴須由{who}提出。",
        "此索赔的上诉须由{who}提出。",
    ),
    "APPEAL_DECIDED_THERE": (
        "The insurer {insurer} decides in its own system: appeal there; its new word is taken.",
        "保險公司 {insurer} 以其系統作決定,請向其上訴;其新決定會在此處理。",
        "保险公司 {insurer} 以其系统作决定,请向其上诉;其新决定会在此处理。",
    ),
    "APPEAL_LEVEL_UNKNOWN": (
        "There are {levels} level(s) of appeal; there is no level {level}.",
        "上訴共有 {levels} 級,沒有第 {level} 級。",
        "上诉共有 {levels} 级,没有第 {level} 级。",
    ),
    "APPEAL_LEVEL_TAKEN": (
        "This claim was appealed at level {level} before ({number}).",
        "此索償已在第 {level} 級上訴({number})。",
        "此索赔已在第 {level} 级上诉({number})。",
    ),
    "APPEAL_LEVEL_EARLIER": (
        "Level {level} follows a decision on level {before}; there is none yet.",
        "第 {level} 級上訴須待第 {before} 級有決定,現時尚未有。",
        "第 {level} 级上诉须待第 {before} 级有决定,现时尚未有。",
    ),
    "APPEAL_TOO_LATE": (
        "The decision could be appealed until {until}.",
        "上訴期限為{until}。",
        "上诉期限为{until}。",
    ),
    "APPEAL_RULES_MISSING": (
        "No levels and deadlines of appeals are active here; have the operator activate them.",
        "此處未啟用上訴級別及期限,請營運人員啟用。",
        "此处未启用上诉级别及期限,请运营人员启用。",
    ),
    "APPEAL_UNKNOWN": (
        "This claim has no appeal at level {level}.",
        "此索償沒有第 {level} 級上訴。",
        "此索赔没有第 {level} 级上诉。",
    ),
    "APPEAL_DECIDED": (
        "This appeal has been decided already ({state}).",
        "此上訴已有決定({state})。",
        "此上诉已有决定({state})。",
    ),
    "DECISION_NOT_YOURS": (
        "Only the insurer of this claim decides on it.",
        "此索償只可由其保險公司決定。",
        "此索赔只可由其保险公司决定。",
    ),
    "REVIEWER_DECIDED_BEFORE": (
        "Who appealed, or decided on this claim before, does not review it; have another person"
        " decide with another key.",
        "提出上訴或曾就此索償作決定者不可覆核,請由另一人以另一金鑰決定。",
        "提出上诉或曾就此索赔作决定者不可复核,请由另一人以另一密钥决定。",
    ),
    "APPEAL_LINES_MISSING": (
        "A changed decision names what is paid of the charge lines.",
        "更改決定時須列明各收費項目的賠付額。",
        "更改决定时须列明各收费项目的赔付额。",
    ),
    "APPEAL_LINES_UNWANTED": (
        "A decision that stands names no other amounts.",
        "維持原決定時不可列出其他金額。",
        "维持原决定时不可列出其他金额。",
    ),
    "CHARGE_LINE_UNKNOWN": (
        "The bill of this claim has no medical charge line {line}.",
        "此索償的帳單沒有第 {line} 項醫療收費。",
        "此索赔的账单没有第 {line} 项医疗收费。",
    ),
    "DECISION_RATE_MISSING": (
        "The rate that this decision would be compared with the bill by is not known.",
        "未知用以將此決定與帳單比較的匯率。",
        "未知用以将此决定与账单比较的汇率。",
    ),
    "DECISION_DECIDED_HERE": (
        "This insurer decides here: its decision changes by an appeal.",
        "此保險公司在此作決定,須經上訴更改。",
        "此保险公司在此作决定,须经上诉更改。",
    ),
    "LATER_PART_CLAIMED": (
        "The patient has asked for what this insurer owes him afterwards; decide on that claim too,"
        " by its own appeal, and leave this one within the hospital's part.",
        "病人已就該保險公司其後應付部分索償;該部分須另行上訴,此決定不可影響該部分。",
        "病人已就该保险公司其后应付部分索赔;该部分须另行上诉,此决定不可影响该部分。",
    ),
    "DECISION_NOT_DIVIDED": (
        "The bill cannot be divided by this decision ({codes}); a person looks at it.",
        "帳單未能按此決定分攤({codes}),須由人員處理。",
        "账单未能按此决定分摊({codes}),须由人员处理。",
    ),
}
