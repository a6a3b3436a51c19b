"""Sentences of the faults of letters of guarantee; see ``fault_sentences`` and ``step_faults``."""

from __future__ import annotations

GUARANTEE_TEXTS: dict[str, tuple[str, str, str]] = {
    "GUARANTEE_ASKS_NOTHING": (
        "State the planned amount, the last day that is wanted, or both.",
        "請註明計劃金額、所需的最後日期，或兩者。",
        "请注明计划金额、所需的最后日期，或两者。",
    ),
    "GUARANTEE_FOR_NOTHING": (
        "A guarantee is asked for an amount above nothing.",
        "擔保申請的金額須大於零。",
        "担保申请的金额须大于零。",
    ),
    "GUARANTEE_ASKED_TOMORROW": (
        "The request is dated after its own arrival; correct the date.",
        "申請日期晚於收到的時間，請更正。",
        "申请日期晚于收到的时间，请更正。",
    ),
    "GUARANTEE_REASON_MISSING": (
        "A refusal names its reason by a code; add it.",
        "拒絕須以代碼註明理由，請補上。",
        "拒绝须以代码注明理由，请补上。",
    ),
}

GUARANTEE_STEP_TEXTS: dict[str, tuple[str, str, str]] = {
    "GUARANTEE_AWAITS_INFORMATION": (
        "Documents that you asked for are still awaited; withdraw that request before you refuse.",
        "貴方索取的文件尚未齊備；如要拒絕，請先撤回該請求。",
        "贵方索取的文件尚未齐备；如要拒绝，请先撤回该请求。",
    ),
    "GUARANTEE_NOT_COVERED": (
        "The episode is not laid on {insurer}, or a withdrawn consent ended its part.",
        "本個案未使用 {insurer} 的保障，或其部分已因撤回同意而終止。",
        "本个案未使用 {insurer} 的保障，或其部分已因撤回同意而终止。",
    ),
    "GUARANTEE_EPISODE_CLOSED": (
        "The episode is closed; nothing more is guaranteed for it.",
        "本個案已結束，不再作擔保。",
        "本个案已结束，不再作担保。",
    ),
    "GUARANTEE_NOT_ANSWERED": (
        "{insurer} has not answered the request before this one; wait for its answer.",
        "{insurer} 尚未答覆上一項申請，請等候答覆。",
        "{insurer} 尚未答复上一项申请，请等候答复。",
    ),
    "GUARANTEE_AMOUNT_MISSING": (
        "No letter is in force, so this asks for a new one; state the planned amount.",
        "現時沒有有效的擔保函，此為新申請，請註明計劃金額。",
        "现时没有有效的担保函，此为新申请，请注明计划金额。",
    ),
    "GUARANTEE_REQUEST_UNKNOWN": (
        "No request with this reference waits for you; check it.",
        "沒有此編號的待答覆申請，請核對。",
        "没有此编号的待答复申请，请核对。",
    ),
    "GUARANTEE_WAITS_FOR_SECOND": (
        "A limit was proposed for this request; another person confirms or refuses it (confirms).",
        "此申請已有人建議上限，須由另一人確認或拒絕（confirms）。",
        "此申请已有人建议上限，须由另一人确认或拒绝（confirms）。",
    ),
    "GUARANTEE_NOTHING_TO_CONFIRM": (
        "Nobody has proposed a limit for this request; decide it without confirms.",
        "此申請尚無待確認的上限，請直接決定（不設 confirms）。",
        "此申请尚无待确认的上限，请直接决定（不设 confirms）。",
    ),
    "GUARANTEE_SAME_PERSON": (
        "Who proposed the limit cannot confirm it; have another person decide with another key.",
        "建議上限者不可自行確認，請由另一人以另一金鑰決定。",
        "建议上限者不可自行确认，请由另一人以另一密钥决定。",
    ),
    "GUARANTEE_ABOVE_PROPOSAL": (
        "The first person has proposed {most}; the second promises no more than that.",
        "首位人員建議的上限為 {most}，第二人的承諾不可高於此數。",
        "首位人员建议的上限为 {most}，第二人的承诺不可高于此数。",
    ),
    "GUARANTEE_REQUEST_ANSWERED": (
        "This request is {state} and takes no answer any more.",
        "此申請的狀態為 {state}，不再接受答覆。",
        "此申请的状态为 {state}，不再接受答复。",
    ),
    "GUARANTEE_LIMIT_MISSING": (
        "A new letter needs its limit; add it.",
        "新擔保函須註明上限，請補上。",
        "新担保函须注明上限，请补上。",
    ),
    "GUARANTEE_OTHER_CURRENCY": (
        "The cover counts in {currency}; state the limit in it.",
        "本保障以 {currency} 計算，請以此貨幣註明上限。",
        "本保障以 {currency} 计算，请以此货币注明上限。",
    ),
    "GUARANTEE_BELOW_PROMISE": (
        "The limit is the whole from now on and is at least {least}; a promise is withdrawn, not "
        "made smaller.",
        "上限為自此起的總額，不得少於 {least}；承諾只可撤回，不可減少。",
        "上限为自此起的总额，不得少于 {least}；承诺只可撤回，不可减少。",
    ),
    "GUARANTEE_UNTIL_PAST": (
        "The last day has passed; state a day from today on.",
        "最後日期已過，請註明今天或以後的日期。",
        "最后日期已过，请注明今天或以后的日期。",
    ),
    "GUARANTEE_UNTIL_EARLIER": (
        "The letter holds until {until}; it is withdrawn, not shortened.",
        "擔保函有效至 {until}；只可撤回，不可縮短。",
        "担保函有效至 {until}；只可撤回，不可缩短。",
    ),
    "GUARANTEE_UNKNOWN": (
        "There is no letter of guarantee with this reference; check it.",
        "沒有此編號的擔保函，請核對。",
        "没有此编号的担保函，请核对。",
    ),
    "GUARANTEE_NOT_IN_FORCE": (
        "The letter of guarantee is {state}; there is nothing to withdraw.",
        "擔保函的狀態為 {state}，沒有可撤回的內容。",
        "担保函的状态为 {state}，没有可撤回的内容。",
    ),
}
