"""The record of a hand-over as a page to print and carry, in one of three languages."""

from __future__ import annotations

from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from crossclaim.domain.reference import Names
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.domain.story_sentences_transfer import CREW, NO_APPROVAL, REGIONS
from crossclaim.domain.story_words import CONSENTS
from crossclaim.domain.transfer import HandOverRecord

_PLACES = {"en": 0, "zh-Hant": 1, "zh-Hans": 2}

_WORDS: dict[str, tuple[str, str, str]] = {
    "title": (
        "Hand-over Record, Cross-border Ambulance Transfer",
        "跨境救護車轉運移交紀錄",
        "跨境救护车转运移交记录",
    ),
    "number": ("Hand-over number", "移交編號", "移交编号"),
    "visit": ("Visit number", "就診編號", "就诊编号"),
    "patient": ("Patient", "病人", "病人"),
    "document": ("Identity document", "身份證件", "身份证件"),
    "birth_date": ("Date of birth", "出生日期", "出生日期"),
    "handed_over_by": ("Handed over by", "移交機構", "移交机构"),
    "taken_over_by": ("Taken over by", "接收機構", "接收机构"),
    "departed_at": ("Departure", "出發時間", "出发时间"),
    "handed_over_at": ("Handed over", "移交時間", "移交时间"),
    "at_departure": ("Condition at departure", "出發時狀況", "出发时状况"),
    "treatment": ("Treatment on the way", "途中處理", "途中处理"),
    "at_hand_over": ("Condition at the hand-over", "移交時狀況", "移交时状况"),
    "crew": ("Crew", "隨車人員", "随车人员"),
    "vehicle": ("Vehicle", "車輛", "车辆"),
    "approvals": ("Approvals shown", "已出示的批准", "已出示的批准"),
    "basis": ("Basis", "依據", "依据"),
    "missing": ("Consents not in force", "未生效的同意", "未生效的同意"),
    "note": (
        "Which approvals a vehicle needs is not judged here; those that were shown are listed.",
        "車輛所需的批准不在此判斷;僅列出已出示者。",
        "车辆所需的批准不在此判断;仅列出已出示者。",
    ),
}
_BASES: dict[str, tuple[str, str, str]] = {
    "consent": ("the patient's consents", "病人的同意", "病人的同意"),
    "emergency": (
        "emergency, to protect life or health (Network Data Security Management Regulations, "
        "article 35 (7))",
        "緊急情況,為保護生命健康(《網絡數據安全管理條例》第三十五條第七項)",
        "紧急情况,为保护生命健康(《网络数据安全管理条例》第三十五条第七项)",
    ),
}
_JOINED = (", ", "、", "、")


class PrintedHandOvers:
    """``activities.transfer_records.HandOverPrinter`` with a template of this package."""

    def __init__(self) -> None:
        environment = Environment(
            loader=PackageLoader("crossclaim.documents"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._template = environment.get_template("hand_over_record.html")

    def hand_over_record(self, record: HandOverRecord, language: str) -> bytes:
        """The same record gives the same bytes, so that a repeated print changes nothing."""
        place = _PLACES[language]
        words = {name: texts[place] for name, texts in _WORDS.items()}
        page = self._template.render(language=language, words=words, rows=_rows(record, place))
        return page.encode()


def _rows(record: HandOverRecord, place: int) -> list[tuple[str, str]]:
    condition, join = record.condition, _JOINED[place]
    crew = [f"{CREW[m.role][place]} {m.staff} ({m.institution})" for m in record.crew]
    approvals = [
        f"{REGIONS[a.region.value][place]} {a.number} ({a.valid_until})"
        for a in record.vehicle.approvals
    ]
    rows = [
        ("number", record.number),
        ("visit", record.visit),
        ("patient", record.patient),
        ("document", record.document),
        ("birth_date", str(record.birth_date)),
        ("handed_over_by", f"{_name(record.handed_over_by, place)} ({record.handed_over_staff})"),
        ("taken_over_by", f"{_name(record.taken_over_by, place)} ({record.taken_over_staff})"),
        ("departed_at", _moment(record.departed_at)),
        ("handed_over_at", _moment(record.handed_over_at)),
        ("at_departure", condition.at_departure),
        ("treatment", condition.treatment or "-"),
        ("at_hand_over", condition.at_hand_over),
        ("crew", join.join(crew)),
        ("vehicle", record.vehicle.registration),
        ("approvals", join.join(approvals) or NO_APPROVAL[place]),
        ("basis", _BASES[record.basis][place]),
    ]
    if record.missing:
        rows.append(("missing", join.join(CONSENTS[code][place] for code in record.missing)))
    return rows


def _name(names: Names, place: int) -> str:
    return (names.en, names.zh_hant, names.zh_hans)[place]


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(REGION_ZONE):%Y-%m-%d %H:%M}"
