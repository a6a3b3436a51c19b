"""Who has looked at a patient's record, in words for himself. Pure.

Looks of one organisation at one thing on one day are one line with a count.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from crossclaim.domain.allocation import Frozen, Sentence
from crossclaim.domain.patient_bearer import PATIENT_KEY
from crossclaim.domain.stay import local_day
from crossclaim.domain.story_phrase import Triple, sentence_of

_OWN: Triple = ("You looked at your own pages", "您查看了自己的頁面", "您查看了自己的页面")
_OWN_SENT: Triple = ("You sent something yourself", "您自己提交了資料", "您自己提交了资料")
_OWN_IN: Triple = (
    "Your own pages were opened with a link",
    "有人以連結打開了您的個人頁面",
    "有人以链接打开了您的个人页面",
)
_OWN_NOT_IN: Triple = (
    "Somebody tried a link to your pages and was not let in",
    "有人嘗試以連結打開您的個人頁面,但未獲准進入",
    "有人尝试以链接打开您的个人页面,但未获准进入",
)
_REFUSED: Triple = (
    "asked to see something and was refused",
    "要求查閱,但被拒絕",
    "要求查阅,但被拒绝",
)
_FAILED: Triple = (
    "asked to see something and got no answer",
    "要求查閱,但未獲回覆",
    "要求查阅,但未获回复",
)
_SENT: Triple = (
    "sent something about your care",
    "提交了與您診療有關的資料",
    "提交了与您诊疗有关的资料",
)
_READ: Triple = ("looked at your case", "查閱了您的個案", "查阅了您的个案")
_LINK: Triple = (
    "made a link to your own pages",
    "製作了通往您個人頁面的連結",
    "制作了通往您个人页面的链接",
)
_WORDS: dict[str, Triple] = {
    "make_patient_link": _LINK,
    "read_bill": ("looked at your bill", "查閱了您的帳單", "查阅了您的账单"),
    "preview_cancellation": ("looked at your bill", "查閱了您的帳單", "查阅了您的账单"),
    "read_claim_review": ("examined your claim", "審核了您的索償", "审核了您的索偿"),
    "read_information_document": (
        "looked at a document that was sent in",
        "查閱了已提交的文件",
        "查阅了已提交的文件",
    ),
    "read_information_requests": (
        "looked at which documents are missing",
        "查閱了尚欠的文件清單",
        "查阅了尚欠的文件清单",
    ),
    "read_letter": (
        "looked at a letter about a decision",
        "查閱了有關決定的信件",
        "查阅了有关决定的信件",
    ),
    "read_record": ("looked at your health record", "查閱了您的健康紀錄", "查阅了您的健康记录"),
    "read_record_accesses": (
        "looked at who has read your health record",
        "查閱了誰看過您的健康紀錄",
        "查阅了谁看过您的健康记录",
    ),
    "read_accesses": (
        "looked at who has read your data",
        "查閱了誰看過您的資料",
        "查阅了谁看过您的资料",
    ),
    "upload_document": ("sent in a document", "提交了文件", "提交了文件"),
    "fetch_subject_export": (
        "fetched a copy of your data that was asked for",
        "取得了所申請的資料副本",
        "取得了所申请的资料副本",
    ),
    "decode_payloads": (
        "opened technical records of your case to find a fault",
        "為查找故障而打開了您個案的技術紀錄",
        "为查找故障而打开了您个案的技术记录",
    ),
    "write_staff_note": (
        "wrote a note about your case",
        "就您的個案寫了備註",
        "就您的个案写了备注",
    ),
    "try_again_now": (
        "had a step of your case tried again",
        "重新執行了您個案的一個步驟",
        "重新执行了您个案的一个步骤",
    ),
    "erase": ("destroyed the key of your data", "銷毀了您資料的密鑰", "销毁了您资料的密钥"),
}
_RECORD: dict[str, Triple] = {
    "fetched": ("fetched your health record", "取得了您的健康紀錄", "取得了您的健康记录"),
    "read": _WORDS["read_record"],
    "refused": (
        "asked for your health record and was refused",
        "要求查閱您的健康紀錄,但被拒絕",
        "要求查阅您的健康记录,但被拒绝",
    ),
}


class LookRow(Frozen):
    """One row of what is kept of looks."""

    at: datetime
    place: str = ""
    organisation: str
    key: str
    operation: str
    outcome: str
    what: str
    """``request``, ``record`` or ``submission``."""


class Look(Frozen):
    on: date
    organisation: str = ""
    """Empty: the patient himself."""
    says: Sentence
    count: int = 1


def folded(rows: Iterable[LookRow]) -> list[Look]:
    """In the order of the rows, each kind of look of a day at its first place."""
    found: dict[tuple[date, str, str], Look] = {}
    for row in rows:
        own = row.key.startswith(PATIENT_KEY)
        organisation = "" if own else row.organisation
        says, day = sentence_of(_says(row, own)), local_day(row.at)
        key = (day, organisation, says.en)
        before = found.get(key)
        found[key] = Look(
            on=day,
            organisation=organisation,
            says=says,
            count=1 if before is None else before.count + 1,
        )
    return list(found.values())


def _says(row: LookRow, own: bool) -> Triple:
    if own:
        if row.operation == "patient_enters":
            return _OWN_IN if row.outcome == "200" else _OWN_NOT_IN
        return _OWN_SENT if row.what == "submission" else _OWN
    if row.what == "record":
        return _RECORD.get(row.outcome, _WORDS["read_record"])
    if row.what == "submission":
        return _SENT
    if row.outcome == "destroyed":
        return _WORDS["erase"]
    if not row.outcome.startswith("2"):
        return _REFUSED if row.outcome.startswith("4") else _FAILED
    return _WORDS.get(row.operation, _READ)
