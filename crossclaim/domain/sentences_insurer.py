"""What the codes of insurers' plans say to people."""

from __future__ import annotations

from enum import StrEnum


class InsurerReason(StrEnum):
    """Codes on faults, shares and trace steps; stable for ever."""

    RATE_NOT_STATED = "RATE_NOT_STATED"
    COVER_START_NOT_STATED = "COVER_START_NOT_STATED"
    CAUSE_NOT_STATED = "CAUSE_NOT_STATED"
    PRE_EXISTING_NOT_STATED = "PRE_EXISTING_NOT_STATED"
    DEDUCTIBLE_USED_NOT_STATED = "DEDUCTIBLE_USED_NOT_STATED"
    BENEFIT_USED_NOT_STATED = "BENEFIT_USED_NOT_STATED"
    COVER_NOT_IN_FORCE = "COVER_NOT_IN_FORCE"
    INSURER_WAITING_PERIOD = "INSURER_WAITING_PERIOD"
    NOT_COVERED_ENCOUNTER = "NOT_COVERED_ENCOUNTER"
    VISIT_PER_DAY = "VISIT_PER_DAY"
    VISIT_PER_YEAR = "VISIT_PER_YEAR"
    LIFETIME_LIMIT = "LIFETIME_LIMIT"
    PRE_EXISTING = "PRE_EXISTING"
    OUT_OF_NETWORK = "OUT_OF_NETWORK"
    NOT_DIRECT_HOSPITAL = "NOT_DIRECT_HOSPITAL"
    GUARANTEE_NOT_NEEDED = "GUARANTEE_NOT_NEEDED"
    OTHER_INSURER_FIRST = "OTHER_INSURER_FIRST"
    OTHER_INSURER_STATEMENT_MISSING = "OTHER_INSURER_STATEMENT_MISSING"
    CONFIRMED_LOCKED = "CONFIRMED_LOCKED"
    CONFIRMED_ABOVE_COST = "CONFIRMED_ABOVE_COST"
    STATEMENT_ABOVE_COST = "STATEMENT_ABOVE_COST"
    BILL_CLAIMED_TWICE = "BILL_CLAIMED_TWICE"
    VISIT_BENEFIT = "VISIT_BENEFIT"
    PAID_OUT = "PAID_OUT"
    GUARANTEE_OUTSIDE = "GUARANTEE_OUTSIDE"
    GUARANTEE_CONDITION = "GUARANTEE_CONDITION"


INSURER_TEXTS: dict[StrEnum, tuple[str, str, str]] = {
    InsurerReason.RATE_NOT_STATED: (
        "The plan uses the exchange rate of {basis}; the one for {day} was not given. State the "
        "rate with its source and time.",
        "本計劃採用{basis}的匯率,但未提供{day}的匯率。請提供匯率及其來源和時間。",
        "本计划采用{basis}的汇率,但未提供{day}的汇率。请提供汇率及其来源和时间。",
    ),
    InsurerReason.COVER_START_NOT_STATED: (
        "The plan {plan} counts waiting periods and policy years from the first day of cover, "
        "which was not given. Ask the insurer for it.",
        "計劃{plan}的等待期及保單年度由保障生效日起計,但未提供該日期。請向保險公司查詢。",
        "计划{plan}的等待期及保单年度由保障生效日起计,但未提供该日期。请向保险公司查询。",
    ),
    InsurerReason.CAUSE_NOT_STATED: (
        "Illness is covered from {until} on, accidents before. State whether the treatment follows "
        "an accident.",
        "疾病自{until}起受保,意外則不設等待期。請註明治療是否因意外所致。",
        "疾病自{until}起受保,意外则不设等待期。请注明治疗是否因意外所致。",
    ),
    InsurerReason.PRE_EXISTING_NOT_STATED: (
        "In policy year {year} the plan pays only a part for conditions from before the cover. "
        "The insurer must state whether this is one.",
        "在第{year}個保單年度,投保前已有的病症只獲部分賠償。保險公司須說明是否屬此情況。",
        "在第{year}个保单年度,投保前已有的病症只获部分赔偿。保险公司须说明是否属此情况。",
    ),
    InsurerReason.DEDUCTIBLE_USED_NOT_STATED: (
        "The plan {plan} has a deductible for each policy year; what earlier care used up of it "
        "was not given. Ask the insurer for it.",
        "計劃{plan}每個保單年度設有免賠額,但未提供本年度已扣除的金額。請向保險公司查詢。",
        "计划{plan}每个保单年度设有免赔额,但未提供本年度已扣除的金额。请向保险公司查询。",
    ),
    InsurerReason.BENEFIT_USED_NOT_STATED: (
        "The plan {plan} has a limit for each policy year; what the insurer has paid of it so far "
        "was not given. Ask the insurer for it.",
        "計劃{plan}每個保單年度設有賠償限額,但未提供本年度已賠償的金額。請向保險公司查詢。",
        "计划{plan}每个保单年度设有赔偿限额,但未提供本年度已赔偿的金额。请向保险公司查询。",
    ),
    InsurerReason.COVER_NOT_IN_FORCE: (
        "Line {line}: the cover was not in force on {day}.",
        "第{line}項:保障在{day}並未生效。",
        "第{line}项:保障在{day}并未生效。",
    ),
    InsurerReason.INSURER_WAITING_PERIOD: (
        "Line {line}: a waiting period runs; covered from {covered} on.",
        "第{line}項:仍在等待期內,自{covered}起受保。",
        "第{line}项:仍在等待期内,自{covered}起受保。",
    ),
    InsurerReason.NOT_COVERED_ENCOUNTER: (
        "The plan does not reimburse {encounter} care.",
        "本計劃不賠償{encounter}費用。",
        "本计划不赔偿{encounter}费用。",
    ),
    InsurerReason.VISIT_PER_DAY: (
        "Line {line}: the plan's visits for {on} are used up.",
        "第{line}項:{on}的受保診症次數已用完。",
        "第{line}项:{on}的受保诊症次数已用完。",
    ),
    InsurerReason.VISIT_PER_YEAR: (
        "Line {line}: the plan's visits of this policy year were used up before {on}.",
        "第{line}項:本保單年度的受保診症次數在{on}之前已用完。",
        "第{line}项:本保单年度的受保诊症次数在{on}之前已用完。",
    ),
    InsurerReason.LIFETIME_LIMIT: (
        "What is left of the plan's lifetime limit allows {amount}.",
        "按終身保障限額餘額可賠{amount}。",
        "按终身保障限额余额可赔{amount}。",
    ),
    InsurerReason.PRE_EXISTING: (
        "The condition was there before the cover and not known of; in policy year {year} the "
        "plan pays {ratio}: {amount}.",
        "屬投保前未知的已有病症;在第{year}個保單年度賠償{ratio}:{amount}。",
        "属投保前未知的已有病症;在第{year}个保单年度赔偿{ratio}:{amount}。",
    ),
    InsurerReason.OUT_OF_NETWORK: (
        "{hospital} is not in the plan's network; outside it the plan pays {ratio}: {amount}.",
        "{hospital}不在計劃網絡內;網絡外賠償{ratio}:{amount}。",
        "{hospital}不在计划网络内;网络外赔偿{ratio}:{amount}。",
    ),
    InsurerReason.NOT_DIRECT_HOSPITAL: (
        "The plan pays {hospital} nothing directly, as it is not in its network. The patient pays "
        "and claims from the insurer.",
        "{hospital}不在計劃網絡內,計劃不作直接結算。由病人先付,再向保險公司索償。",
        "{hospital}不在计划网络内,计划不作直接结算。由病人先付,再向保险公司索偿。",
    ),
    InsurerReason.GUARANTEE_NOT_NEEDED: (
        "This bill needs no letter of guarantee.",
        "本單無須擔保函。",
        "本单无须担保函。",
    ),
    InsurerReason.OTHER_INSURER_FIRST: (
        "Another insurer pays first and leaves {left}; this one pays no more than that: {amount}.",
        "另一間保險公司先行賠償,餘下{left};本公司的賠償以此為限:{amount}。",
        "另一家保险公司先行赔偿,余下{left};本公司的赔偿以此为限:{amount}。",
    ),
    InsurerReason.OTHER_INSURER_STATEMENT_MISSING: (
        "{organisation} pays before this insurer, and its statement of what it paid for this bill "
        "is missing. Add the statement and claim again.",
        "{organisation}須先行賠償,但欠缺其就本單的賠償證明。請補交後重新索償。",
        "{organisation}须先行赔偿,但欠缺其就本单的赔偿证明。请补交后重新索偿。",
    ),
    InsurerReason.CONFIRMED_LOCKED: (
        "{organisation} confirmed {benefit}; that amount stands, only the rest is computed anew.",
        "{organisation}已確認賠償{benefit};該金額不變,只重新計算其餘部分。",
        "{organisation}已确认赔偿{benefit};该金额不变,只重新计算其余部分。",
    ),
    InsurerReason.CONFIRMED_ABOVE_COST: (
        "{organisation} confirmed {paid}, but only {left} of the bill is left for it. A person "
        "must settle the difference with the insurer.",
        "{organisation}已確認賠償{paid},但本單只餘{left}。須由人員與保險公司處理差額。",
        "{organisation}已确认赔偿{paid},但本单只余{left}。须由人员与保险公司处理差额。",
    ),
    InsurerReason.STATEMENT_ABOVE_COST: (
        "{organisation} states {paid} paid for a bill of {bill}. A person must ask the insurers.",
        "{organisation}的證明列明已賠{paid},高於帳單{bill}。須由人員向保險公司查詢。",
        "{organisation}的证明列明已赔{paid},高于账单{bill}。须由人员向保险公司查询。",
    ),
    InsurerReason.BILL_CLAIMED_TWICE: (
        "Bill {bill} stands twice in this claim. Take one of them off.",
        "帳單{bill}在本次索償中重複。請移除其一。",
        "账单{bill}在本次索偿中重复。请移除其一。",
    ),
    InsurerReason.VISIT_BENEFIT: (
        "Bill {bill}: the plan reimburses {amount}.",
        "帳單{bill}:計劃賠償{amount}。",
        "账单{bill}:计划赔偿{amount}。",
    ),
    InsurerReason.GUARANTEE_OUTSIDE: (
        "The letter of guarantee does not cover lines {lines}; of the rest the hospital gets up to "
        "{amount} directly.",
        "擔保函不包括第{lines}項;其餘部分醫院可直接獲付最多{amount}。",
        "担保函不包括第{lines}项;其余部分医院可直接获付最多{amount}。",
    ),
    InsurerReason.GUARANTEE_CONDITION: (
        "The letter of guarantee holds under the condition {condition}, which this visit does not "
        "meet.",
        "擔保函以{condition}為條件,本次診療並不符合。",
        "担保函以{condition}为条件,本次诊疗并不符合。",
    ),
    InsurerReason.PAID_OUT: (
        "The reimbursement of {benefit} is {amount} at the rate of {basis}, never above the "
        "eligible charges of {eligible}.",
        "賠償{benefit}按{basis}的匯率折合{amount},不高於合資格費用{eligible}。",
        "赔偿{benefit}按{basis}的汇率折合{amount},不高于合资格费用{eligible}。",
    ),
}
