"""What the codes about the healthcare security bureau say to people."""

from __future__ import annotations

from enum import StrEnum


class BureauReason(StrEnum):
    """Codes on faults and trace steps; stable for ever."""

    BUREAU_PERSON_UNKNOWN = "BUREAU_PERSON_UNKNOWN"
    BUREAU_CONSENT_MISSING = "BUREAU_CONSENT_MISSING"
    BUREAU_NOT_DESIGNATED = "BUREAU_NOT_DESIGNATED"
    BUREAU_REFUSED = "BUREAU_REFUSED"
    BUREAU_ANSWER_CONTRADICTS = "BUREAU_ANSWER_CONTRADICTS"
    BUREAU_NOT_ASKED = "BUREAU_NOT_ASKED"
    BUREAU_SPLIT_NEEDS_PERSON = "BUREAU_SPLIT_NEEDS_PERSON"
    BUREAU_STAY_NOT_ADMITTED = "BUREAU_STAY_NOT_ADMITTED"
    ACCOUNT_BESIDE_OTHERS = "ACCOUNT_BESIDE_OTHERS"
    FAMILY_BINDING_DIFFERS = "FAMILY_BINDING_DIFFERS"
    FAMILY_BINDING_HOLDS = "FAMILY_BINDING_HOLDS"
    ACCOUNT_SPOKEN_FOR = "ACCOUNT_SPOKEN_FOR"
    BUREAU_BINDS = "BUREAU_BINDS"
    BUREAU_DIFFERS = "BUREAU_DIFFERS"
    BUREAU_WITHOUT_FORECAST = "BUREAU_WITHOUT_FORECAST"


BUREAU_TEXTS: dict[StrEnum, tuple[str, str, str]] = {
    BureauReason.BUREAU_PERSON_UNKNOWN: (
        "The healthcare security bureau knows no insured person with this document. Check the "
        "document, or use another means of payment.",
        "醫保經辦機構查無此證件的參保人。請核對證件,或改用其他付款方式。",
        "医保经办机构查无此证件的参保人。请核对证件,或改用其他付款方式。",
    ),
    BureauReason.BUREAU_CONSENT_MISSING: (
        "The patient has not consented to giving data to the healthcare security bureau "
        "(PI_SENSITIVE, and PI_PROVIDE for it). Have both signed, or use another means of payment.",
        "病人未同意向醫保經辦機構提供個人資料(PI_SENSITIVE 及 PI_PROVIDE)。"
        "請先簽署,或改用其他付款方式。",
        "病人未同意向医保经办机构提供个人信息(PI_SENSITIVE 及 PI_PROVIDE)。"
        "请先签署,或改用其他付款方式。",
    ),
    BureauReason.BUREAU_NOT_DESIGNATED: (
        "This hospital is not known to us as a designated institution of basic insurance. Use "
        "another means of payment.",
        "本系統未有此醫院的醫保定點資料。請改用其他付款方式。",
        "本系统未有此医院的医保定点资料。请改用其他付款方式。",
    ),
    BureauReason.BUREAU_REFUSED: (
        "The healthcare security bureau refused: {why}. Put it right and submit again, or use "
        "another means of payment.",
        "醫保經辦機構拒絕:{why}。請更正後重新提交,或改用其他付款方式。",
        "医保经办机构拒绝:{why}。请更正后重新提交,或改用其他付款方式。",
    ),
    BureauReason.BUREAU_ANSWER_CONTRADICTS: (
        "The healthcare security bureau's answer contradicts itself or is about something else "
        "({why}); nothing of it was used. Submit again, or use another means of payment.",
        "醫保經辦機構的答覆自相矛盾或與本單無關({why}),未予採用。請重新提交,或改用其他付款方式。",
        "医保经办机构的答复自相矛盾或与本单无关({why}),未予采用。请重新提交,或改用其他付款方式。",
    ),
    BureauReason.BUREAU_NOT_ASKED: (
        "The healthcare security bureau has not been asked about this bill. Submit it again.",
        "尚未就本單向醫保經辦機構試算。請重新提交。",
        "尚未就本单向医保经办机构试算。请重新提交。",
    ),
    BureauReason.BUREAU_STAY_NOT_ADMITTED: (
        "The stay is registered with the healthcare security bureau at the admission. Record the "
        "admission, then submit the bill again.",
        "住院須先向醫保經辦機構辦理入院登記。請先提交入院資料,再提交帳單。",
        "住院须先向医保经办机构办理入院登记。请先提交入院资料,再提交账单。",
    ),
    BureauReason.BUREAU_SPLIT_NEEDS_PERSON: (
        "The healthcare security bureau lays {amount} on the hospital, or more on the insurance "
        "than is left of the bill. A person must look.",
        "醫保經辦機構要求醫院承擔{amount},或醫保承擔額高於帳單餘額。須由人員處理。",
        "医保经办机构要求医院承担{amount},或医保承担额高于账单余额。须由人员处理。",
    ),
    BureauReason.ACCOUNT_BESIDE_OTHERS: (
        "A personal account pays inside the bureau's settlement of the whole bill, not beside "
        "vouchers or an insurer. Choose one of them for this bill.",
        "個人賬戶在醫保整單結算內支付,不能與醫療券或商業保險同用於一張帳單。請選擇其一。",
        "个人账户在医保整单结算内支付,不能与医疗券或商业保险同用于一张账单。请选择其一。",
    ),
    BureauReason.FAMILY_BINDING_DIFFERS: (
        "Our family binding is in force on {on}, but the healthcare security bureau does not share "
        "this account with the patient. A person looks; use another means of payment meanwhile.",
        "本系統的家庭共濟關係在{on}有效,但醫保經辦機構未有相同的共濟記錄。由人員跟進,請先改用其他付款方式。",
        "本系统的家庭共济关系在{on}有效,但医保经办机构未有相同的共济记录。由人员跟进,请先改用其他付款方式。",
    ),
    BureauReason.FAMILY_BINDING_HOLDS: (
        "Family binding {binding} is in force since {since}.",
        "家庭共濟關係{binding}自{since}起生效。",
        "家庭共济关系{binding}自{since}起生效。",
    ),
    BureauReason.ACCOUNT_SPOKEN_FOR: (
        "Other bills that are not settled yet will take {held} of this account, and not enough is "
        "left for this one. Submit again when they are settled, or use another means of payment.",
        "其他未結算的帳單將由此賬戶支付{held},餘額不足以支付本單。請待其結算後重新提交,或改用其他付款方式。",
        "其他未结算的账单将由此账户支付{held},余额不足以支付本单。请待其结算后重新提交,或改用其他付款方式。",
    ),
    BureauReason.BUREAU_BINDS: (
        "The healthcare security bureau settles {amount}, as our rules forecast.",
        "醫保經辦機構結算{amount},與本系統預計相同。",
        "医保经办机构结算{amount},与本系统预计相同。",
    ),
    BureauReason.BUREAU_DIFFERS: (
        "The healthcare security bureau settles {amount}, our rules forecast {forecast}; its word "
        "binds and a person looks at the difference.",
        "醫保經辦機構結算{amount},本系統預計{forecast};以其答覆為準,差異由人員跟進。",
        "医保经办机构结算{amount},本系统预计{forecast};以其答复为准,差异由人员跟进。",
    ),
    BureauReason.BUREAU_WITHOUT_FORECAST: (
        "The healthcare security bureau settles {amount}; our rules lack what a forecast needs.",
        "醫保經辦機構結算{amount};本系統規則資料不足,未能預計。",
        "医保经办机构结算{amount};本系统规则资料不足,未能预计。",
    ),
}
