"""What a story says of claims that are checked and examined: lines, reasons, exceptions, waits."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

SENTENCES: dict[str, Triple] = {
    "claim_pended": (
        "A check sends claim {reference} to {insurer}'s examiner: {reason}.",
        "經查核,索償{reference}轉交{insurer}的審核員:{reason}。",
        "经查核,索偿{reference}转交{insurer}的审核员:{reason}。",
    ),
    "claim_examined": (
        "{insurer}'s examiner decided claim {reference}: {result}, benefit {benefit}; {pay} is to "
        "be paid out.",
        "{insurer}的審核員就索償{reference}作出決定:{result},賠償{benefit};須支付{pay}。",
        "{insurer}的审核员就索偿{reference}作出决定:{result},赔偿{benefit};须支付{pay}。",
    ),
}

CODES: dict[str, Triple] = {
    "EBILL_CLAIMED_BEFORE": (
        "its electronic bill stands in another claim as well",
        "其電子票據亦見於另一索償",
        "其电子票据亦见于另一索偿",
    ),
    "EBILL_DIFFERS": (
        "the file of its electronic bill says something else than the claim",
        "電子票據檔案所載與索償所述不同",
        "电子票据文件所载与索偿所述不同",
    ),
    "DOCUMENT_CLAIMED_BEFORE": (
        "one of its documents stands in another claim as well",
        "其一份文件亦見於另一索償",
        "其一份文件亦见于另一索偿",
    ),
    "BILL_CLAIMED_BEFORE": (
        "the same bill was claimed before",
        "同一帳單曾被索償",
        "同一账单曾被索偿",
    ),
    "LINES_CLAIMED_BEFORE": (
        "the same charges were claimed before",
        "相同收費曾被索償",
        "相同收费曾被索偿",
    ),
    "VISIT_OTHER_CHANNEL": (
        "the visit was claimed in another way as well",
        "同一就診亦經另一途徑索償",
        "同一就诊亦经另一途径索偿",
    ),
    "VISIT_OTHER_INSURER": (
        "the visit was claimed of another insurer, which the claim does not name",
        "同一就診亦已向另一保險公司索償,而索償並未提及",
        "同一就诊亦已向另一保险公司索偿,而索偿并未提及",
    ),
    "STAYS_OVERLAP": (
        "the stay overlaps with another one that was claimed",
        "住院日期與另一已索償的住院重疊",
        "住院日期与另一已索偿的住院重叠",
    ),
    "UNITS_UNLIKELY": (
        "more units on one day than pass without a look",
        "單日單位數高於毋須查核者",
        "单日单位数高于无须查核者",
    ),
    "ITEMS_EXCLUDE": (
        "two items of one day exclude each other",
        "同日兩個項目互相排斥",
        "同日两个项目互相排斥",
    ),
    "LEVEL_ABOVE_NORM": (
        "a level above the norm of the diagnosis",
        "級別高於該診斷的常規",
        "级别高于该诊断的常规",
    ),
    "GOODS_AS_SERVICE": (
        "goods that are charged as a service",
        "貨品按服務收費",
        "货品按服务收费",
    ),
    "PERSON_DECIDED_BEFORE": (
        "a person decided the version of the bill that this one corrects",
        "本帳單所更正的版本由人員決定",
        "本账单所更正的版本由人员决定",
    ),
    "REVIEW_RULE_MISSING": (
        "a rule that a check needs has no value",
        "查核所需的規則沒有數值",
        "查核所需的规则没有数值",
    ),
}

EXCEPTIONS: dict[str, Triple] = {
    "CLAIM_TO_EXAMINE": (
        "a claim waits for the insurer's examiner",
        "一項索償有待保險公司的審核員決定",
        "一项索偿有待保险公司的审核员决定",
    ),
    "CLAIM_DECISION_TO_CONFIRM": (
        "an examiner's decision waits for a second person's word",
        "審核員的決定有待第二人核准",
        "审核员的决定有待第二人核准",
    ),
}

TO_DO: dict[str, Triple] = {
    "CLAIM_TO_EXAMINE": (
        "The insurer's examiner reads the reasons and decides line by line, or leaves it to the "
        "rules.",
        "由保險公司的審核員查閱原因後逐行決定,或交由規則決定。",
        "由保险公司的审核员查阅原因后逐行决定,或交由规则决定。",
    ),
    "CLAIM_DECISION_TO_CONFIRM": (
        "A second person of the insurer confirms the decision or refuses it.",
        "由保險公司的第二人核准或退回該決定。",
        "由保险公司的第二人核准或退回该决定。",
    ),
}

WAITING: dict[str, Triple] = {
    "INSURER_EXAMINER": (
        "Waits for {insurer}'s examiner to decide the claim.",
        "等待{insurer}的審核員就索償作出決定。",
        "等待{insurer}的审核员就索偿作出决定。",
    ),
}

MESSAGES: dict[str, Triple] = {
    "decide_claim_lines": ("an examiner's decision", "審核員的決定", "审核员的决定"),
    "confirm_claim_decision": (
        "a second person's word on a decision",
        "第二人對決定的意見",
        "第二人对决定的意见",
    ),
    "review_claim_sample": (
        "a reviewer's word on a decision that was drawn",
        "覆核員對抽查決定的意見",
        "复核员对抽查决定的意见",
    ),
}
