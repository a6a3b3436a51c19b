"""What a story calls steps, questions, exceptions and events at the healthcare security bureau."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

STEPS: dict[str, Triple] = {
    "look_up_insured": (
        "ask the healthcare security bureau who is insured",
        "向醫保經辦機構查詢參保資料",
        "向医保经办机构查询参保资料",
    ),
    "discharge_insured": (
        "tell the healthcare security bureau of the discharge",
        "向醫保經辦機構辦理出院登記",
        "向医保经办机构办理出院登记",
    ),
    "take_back_stay": (
        "take the registration of a stay back at the healthcare security bureau",
        "向醫保經辦機構撤銷出入院登記",
        "向医保经办机构撤销出入院登记",
    ),
    "quote_settlement": (
        "have the healthcare security bureau pre-settle the bill",
        "向醫保經辦機構預結算帳單",
        "向医保经办机构预结算账单",
    ),
    "settle_bill": (
        "settle the bill with the healthcare security bureau",
        "向醫保經辦機構結算帳單",
        "向医保经办机构结算账单",
    ),
    "inquire_settlement": (
        "reverse a settlement whose answer could not be believed",
        "沖正答覆不可信的結算",
        "冲正答复不可信的结算",
    ),
    "cancel_settlement": (
        "take a settlement back at the healthcare security bureau",
        "向醫保經辦機構撤銷結算",
        "向医保经办机构撤销结算",
    ),
}

DUE_STEPS = {
    "bureau_look_up_due": "look_up_insured",
    "bureau_discharge_due": "discharge_insured",
    "bureau_withdrawal_due": "take_back_stay",
    "settlement_cancel_due": "cancel_settlement",
    "settlement_due": "settle_bill",
}
"""Member of the standing → its step."""

THINGS: dict[str, Triple] = {
    "person": ("the insured person's data (1101)", "參保人資料(1101)", "参保人资料(1101)"),
    "discharge": ("the discharge (2402)", "出院登記(2402)", "出院登记(2402)"),
    "stay_back": (
        "the registration of a stay to be taken back (2405, 2404)",
        "撤銷出入院登記(2405、2404)",
        "撤销出入院登记(2405、2404)",
    ),
    "quote": (
        "the pre-settlement of a bill (2206, 2303)",
        "帳單預結算(2206、2303)",
        "账单预结算(2206、2303)",
    ),
    "settle": (
        "the settlement of a bill (2207, 2304)",
        "帳單結算(2207、2304)",
        "账单结算(2207、2304)",
    ),
    "reversal": ("the reversal of a message (2601)", "沖正(2601)", "冲正(2601)"),
    "cancel": (
        "a settlement to be taken back (2208, 2305)",
        "撤銷結算(2208、2305)",
        "撤销结算(2208、2305)",
    ),
}

PARTIES: dict[str, Triple] = {
    "bureau": ("the healthcare security bureau", "醫保經辦機構", "医保经办机构"),
}

REFUSALS: dict[str, Triple] = {
    "STAY_OPEN": (
        "the patient has not been discharged from another stay",
        "病人另有一次住院尚未辦理出院",
        "病人另有一次住院尚未办理出院",
    ),
    "INSURED_SUSPENDED": (
        "the insured person's benefits are suspended",
        "參保人的醫保待遇已暫停",
        "参保人的医保待遇已暂停",
    ),
    "CARD_UNKNOWN": (
        "the bureau knows no such insurance e-code",
        "醫保經辦機構查無此醫保電子憑證",
        "医保经办机构查无此医保电子凭证",
    ),
}
"""Why the bureau refuses a person, a registration or a settlement: its own codes in words."""

CODES: dict[str, Triple] = {
    **REFUSALS,
    "BASIC_SPLIT_CHANGED": (
        "the bureau settled another split than it had quoted",
        "醫保經辦機構結算與預結算不同",
        "医保经办机构结算与预结算不同",
    ),
    "BUREAU_SPLIT_NOT_EQUAL": (
        "the parts of the answer do not add up to the fee",
        "答覆各項之和與總費用不符",
        "答复各项之和与总费用不符",
    ),
    "BUREAU_OTHER_PERSON": (
        "the answer was about another person",
        "答覆涉及另一人",
        "答复涉及另一人",
    ),
    "BUREAU_OTHER_VISIT": (
        "the answer was about another visit or stay",
        "答覆涉及另一次就診或住院",
        "答复涉及另一次就诊或住院",
    ),
    "BUREAU_OTHER_AMOUNT": (
        "the answer was about another amount",
        "答覆涉及另一金額",
        "答复涉及另一金额",
    ),
    "BUREAU_OTHER_CURRENCY": (
        "the answer was in another currency",
        "答覆使用另一貨幣",
        "答复使用另一货币",
    ),
    "BUREAU_OTHER_MESSAGE": (
        "the answer was about another message",
        "答覆涉及另一報文",
        "答复涉及另一报文",
    ),
    "BUREAU_SIGNATURE_WRONG": (
        "the signature of the answer does not fit",
        "答覆簽名不符",
        "答复签名不符",
    ),
    "ALREADY_SETTLED": (
        "it says that it had settled before",
        "對方稱先前已結算",
        "对方称先前已结算",
    ),
}

EXCEPTIONS: dict[str, Triple] = {
    "BUREAU_ANSWER_CONTRADICTS": (
        "an answer of the healthcare security bureau cannot be true; it is kept and nothing was "
        "changed by it",
        "醫保經辦機構的答覆不可能屬實;已存檔,未作任何更改",
        "医保经办机构的答复不可能属实;已存档,未作任何更改",
    ),
    "BUREAU_CONSENT_MISSING": (
        "the patient has not consented to giving data to the healthcare security bureau",
        "病人未同意向醫保經辦機構提供資料",
        "病人未同意向医保经办机构提供资料",
    ),
    "BUREAU_NOT_DESIGNATED": (
        "the hospital is not known as a designated institution of basic insurance",
        "未有此醫院的醫保定點資料",
        "未有此医院的医保定点资料",
    ),
    "BUREAU_PERSON_UNKNOWN": (
        "the healthcare security bureau knows no such insured person",
        "醫保經辦機構查無此參保人",
        "医保经办机构查无此参保人",
    ),
    "BUREAU_LOOK_UP_REFUSED": (
        "the healthcare security bureau does not register the patient as insured",
        "醫保經辦機構拒絕按參保人登記此病人",
        "医保经办机构拒绝按参保人登记此病人",
    ),
    "BUREAU_SAYS_SETTLED": (
        "the healthcare security bureau says that the bill was settled before; the message is "
        "reversed first",
        "醫保經辦機構稱帳單先前已結算;先行沖正",
        "医保经办机构称账单先前已结算;先行冲正",
    ),
    "BUREAU_REVERSAL_REFUSED": (
        "a settlement of unknown outcome could not be reversed; nothing is sent meanwhile",
        "結果不明的結算未能沖正;其間不會再次發送",
        "结果不明的结算未能冲正;其间不会再次发送",
    ),
    "BASIC_FORECAST_DIFFERS": (
        "the healthcare security bureau pays otherwise than our rules forecast; its word binds",
        "醫保經辦機構支付與本系統預計不同;以其答覆為準",
        "医保经办机构支付与本系统预计不同;以其答复为准",
    ),
    "FAMILY_BINDING_DIFFERS": (
        "our family bindings and the healthcare security bureau say otherwise about a relative's "
        "account; no money was moved",
        "本系統的家庭共濟關係與醫保經辦機構的記錄不一致;未動用任何款項",
        "本系统的家庭共济关系与医保经办机构的记录不一致;未动用任何款项",
    ),
    "FAMILY_BINDING_ENDED": (
        "the family binding ended before the bill was settled; nothing is taken from the "
        "relative's account",
        "帳單結算前家庭共濟關係已解除;不再由親屬賬戶支付",
        "账单结算前家庭共济关系已解除;不再由亲属账户支付",
    ),
    "BASIC_SPLIT_CHANGED": (
        "the healthcare security bureau settled another split than at the window; it was taken "
        "back and the patient is asked again",
        "醫保經辦機構結算與窗口試算不同;已撤銷,須再次徵求病人同意",
        "医保经办机构结算与窗口试算不同;已撤销,须再次征求病人同意",
    ),
    "BASIC_SPLIT_REFUSED": (
        "the bureau settled another split and the bill can no longer be split by it; the old "
        "split stays",
        "醫保結算有變而帳單未能重新分攤,沿用原有分攤",
        "医保结算有变而账单未能重新分摊,沿用原有分摊",
    ),
    "BASIC_SETTLEMENT_REFUSED": (
        "the healthcare security bureau refused to settle a bill",
        "醫保經辦機構拒絕結算帳單",
        "医保经办机构拒绝结算账单",
    ),
    "BASIC_DISCHARGE_REFUSED": (
        "the healthcare security bureau did not take the discharge; nothing is settled before",
        "醫保經辦機構未接受出院登記;未辦妥前不結算",
        "医保经办机构未接受出院登记;未办妥前不结算",
    ),
    "BASIC_STAY_NOT_TAKEN_BACK": (
        "the healthcare security bureau kept the registration of a stay that it pays nothing of",
        "醫保經辦機構未撤銷無須結算的住院登記",
        "医保经办机构未撤销无须结算的住院登记",
    ),
    "BASIC_CANCEL_REFUSED": (
        "the healthcare security bureau did not take a settlement back",
        "醫保經辦機構拒絕撤銷結算",
        "医保经办机构拒绝撤销结算",
    ),
    "BUREAU_TOTALS_DIFFER": (
        "a settlement stands otherwise with the healthcare security bureau than here",
        "一項結算與醫保經辦機構的記錄不符",
        "一项结算与医保经办机构的记录不符",
    ),
}

WAITING: dict[str, Triple] = {
    "BUREAU_SETTLEMENT": (
        "An answer of the healthcare security bureau cannot be true; the settlement is reversed "
        "before it is sent again.",
        "醫保經辦機構的答覆不可能屬實;先沖正該結算再重新發送。",
        "医保经办机构的答复不可能属实;先冲正该结算再重新发送。",
    ),
    "BUREAU_DISCHARGE": (
        "The healthcare security bureau has not taken the discharge, so the stay cannot be "
        "settled; a person must look.",
        "醫保經辦機構未接受出院登記,住院費用不能結算;須由人員處理。",
        "医保经办机构未接受出院登记,住院费用不能结算;须由人员处理。",
    ),
}

SENTENCES: dict[str, Triple] = {
    "stay_registered": (
        "The healthcare security bureau registered the stay (2401).",
        "醫保經辦機構已辦理入院登記(2401)。",
        "医保经办机构已办理入院登记(2401)。",
    ),
    "stay_taken_back": (
        "Nothing of the stay is paid through the healthcare security bureau; its registration was "
        "taken back (2405, 2404).",
        "本次住院無須經醫保結算,出入院登記已撤銷(2405、2404)。",
        "本次住院无须经医保结算,出入院登记已撤销(2405、2404)。",
    ),
    "stay_ended": (
        "The healthcare security bureau took the discharge (2402).",
        "醫保經辦機構已辦理出院登記(2402)。",
        "医保经办机构已办理出院登记(2402)。",
    ),
    "insured_found": (
        "The healthcare security bureau knows the patient as insured; the visit is registered "
        "there.",
        "醫保經辦機構確認病人參保,就診已登記。",
        "医保经办机构确认病人参保,就诊已登记。",
    ),
    "insured_missing": (
        "Nothing can be paid through the healthcare security bureau: {reason}.",
        "不能經醫保經辦機構付款:{reason}。",
        "不能经医保经办机构付款:{reason}。",
    ),
    "bill_quoted": (
        "The healthcare security bureau would pay {fund} from the pooled fund, {account} from the "
        "own account and {family} from a relative's.",
        "醫保經辦機構預結算:統籌基金{fund},本人賬戶{account},親屬共濟{family}。",
        "医保经办机构预结算:统筹基金{fund},本人账户{account},亲属共济{family}。",
    ),
    "claim_due_basic_insurance": (
        "Settlement {reference} of bill {number} became due: {forecast}.",
        "帳單{number}的醫保結算{reference}已到期提交:{forecast}。",
        "账单{number}的医保结算{reference}已到期提交:{forecast}。",
    ),
    "settlement_made": (
        "The healthcare security bureau settled {reference} under {settlement}: {benefit}.",
        "醫保經辦機構已結算{reference},結算號{settlement}:{benefit}。",
        "医保经办机构已结算{reference},结算号{settlement}:{benefit}。",
    ),
    "settlement_failed": (
        "Settlement {reference} was not made; a person must look.",
        "結算{reference}未完成;須由人員處理。",
        "结算{reference}未完成;须由人员处理。",
    ),
    "settlement_waits": (
        "The outcome of settlement {reference} is not known; it is reversed before it is sent "
        "again.",
        "結算{reference}結果不明;先沖正再重新發送。",
        "结算{reference}结果不明;先冲正再重新发送。",
    ),
    "settlement_cancelled": (
        "Settlement {reference} was taken back.",
        "結算{reference}已撤銷。",
        "结算{reference}已撤销。",
    ),
}
