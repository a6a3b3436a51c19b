"""What a story says of appeals and of decisions after the first."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

APPEAL_SENTENCES: dict[str, Triple] = {
    "appeal_lodged": (
        "{sender} appealed the decision on claim {reference} (level {level}); {insurer} decides "
        "until {due}.",
        "{sender}就索償{reference}的決定提出第{level}級上訴;{insurer}須於{due}前決定。",
        "{sender}就索赔{reference}的决定提出第{level}级上诉;{insurer}须于{due}前决定。",
    ),
    "appeal_upheld": (
        "Another person at {insurer} looked at claim {reference} and let the decision stand.",
        "{insurer}由另一人覆核索償{reference},維持原決定。",
        "{insurer}由另一人复核索赔{reference},维持原决定。",
    ),
    "decided_again_appeal": (
        "The appeal on claim {reference} was won at {insurer}: {benefit} in all, a difference of "
        "{change}.",
        "索償{reference}上訴後,{insurer}改為共賠{benefit},差額{change}。",
        "索赔{reference}上诉后,{insurer}改为共赔{benefit},差额{change}。",
    ),
    "decided_again_changed_mind": (
        "{insurer} stands by another decision on claim {reference}: {benefit} in all, a difference "
        "of {change}.",
        "{insurer}更改索償{reference}的決定:共賠{benefit},差額{change}。",
        "{insurer}更改索赔{reference}的决定:共赔{benefit},差额{change}。",
    ),
    "decided_again_upstream": (
        "An insurer that pays before has changed its decision, so {insurer} pays {benefit} on "
        "claim {reference}, a difference of {change}.",
        "先行賠付的保險公司已更改決定,{insurer}就索償{reference}改賠{benefit},差額{change}。",
        "先行赔付的保险公司已更改决定,{insurer}就索赔{reference}改赔{benefit},差额{change}。",
    ),
}
APPEAL_EXCEPTIONS: dict[str, Triple] = {
    "APPEAL_LATE": (
        "an appeal has not been decided in its time",
        "上訴未在限期內決定",
        "上诉未在限期内决定",
    ),
    "DECISION_CLAW_BACK_DUE": (
        "a later decision pays less, and the payee owes the insurer the difference",
        "其後的決定減少賠付,收款方須向保險公司退還差額",
        "其后的决定减少赔付,收款方须向保险公司退还差额",
    ),
    "UPSTREAM_DECISION_CHANGED": (
        "an insurer that pays before has changed its decision; what stands here is locked, what "
        "the rules would pay is proposed",
        "先行賠付的保險公司已更改決定;現有決定維持不變,並列出按規則計算的建議",
        "先行赔付的保险公司已更改决定;现有决定维持不变,并列出按规则计算的建议",
    ),
}
APPEAL_TO_DO: dict[str, Triple] = {
    "APPEAL_LATE": (
        "Have a reviewer who has not decided on this claim before decide the appeal.",
        "請一位未曾就此索償作決定的覆核人處理上訴。",
        "请一位未曾就此索赔作决定的复核人处理上诉。",
    ),
    "DECISION_CLAW_BACK_DUE": (
        "Agree with the payee how the difference comes back; it is never taken by itself.",
        "與收款方商定如何退還差額;系統不會自行扣回。",
        "与收款方商定如何退还差额;系统不会自行扣回。",
    ),
    "UPSTREAM_DECISION_CHANGED": (
        "Compare the two amounts; if the proposal is right, say so as this insurer's changed "
        "decision.",
        "比較兩項金額;如建議正確,以該保險公司的更改決定提交。",
        "比较两项金额;如建议正确,以该保险公司的更改决定提交。",
    ),
}
APPEAL_CODES: dict[str, Triple] = {
    "DECIDED_AGAIN_APPEAL": ("an appeal was decided", "上訴已有決定", "上诉已有决定"),
    "DECIDED_AGAIN_CHANGED_MIND": (
        "the insurer changed its decision",
        "保險公司更改決定",
        "保险公司更改决定",
    ),
}
APPEAL_WAITING: dict[str, Triple] = {
    "INSURER_APPEAL": (
        "Waits for {insurer}'s reviewer to decide the appeal.",
        "等待{insurer}的覆核人就上訴作決定。",
        "等待{insurer}的复核人就上诉作决定。",
    ),
}
APPEAL_KINDS: dict[str, Triple] = {
    "appeal_claim": ("an appeal", "上訴", "上诉"),
    "decide_appeal": ("the word on an appeal", "上訴的決定", "上诉的决定"),
    "change_decision": ("a changed decision", "更改的決定", "更改的决定"),
}
