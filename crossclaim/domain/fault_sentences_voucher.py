"""Sentences of the faults about vouchers; see ``fault_sentences``."""

from __future__ import annotations

VOUCHER_TEXTS: dict[str, tuple[str, str, str]] = {
    "HOLDER_DOCUMENT": (
        "A voucher account is held with a Hong Kong identity card or a Certificate of Exemption;"
        " enter one of them.",
        "醫療券戶口以香港身份證或《豁免登記證明書》開立，請輸入其中一項。",
        "医疗券户口以香港身份证或《豁免登记证明书》开立，请输入其中一项。",
    ),
    "CHECK_IN_FUTURE": (
        "This moment has not come yet; check date and time.",
        "此時間尚未到，請核對日期及時間。",
        "此时间尚未到，请核对日期及时间。",
    ),
    "APPOINTMENT_INCOMPLETE": (
        "An appointment has a department, a time and the entry it was made through; add this.",
        "預約須有科室、時間及預約入口，請補上此項。",
        "预约须有科室、时间及预约入口，请补上此项。",
    ),
    "APPOINTMENT_SAYS_TOO_MUCH": (
        "Only a new appointment or a change says this; leave it out.",
        "只有新預約或更改才填寫此項，請刪去。",
        "只有新预约或更改才填写此项，请删去。",
    ),
    "APPOINTMENT_NOT_AHEAD": (
        "An appointment is made before it begins; check both times.",
        "預約須早於就診時間，請核對兩個時間。",
        "预约须早于就诊时间，请核对两个时间。",
    ),
    "APPOINTMENT_OUTSIDE_HOURS": (
        "The voucher service is open at {allowed}; choose a time within.",
        "醫療券服務時間為 {allowed}，請選擇其中的時間。",
        "医疗券服务时间为 {allowed}，请选择其中的时间。",
    ),
    "VISIT_REASON_MISSING": (
        "A claim on vouchers states the reason for the visit; add its code, of a check-up too.",
        "醫療券申報須填寫求診原因，請加上編碼；體檢亦然。",
        "医疗券申报须填写求诊原因，请加上编码；体检亦然。",
    ),
    "CHECK_PLACE": (
        "Nobody is checked in person at {place}; name a voucher service point of the hospital.",
        "{place} 不辦理身份核對，請填寫醫院的醫療券服務點。",
        "{place} 不办理身份核对，请填写医院的医疗券服务点。",
    ),
}
