"""What the codes of basic insurance, personal account and pay-later say to people."""

from __future__ import annotations

from enum import StrEnum


class BasicReason(StrEnum):
    """Codes on faults, shares and trace steps; stable for ever."""

    INSURED_STATUS = "INSURED_STATUS"
    BASIC_WAITING_PERIOD = "BASIC_WAITING_PERIOD"
    BASIC_NOT_CONTRACTED = "BASIC_NOT_CONTRACTED"
    BASIC_FACT_NOT_STATED = "BASIC_FACT_NOT_STATED"
    BASIC_ELIGIBLE_NOT_STATED = "BASIC_ELIGIBLE_NOT_STATED"
    BASIC_ELIGIBLE_ABOVE_LINE = "BASIC_ELIGIBLE_ABOVE_LINE"
    BASIC_WAITED = "BASIC_WAITED"
    BASIC_LATE_CONTRIBUTION = "BASIC_LATE_CONTRIBUTION"
    BASIC_OUT_OF_SCOPE = "BASIC_OUT_OF_SCOPE"
    BASIC_DEDUCTIBLE = "BASIC_DEDUCTIBLE"
    BASIC_RATIO = "BASIC_RATIO"
    BASIC_CONSULT_FEE = "BASIC_CONSULT_FEE"
    BASIC_WITHIN_LIMIT = "BASIC_WITHIN_LIMIT"
    BASIC_CAPPED = "BASIC_CAPPED"
    BASIC_NO_LIMIT = "BASIC_NO_LIMIT"
    BASIC_FUND = "BASIC_FUND"
    FAMILY_NOT_BOUND = "FAMILY_NOT_BOUND"
    FAMILY_RELATION_NOT_ALLOWED = "FAMILY_RELATION_NOT_ALLOWED"
    FAMILY_USER_NOT_INSURED = "FAMILY_USER_NOT_INSURED"
    FAMILY_POOL_MISMATCH = "FAMILY_POOL_MISMATCH"
    FAMILY_NO_PERSONAL_ACCOUNT = "FAMILY_NO_PERSONAL_ACCOUNT"
    CARD_SHARING = "CARD_SHARING"
    ACCOUNT_PLACE_NOT_ALLOWED = "ACCOUNT_PLACE_NOT_ALLOWED"
    ACCOUNT_BALANCE_NOT_STATED = "ACCOUNT_BALANCE_NOT_STATED"
    FAMILY_ACCOUNT_EMPTY = "FAMILY_ACCOUNT_EMPTY"
    PERSONAL_ACCOUNT_EMPTY = "PERSONAL_ACCOUNT_EMPTY"
    ACCOUNT_LEG = "ACCOUNT_LEG"
    FAMILY_ACCOUNT_LEG = "FAMILY_ACCOUNT_LEG"
    FAMILY_PAY_RELATION = "FAMILY_PAY_RELATION"
    FAMILY_PAY_AGREEMENT_MISSING = "FAMILY_PAY_AGREEMENT_MISSING"
    FAMILY_PAY_NOT_CONFIRMED = "FAMILY_PAY_NOT_CONFIRMED"
    HUIMIN_SCOPE = "HUIMIN_SCOPE"
    CREDIT_AGE = "CREDIT_AGE"
    CREDIT_AMOUNT = "CREDIT_AMOUNT"
    CREDIT_INSTALMENTS = "CREDIT_INSTALMENTS"
    CREDIT_INSUFFICIENT = "CREDIT_INSUFFICIENT"
    CREDIT_LEG = "CREDIT_LEG"
    CREDIT_DUE = "CREDIT_DUE"
    INSTALMENT_PLAN = "INSTALMENT_PLAN"
    BANK_CARD_LEG = "BANK_CARD_LEG"
    CASH_LEG = "CASH_LEG"


BASIC_TEXTS: dict[StrEnum, tuple[str, str, str]] = {
    BasicReason.INSURED_STATUS: (
        "The basic medical insurance is suspended on {on}. Have the insurance restored, or use "
        "another means of payment.",
        "基本醫保在{on}已暫停待遇。請先恢復參保,或改用其他付款方式。",
        "基本医保在{on}已暂停待遇。请先恢复参保,或改用其他付款方式。",
    ),
    BasicReason.BASIC_WAITING_PERIOD: (
        "The enrolment has a waiting period of {months} months; benefits begin on {since}. The "
        "patient pays this bill.",
        "參保待遇等待期為{months}個月,自{since}起享受待遇。本單由病人自付。",
        "参保待遇等待期为{months}个月,自{since}起享受待遇。本单由病人自付。",
    ),
    BasicReason.BASIC_NOT_CONTRACTED: (
        "The pooled fund pays this group's outpatient care only at the institution that the person "
        "has chosen. Go there, or the patient pays this bill.",
        "該類參保人的門診統籌只在選定的基層醫療機構支付。請前往選定機構,或由病人自付。",
        "该类参保人的门诊统筹只在选定的基层医疗机构支付。请前往选定机构,或由病人自付。",
    ),
    BasicReason.BASIC_FACT_NOT_STATED: (
        "A rule of basic insurance needs {fact}, which nobody has stated. Ask for it and submit "
        "the bill with it.",
        "基本醫保規則需要{fact},但未有提供。請查明後重新提交。",
        "基本医保规则需要{fact},但未有提供。请查明后重新提交。",
    ),
    BasicReason.BASIC_ELIGIBLE_NOT_STATED: (
        "Line {line} does not state how much of it lies within the insurance catalogue. Take the "
        "figure from the hospital's settlement.",
        "第{line}項未註明醫保目錄內金額。請按醫院結算填報。",
        "第{line}项未注明医保目录内金额。请按医院结算填报。",
    ),
    BasicReason.BASIC_ELIGIBLE_ABOVE_LINE: (
        "Line {line}: the part within the catalogue, {eligible}, is not between zero and the "
        "line's {amount}. Correct one of them.",
        "第{line}項:目錄內金額{eligible}不在零與該項金額{amount}之間。請更正。",
        "第{line}项:目录内金额{eligible}不在零与该项金额{amount}之间。请更正。",
    ),
    BasicReason.BASIC_WAITED: (
        "The waiting period of {months} months is over since {since}.",
        "{months}個月待遇等待期已於{since}屆滿。",
        "{months}个月待遇等待期已于{since}届满。",
    ),
    BasicReason.BASIC_LATE_CONTRIBUTION: (
        "Enrolled late: {paid} were paid for the year, the plan asks {due} of who comes late.",
        "逾期參保:全年已繳{paid},計劃規定逾期者應繳{due}。",
        "逾期参保:全年已缴{paid},计划规定逾期者应缴{due}。",
    ),
    BasicReason.BASIC_OUT_OF_SCOPE: (
        "Line {line}: {amount} lies outside the insurance catalogue.",
        "第{line}項:{amount}屬醫保目錄外。",
        "第{line}项:{amount}属医保目录外。",
    ),
    BasicReason.BASIC_DEDUCTIBLE: (
        "The deductible takes {amount} of the eligible costs.",
        "起付線扣減合資格費用{amount}。",
        "起付线扣减合资格费用{amount}。",
    ),
    BasicReason.BASIC_RATIO: (
        "The pooled fund's share of {eligible} is {ratio}: {amount}.",
        "統籌基金按{ratio}支付合資格費用{eligible}:{amount}。",
        "统筹基金按{ratio}支付合资格费用{eligible}:{amount}。",
    ),
    BasicReason.BASIC_CONSULT_FEE: (
        "Of the general consultation fee of {eligible} the pooled fund bears {ratio}: {amount}.",
        "一般診療費{eligible},統籌基金按{ratio}支付{amount}。",
        "一般诊疗费{eligible},统筹基金按{ratio}支付{amount}。",
    ),
    BasicReason.BASIC_WITHIN_LIMIT: (
        "The limit of {limit} has {left} left, enough for this bill.",
        "最高支付限額{limit},餘額{left},足夠支付本單。",
        "最高支付限额{limit},余额{left},足够支付本单。",
    ),
    BasicReason.BASIC_CAPPED: (
        "The limit of {limit} has only {left} left; the pooled fund pays no more than that.",
        "最高支付限額{limit}只餘{left},統籌基金以此為限。",
        "最高支付限额{limit}只余{left},统筹基金以此为限。",
    ),
    BasicReason.BASIC_NO_LIMIT: (
        "The plan states no limit of the pooled fund for this care.",
        "計劃未就此類就醫訂明統籌基金最高支付限額。",
        "计划未就此类就医订明统筹基金最高支付限额。",
    ),
    BasicReason.BASIC_FUND: (
        "The pooled fund pays {amount} of the bill.",
        "統籌基金支付本單{amount}。",
        "统筹基金支付本单{amount}。",
    ),
    BasicReason.FAMILY_NOT_BOUND: (
        "No approved family sharing lets this patient use the account on {on}. Bind the account "
        "and wait for approval, or use another means of payment.",
        "在{on}沒有已審核通過的家庭共濟關係可使用該賬戶。請先綁定並等待審核,或改用其他付款方式。",
        "在{on}没有已审核通过的家庭共济关系可使用该账户。请先绑定并等待审核,或改用其他付款方式。",
    ),
    BasicReason.FAMILY_RELATION_NOT_ALLOWED: (
        "The relation {relation} could not share a personal account on {on}; allowed: {allowed}. "
        "Use another means of payment.",
        "{relation}在{on}不屬可共濟的親屬;可共濟:{allowed}。請改用其他付款方式。",
        "{relation}在{on}不属可共济的亲属;可共济:{allowed}。请改用其他付款方式。",
    ),
    BasicReason.FAMILY_USER_NOT_INSURED: (
        "The patient is not in basic medical insurance and cannot use a relative's account. "
        "Enrol first, or use another means of payment.",
        "使用人未參加基本醫保,不能使用親屬的個人賬戶。請先參保,或改用其他付款方式。",
        "使用人未参加基本医保,不能使用亲属的个人账户。请先参保,或改用其他付款方式。",
    ),
    BasicReason.FAMILY_POOL_MISMATCH: (
        "The two are insured in different areas; on {on} sharing reaches only within {scope}. Use "
        "another means of payment.",
        "雙方不在同一統籌範圍參保;在{on}共濟範圍為{scope}。請改用其他付款方式。",
        "双方不在同一统筹范围参保;在{on}共济范围为{scope}。请改用其他付款方式。",
    ),
    BasicReason.FAMILY_NO_PERSONAL_ACCOUNT: (
        "The account holder is in {insurance} insurance, which has no personal account. Use "
        "another means of payment.",
        "授權人參加的是{insurance}醫保,沒有個人賬戶。請改用其他付款方式。",
        "授权人参加的是{insurance}医保,没有个人账户。请改用其他付款方式。",
    ),
    BasicReason.CARD_SHARING: (
        "The patient showed the account holder's card. Money may be shared, cards may not: the "
        "patient must use the patient's own card or e-code.",
        "病人出示了授權人的醫保卡。錢可以共濟,卡不能共用;請使用病人本人的醫保卡或電子憑證。",
        "病人出示了授权人的医保卡。钱可以共济,卡不能共用;请使用病人本人的医保卡或电子凭证。",
    ),
    BasicReason.ACCOUNT_PLACE_NOT_ALLOWED: (
        "Personal accounts pay only at {allowed}. Use another means of payment.",
        "個人賬戶只可在{allowed}使用。請改用其他付款方式。",
        "个人账户只可在{allowed}使用。请改用其他付款方式。",
    ),
    BasicReason.ACCOUNT_BALANCE_NOT_STATED: (
        "The balance of the personal account was not given. Look it up first.",
        "未提供個人賬戶餘額。請先查詢。",
        "未提供个人账户余额。请先查询。",
    ),
    BasicReason.FAMILY_ACCOUNT_EMPTY: (
        "The shared account is empty; it pays nothing.",
        "共濟賬戶餘額為零,不作支付。",
        "共济账户余额为零,不作支付。",
    ),
    BasicReason.PERSONAL_ACCOUNT_EMPTY: (
        "The personal account is empty; it pays nothing.",
        "個人賬戶餘額為零,不作支付。",
        "个人账户余额为零,不作支付。",
    ),
    BasicReason.ACCOUNT_LEG: (
        "The personal account pays {amount}; {after} is left in it.",
        "個人賬戶支付{amount},餘額{after}。",
        "个人账户支付{amount},余额{after}。",
    ),
    BasicReason.FAMILY_ACCOUNT_LEG: (
        "The relative's personal account pays {amount}; {after} is left in it.",
        "親屬的個人賬戶共濟支付{amount},餘額{after}。",
        "亲属的个人账户共济支付{amount},余额{after}。",
    ),
    BasicReason.FAMILY_PAY_RELATION: (
        "Family pay serves only the payer's {allowed}; the patient is the payer's {relation}. Use "
        "another means of payment.",
        "親情付僅限本人的{allowed};病人是{relation}。請改用其他付款方式。",
        "亲情付仅限本人的{allowed};病人是{relation}。请改用其他付款方式。",
    ),
    BasicReason.FAMILY_PAY_AGREEMENT_MISSING: (
        "The family pay agreement is not signed. Have the payer sign it first.",
        "尚未簽署親情付服務協議。請先由付款人簽署。",
        "尚未签署亲情付服务协议。请先由付款人签署。",
    ),
    BasicReason.FAMILY_PAY_NOT_CONFIRMED: (
        "In confirmed payment a person must choose to pay; nobody has. Ask for the confirmation.",
        "有感支付須由付款人確認,目前尚未確認。請先確認支付。",
        "有感支付须由付款人确认,目前尚未确认。请先确认支付。",
    ),
    BasicReason.HUIMIN_SCOPE: (
        "Pay-after-care did not reach {encounter} at {hospital} on {on}. Use another means of "
        "payment.",
        "惠民就醫在{on}不適用於{hospital}的{encounter}。請改用其他付款方式。",
        "惠民就医在{on}不适用于{hospital}的{encounter}。请改用其他付款方式。",
    ),
    BasicReason.CREDIT_AGE: (
        "The medical credit is for people of {least} to {most} years. A bank card can still be "
        "bound.",
        "惠民醫療金只供{least}至{most}歲人士申請。仍可綁定銀行卡。",
        "惠民医疗金只供{least}至{most}岁人士申请。仍可绑定银行卡。",
    ),
    BasicReason.CREDIT_AMOUNT: (
        "The medical credit reaches from {least} to {most}; {asked} was asked for. Ask for an "
        "amount within it.",
        "惠民醫療金額度為{least}至{most},申請額為{asked}。請申請範圍內的額度。",
        "惠民医疗金额度为{least}至{most},申请额为{asked}。请申请范围内的额度。",
    ),
    BasicReason.CREDIT_INSTALMENTS: (
        "Repayment in {count} instalments is not offered; allowed: {allowed}. Choose one of them.",
        "不提供分{count}期還款;可選:{allowed}。請重新選擇。",
        "不提供分{count}期还款;可选:{allowed}。请重新选择。",
    ),
    BasicReason.CREDIT_INSUFFICIENT: (
        "The credit available, {available}, is less than the {amount} needed; it pays nothing of "
        "it and the next means of payment takes over.",
        "可用額度{available}不足以支付{amount};該筆不使用額度,改由下一付款方式支付。",
        "可用额度{available}不足以支付{amount};该笔不使用额度,改由下一付款方式支付。",
    ),
    BasicReason.CREDIT_LEG: (
        "The medical credit pays {amount}; {after} stays available.",
        "惠民醫療金支付{amount},可用額度餘{after}。",
        "惠民医疗金支付{amount},可用额度余{after}。",
    ),
    BasicReason.CREDIT_DUE: (
        "What is drawn on {drawn} is free of interest until {due}, {days} days.",
        "{drawn}使用的額度免息至{due},共{days}天。",
        "{drawn}使用的额度免息至{due},共{days}天。",
    ),
    BasicReason.INSTALMENT_PLAN: (
        "{amount} is repaid in {count} instalments of {each}, the last of {last}.",
        "{amount}分{count}期償還,每期{each},末期{last}。",
        "{amount}分{count}期偿还,每期{each},末期{last}。",
    ),
    BasicReason.BANK_CARD_LEG: (
        "The bound bank card pays {amount}.",
        "綁定的銀行卡支付{amount}。",
        "绑定的银行卡支付{amount}。",
    ),
    BasicReason.CASH_LEG: (
        "{amount} is left to be paid at the window.",
        "餘下{amount}須到窗口繳付。",
        "余下{amount}须到窗口缴付。",
    ),
}
