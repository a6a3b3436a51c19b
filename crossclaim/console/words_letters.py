"""The words of the page of a letter of guarantee at its insurer, in three languages."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

LETTER_WORDS: dict[str, Triple] = {
    "letter_one": ("Letter of guarantee", "擔保函", "担保函"),
    "letter_planned": ("Planned by the hospital", "醫院預計金額", "医院预计金额"),
    "letter_limit": ("Promised", "已承諾", "已承诺"),
    "letter_answer_by": ("Answer by", "答覆期限", "答复期限"),
    "letter_clock_stands": (
        "The clock stands still while documents are owed to you.",
        "在文件送到之前,答覆時限暫停。",
        "在文件送到之前,答复时限暂停。",
    ),
    "letter_nothing_waits": (
        "No question about this letter waits for you, so no documents are asked for.",
        "此擔保函沒有待答覆的問題,無須要求文件。",
        "此担保函没有待答复的问题,无须要求文件。",
    ),
    "letter_ask_effect": (
        "Each document is asked for once. Your clock stands still until all have come or are said "
        "not to be had, then it goes on with the time that was left. A promise ends the request.",
        "每份文件只要求一次。在文件全部送到或說明無法取得之前,答覆時限暫停,其後以餘下時間繼續。"
        "作出承諾即結束要求。",
        "每份文件只要求一次。在文件全部送到或说明无法取得之前,答复时限暂停,其后以余下时间继续。"
        "作出承诺即结束要求。",
    ),
    "letter_documents_asked": (
        "Asked; your clock stands still until they are here.",
        "已要求文件;送到之前答覆時限暫停。",
        "已要求文件;送到之前答复时限暂停。",
    ),
}
