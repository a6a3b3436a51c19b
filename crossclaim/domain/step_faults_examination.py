"""What can be wrong with a person's decision on a claim, given where the claim stands."""

from __future__ import annotations

EXAMINATION_TEXTS: dict[str, tuple[str, str, str]] = {
    "CLAIM_UNKNOWN": (
        "There is no such claim of yours in this episode; check its id.",
        "本個案沒有屬於貴公司的此項索償，請核對編號。",
        "本个案没有属于贵公司的此项索偿，请核对编号。",
    ),
    "CLAIM_NOT_EXAMINED": (
        "The claim is {state}; only one that waits for an examiner is decided here.",
        "此索償的狀態為 {state}，只有待審核的索償可在此決定。",
        "此索偿的状态为 {state}，只有待审核的索偿可在此决定。",
    ),
    "CLAIM_HELD_BY_OTHER": (
        "Another examiner works at this claim; take it over at the desk first, or leave it.",
        "另一位審核員正在處理此索償；請先於工作台接手，或不作決定。",
        "另一位审核员正在处理此索偿；请先于工作台接手，或不作决定。",
    ),
    "CLAIM_SECOND_LOOK": (
        "You asked for another person's look at this claim; another person decides it.",
        "閣下已要求由另一人查看此索償，須由另一人決定。",
        "阁下已要求由另一人查看此索偿，须由另一人决定。",
    ),
    "DECISION_AWAITS_INFORMATION": (
        "Documents that were asked for have not come ({numbers}): wait, withdraw the request, or "
        "say in decided_without why they are not waited for.",
        "所要求的文件尚未收到（{numbers}）：請等候、撤回請求，或於 decided_without 說明原因。",
        "所要求的文件尚未收到（{numbers}）：请等候、撤回请求，或于 decided_without 说明原因。",
    ),
    "DECISION_WAITS": (
        "The decision {number} on this claim waits for a second person; confirm or refuse it "
        "first.",
        "此索償的決定 {number} 正待第二人核准，請先核准或退回。",
        "此索偿的决定 {number} 正待第二人核准，请先核准或退回。",
    ),
    "DECISION_UNKNOWN": (
        "No decision with this number waits for a second person; check number and claim.",
        "沒有此號碼的決定待第二人核准，請核對號碼及索償。",
        "没有此号码的决定待第二人核准，请核对号码及索偿。",
    ),
    "DECISION_NUMBER_USED": (
        "A decision on this claim has this number already; give it another one.",
        "此索償已有相同號碼的決定，請使用另一號碼。",
        "此索偿已有相同号码的决定，请使用另一号码。",
    ),
    "SECOND_EXAMINER_NEEDED": (
        "Who made the decision cannot confirm it; have another person do so with another key.",
        "作出決定者不可自行核准，請由另一人以另一金鑰核准。",
        "作出决定者不可自行核准，请由另一人以另一密钥核准。",
    ),
    "DECISION_BOTH_WAYS": (
        "The rules decide or you do: leave out the lines, or by_rules.",
        "由規則決定或由您決定：請略去各行，或略去 by_rules。",
        "由规则决定或由您决定：请略去各行，或略去 by_rules。",
    ),
    "DECISION_BY_RULES_ONLY": (
        "The claim's rate is not known, so no amounts can be decided; leave it to the rules.",
        "未知此索償的匯率，不能逐行決定金額，只可由規則決定。",
        "未知此索偿的汇率，不能逐行决定金额，只可由规则决定。",
    ),
    "DECISION_LINES_MISSING": (
        "Decide every line of the claim; missing are {lines}.",
        "請就索償的每一行作出決定；尚欠第 {lines} 行。",
        "请就索偿的每一行作出决定；尚欠第 {lines} 行。",
    ),
    "DECISION_LINE_TWICE": (
        "Line {line} is decided twice; decide it once.",
        "第 {line} 行重複決定，請只決定一次。",
        "第 {line} 行重复决定，请只决定一次。",
    ),
    "DECISION_LINE_UNKNOWN": (
        "The claim has no line {line}.",
        "此索償沒有第 {line} 行。",
        "此索偿没有第 {line} 行。",
    ),
    "DECISION_CURRENCY": (
        "The claim is counted in {currency}; state the amount in it.",
        "此索償以 {currency} 計算，請以該貨幣填寫金額。",
        "此索偿以 {currency} 计算，请以该货币填写金额。",
    ),
    "DECISION_NEGATIVE": (
        "An approved amount is not below zero.",
        "批准金額不可低於零。",
        "批准金额不可低于零。",
    ),
    "DECISION_ABOVE_BILLED": (
        "At most {most} of this line can be paid: it was not billed with more, or others carry it.",
        "此行最多可賠 {most}：帳單金額不高於此，或已由他方承擔。",
        "此行最多可赔 {most}：账单金额不高于此，或已由他方承担。",
    ),
    "DECISION_ABOVE_CLAIM": (
        "At most {most} can be paid on this claim.",
        "此索償最多可賠 {most}。",
        "此索偿最多可赔 {most}。",
    ),
    "DECISION_REASON_MISSING": (
        "Line {line} is paid less than it was billed with; give the reason.",
        "第 {line} 行的賠付低於帳單金額，請填寫原因。",
        "第 {line} 行的赔付低于账单金额，请填写原因。",
    ),
    "SAMPLE_UNKNOWN": (
        "This claim was not drawn for review, or is not yours; check its id.",
        "此索償未被抽查或不屬貴公司，請核對編號。",
        "此索偿未被抽查或不属贵公司，请核对编号。",
    ),
    "SAMPLE_REVIEWED": (
        "This claim has been reviewed already.",
        "此索償已覆核。",
        "此索偿已复核。",
    ),
}
