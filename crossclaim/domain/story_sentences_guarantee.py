"""What a story says of letters of guarantee after the first answer, and what a person has to do."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

SENTENCES: dict[str, Triple] = {
    "guarantee_more": (
        "The hospital asked {insurer} to guarantee {amount} in all.",
        "醫院請{insurer}將擔保總額調整至{amount}。",
        "医院请{insurer}将担保总额调整至{amount}。",
    ),
    "guarantee_longer": (
        "The hospital asked {insurer} to guarantee until {until}.",
        "醫院請{insurer}將擔保延長至{until}。",
        "医院请{insurer}将担保延长至{until}。",
    ),
    "guarantee_at_desk": (
        "No rule decides it ({reason}): a person at {insurer} answers by {due}.",
        "規則未能決定({reason}):由{insurer}的人員於{due}前答覆。",
        "规则未能决定({reason}):由{insurer}的人员于{due}前答复。",
    ),
    "guarantee_raised": (
        "{insurer} now guarantees up to {limit} in all, until {until}.",
        "{insurer}現擔保總額最多{limit},至{until}。",
        "{insurer}现担保总额最多{limit},至{until}。",
    ),
    "guarantee_not_raised": (
        "{insurer} guarantees no more than before.",
        "{insurer}維持原有擔保。",
        "{insurer}维持原有担保。",
    ),
    "guarantee_lapsed": (
        "The question to {insurer} lapsed: its letter had ended before the answer.",
        "向{insurer}的申請失效:擔保函在答覆前已終止。",
        "向{insurer}的申请失效:担保函在答复前已终止。",
    ),
    "guarantee_expired": (
        "The guarantee of {insurer} has expired: what no bill uses of it is free.",
        "{insurer}的擔保已到期:帳單未使用的部分已釋放。",
        "{insurer}的担保已到期:账单未使用的部分已释放。",
    ),
    "guarantee_withdrawn": (
        "The guarantee of {insurer} was withdrawn: care given before stays covered.",
        "{insurer}的擔保已撤回:此前的診療仍受保障。",
        "{insurer}的担保已撤回:此前的诊疗仍受保障。",
    ),
}

STEPS: dict[str, Triple] = {
    "request_guarantee_change": (
        "ask the insurer for more of its guarantee",
        "向保險公司申請增加擔保",
        "向保险公司申请增加担保",
    ),
    "inquire_guarantee_change": (
        "ask how the larger guarantee stands",
        "查詢增加擔保的進度",
        "查询增加担保的进度",
    ),
    "tell_guarantee_end": (
        "tell the insurer that the guarantee is not needed",
        "告知保險公司不再需要擔保",
        "告知保险公司不再需要担保",
    ),
    "expire_guarantee": ("let an expired guarantee go", "解除到期的擔保", "解除到期的担保"),
    "note_late_guarantee": (
        "tell that an answer about a guarantee is late",
        "提示擔保答覆逾時",
        "提示担保答复逾时",
    ),
}

KINDS: dict[str, Triple] = {
    "ask_guarantee": (
        "a request about a letter of guarantee",
        "擔保函申請",
        "担保函申请",
    ),
    "decide_guarantee": (
        "a decision about a letter of guarantee",
        "擔保函決定",
        "担保函决定",
    ),
    "withdraw_guarantee": (
        "the withdrawal of a letter of guarantee",
        "撤回擔保函",
        "撤回担保函",
    ),
}

CODES: dict[str, Triple] = {
    "ASKED_LATE_PLANNED": (
        "asked for with less notice than planned care needs",
        "計劃診療的申請時間不足",
        "计划诊疗的申请时间不足",
    ),
    "ASKED_LATE_EMERGENCY": (
        "asked for later after an emergency admission than the plan allows",
        "急症入院後申請逾時",
        "急症入院后申请逾时",
    ),
    "ABOVE_POLICY_LIMIT": (
        "more than the policy lets the rules promise",
        "超出保單可按規則承諾的金額",
        "超出保单可按规则承诺的金额",
    ),
    "BEYOND_POLICY_TERM": (
        "a day after the policy's last",
        "超過保單的最後一日",
        "超过保单的最后一日",
    ),
    "RATE_MISSING": (
        "no exchange rate is frozen with the letter",
        "擔保函沒有訂定匯率",
        "担保函没有订定汇率",
    ),
    "LIMIT_BELOW_PROMISE": (
        "its limit is below what it had promised",
        "其上限低於先前承諾",
        "其上限低于先前承诺",
    ),
}

EXCEPTIONS: dict[str, Triple] = {
    "GUARANTEE_AT_DESK": (
        "a person at the insurer has to answer about a letter of guarantee",
        "須由保險公司人員就擔保函答覆",
        "须由保险公司人员就担保函答复",
    ),
    "GUARANTEE_TO_CONFIRM": (
        "a second person at the insurer has to confirm the limit of a letter of guarantee",
        "擔保函的上限須由保險公司第二人確認",
        "担保函的上限须由保险公司第二人确认",
    ),
    "GUARANTEE_ANSWER_LATE": (
        "the insurer's person has not answered about the guarantee within the hour",
        "保險公司人員未在一小時內就擔保答覆",
        "保险公司人员未在一小时内就担保答复",
    ),
    "GUARANTEE_CHANGE_REFUSED": (
        "the insurer guarantees no more than before",
        "保險公司維持原有擔保",
        "保险公司维持原有担保",
    ),
    "GUARANTEE_EXPIRED": (
        "a letter of guarantee has expired before the episode is over",
        "擔保函在個案結束前到期",
        "担保函在个案结束前到期",
    ),
    "GUARANTEE_WITHDRAWN": (
        "the insurer withdrew its letter of guarantee",
        "保險公司撤回擔保函",
        "保险公司撤回担保函",
    ),
}

TO_DO: dict[str, Triple] = {
    "GUARANTEE_AT_DESK": (
        "A person at the insurer decides: limit, last day and terms, or a refusal with its reason.",
        "由保險公司人員決定上限、最後日期及條款,或註明理由拒絕。",
        "由保险公司人员决定上限、最后日期及条款,或注明理由拒绝。",
    ),
    "GUARANTEE_TO_CONFIRM": (
        "Have another person of the insurer decide with another key; nothing is promised before.",
        "請保險公司另一人以另一金鑰決定;在此之前並無任何承諾。",
        "请保险公司另一人以另一密钥决定;在此之前并无任何承诺。",
    ),
    "GUARANTEE_ANSWER_LATE": (
        "Call the insurer's desk; the question stays open and an answer still counts.",
        "致電保險公司;申請仍然有效,答覆仍會接納。",
        "致电保险公司;申请仍然有效,答复仍会接纳。",
    ),
    "GUARANTEE_CHANGE_REFUSED": (
        "Tell the patient what he pays himself above the letter's limit.",
        "告知病人超出擔保上限的部分須自付。",
        "告知病人超出担保上限的部分须自付。",
    ),
    "GUARANTEE_EXPIRED": (
        "Send an interim bill of the care until its last day; for later care ask for a new letter.",
        "就截至最後日期的診療提交中期帳單;其後的診療請另行申請擔保。",
        "就截至最后日期的诊疗提交中期账单;其后的诊疗请另行申请担保。",
    ),
    "GUARANTEE_WITHDRAWN": (
        "Send an interim bill of the care until today, and tell the patient before more is given.",
        "就截至今天的診療提交中期帳單,並在繼續診療前告知病人。",
        "就截至今天的诊疗提交中期账单,并在继续诊疗前告知病人。",
    ),
}
