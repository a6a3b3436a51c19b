"""Codes of bundles of medical care, insurance and travel, and of transfers by ambulance."""

from __future__ import annotations

from enum import StrEnum


class BundleReason(StrEnum):
    """Stable for ever; each has its sentence below."""

    NON_MEDICAL = "NON_MEDICAL"
    BUNDLE_NOT_DIVIDED = "BUNDLE_NOT_DIVIDED"
    BUNDLE_NON_MEDICAL_SHORT = "BUNDLE_NON_MEDICAL_SHORT"
    BUNDLE_NON_MEDICAL_UNKNOWN = "BUNDLE_NON_MEDICAL_UNKNOWN"
    BUNDLE_NOT_FILED = "BUNDLE_NOT_FILED"
    BUNDLE_ABOVE_FILED = "BUNDLE_ABOVE_FILED"
    BUNDLE_PART_NOT_INCLUDED = "BUNDLE_PART_NOT_INCLUDED"
    NON_MEDICAL_ALONE = "NON_MEDICAL_ALONE"
    VOUCHER_TRANSFER = "VOUCHER_TRANSFER"


_R = BundleReason

BUNDLE_TEXTS: dict[StrEnum, tuple[str, str, str]] = {
    _R.NON_MEDICAL: (
        "{amount} is no medical care: it is kept apart, no funder pays of it, and the patient "
        "pays it himself.",
        "{amount}並非醫療費用:須分開列示,任何付款方均不承擔,由病人自付。",
        "{amount}并非医疗费用:须分开列示,任何付款方均不承担,由病人自付。",
    ),
    _R.BUNDLE_NOT_DIVIDED: (
        "Line {line} bills the bundle {bundle} in one sum, and it holds more than medical care "
        "({category}). Bill its parts as lines of their own that name the bundle.",
        "第{line}項以一筆款項收取打包價{bundle},其中包含非醫療項目({category})。"
        "請按各部分分項開單,並註明該打包價。",
        "第{line}项以一笔款项收取打包价{bundle},其中包含非医疗项目({category})。"
        "请按各部分分项开单,并注明该打包价。",
    ),
    _R.BUNDLE_NON_MEDICAL_SHORT: (
        "The bundle {bundle} was filed with {filed} for what is no medical care; its lines of "
        "that kind come to {charged}. Correct the lines.",
        "打包價{bundle}備案的非醫療部分為{filed},帳單的非醫療項目合計{charged}。請更正各項。",
        "打包价{bundle}备案的非医疗部分为{filed},账单的非医疗项目合计{charged}。请更正各项。",
    ),
    _R.BUNDLE_NON_MEDICAL_UNKNOWN: (
        "How much of the bundle {bundle} is no medical care was not filed. A person must check "
        "its lines.",
        "打包價{bundle}的非醫療部分未有備案金額。須由人員核對各項。",
        "打包价{bundle}的非医疗部分未有备案金额。须由人员核对各项。",
    ),
    _R.BUNDLE_NOT_FILED: (
        "Line {line}: no bundle {bundle} was filed by {on}. File it first, or correct its code.",
        "第{line}項:截至{on},打包價{bundle}未有備案。請先備案或更正代碼。",
        "第{line}项:截至{on},打包价{bundle}未有备案。请先备案或更正代码。",
    ),
    _R.BUNDLE_ABOVE_FILED: (
        "The lines of the bundle {bundle} come to {charged}; the price filed on {filed} allows "
        "{allowed}. Correct the charge or name the newer filing.",
        "打包價{bundle}各項合計{charged},高於{filed}備案價格所容許的{allowed}。請更正收費或提供新備案。",
        "打包价{bundle}各项合计{charged},高于{filed}备案价格所容许的{allowed}。请更正收费或提供新备案。",
    ),
    _R.BUNDLE_PART_NOT_INCLUDED: (
        "Line {line} ({category}) names the bundle {bundle}, which does not include it. Bill it "
        "beside the bundle, or correct the line.",
        "第{line}項({category})註明屬打包價{bundle},但該打包價不包含此項。請另行開單或更正該項。",
        "第{line}项({category})注明属打包价{bundle},但该打包价不包含此项。请另行开单或更正该项。",
    ),
    _R.NON_MEDICAL_ALONE: (
        "Line {line} ({category}) is no medical care and belongs to no bundle. A person must look "
        "why the hospital charges it.",
        "第{line}項({category})並非醫療費用,亦不屬任何打包價。須由人員了解收費原因。",
        "第{line}项({category})并非医疗费用,亦不属任何打包价。须由人员了解收费原因。",
    ),
    _R.VOUCHER_TRANSFER: (
        "Vouchers pay outpatient care at a designated department, not a transfer by ambulance. "
        "Take the voucher off.",
        "醫療券只用於指定科室的門診服務,不能支付救護車轉運。請移除醫療券。",
        "医疗券只用于指定科室的门诊服务,不能支付救护车转运。请移除医疗券。",
    ),
}
