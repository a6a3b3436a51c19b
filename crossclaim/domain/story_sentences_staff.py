"""What a story says of staff who look after an episode."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

SENTENCES: dict[str, Triple] = {
    "staff_note": ("{staff} wrote a note.", "{staff}寫下備註。", "{staff}写下备注。"),
    "staff_try_again": (
        "{staff} had the step that waited tried again at once.",
        "{staff}要求立即重試正在等待的步驟。",
        "{staff}要求立即重试正在等待的步骤。",
    ),
    "staff_in_clear": (
        "{staff} had personal data of the episode shown in clear, and said why.",
        "{staff}已說明原因並查看本個案的個人資料原文。",
        "{staff}已说明原因并查看本个案的个人资料原文。",
    ),
}
