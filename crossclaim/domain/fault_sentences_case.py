"""Sentences of the faults about episodes, consents, bills and payments; see ``fault_sentences``."""

from __future__ import annotations

CASE_TEXTS: dict[str, tuple[str, str, str]] = {
    "HOSPITAL_UNKNOWN": (
        "The hospital {hospital} is unknown.",
        "未知的醫院 {hospital}。",
        "未知的医院 {hospital}。",
    ),
    "HOSPITAL_NOT_YOURS": (
        "The hospital is not the one whose key sent this; use the key of that hospital.",
        "此醫院並非所用金鑰的醫院，請使用該醫院的金鑰。",
        "此医院并非所用密钥的医院，请使用该医院的密钥。",
    ),
    "DEPARTMENT_UNKNOWN": (
        "The hospital {hospital} has no department {department}.",
        "醫院 {hospital} 沒有科室 {department}。",
        "医院 {hospital} 没有科室 {department}。",
    ),
    "NAME_MISSING": (
        "The patient has no name; give it in Chinese or English.",
        "缺少患者姓名，請填寫中文或英文姓名。",
        "缺少患者姓名，请填写中文或英文姓名。",
    ),
    "IDENTITY_MISSING": (
        "The patient has no identity document; give at least one.",
        "缺少患者身份證件，請至少提供一項。",
        "缺少患者身份证件，请至少提供一项。",
    ),
    "BIRTH_DATE_FUTURE": (
        "The birth date is in the future.",
        "出生日期在未來。",
        "出生日期在未来。",
    ),
    "ADMISSION_BEFORE_BIRTH": (
        "The admission is before the patient's birth.",
        "入院時間早於患者出生日期。",
        "入院时间早于患者出生日期。",
    ),
    "SERVICE_BEFORE_BIRTH": (
        "The service is before the patient's birth.",
        "服務日期早於患者出生日期。",
        "服务日期早于患者出生日期。",
    ),
    "DIAGNOSIS_MISSING": (
        "An insurer takes no request without a diagnosis; give at least one.",
        "保險公司的申請須有診斷，請至少提供一項。",
        "保险公司的申请须有诊断，请至少提供一项。",
    ),
    "COVERAGE_TWICE": (
        "The same coverage is claimed twice; remove one.",
        "同一保障重複申報，請刪除一項。",
        "同一保障重复申报，请删除一项。",
    ),
    "INSURER_MISSING": (
        "A coverage by an insurer must name the insurer.",
        "保險保障須指明保險公司。",
        "保险保障须指明保险公司。",
    ),
    "INSURER_UNKNOWN": (
        "The insurer {insurer} is unknown.",
        "未知的保險公司 {insurer}。",
        "未知的保险公司 {insurer}。",
    ),
    "PLAN_MISSING": (
        "A coverage by an insurer must name the plan.",
        "保險保障須指明計劃。",
        "保险保障须指明计划。",
    ),
    "PLAN_UNKNOWN": (
        "The insurer {insurer} has no plan {plan}; known are {allowed}.",
        "保險公司 {insurer} 沒有計劃 {plan}，可用的計劃為 {allowed}。",
        "保险公司 {insurer} 没有计划 {plan}，可用的计划为 {allowed}。",
    ),
    "POLICY_MISSING": (
        "A coverage by an insurer must give the policy number.",
        "保險保障須提供保單號碼。",
        "保险保障须提供保单号码。",
    ),
    "COVER_ENDS_BEFORE_IT_BEGINS": (
        "The cover ends before it begins on {since}.",
        "保障終止日早於生效日 {since}。",
        "保障终止日早于生效日 {since}。",
    ),
    "COVER_COUNTED_IN_HKD": (
        "Insurers of Hong Kong count what a cover has used in HKD, those of Macao in MOP; "
        "state it so.",
        "已使用的保障額，香港保險公司以港元計算，澳門保險公司以澳門元計算；請以該貨幣填寫。",
        "已使用的保障额，香港保险公司以港元计算，澳门保险公司以澳门元计算；请以该货币填写。",
    ),
    "SERVICE_OTHER_ENCOUNTER": (
        "The service {service} is given in a visit of the kind {encounter}; correct one of them.",
        "服務類別 {service} 須屬就診類別 {encounter};請更正其中一項。",
        "服务类别 {service} 须属就诊类别 {encounter};请更正其中一项。",
    ),
    "SERVICE_DIAGNOSIS_MISSING": (
        "Care of a chronic condition names the condition; add its diagnosis.",
        "慢病管理須填寫病症;請加上診斷。",
        "慢病管理须填写病症;请加上诊断。",
    ),
    "HOSPITAL_OUTSIDE_MAINLAND": (
        "{hospital} stands in {region}; episodes are of care in hospitals of the mainland.",
        "{hospital} 位於 {region};本系統只處理在內地醫院的就診。",
        "{hospital} 位于 {region};本系统只处理在内地医院的就诊。",
    ),
    "CONSENT_OTHER_DESTINATION": (
        "The text {version} rests on the standard contract for {destination}, but {recipient} is "
        "in {region}. Have the text for {region} signed.",
        "同意書版本 {version} 所依據的標準合同適用於 {destination},而 {recipient} 位於 {region};"
        "請簽署適用於 {region} 的版本。",
        "同意书版本 {version} 所依据的标准合同适用于 {destination},而 {recipient} 位于 {region};"
        "请签署适用于 {region} 的版本。",
    ),
    "CONSENT_OUTSIDE_AREA": (
        "{recipient} is outside the Greater Bay Area, and no text lets a patient's data go there.",
        "{recipient} 位於粵港澳大灣區以外,任何同意書均不容許把病人資料傳送至該處。",
        "{recipient} 位于粤港澳大湾区以外,任何同意书均不允许把病人数据传送至该处。",
    ),
    "CONSENT_TEXT_UNKNOWN": (
        "The text {version} of the consent {type} is unknown.",
        "同意書 {type} 沒有版本 {version}。",
        "同意书 {type} 没有版本 {version}。",
    ),
    "CONSENT_TEXT_DIGEST": (
        "The text with this SHA-256 is not version {version} of the consent {type}; have the text"
        " signed that `GET /v1/consent-texts/{type}/{version}` tells.",
        "此 SHA-256 的文本並非同意書 {type} 的版本 {version};"
        "請簽署 `GET /v1/consent-texts/{type}/{version}` 所載文本。",
        "此 SHA-256 的文本并非同意书 {type} 的版本 {version};"
        "请签署 `GET /v1/consent-texts/{type}/{version}` 所载文本。",
    ),
    "CONSENT_TEXT_VERSION": (
        "The consent {type} was signed on {signed_on}, when its text {version} was not in use "
        "(in use {period}); have the text of that day signed.",
        "同意書 {type} 於 {signed_on} 簽署，當日版本 {version} 並非有效（有效期 {period}），"
        "請簽署當日有效的版本。",
        "同意书 {type} 于 {signed_on} 签署，当日版本 {version} 并非有效（有效期 {period}），"
        "请签署当日有效的版本。",
    ),
    "CONSENT_RECIPIENT_MISSING": (
        "The consent {type} must name the organisation that the data go to.",
        "同意書 {type} 須指明資料接收機構。",
        "同意书 {type} 须指明数据接收机构。",
    ),
    "CONSENT_RECIPIENT_UNKNOWN": (
        "The organisation {recipient} that the data go to is unknown.",
        "未知的資料接收機構 {recipient}。",
        "未知的数据接收机构 {recipient}。",
    ),
    "CONSENT_MISSING_PI_SENSITIVE": (
        "For the insurer {insurer} the consent PI_SENSITIVE (sensitive data) is missing.",
        "向保險公司 {insurer} 申請缺少敏感個人資料處理同意書（PI_SENSITIVE）。",
        "向保险公司 {insurer} 申请缺少敏感个人信息处理同意书（PI_SENSITIVE）。",
    ),
    "CONSENT_MISSING_PI_PROVIDE": (
        "The consent PI_PROVIDE (providing data) with recipient {insurer} is missing.",
        "缺少向 {insurer} 提供個人資料的同意書（PI_PROVIDE）。",
        "缺少向 {insurer} 提供个人信息的同意书（PI_PROVIDE）。",
    ),
    "CONSENT_MISSING_PI_CROSS_BORDER": (
        "The consent PI_CROSS_BORDER (data abroad) with recipient {insurer} is missing.",
        "缺少向 {insurer} 跨境提供個人資料的同意書（PI_CROSS_BORDER）。",
        "缺少向 {insurer} 跨境提供个人信息的同意书（PI_CROSS_BORDER）。",
    ),
    "CONSENT_MISSING_CLAIM_AUTH": (
        "The consent CLAIM_AUTH (claim authorisation) with recipient {insurer} is missing.",
        "缺少給 {insurer} 的索償授權書（CLAIM_AUTH）。",
        "缺少给 {insurer} 的索赔授权书（CLAIM_AUTH）。",
    ),
    "CONSENT_GIVEN_OR_WITHDRAWN": (
        "State either one consent given or one withdrawn, not both and not neither.",
        "請填寫給予或撤回其中一項，不可兩者皆有或皆無。",
        "请填写给予或撤回其中一项，不可两者皆有或皆无。",
    ),
    "LINES_MISSING": (
        "The bill has no charge lines.",
        "賬單沒有收費項目。",
        "账单没有收费项目。",
    ),
    "LINE_NUMBER_TWICE": (
        "The line number {number} occurs twice.",
        "項目編號 {number} 重複。",
        "项目编号 {number} 重复。",
    ),
    "LINE_AMOUNT": (
        "{quantity} times {unit_price} is {expected}, not {amount}.",
        "{quantity} 乘 {unit_price} 應為 {expected}，而非 {amount}。",
        "{quantity} 乘 {unit_price} 应为 {expected}，而非 {amount}。",
    ),
    "TOTAL_NOT_SUM": (
        "The lines add up to {expected}, the total says {amount}.",
        "各項目合計為 {expected}，總額為 {amount}，兩者不符。",
        "各项目合计为 {expected}，总额为 {amount}，两者不符。",
    ),
    "CURRENCY_MIXED": (
        "The amount is in {currency}, the bill is in {expected}.",
        "此金額以 {currency} 計，賬單以 {expected} 計。",
        "此金额以 {currency} 计，账单以 {expected} 计。",
    ),
    "CURRENCY_NOT_CHARGED": (
        "The hospital does not charge in {currency}; it charges in {allowed}.",
        "醫院不以 {currency} 收費，而以 {allowed} 收費。",
        "医院不以 {currency} 收费，而以 {allowed} 收费。",
    ),
    "LINE_OUTSIDE_STAY": (
        "The service of {day} is outside the stay ({period}).",
        "服務日期 {day} 不在住院期間（{period}）之內。",
        "服务日期 {day} 不在住院期间（{period}）之内。",
    ),
    "LINE_AFTER_BILL": (
        "The service of {day} is after the day of the bill, {issued_on}.",
        "服務日期 {day} 晚於開單日期 {issued_on}。",
        "服务日期 {day} 晚于开单日期 {issued_on}。",
    ),
    "DISCHARGE_BEFORE_ADMISSION": (
        "The discharge is before the admission of {admitted_at}.",
        "出院時間早於入院時間 {admitted_at}。",
        "出院时间早于入院时间 {admitted_at}。",
    ),
    "ADMISSION_AFTER_DISCHARGE": (
        "The admission is after the discharge of {discharged_at}.",
        "入院時間晚於出院時間 {discharged_at}。",
        "入院时间晚于出院时间 {discharged_at}。",
    ),
    "LEG_TWICE": (
        "The same payment (method and reference) is listed twice.",
        "同一筆付款（方式及參考編號）重複。",
        "同一笔付款（方式及参考编号）重复。",
    ),
}
