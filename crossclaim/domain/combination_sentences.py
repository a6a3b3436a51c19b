"""Codes of spouse pairing, the order of funders, and the checks of prices and approved items."""

from __future__ import annotations

from enum import StrEnum


class CombinationReason(StrEnum):
    """Stable for ever, like every code of the rules; each has its sentence below."""

    SPOUSE_BEFORE_OWN = "SPOUSE_BEFORE_OWN"
    SPOUSE_NOT_PAIRED = "SPOUSE_NOT_PAIRED"
    SPOUSE_PAIRING_INCOMPLETE = "SPOUSE_PAIRING_INCOMPLETE"
    SPOUSE_DECEASED = "SPOUSE_DECEASED"
    SPOUSE_PAPER_MISSING = "SPOUSE_PAPER_MISSING"
    SPOUSE_BALANCE_NOT_STATED = "SPOUSE_BALANCE_NOT_STATED"
    SPOUSE_LEG = "SPOUSE_LEG"
    SPOUSE_NOTICE = "SPOUSE_NOTICE"
    VOUCHER_REWARD = "VOUCHER_REWARD"
    VOUCHER_ASKED_ABOVE_ALLOWED = "VOUCHER_ASKED_ABOVE_ALLOWED"
    FUNDER_ORDER = "FUNDER_ORDER"
    FUNDERS_CHOSEN = "FUNDERS_CHOSEN"
    PRICE_ABOVE_FILED = "PRICE_ABOVE_FILED"
    PRICE_NOT_FILED = "PRICE_NOT_FILED"
    PRICE_LIST_UNKNOWN = "PRICE_LIST_UNKNOWN"
    BUNDLE_PART_BILLED = "BUNDLE_PART_BILLED"
    INTERNATIONAL_NOT_DESIGNATED = "INTERNATIONAL_NOT_DESIGNATED"
    INTERNATIONAL_UNKNOWN = "INTERNATIONAL_UNKNOWN"
    CONNECT_INSTITUTION_UNKNOWN = "CONNECT_INSTITUTION_UNKNOWN"
    CONNECT_NOT_DESIGNATED = "CONNECT_NOT_DESIGNATED"
    CONNECT_ITEM_UNKNOWN = "CONNECT_ITEM_UNKNOWN"
    CONNECT_ITEM_NOT_LISTED = "CONNECT_ITEM_NOT_LISTED"
    CONNECT_ITEM_NOT_APPROVED = "CONNECT_ITEM_NOT_APPROVED"
    CONNECT_ITEM_OTHER_INSTITUTION = "CONNECT_ITEM_OTHER_INSTITUTION"
    CONNECT_PURPOSE_UNKNOWN = "CONNECT_PURPOSE_UNKNOWN"
    CONNECT_PURPOSE_NOT_STATED = "CONNECT_PURPOSE_NOT_STATED"
    CONNECT_OTHER_PURPOSE = "CONNECT_OTHER_PURPOSE"


_R = CombinationReason

COMBINATION_TEXTS: dict[StrEnum, tuple[str, str, str]] = {
    _R.SPOUSE_BEFORE_OWN: (
        "The spouse's vouchers can be used only when the own are used up; {left} of the own would "
        "be left. Use the own vouchers first and submit again.",
        "須先用盡本人的醫療券,方可使用配偶的醫療券;本人尚餘{left}。請先使用本人的醫療券後重新提交。",
        "须先用尽本人的医疗券,方可使用配偶的医疗券;本人尚余{left}。请先使用本人的医疗券后重新提交。",
    ),
    _R.SPOUSE_NOT_PAIRED: (
        "No pairing with the spouse's voucher account was in force on {on}. Have both register it, "
        "or take the spouse's vouchers off.",
        "{on}並無生效的配偶醫療券配對。請兩人先辦理配對,或移除配偶的醫療券。",
        "{on}并无生效的配偶医疗券配对。请两人先办理配对,或移除配偶的医疗券。",
    ),
    _R.SPOUSE_PAIRING_INCOMPLETE: (
        "The pairing with the spouse's voucher account lacks: {missing}. Have both complete it, or "
        "take the spouse's vouchers off.",
        "配偶醫療券配對尚欠:{missing}。請兩人補辦,或移除配偶的醫療券。",
        "配偶医疗券配对尚欠:{missing}。请两人补办,或移除配偶的医疗券。",
    ),
    _R.SPOUSE_DECEASED: (
        "The spouse died on {died}; what was left in that account is not transferred. Take the "
        "spouse's vouchers off.",
        "配偶已於{died}離世,其戶口餘額不會轉移。請移除配偶的醫療券。",
        "配偶已于{died}离世,其户口余额不会转移。请移除配偶的医疗券。",
    ),
    _R.SPOUSE_PAPER_MISSING: (
        "The spouse's vouchers need at each use: {papers}. Ask for it and submit again.",
        "每次使用配偶的醫療券須出示:{papers}。請索取後重新提交。",
        "每次使用配偶的医疗券须出示:{papers}。请索取后重新提交。",
    ),
    _R.SPOUSE_BALANCE_NOT_STATED: (
        "The spouse's voucher balance was not given. Look the account up in the eHealth System "
        "(Subsidies) first.",
        "未提供配偶的醫療券結餘。請先在醫健通(資助)系統查詢戶口。",
        "未提供配偶的医疗券结余。请先在医健通(资助)系统查询户口。",
    ),
    _R.SPOUSE_LEG: (
        "{dollars} whole Hong Kong dollars of the spouse's vouchers pay {amount} of what the own "
        "leave.",
        "使用配偶的醫療券{dollars}港元,支付本人醫療券餘下部分中的{amount}。",
        "使用配偶的医疗券{dollars}港元,支付本人医疗券余下部分中的{amount}。",
    ),
    _R.SPOUSE_NOTICE: (
        "Both spouses are told of the use by text message.",
        "系統會以短訊通知夫婦雙方。",
        "系统会以短信通知夫妇双方。",
    ),
    _R.VOUCHER_REWARD: (
        "If the service counts as designated primary care, these {dollars} dollars reach the year's"
        " minimum of the reward scheme: the eHealth System (Subsidies) grants {amount}, usable"
        " until {until}.",
        "如屬指定基層醫療服務,此{dollars}港元已達獎賞先導計劃的全年下限:"
        "醫健通(資助)系統將發放{amount},可用至{until}。",
        "如属指定基层医疗服务,此{dollars}港元已达奖赏先导计划的全年下限:"
        "医健通(资助)系统将发放{amount},可用至{until}。",
    ),
    _R.VOUCHER_ASKED_ABOVE_ALLOWED: (
        "{asked} dollars of vouchers were asked for; balance and bill allow {allowed}. Ask for no "
        "more than that and submit again.",
        "申報使用{asked}港元醫療券,惟按結餘及帳單最多為{allowed}港元。請更正後重新提交。",
        "申报使用{asked}港元医疗券,惟按结余及账单最多为{allowed}港元。请更正后重新提交。",
    ),
    _R.FUNDER_ORDER: (
        "Funders pay one after the other, each on what those before it leave.",
        "各付款方按先後次序承擔,後者只計前者餘下的部分。",
        "各付款方按先后次序承担,后者只计前者余下的部分。",
    ),
    _R.FUNDERS_CHOSEN: (
        "For this service the patient uses some of the coverages only; another service may be paid "
        "by the others.",
        "病人就本次服務只使用部分保障;其他保障可用於另一次服務。",
        "病人就本次服务只使用部分保障;其他保障可用于另一次服务。",
    ),
    _R.PRICE_ABOVE_FILED: (
        "Line {line} charges {charged}; the price filed on {filed} allows {allowed}. Correct the "
        "charge or name the newer filing.",
        "第{line}項收費{charged},高於{filed}備案價格所容許的{allowed}。請更正收費或提供新備案。",
        "第{line}项收费{charged},高于{filed}备案价格所容许的{allowed}。请更正收费或提供新备案。",
    ),
    _R.PRICE_NOT_FILED: (
        "Line {line}: no price of item {item} was filed by {on}. File it first, or correct the "
        "item's code.",
        "第{line}項:截至{on},項目{item}未有備案價格。請先備案或更正項目代碼。",
        "第{line}项:截至{on},项目{item}未有备案价格。请先备案或更正项目代码。",
    ),
    _R.PRICE_LIST_UNKNOWN: (
        "The filed prices of {hospital} for international services are not known to us. A person "
        "must check the charges.",
        "我們未有{hospital}國際醫療服務的備案價格。須由人員核對收費。",
        "我们未有{hospital}国际医疗服务的备案价格。须由人员核对收费。",
    ),
    _R.BUNDLE_PART_BILLED: (
        "Line {line} ({category}) is part of the bundled price {bundle} on the same bill. Take the "
        "line off, or bill without the bundle.",
        "第{line}項({category})已包含在同一帳單的打包價{bundle}內。請移除該項,或不按打包價開單。",
        "第{line}项({category})已包含在同一账单的打包价{bundle}内。请移除该项,或不按打包价开单。",
    ),
    _R.INTERNATIONAL_NOT_DESIGNATED: (
        "{hospital} was not designated for international medical services on {on}. Bill the visit "
        "through the ordinary channel.",
        "{hospital}在{on}並非國際醫療服務試點醫院。請按普通渠道開單。",
        "{hospital}在{on}并非国际医疗服务试点医院。请按普通渠道开单。",
    ),
    _R.INTERNATIONAL_UNKNOWN: (
        "Not all hospitals of the international medical pilot are known to us, and {hospital} is "
        "not among the known ones on {on}. A person must decide.",
        "我們未有國際醫療服務試點醫院的完整名單,{hospital}在{on}不在已知之列。須由人員決定。",
        "我们未有国际医疗服务试点医院的完整名单,{hospital}在{on}不在已知之列。须由人员决定。",
    ),
    _R.CONNECT_INSTITUTION_UNKNOWN: (
        "Which institutions may use Hong Kong-Macao drugs and devices is not known to us, so "
        "{hospital} cannot be judged for line {line}. A person must decide.",
        "我們未有「港澳藥械通」指定醫療機構名單,無法就第{line}項判斷{hospital}。須由人員決定。",
        "我们未有「港澳药械通」指定医疗机构名单,无法就第{line}项判断{hospital}。须由人员决定。",
    ),
    _R.CONNECT_NOT_DESIGNATED: (
        "Line {line}: {hospital} was not designated for Hong Kong-Macao drugs and devices on {on}. "
        "Check the institution, or take the line off.",
        "第{line}項:{hospital}在{on}並非「港澳藥械通」指定醫療機構。請核對機構或移除該項。",
        "第{line}项:{hospital}在{on}并非「港澳药械通」指定医疗机构。请核对机构或移除该项。",
    ),
    _R.CONNECT_ITEM_UNKNOWN: (
        "The list of approved Hong Kong-Macao drugs and devices is not known to us, so item {item} "
        "of line {line} cannot be judged. A person must decide.",
        "我們未有「港澳藥械通」獲批品種名單,無法判斷第{line}項的{item}。須由人員決定。",
        "我们未有「港澳药械通」获批品种名单,无法判断第{line}项的{item}。须由人员决定。",
    ),
    _R.CONNECT_ITEM_NOT_LISTED: (
        "Line {line}: item {item} is not an approved Hong Kong-Macao drug or device. Correct its "
        "code, or take the line off.",
        "第{line}項:{item}不在「港澳藥械通」獲批品種之列。請更正代碼或移除該項。",
        "第{line}项:{item}不在「港澳药械通」获批品种之列。请更正代码或移除该项。",
    ),
    _R.CONNECT_ITEM_NOT_APPROVED: (
        "Line {line}: the approval of item {item} was not in force on {on}. Check the day of "
        "service, or take the line off.",
        "第{line}項:{item}在{on}未獲批准或批准已失效。請核對服務日期或移除該項。",
        "第{line}项:{item}在{on}未获批准或批准已失效。请核对服务日期或移除该项。",
    ),
    _R.CONNECT_ITEM_OTHER_INSTITUTION: (
        "Line {line}: item {item} is approved for other institutions only, not for {hospital}. "
        "Take the line off, or name the institution that used it.",
        "第{line}項:{item}只獲批用於其他機構,不適用於{hospital}。請移除該項或註明使用機構。",
        "第{line}项:{item}只获批用于其他机构,不适用于{hospital}。请移除该项或注明使用机构。",
    ),
    _R.CONNECT_PURPOSE_UNKNOWN: (
        "Line {line}: nobody has told us for which medical purposes item {item} is approved. Have "
        "a person check the approval.",
        "第{line}項:未有{item}獲批醫療用途的資料。請由專人核對批文。",
        "第{line}项:未有{item}获批医疗用途的资料。请由专人核对批文。",
    ),
    _R.CONNECT_PURPOSE_NOT_STATED: (
        "Line {line}: item {item} is approved for certain purposes and the episode names no "
        "diagnosis. State the diagnosis that it treats.",
        "第{line}項:{item}只獲批用於特定用途,而個案未列診斷。請填報所治療的診斷。",
        "第{line}项:{item}只获批用于特定用途,而个案未列诊断。请填报所治疗的诊断。",
    ),
    _R.CONNECT_OTHER_PURPOSE: (
        "Line {line}: item {item} is approved for {approved}, and none of the episode's diagnoses "
        "is among these. Take the line off, or correct the diagnosis.",
        "第{line}項:{item}獲批用於{approved},個案的診斷不在其列。請移除該項或更正診斷。",
        "第{line}项:{item}获批用于{approved},个案的诊断不在其列。请移除该项或更正诊断。",
    ),
}
