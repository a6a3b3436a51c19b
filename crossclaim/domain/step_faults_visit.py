"""Sentences of what can be wrong with a service or an appointment where its episode stands."""

from __future__ import annotations

VISIT_TEXTS: dict[str, tuple[str, str, str]] = {
    "SERVICE_OTHER_CHANNEL": (
        "The service {service} is offered through {channels} only; open the episode there.",
        "服務類別 {service} 只經 {channels} 提供，請在該渠道開立個案。",
        "服务类别 {service} 只经 {channels} 提供，请在该渠道开立个案。",
    ),
    "VOUCHER_REGISTER_FIRST": (
        "Whoever pays with vouchers in {department} registers first: no appointment through the "
        "voucher entry is for {on}. Pay this visit by other means.",
        "在 {department} 使用醫療券須先預約登記：沒有 {on} 的醫療券預約。請以其他方式付款。",
        "在 {department} 使用医疗券须先预约登记：没有 {on} 的医疗券预约。请以其他方式付款。",
    ),
    "APPOINTMENT_UNKNOWN": (
        "There is no appointment with this number; register it first.",
        "沒有此編號的預約，請先登記。",
        "没有此编号的预约，请先登记。",
    ),
    "APPOINTMENT_VERSION_NOT_NEWER": (
        "Version {known} of this appointment is already here; say what changed in a higher one.",
        "此預約已有第 {known} 版，更改須用更高的版本號。",
        "此预约已有第 {known} 版，更改须用更高的版本号。",
    ),
    "APPOINTMENT_OVER": (
        "This appointment is {state}; register a new one.",
        "此預約的狀態為 {state}，請另作登記。",
        "此预约的状态为 {state}，请另作登记。",
    ),
    "APPOINTMENT_ALREADY": (
        "This appointment is registered; tell a change of it.",
        "此預約已登記，請填寫更改。",
        "此预约已登记，请填写更改。",
    ),
    "APPOINTMENT_TOO_LATE": (
        "The appointment was at {at}; after that it can be kept or missed, not changed.",
        "預約時間為 {at}，其後只可記為到診或缺席，不能更改。",
        "预约时间为 {at}，其后只可记为到诊或缺席，不能更改。",
    ),
    "APPOINTMENT_NOT_YET": (
        "The appointment is at {at}; nobody has missed it before.",
        "預約時間為 {at}，在此之前不能記為缺席。",
        "预约时间为 {at}，在此之前不能记为缺席。",
    ),
    "APPOINTMENT_OTHER_DAY": (
        "The appointment is on {on}; who comes on another day registers for it.",
        "預約日期為 {on}，在其他日期就診須另作登記。",
        "预约日期为 {on}，在其他日期就诊须另作登记。",
    ),
    "APPOINTMENT_CHANNEL": (
        "This visit is not in the channel for vouchers, so it has no such appointment.",
        "此次就診不在醫療券專用渠道，沒有醫療券預約。",
        "此次就诊不在医疗券专用渠道，没有医疗券预约。",
    ),
    "APPOINTMENT_DEPARTMENT": (
        "The voucher scheme does not name {department} at {hospital}; choose a designated one.",
        "{hospital} 的 {department} 不是醫療券指定科室，請選擇指定科室。",
        "{hospital} 的 {department} 不是医疗券指定科室，请选择指定科室。",
    ),
}
