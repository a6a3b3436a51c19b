"""What the codes of checks before a decision say to people: why a claim goes to an examiner."""

from __future__ import annotations

from enum import StrEnum


class ReviewReason(StrEnum):
    """Why a claim waits for an examiner; stable for ever. None of them denies anything."""

    EBILL_CLAIMED_BEFORE = "EBILL_CLAIMED_BEFORE"
    EBILL_DIFFERS = "EBILL_DIFFERS"
    DOCUMENT_CLAIMED_BEFORE = "DOCUMENT_CLAIMED_BEFORE"
    BILL_CLAIMED_BEFORE = "BILL_CLAIMED_BEFORE"
    LINES_CLAIMED_BEFORE = "LINES_CLAIMED_BEFORE"
    VISIT_OTHER_CHANNEL = "VISIT_OTHER_CHANNEL"
    VISIT_OTHER_INSURER = "VISIT_OTHER_INSURER"
    STAYS_OVERLAP = "STAYS_OVERLAP"
    UNITS_UNLIKELY = "UNITS_UNLIKELY"
    ITEMS_EXCLUDE = "ITEMS_EXCLUDE"
    LEVEL_ABOVE_NORM = "LEVEL_ABOVE_NORM"
    GOODS_AS_SERVICE = "GOODS_AS_SERVICE"
    REVIEW_RULE_MISSING = "REVIEW_RULE_MISSING"
    PERSON_DECIDED_BEFORE = "PERSON_DECIDED_BEFORE"


_R = ReviewReason

REVIEW_TEXTS: dict[StrEnum, tuple[str, str, str]] = {
    _R.EBILL_CLAIMED_BEFORE: (
        "An electronic bill of this claim stands in another claim as well.",
        "此索償的電子票據亦見於另一索償。",
        "此索偿的电子票据亦见于另一索偿。",
    ),
    _R.EBILL_DIFFERS: (
        "What was read in the file of an electronic bill is not what this claim says of it.",
        "電子票據檔案所載內容與本索償所述不同。",
        "电子票据文件所载内容与本索偿所述不同。",
    ),
    _R.DOCUMENT_CLAIMED_BEFORE: (
        "A document of this claim has the same content as one of another claim.",
        "本索償的一份文件與另一索償的文件內容相同。",
        "本索偿的一份文件与另一索偿的文件内容相同。",
    ),
    _R.BILL_CLAIMED_BEFORE: (
        "A bill of this person with the same hospital, number and day was claimed before.",
        "此人同一醫院、同一號碼及日期的帳單曾被索償。",
        "此人同一医院、同一号码及日期的账单曾被索偿。",
    ),
    _R.LINES_CLAIMED_BEFORE: (
        "The same charges of this person at the same hospital were claimed before.",
        "此人在同一醫院的相同收費曾被索償。",
        "此人在同一医院的相同收费曾被索偿。",
    ),
    _R.VISIT_OTHER_CHANNEL: (
        "This person's visit to the hospital on {day} was claimed in another way as well: by the "
        "hospital or with papers.",
        "此人於{day}在該醫院的就診亦經另一途徑索償:由醫院或憑單據。",
        "此人于{day}在该医院的就诊亦经另一途径索偿:由医院或凭单据。",
    ),
    _R.VISIT_OTHER_INSURER: (
        "This person's visit to the hospital on {day} was claimed of another insurer that this "
        "claim does not name.",
        "此人於{day}在該醫院的就診亦已向另一保險公司索償,而本索償並未提及。",
        "此人于{day}在该医院的就诊亦已向另一保险公司索偿,而本索偿并未提及。",
    ),
    _R.STAYS_OVERLAP: (
        "This person's stay overlaps with another stay that was claimed.",
        "此人的住院與另一已索償的住院日期重疊。",
        "此人的住院与另一已索偿的住院日期重叠。",
    ),
    _R.UNITS_UNLIKELY: (
        "{units} units of {category} on {day} are above the {most} that pass without a look.",
        "{day}的{category}共{units}單位,高於毋須查核的{most}單位。",
        "{day}的{category}共{units}单位,高于无须查核的{most}单位。",
    ),
    _R.ITEMS_EXCLUDE: (
        "The items {first} and {second} of {day} exclude each other.",
        "{day}的項目{first}與{second}互相排斥。",
        "{day}的项目{first}与{second}互相排斥。",
    ),
    _R.LEVEL_ABOVE_NORM: (
        "Line {line} is charged as {level}; for the diagnosis the norm is at most {norm}.",
        "第{line}行按{level}收費;此診斷的常規最高為{norm}。",
        "第{line}行按{level}收费;此诊断的常规最高为{norm}。",
    ),
    _R.GOODS_AS_SERVICE: (
        "Line {line} has the code of goods and is charged as a service.",
        "第{line}行的編碼屬貨品,卻按服務收費。",
        "第{line}行的编码属货品,却按服务收费。",
    ),
    _R.PERSON_DECIDED_BEFORE: (
        "A person decided the claim of the bill's version that this one corrects.",
        "本帳單所更正的版本,其索償由人員決定。",
        "本账单所更正的版本,其索偿由人员决定。",
    ),
    _R.REVIEW_RULE_MISSING: (
        "The rule {name} that a check needs has no value on {day}; a person looks instead.",
        "查核所需的規則{name}在{day}沒有數值,改由人員查核。",
        "查核所需的规则{name}在{day}没有数值,改由人员查核。",
    ),
}
