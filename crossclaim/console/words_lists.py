"""Words of lists that are saved as files."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

LIST_WORDS: dict[str, Triple] = {
    "closed_on": ("Closed", "結案時間", "结案时间"),
    "paid_cny": ("Paid out, RMB", "已付款(人民幣)", "已付款(人民币)"),
    "held_up_cny": ("Held up, RMB", "待處理金額(人民幣)", "待处理金额(人民币)"),
    "waits_from": ("Longest exception since", "最早待處理事項自", "最早待处理事项自"),
    "work_score": ("Priority figure", "優先次序分數", "优先次序分数"),
    "export_codes": (
        "names of columns and codes for programs",
        "供程式使用的欄名及代碼",
        "供程序使用的列名及代码",
    ),
}
