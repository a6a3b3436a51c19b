"""What a row of the audit says to the patient it is about, in three languages."""

from __future__ import annotations

_WORDS: dict[str, tuple[str, str, str]] = {
    "read": ("looked at your data", "查閱了您的資料", "查阅了您的资料"),
    "changed": (
        "sent something about your care",
        "提交了與您診療有關的資料",
        "提交了与您诊疗有关的资料",
    ),
    "refused": ("asked and was refused", "提出查閱但被拒絕", "提出查阅但被拒绝"),
    "failed": ("asked and got no answer", "提出查閱但未獲回覆", "提出查阅但未获回复"),
    "record": ("looked at your health record", "查閱了您的健康紀錄", "查阅了您的健康记录"),
    "fetched": ("fetched your health record", "取得了您的健康紀錄", "取得了您的健康记录"),
    "patient": (
        "the patient's own pages, opened by a link",
        "病人本人以連結打開的個人頁面",
        "病人本人以链接打开的个人页面",
    ),
    "destroyed": ("destroyed the key of your data", "銷毀了您資料的密鑰", "销毁了您资料的密钥"),
}
_PLACES = {"en": 0, "zh-Hant": 1, "zh-Hans": 2}


def access_words(what: str, outcome: str, language: str, operation: str = "") -> str:
    """``what``: ``request``, ``record`` or ``submission``; ``outcome``: as the row has it."""
    own = operation.startswith("patient_") and outcome.startswith("2")
    return _WORDS["patient" if own else _kind(what, outcome)][_PLACES[language]]


def _kind(what: str, outcome: str) -> str:
    if what == "submission":
        return "changed"
    if outcome in ("refused", "fetched", "destroyed"):
        return outcome
    if what == "record":
        return "record"
    if outcome.startswith("2"):
        return "read"
    return "refused" if outcome.startswith("4") else "failed"
