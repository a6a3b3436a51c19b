"""Sentences of the faults about transfers by ambulance; see ``fault_sentences``."""

from __future__ import annotations

TRANSFER_TEXTS: dict[str, tuple[str, str, str]] = {
    "TRANSFER_SAME_INSTITUTION": (
        "The patient is handed over by and to the same institution; name the other one.",
        "移交及接收為同一機構，請填寫另一機構。",
        "移交及接收为同一机构，请填写另一机构。",
    ),
    "TRANSFER_NOT_OURS": (
        "The hospital of this episode neither hands the patient over nor takes him over.",
        "本個案的醫院並非移交或接收機構。",
        "本个案的医院并非移交或接收机构。",
    ),
    "TRANSFER_INSTITUTION_UNKNOWN": (
        "The institution {institution} is not known; check its code.",
        "未知的機構 {institution}，請核對代碼。",
        "未知的机构 {institution}，请核对代码。",
    ),
    "TRANSFER_NOT_ACROSS": (
        "Both institutions are on the same side of the border; this is no cross-border transfer.",
        "兩機構在同一側，並非跨境轉運。",
        "两机构在同一侧，并非跨境转运。",
    ),
    "TRANSFER_TIMES": (
        "The patient was handed over before the departure; check both times.",
        "移交時間早於出發時間，請核對。",
        "移交时间早于出发时间，请核对。",
    ),
    "TRANSFER_TIME_AHEAD": (
        "This moment has not come yet; check date and time.",
        "此時間尚未到，請核對日期及時間。",
        "此时间尚未到，请核对日期及时间。",
    ),
    "TRANSFER_CREW_MISSING": (
        "Nobody is named who was with the patient; name the crew, each once.",
        "未列明隨車人員，請填寫，每人只列一次。",
        "未列明随车人员，请填写，每人只列一次。",
    ),
    "TRANSFER_NOT_THE_VISIT": (
        "This episode is no transfer by ambulance; open one for the transfer.",
        "本個案並非救護車轉運，請就轉運另開個案。",
        "本个案并非救护车转运，请就转运另开个案。",
    ),
    "TRANSFER_CONSENT_MISSING": (
        "The consent {consent} for {recipient} is missing or withdrawn. Have it signed or, in an "
        "emergency, state the emergency with its reason.",
        "缺少就 {recipient} 的同意書 {consent} 或已撤回。請補簽；如屬緊急情況，"
        "請填報緊急情況及原因。",
        "缺少就 {recipient} 的同意书 {consent} 或已撤回。请补签；如属紧急情况，"
        "请填报紧急情况及原因。",
    ),
    "TRANSFER_EMERGENCY_CLOSED": (
        "No rule of {on} lets data cross the border in an emergency; the consents are needed.",
        "{on}沒有規則容許在緊急情況下跨境提供資料，須取得同意。",
        "{on}没有规则容许在紧急情况下跨境提供资料，须取得同意。",
    ),
    "TRANSFER_RULE_MISSING": (
        "No rule of {on} says {rule}; a person must decide.",
        "{on} 沒有規則列明 {rule}，須由人員決定。",
        "{on} 没有规则列明 {rule}，须由人员决定。",
    ),
    "TRANSFER_NOT_HANDED_OVER": (
        "No hand-over of the patient is recorded; record it before the final bill.",
        "尚未記錄病人的移交，請先記錄，再提交最終帳單。",
        "尚未记录病人的移交，请先记录，再提交最终账单。",
    ),
}
