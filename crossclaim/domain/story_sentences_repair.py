"""What a story says of holds, a cancellation, skipped steps and a run begun anew."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

REPAIR_LINES: dict[str, Triple] = {
    "held": (
        "{staff} holds the episode ({reason}): nothing new is sent and no money moves until it is"
        " released.",
        "{staff}暫停個案({reason}):解除前不發送新的訊息,亦不付款。",
        "{staff}暂停个案({reason}):解除前不发送新的讯息,亦不付款。",
    ),
    "held_until": (
        "{staff} holds the episode ({reason}) until {until}: nothing new is sent and no money"
        " moves.",
        "{staff}暫停個案({reason})至{until}:其間不發送新的訊息,亦不付款。",
        "{staff}暂停个案({reason})至{until}:其间不发送新的讯息,亦不付款。",
    ),
    "hold_released": (
        "{staff} released the episode; it goes on where it was.",
        "{staff}解除暫停,個案由原處繼續。",
        "{staff}解除暂停,个案由原处继续。",
    ),
    "hold_over": (
        "The time of the hold was over; the episode goes on where it was.",
        "暫停期限已到,個案由原處繼續。",
        "暂停期限已到,个案由原处继续。",
    ),
    "episode_cancelled": (
        "{staff} cancelled the episode ({reason}): what was promised is reversed, what is out is"
        " asked back.",
        "{staff}取消個案({reason}):已承諾者撤銷,已付出者追回。",
        "{staff}取消个案({reason}):已承诺者撤销,已付出者追回。",
    ),
    "skip_proposed": (
        "{staff} proposes to leave out a step: {step} ({reason}). A second person decides.",
        "{staff}建議略過步驟:{step}({reason}),由第二人決定。",
        "{staff}建议略过步骤:{step}({reason}),由第二人决定。",
    ),
    "skip_approved": (
        "A second person agreed: the step is left out: {step}.",
        "第二人同意略過步驟:{step}。",
        "第二人同意略过步骤:{step}。",
    ),
    "skip_refused": (
        "A second person did not agree: the step stays: {step}.",
        "第二人不同意略過步驟:{step}。",
        "第二人不同意略过步骤:{step}。",
    ),
    "staff_reset": (
        "{staff} had the run begun anew; it goes on from our rows, which are as they were.",
        "{staff}重新開始流程;系統紀錄不變,並由此繼續。",
        "{staff}重新开始流程;系统纪录不变,并由此继续。",
    ),
}
REASONS: dict[str, Triple] = {
    "input_wrong": ("an input is wrong", "資料有誤", "资料有误"),
    "answer_awaited": ("an answer is awaited", "等待答覆", "等待答复"),
    "dispute": ("a dispute", "有爭議", "有争议"),
    "patient_asks": ("the patient asks for it", "病人要求", "病人要求"),
    "check": ("something is checked", "正在核查", "正在核查"),
    "billed_wrongly": ("billed wrongly", "帳單有誤", "账单有误"),
    "duplicate": ("a duplicate", "重複個案", "重复个案"),
    "care_not_given": ("the care was not given", "未有提供治療", "未有提供治疗"),
    "not_needed": ("not needed", "不需要", "不需要"),
    "done_elsewhere": ("done by other means", "已以其他方式完成", "已以其他方式完成"),
    "party_gone": ("the party is not there any more", "對方已不存在", "对方已不存在"),
}
REPAIR_CODES: dict[str, Triple] = {
    "SKIPPED": ("two persons left it out", "經兩人同意略過", "经两人同意略过"),
}
REPAIR_WAITING: dict[str, Triple] = {
    "HELD": (
        "The episode is held; it goes on when somebody releases it, or the hold's time is over.",
        "個案已暫停;待解除或期限屆滿後繼續。",
        "个案已暂停;待解除或期限届满后继续。",
    ),
    "CANCELLATION": (
        "The episode is cancelled; what is out is on its way back.",
        "個案已取消,正收回已付出的款項。",
        "个案已取消,正收回已付出的款项。",
    ),
}
REPAIR_EXCEPTIONS: dict[str, Triple] = {
    "HOLD_OVERDUE": (
        "a hold has reached the end that was set for it",
        "暫停已到所定期限",
        "暂停已到所定期限",
    ),
    "SKIP_TO_DECIDE": (
        "a proposal to leave out a step waits for a second person",
        "略過步驟的建議有待第二人決定",
        "略过步骤的建议有待第二人决定",
    ),
}
REPAIR_TO_DO: dict[str, Triple] = {
    "HOLD_OVERDUE": (
        "Look whether the reason of the hold is gone, and release the episode; until then nothing"
        " new is sent.",
        "查看暫停的原因是否已消除,再解除暫停;在此之前不會發送新的訊息。",
        "查看暂停的原因是否已消除,再解除暂停;在此之前不会发送新的讯息。",
    ),
    "SKIP_TO_DECIDE": (
        "Another person than who proposed it looks at the step and agrees or refuses.",
        "由建議者以外的人查看該步驟,再同意或拒絕。",
        "由建议者以外的人查看该步骤,再同意或拒绝。",
    ),
}
REPAIR_STEPS: dict[str, Triple] = {
    "end_hold": ("end the hold", "結束暫停", "结束暂停"),
}
REPAIR_KINDS: dict[str, Triple] = {
    "hold_episode": ("a hold of the episode", "暫停個案", "暂停个案"),
    "release_episode": ("the release of the episode", "解除暫停", "解除暂停"),
    "cancel_episode": ("the cancellation of the episode", "取消個案", "取消个案"),
    "propose_skip": ("a proposal to leave out a step", "略過步驟的建議", "略过步骤的建议"),
    "decide_skip": (
        "the word on a step to be left out",
        "對略過步驟的決定",
        "对略过步骤的决定",
    ),
}
