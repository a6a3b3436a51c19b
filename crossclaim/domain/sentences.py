"""What every code of the rules says to people, in English, Traditional and Simplified Chinese.

A refusal's sentence says what is wrong and what to do; a figure's sentence says where it comes
from. The words in braces are filled with values that hold no personal data.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from string import Formatter

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.combination_sentences import COMBINATION_TEXTS
from crossclaim.domain.sentence_words import CODED, in_three
from crossclaim.domain.sentences_basic import BASIC_TEXTS
from crossclaim.domain.sentences_bundle import BUNDLE_TEXTS
from crossclaim.domain.sentences_bureau import BUREAU_TEXTS
from crossclaim.domain.sentences_insurer import INSURER_TEXTS
from crossclaim.domain.sentences_payout import PAYOUT_TEXTS
from crossclaim.domain.sentences_review import REVIEW_TEXTS
from crossclaim.domain.sentences_services import SERVICE_TEXTS
from crossclaim.domain.sentences_withdrawal import WITHDRAWAL_TEXTS
from crossclaim.domain.trusted import trusted


class Reason(StrEnum):
    """Every code that the rules put on a fault, a share or a trace step; stable for ever."""

    VOUCHER_AGE_BELOW_65 = "VOUCHER_AGE_BELOW_65"
    VOUCHER_DOCUMENT_MISSING = "VOUCHER_DOCUMENT_MISSING"
    VOUCHER_PERMIT_EXPIRED = "VOUCHER_PERMIT_EXPIRED"
    VOUCHER_INPATIENT = "VOUCHER_INPATIENT"
    VOUCHER_DAY_PROCEDURE = "VOUCHER_DAY_PROCEDURE"
    VOUCHER_GOODS_ONLY = "VOUCHER_GOODS_ONLY"
    VOUCHER_PREPAID = "VOUCHER_PREPAID"
    VOUCHER_CHANNEL_NOT_DEDICATED = "VOUCHER_CHANNEL_NOT_DEDICATED"
    VOUCHER_EHEALTH_CONSENT_MISSING = "VOUCHER_EHEALTH_CONSENT_MISSING"
    VOUCHER_INSTITUTION_NOT_PILOT = "VOUCHER_INSTITUTION_NOT_PILOT"
    VOUCHER_START_UNKNOWN = "VOUCHER_START_UNKNOWN"
    VOUCHER_NOT_SERVICE = "VOUCHER_NOT_SERVICE"
    VOUCHER_DEPARTMENT_NOT_DESIGNATED = "VOUCHER_DEPARTMENT_NOT_DESIGNATED"
    VOUCHER_DEPARTMENT_UNKNOWN = "VOUCHER_DEPARTMENT_UNKNOWN"
    VOUCHER_WITH_BASIC_INSURANCE = "VOUCHER_WITH_BASIC_INSURANCE"
    VOUCHER_BALANCE_NOT_STATED = "VOUCHER_BALANCE_NOT_STATED"
    VOUCHER_RATE_NOT_STATED = "VOUCHER_RATE_NOT_STATED"
    BILL_TOTAL_DIFFERS = "BILL_TOTAL_DIFFERS"
    BILL_LINE_TWICE = "BILL_LINE_TWICE"
    AMOUNT_NEGATIVE = "AMOUNT_NEGATIVE"
    CURRENCY_NOT_CNY = "CURRENCY_NOT_CNY"
    PLAN_UNKNOWN = "PLAN_UNKNOWN"
    RULE_NEEDS_PERSON = "RULE_NEEDS_PERSON"
    DUAL_COVER_NEEDS_PERSON = "DUAL_COVER_NEEDS_PERSON"
    FUNDER_NEEDS_PERSON = "FUNDER_NEEDS_PERSON"
    INSURER_RATE_NOT_STATED = "INSURER_RATE_NOT_STATED"
    SURGERY_CLASS_MISSING = "SURGERY_CLASS_MISSING"
    VOUCHER_LEG = "VOUCHER_LEG"
    PATIENT_REST = "PATIENT_REST"
    BASIC_NOT_COVERED_INTERNATIONAL = "BASIC_NOT_COVERED_INTERNATIONAL"
    EXCLUDED_SPECIAL_DRUG = "EXCLUDED_SPECIAL_DRUG"
    EXCLUDED_CROSS_BORDER_AMBULANCE = "EXCLUDED_CROSS_BORDER_AMBULANCE"
    EXCLUDED_LONG_TERM_PHYSIO = "EXCLUDED_LONG_TERM_PHYSIO"
    NO_BENEFIT = "NO_BENEFIT"
    NOT_DIRECT_ENCOUNTER = "NOT_DIRECT_ENCOUNTER"
    PAYABLE = "PAYABLE"
    CAPPED = "CAPPED"
    DEDUCTIBLE = "DEDUCTIBLE"
    COINSURANCE = "COINSURANCE"
    ANNUAL_LIMIT = "ANNUAL_LIMIT"
    CONVERTED = "CONVERTED"
    SPREAD = "SPREAD"
    GUARANTEE_LIMIT = "GUARANTEE_LIMIT"
    LATER_REIMBURSEMENT = "LATER_REIMBURSEMENT"
    WITHOUT_GUARANTEE = "WITHOUT_GUARANTEE"
    GUARANTEE_MISSING = "GUARANTEE_MISSING"
    DECISION_BINDS = "DECISION_BINDS"
    DECISION_DIFFERS = "DECISION_DIFFERS"
    DECISION_ABOVE_BILL = "DECISION_ABOVE_BILL"


_TEXTS: dict[StrEnum, tuple[str, str, str]] = {
    Reason.VOUCHER_AGE_BELOW_65: (
        "Vouchers can be used from the {age}th birthday on; the patient was younger on {on}. "
        "Take the voucher off this bill and use another means of payment.",
        "醫療券須年滿{age}歲方可使用;病人在{on}未滿該年齡。請從本單移除醫療券,改用其他付款方式。",
        "医疗券须年满{age}岁方可使用;病人在{on}未满该年龄。请从本单移除医疗券,改用其他付款方式。",
    ),
    Reason.VOUCHER_DOCUMENT_MISSING: (
        "Vouchers need one of these documents: {documents}. Ask the patient for it and submit the "
        "episode with it.",
        "使用醫療券須出示以下其中一種證件:{documents}。請向病人索取並補交。",
        "使用医疗券须出示以下其中一种证件:{documents}。请向病人索取并补交。",
    ),
    Reason.VOUCHER_PERMIT_EXPIRED: (
        "The permission to stay that the identity card rests on ended on {until}, before the "
        "service on {on}. Ask for a document that was valid on that day, or take the voucher off.",
        "該身份證所依據的逗留准許已於{until}屆滿,早於服務日期{on}。請出示當日有效的證件,或改用其他付款方式。",
        "该身份证所依据的逗留准许已于{until}届满,早于服务日期{on}。请出示当日有效的证件,或改用其他付款方式。",
    ),
    Reason.VOUCHER_INPATIENT: (
        "Vouchers do not pay for inpatient care. Take the voucher off this bill.",
        "醫療券不適用於住院服務。請從本單移除醫療券。",
        "医疗券不适用于住院服务。请从本单移除医疗券。",
    ),
    Reason.VOUCHER_DAY_PROCEDURE: (
        "Vouchers do not pay for day procedures such as cataract surgery or endoscopy. "
        "Take the voucher off this bill.",
        "醫療券不適用於日間手術程序,例如白內障手術或內窺鏡檢查。請從本單移除醫療券。",
        "医疗券不适用于日间手术程序,例如白内障手术或内窥镜检查。请从本单移除医疗券。",
    ),
    Reason.VOUCHER_GOODS_ONLY: (
        "The bill holds only goods, such as medicine or glasses; vouchers pay goods only together "
        "with a service of the same visit. Take the voucher off, or bill the visit with them.",
        "本單只有物品(如藥品、眼鏡);醫療券不可純粹用來購買物品。請移除醫療券,或與同次診症一併開單。",
        "本单只有物品(如药品、眼镜);医疗券不可纯粹用来购买物品。请移除医疗券,或与同次诊症一并开单。",
    ),
    Reason.VOUCHER_PREPAID: (
        "Vouchers pay only after the service; this bill is a deposit or was issued before the "
        "service was completed. Claim again when the service is done and its time is stated.",
        "醫療券只可在服務完成後使用;本單屬預先繳費,或開單早於服務完成時間。請於服務完成並註明時間後再申報。",
        "医疗券只可在服务完成后使用;本单属预先缴费,或开单早于服务完成时间。请于服务完成并注明时间后再申报。",
    ),
    Reason.VOUCHER_CHANNEL_NOT_DEDICATED: (
        "Charges outside the voucher's dedicated channel cannot be paid by voucher. Register the "
        "visit through the dedicated channel, or use another means of payment.",
        "非醫療券專用渠道產生的費用不可使用醫療券。請經專用渠道掛號,或改用其他付款方式。",
        "非医疗券专用渠道产生的费用不可使用医疗券。请经专用渠道挂号,或改用其他付款方式。",
    ),
    Reason.VOUCHER_EHEALTH_CONSENT_MISSING: (
        "Consent missing: {consents}. The patient must agree to join eHealth before vouchers can "
        "be used; record the consent and submit the bill again.",
        "欠缺同意書:{consents}。病人須同意加入醫健通方可使用醫療券;請記錄同意後重新提交。",
        "欠缺同意书:{consents}。病人须同意加入医健通方可使用医疗券;请记录同意后重新提交。",
    ),
    Reason.VOUCHER_INSTITUTION_NOT_PILOT: (
        "{hospital} was not a service point of the voucher scheme on {on}. Use another means of "
        "payment, or go to a service point.",
        "{hospital}在{on}並非醫療券服務點。請改用其他付款方式,或前往服務點就診。",
        "{hospital}在{on}并非医疗券服务点。请改用其他付款方式,或前往服务点就诊。",
    ),
    Reason.VOUCHER_START_UNKNOWN: (
        "{hospital} is named as a service point, but its first day is not known to us. A person "
        "must decide whether vouchers could be used there on {on}.",
        "{hospital}已獲列為服務點,但我們未知其啟用日期。須由人員判斷{on}可否使用醫療券。",
        "{hospital}已获列为服务点,但我们未知其启用日期。须由人员判断{on}可否使用医疗券。",
    ),
    Reason.VOUCHER_NOT_SERVICE: (
        "Line {line} ({category}) is not a health care service; vouchers pay neither wages nor "
        "cash. Take the line or the voucher off the bill.",
        "第{line}項({category})並非醫療服務;醫療券不可用於僱用人員或兌換現金。請移除該項或醫療券。",
        "第{line}项({category})并非医疗服务;医疗券不可用于雇用人员或兑换现金。请移除该项或医疗券。",
    ),
    Reason.VOUCHER_DEPARTMENT_NOT_DESIGNATED: (
        "Department {department} of {hospital} is not designated for vouchers. Check the "
        "department's code, or use another means of payment.",
        "{hospital}的{department}並非醫療券指定科室。請核對科室代碼,或改用其他付款方式。",
        "{hospital}的{department}并非医疗券指定科室。请核对科室代码,或改用其他付款方式。",
    ),
    Reason.VOUCHER_DEPARTMENT_UNKNOWN: (
        "The list of designated departments of {hospital} is not known to us, so department "
        "{department} cannot be judged. A person must decide.",
        "我們未有{hospital}的指定科室名單,無法判斷{department}是否適用。須由人員決定。",
        "我们未有{hospital}的指定科室名单,无法判断{department}是否适用。须由人员决定。",
    ),
    Reason.VOUCHER_WITH_BASIC_INSURANCE: (
        "Vouchers and national basic medical insurance cannot pay for the same episode of service. "
        "Ask the patient to choose one of the two and submit the bill again.",
        "同一次醫療服務不可同時使用醫療券和國家醫療保險。請病人二擇其一後重新提交。",
        "同一次医疗服务不可同时使用医疗券和国家医疗保险。请病人二择其一后重新提交。",
    ),
    Reason.VOUCHER_BALANCE_NOT_STATED: (
        "The voucher balance was not given. Look the account up in the eHealth System (Subsidies) "
        "first.",
        "未提供醫療券結餘。請先在醫健通(資助)系統查詢戶口。",
        "未提供医疗券结余。请先在医健通(资助)系统查询户口。",
    ),
    Reason.VOUCHER_RATE_NOT_STATED: (
        "The conversion rate of the eHealth System (Subsidies) was not given. Fetch it first; it "
        "is never chosen by us.",
        "未提供醫健通(資助)系統的換算率。請先取得;換算率不由我們選定。",
        "未提供医健通(资助)系统的换算率。请先取得;换算率不由我们选定。",
    ),
    Reason.BILL_TOTAL_DIFFERS: (
        "The bill's total {stated} is not the sum of its lines {summed}. Correct one of them.",
        "帳單總額{stated}與各項之和{summed}不符。請更正。",
        "账单总额{stated}与各项之和{summed}不符。请更正。",
    ),
    Reason.BILL_LINE_TWICE: (
        "Line number {line} stands twice in the bill. Give every line its own number.",
        "帳單項目編號{line}重複。每項須有獨立編號。",
        "账单项目编号{line}重复。每项须有独立编号。",
    ),
    Reason.AMOUNT_NEGATIVE: (
        "The amount of line {line} is below zero. Reverse a charge by a new version of the bill.",
        "第{line}項金額為負數。沖減費用請提交新版本帳單。",
        "第{line}项金额为负数。冲减费用请提交新版本账单。",
    ),
    Reason.CURRENCY_NOT_CNY: (
        "Line {line} is in {currency}; hospital charges are in CNY. Correct the currency.",
        "第{line}項以{currency}計算;醫院收費須以人民幣計算。請更正。",
        "第{line}项以{currency}计算;医院收费须以人民币计算。请更正。",
    ),
    Reason.PLAN_UNKNOWN: (
        "No active plan {plan} for funder {funder}. Check the coverage's plan, or have the plan "
        "activated.",
        "沒有適用於{funder}的生效計劃{plan}。請核對保障資料或啟用該計劃。",
        "没有适用于{funder}的生效计划{plan}。请核对保障资料或启用该计划。",
    ),
    Reason.RULE_NEEDS_PERSON: (
        "The rule {rule} has no known value on {on}. A person must decide this case.",
        "規則{rule}在{on}沒有已知數值。須由人員決定。",
        "规则{rule}在{on}没有已知数值。须由人员决定。",
    ),
    Reason.DUAL_COVER_NEEDS_PERSON: (
        "More than one insurer is claimed for this bill. Somebody must state which pays first.",
        "本單涉及多於一間保險公司。須註明賠付的先後次序。",
        "本单涉及多于一家保险公司。须注明赔付的先后次序。",
    ),
    Reason.FUNDER_NEEDS_PERSON: (
        "There are no rules yet for what {funder} carries of this bill. A person must decide, or "
        "the coverage is taken off.",
        "暫無規則計算{funder}在本單的承擔額。須由人員決定,或移除該項保障。",
        "暂无规则计算{funder}在本单的承担额。须由人员决定,或移除该项保障。",
    ),
    Reason.INSURER_RATE_NOT_STATED: (
        "The insurer's exchange rate of the quote was not given. Freeze the rate with the quote "
        "first.",
        "未提供報價時鎖定的匯率。請先鎖定匯率。",
        "未提供报价时锁定的汇率。请先锁定汇率。",
    ),
    Reason.SURGERY_CLASS_MISSING: (
        "Line {line} is a surgeon's fee without its class. State one of: {allowed}.",
        "第{line}項外科醫生費沒有註明手術類別。請填寫其一:{allowed}。",
        "第{line}项外科医生费没有注明手术类别。请填写其一:{allowed}。",
    ),
    Reason.VOUCHER_LEG: (
        "{dollars} whole Hong Kong dollars of vouchers pay {amount} of the bill.",
        "使用醫療券{dollars}港元,支付帳單{amount}。",
        "使用医疗券{dollars}港元,支付账单{amount}。",
    ),
    Reason.PATIENT_REST: (
        "The patient carries what no funder pays: {amount}.",
        "其餘{amount}由病人承擔。",
        "其余{amount}由病人承担。",
    ),
    Reason.BASIC_NOT_COVERED_INTERNATIONAL: (
        "Basic medical insurance never pays for international medical services.",
        "國際醫療服務不納入基本醫保。",
        "国际医疗服务不纳入基本医保。",
    ),
    Reason.EXCLUDED_SPECIAL_DRUG: (
        "Line {line}: special drugs are not covered by this plan.",
        "第{line}項:特殊藥物費用不在本計劃保障範圍。",
        "第{line}项:特殊药物费用不在本计划保障范围。",
    ),
    Reason.EXCLUDED_CROSS_BORDER_AMBULANCE: (
        "Line {line}: cross-border ambulance transport is not covered by this plan.",
        "第{line}項:跨境救護車交通費用不在本計劃保障範圍。",
        "第{line}项:跨境救护车交通费用不在本计划保障范围。",
    ),
    Reason.EXCLUDED_LONG_TERM_PHYSIO: (
        "Line {line}: long-term physiotherapy is not covered by this plan.",
        "第{line}項:長期物理治療費用不在本計劃保障範圍。",
        "第{line}项:长期物理治疗费用不在本计划保障范围。",
    ),
    Reason.NO_BENEFIT: (
        "Line {line}: the plan has no benefit for {category}.",
        "第{line}項:本計劃沒有{category}的保障項目。",
        "第{line}项:本计划没有{category}的保障项目。",
    ),
    Reason.NOT_DIRECT_ENCOUNTER: (
        "The plan does not pay {encounter} care to the hospital directly. The patient pays and "
        "asks the insurer with the papers; a person there decides.",
        "本計劃不直接向醫院支付{encounter}費用。由病人先付,再憑單據向保險公司申請,由人員審批。",
        "本计划不直接向医院支付{encounter}费用。由病人先付,再凭单据向保险公司申请,由人员审批。",
    ),
    Reason.PAYABLE: (
        "Line {line}: {amount} is payable before deductible and co-insurance.",
        "第{line}項:扣除自付額及共同保險前可賠{amount}。",
        "第{line}项:扣除免赔额及共同保险前可赔{amount}。",
    ),
    Reason.CAPPED: (
        "Line {line}: the plan's limit leaves {amount} payable.",
        "第{line}項:按計劃限額可賠{amount}。",
        "第{line}项:按计划限额可赔{amount}。",
    ),
    Reason.DEDUCTIBLE: (
        "The deductible takes {amount}.",
        "自付額扣減{amount}。",
        "免赔额扣减{amount}。",
    ),
    Reason.COINSURANCE: (
        "The patient's co-insurance takes {amount}.",
        "病人的共同保險扣減{amount}。",
        "病人的共同保险扣减{amount}。",
    ),
    Reason.ANNUAL_LIMIT: (
        "What is left of the plan's annual limit allows {amount}.",
        "按每年保障限額餘額可賠{amount}。",
        "按每年保障限额余额可赔{amount}。",
    ),
    Reason.CONVERTED: (
        "The insurer's benefit of {benefit} is {amount} at the frozen rate, never above what is "
        "eligible.",
        "保險賠償{benefit}按鎖定匯率折合{amount},不高於合資格費用。",
        "保险赔偿{benefit}按锁定汇率折合{amount},不高于合资格费用。",
    ),
    Reason.SPREAD: (
        "{amount} is laid on the lines in proportion; fen left over go to the largest remainders.",
        "{amount}按比例分配到各項;餘下的分按最大餘數分配。",
        "{amount}按比例分配到各项;余下的分按最大余数分配。",
    ),
    Reason.GUARANTEE_LIMIT: (
        "The letter of guarantee is limited to {limit}; the insurer pays the hospital {amount} "
        "directly.",
        "擔保函限額為{limit};保險公司直接向醫院支付{amount}。",
        "担保函限额为{limit};保险公司直接向医院支付{amount}。",
    ),
    Reason.LATER_REIMBURSEMENT: (
        "The patient pays this part first and can claim {amount} from the insurer later.",
        "病人先付此部分,其後可向保險公司索償{amount}。",
        "病人先付此部分,其后可向保险公司索偿{amount}。",
    ),
    Reason.WITHOUT_GUARANTEE: (
        "There is no letter of guarantee; the plan pays {ratio} of the benefit: {amount}.",
        "沒有擔保函;計劃按賠償額的{ratio}支付:{amount}。",
        "没有担保函;计划按赔偿额的{ratio}支付:{amount}。",
    ),
    Reason.GUARANTEE_MISSING: (
        "There is no letter of guarantee, and what the plan pays without one is not known. The "
        "patient pays the hospital; a person at the insurer must decide on the claim.",
        "沒有擔保函,且未知計劃在此情況下的賠償。由病人向醫院付款;須由保險公司人員審批索償。",
        "没有担保函,且未知计划在此情况下的赔偿。由病人向医院付款;须由保险公司人员审批索偿。",
    ),
    Reason.DECISION_BINDS: (
        "The insurer decided on a benefit of {benefit}; its decision binds.",
        "保險公司決定賠償{benefit},以其決定為準。",
        "保险公司决定赔偿{benefit},以其决定为准。",
    ),
    Reason.DECISION_DIFFERS: (
        "The decision differs from the forecast by {difference}; the patient carries the "
        "difference.",
        "決定與預計相差{difference},差額由病人承擔。",
        "决定与预计相差{difference},差额由病人承担。",
    ),
    Reason.DECISION_ABOVE_BILL: (
        "The insurer's decision is worth {benefit}, more than the {amount} that the other funders "
        "leave; only that is paid, and a person should ask the insurer.",
        "保險公司的決定相當於{benefit},高於其他付款方餘下的{amount};只支付後者,並須由人員向保險公司查詢。",
        "保险公司的决定相当于{benefit},高于其他付款方余下的{amount};只支付后者,并须由人员向保险公司查询。",
    ),
}

_TEXTS |= BASIC_TEXTS
_TEXTS |= BUNDLE_TEXTS
_TEXTS |= BUREAU_TEXTS
_TEXTS |= COMBINATION_TEXTS
_TEXTS |= INSURER_TEXTS
_TEXTS |= PAYOUT_TEXTS
_TEXTS |= REVIEW_TEXTS
_TEXTS |= SERVICE_TEXTS
_TEXTS |= WITHDRAWAL_TEXTS
BY_CODE = {reason.value: texts for reason, texts in _TEXTS.items()}


def placeholders(template: str) -> frozenset[str]:
    """The names in braces of one template."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def templates(reason: StrEnum) -> tuple[str, str, str]:
    """English, Traditional Chinese, Simplified Chinese, unfilled."""
    return _TEXTS[reason]


def sentence(reason: StrEnum, **values: object) -> Sentence:
    """The reason's sentence with its values. Raises KeyError when a value is missing."""
    filled = {name: str(value) for name, value in values.items()}
    return worded(reason, filled)


_LANGUAGES = {"en", "zh_hant", "zh_hans"}
_WITH_CODES = frozenset(
    reason for reason, texts in _TEXTS.items() if placeholders(texts[0]) & CODED
)


def worded(reason: StrEnum, filled: Mapping[str, str]) -> Sentence:
    """Like ``sentence``, of values that are texts already."""
    en, zh_hant, zh_hans = _TEXTS[reason]
    in_english = in_hant = in_hans = filled
    if reason in _WITH_CODES:
        in_english, in_hant, in_hans = in_three(filled)
    texts: dict[str, object] = {
        "en": en.format_map(in_english),
        "zh_hant": zh_hant.format_map(in_hant),
        "zh_hans": zh_hans.format_map(in_hans),
    }
    return trusted(Sentence, _LANGUAGES, texts)
