"""What can be wrong with a hold, a cancellation or a skipped step, where the episode stands."""

from __future__ import annotations

REPAIR_TEXTS: dict[str, tuple[str, str, str]] = {
    "EPISODE_CLOSED": (
        "The episode is closed; there is nothing to hold.",
        "個案已結束，無須暫停。",
        "个案已结束，无须暂停。",
    ),
    "EPISODE_HELD": (
        "The episode is held already, by {who}; release that hold first.",
        "個案已由 {who} 暫停，請先解除。",
        "个案已由 {who} 暂停，请先解除。",
    ),
    "HOLD_UNKNOWN": (
        "No hold with this number is open; somebody may have released it meanwhile.",
        "沒有此號碼的暫停，可能已由他人解除。",
        "没有此号码的暂停，可能已由他人解除。",
    ),
    "HOLD_OF_ANOTHER": (
        "{who} holds this episode; ask {who} to release it.",
        "此個案由 {who} 暫停，請由 {who} 解除。",
        "此个案由 {who} 暂停，请由 {who} 解除。",
    ),
    "HOLD_ENDS_BEFORE": (
        "The hold would end before it begins; give a later time, or none.",
        "結束時間早於現在，請填寫較後時間，或留空。",
        "结束时间早于现在，请填写较后时间，或留空。",
    ),
    "EPISODE_CANCELLED": (
        "The episode has been cancelled; nothing new begins in it.",
        "個案已取消，不再開始任何新的處理。",
        "个案已取消，不再开始任何新的处理。",
    ),
    "EPISODE_MOVED_ON": (
        "The episode has moved on since this preview was read; read it again and decide anew.",
        "閱讀預覽後個案已有變化，請重新查閱後再決定。",
        "阅读预览后个案已有变化，请重新查阅后再决定。",
    ),
    "STEP_NEVER_SKIPPED": (
        "This step is never left out: money, consents, claims and the facts of a split hang on it.",
        "此步驟不可略過：關乎款項、同意、索償或分帳依據。",
        "此步骤不可略过：关乎款项、同意、索赔或分账依据。",
    ),
    "STEP_NOT_OPEN": (
        "This step is not open now; it may have been taken meanwhile.",
        "此步驟現時並非待處理，可能已經完成。",
        "此步骤现时并非待处理，可能已经完成。",
    ),
    "SKIP_PROPOSED_BEFORE": (
        "Somebody has proposed to skip this step before; a second person decides on that.",
        "已有人建議略過此步驟，請由第二人決定。",
        "已有人建议略过此步骤，请由第二人决定。",
    ),
    "SKIP_UNKNOWN": (
        "There is no proposal with this number; check it.",
        "沒有此號碼的建議，請核對。",
        "没有此号码的建议，请核对。",
    ),
    "SKIP_DECIDED": (
        "This proposal has been decided already.",
        "此建議已有決定。",
        "此建议已有决定。",
    ),
    "SKIP_SECOND_PERSON": (
        "Who proposed to skip a step cannot decide on it; another person does.",
        "建議者不可自行決定略過步驟，請由另一人決定。",
        "建议者不可自行决定略过步骤，请由另一人决定。",
    ),
}
