"""What a person has to do about exceptions of vouchers, the bureau and pay-after-care."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

_VOUCHERS: dict[str, Triple] = {
    "VOUCHER_ANSWER_CONTRADICTS": (
        "Call the help desk of the eHealth System (Subsidies); its next right answer is taken by "
        "itself.",
        "致電醫健通(資助)系統支援熱線;收到正確答覆後會自動處理。",
        "致电医健通(资助)系统支援热线;收到正确答复后会自动处理。",
    ),
    "VOUCHER_PAIRING_ENDED": (
        "Collect the spouse's part from the patient by another means of payment.",
        "以其他付款方式向病人收取配偶醫療券部分。",
        "以其他付款方式向病人收取配偶医疗券部分。",
    ),
    "VOUCHER_ACCOUNT_REFUSED": (
        "Check identity document and birth date with the patient; else collect the bill from him.",
        "與病人核對身份證明文件及出生日期;否則向病人收款。",
        "与病人核对身份证明文件及出生日期;否则向病人收款。",
    ),
    "VOUCHER_CLAIM_UNCONFIRMED": (
        "The provider confirms the claim.",
        "由服務提供者確認該申報。",
        "由服务提供者确认该申报。",
    ),
    "VOUCHER_ACCOUNT_UNVALIDATED": (
        "Ask the Department of Health how the validation of the account stands.",
        "向衛生署查詢戶口核實進度。",
        "向卫生署查询户口核实进度。",
    ),
    "VOUCHER_CLAIM_LAPSES_SOON": (
        "The provider confirms the claim today.",
        "由服務提供者今天確認該申報。",
        "由服务提供者今天确认该申报。",
    ),
    "VOUCHER_CLAIM_LAPSED": (
        "Collect that part of the bill from the patient, or void the bill and send it anew.",
        "向病人收取該部分帳單,或作廢帳單並重新提交。",
        "向病人收取该部分账单,或作废账单并重新提交。",
    ),
    "VOUCHER_CLAIM_TAKEN_BACK": (
        "Find out who took it back; collect that part, or void the bill and send it anew.",
        "查明由誰撤回;收取該部分,或作廢帳單並重新提交。",
        "查明由谁撤回;收取该部分,或作废账单并重新提交。",
    ),
    "VOUCHER_CLAIM_UNKNOWN": (
        "Call the help desk of the eHealth System (Subsidies) with the transaction number.",
        "以交易編號致電醫健通(資助)系統支援熱線。",
        "以交易编号致电医健通(资助)系统支援热线。",
    ),
    "VOUCHER_CONFIRMATION_REFUSED": (
        "The provider looks up the claim in the eHealth System (Subsidies) and settles the reason.",
        "由服務提供者在醫健通(資助)系統查閱申報並解決所述原因。",
        "由服务提供者在医健通(资助)系统查阅申报并解决所述原因。",
    ),
    "VOUCHER_NOT_REIMBURSED": (
        "Ask the Department of Health why the claim is not on the month's statement.",
        "向衛生署查詢該申報為何不在每月結單上。",
        "向卫生署查询该申报为何不在每月结单上。",
    ),
    "VOUCHER_PAID_UNCONFIRMED": (
        "The provider confirms the claim; it is reimbursed with a later statement.",
        "由服務提供者確認該申報;款項會在其後的結單發還。",
        "由服务提供者确认该申报;款项会在其后的结单发还。",
    ),
    "VOUCHER_PAID_UNVALIDATED": (
        "Ask the Department of Health to validate the account; a later statement reimburses it.",
        "請衛生署核實戶口;款項會在其後的結單發還。",
        "请卫生署核实户口;款项会在其后的结单发还。",
    ),
    "VOUCHER_PAID_OTHER_AMOUNT": (
        "Ask the Department of Health for a right statement; the next one is compared by itself.",
        "請衛生署更正結單;下一份結單會自動核對。",
        "请卫生署更正结单;下一份结单会自动核对。",
    ),
    "VOUCHER_PAID_WITHOUT_CLAIM": (
        "Tell the Department of Health of the payment, and keep it ready to be given back.",
        "將該筆款項告知衛生署,並準備退還。",
        "将该笔款项告知卫生署,并准备退还。",
    ),
    "VOUCHER_VOID_REFUSED": (
        "Ask the Department of Health to void the claim: the provider's own time for it is over.",
        "請衛生署作廢該申報:服務提供者已不能自行作廢。",
        "请卫生署作废该申报:服务提供者已不能自行作废。",
    ),
    "VOUCHER_BALANCE_CHANGED": (
        "Tell the patient the new split and collect the difference.",
        "告知病人新的分帳並收取差額。",
        "告知病人新的分账并收取差额。",
    ),
    "VOUCHER_DOCUMENT_MISSING": (
        "Ask for the patient's Hong Kong identity card or Certificate of Exemption, and open the "
        "episode anew with it.",
        "請病人出示香港身份證或《豁免登記證明書》,並以其重新開立個案。",
        "请病人出示香港身份证或《豁免登记证明书》,并以其重新开立个案。",
    ),
    "VOUCHER_ACCOUNT_NOT_FOUND": (
        "Check identity document and birth date; on first use, check the identity in person.",
        "核對身份證明文件及出生日期;首次使用須親身核實身份。",
        "核对身份证明文件及出生日期;首次使用须亲身核实身份。",
    ),
    "VOUCHER_CLAIM_REFUSED": (
        "Read the reason; the bill was split without the vouchers, so collect the rest.",
        "閱讀原因;帳單已按不使用醫療券分帳,請收取餘款。",
        "阅读原因;账单已按不使用医疗券分账,请收取余款。",
    ),
    "VOUCHER_CONSENT_MISSING": (
        "Ask the patient: with a new signature the bill is sent anew, else collect it.",
        "詢問病人:重新簽署後再次提交帳單,否則收取款項。",
        "询问病人:重新签署后再次提交账单,否则收取款项。",
    ),
    "VOUCHER_SPLIT_REFUSED": (
        "Void the bill and send it anew with means of payment that the reason allows.",
        "作廢帳單,並按所述原因允許的付款方式重新提交。",
        "作废账单,并按所述原因允许的付款方式重新提交。",
    ),
}
_PAY_LATER: dict[str, Triple] = {
    "PAY_LATER_PART_CHARGED": (
        "Void the bill, so that the charge is taken back, and send it anew.",
        "作廢帳單以撤回扣款,再重新提交。",
        "作废账单以撤回扣款,再重新提交。",
    ),
    "PAY_LATER_NO_PAYER": (
        "Check the payer's account and agreement; else the patient pays at the window.",
        "核對付款人的賬戶及協議;否則由病人在窗口付款。",
        "核对付款人的账户及协议;否则由病人在窗口付款。",
    ),
    "PAY_LATER_ANSWER_DIFFERS": (
        "Tell the platform what is wrong with its answer; the next right one is taken by itself.",
        "告知平台答覆有何錯誤;收到正確答覆後會自動處理。",
        "告知平台答复有何错误;收到正确答复后会自动处理。",
    ),
    "PAY_LATER_SPLIT_REFUSED": (
        "Agree on another means of payment with the payer, void the bill and send it anew.",
        "與付款人商定其他付款方式,作廢帳單並重新提交。",
        "与付款人商定其他付款方式,作废账单并重新提交。",
    ),
    "PAY_LATER_CASH_DUE": (
        "Call the patient or the payer and collect the amount.",
        "致電病人或付款人並收取款項。",
        "致电病人或付款人并收取款项。",
    ),
    "PAY_LATER_PAID_TWICE": (
        "The refund is ordered by itself; give back by hand only what the cashier is asked for.",
        "系統會自動安排退款;收費處只按退款指示退還,不可另行退款。",
        "系统会自动安排退款;收费处只按退款指示退还,不可另行退款。",
    ),
    "PAY_LATER_GIVEN_BACK_TWICE": (
        "Ask the patient for what he was given back twice.",
        "請病人交還重複退回的款項。",
        "请病人交还重复退回的款项。",
    ),
    "PAY_LATER_REFUND_REFUSED": (
        "Ask the platform for the refund by hand, and tell the payer.",
        "請平台人工退款,並告知付款人。",
        "请平台人工退款,并告知付款人。",
    ),
}
_BUREAU: dict[str, Triple] = {
    "BUREAU_ANSWER_CONTRADICTS": (
        "Report the kept answer to the bureau; the message is reversed and sent again by itself.",
        "向醫保經辦機構通報已存檔的答覆;系統會自動沖正並重新發送。",
        "向医保经办机构通报已存档的答复;系统会自动冲正并重新发送。",
    ),
    "BUREAU_CONSENT_MISSING": (
        "Ask the patient for the consent; until then the bill is the patient's own.",
        "向病人取得同意;在此之前帳單由病人自付。",
        "向病人取得同意;在此之前账单由病人自付。",
    ),
    "BUREAU_NOT_DESIGNATED": (
        "The operator enters the hospital's code as a designated institution, if it is one.",
        "如醫院屬定點醫療機構,由系統操作員輸入其編碼。",
        "如医院属定点医疗机构,由系统操作员输入其编码。",
    ),
    "BUREAU_PERSON_UNKNOWN": (
        "Check the document or the insurance e-code with the patient, and open the episode anew.",
        "與病人核對證件或醫保電子憑證,並重新開立個案。",
        "与病人核对证件或医保电子凭证,并重新开立个案。",
    ),
    "BUREAU_LOOK_UP_REFUSED": (
        "Settle the reason with the bureau; a stay is registered with its next bill, for a visit "
        "the episode is opened anew.",
        "與醫保經辦機構解決所述原因;住院於下次提交帳單時再行登記,門診則重新開立個案。",
        "与医保经办机构解决所述原因;住院于下次提交账单时再行登记,门诊则重新开立个案。",
    ),
    "BUREAU_SAYS_SETTLED": (
        "Wait: the message is reversed by itself. If it lasts, ask the bureau for the settlement.",
        "請等候:系統會自動沖正。如持續,請向醫保經辦機構查詢該結算。",
        "请等候:系统会自动冲正。如持续,请向医保经办机构查询该结算。",
    ),
    "BUREAU_REVERSAL_REFUSED": (
        "Ask the bureau how the settlement stands; nothing is sent before that is known.",
        "向醫保經辦機構查詢該結算狀況;查明前不會發送任何訊息。",
        "向医保经办机构查询该结算状况;查明前不会发送任何信息。",
    ),
    "BASIC_FORECAST_DIFFERS": (
        "Tell the operator, so that the rules kept here are compared; the bureau's split holds.",
        "告知系統操作員以核對本系統規則;以醫保經辦機構的分帳為準。",
        "告知系统操作员以核对本系统规则;以医保经办机构的分账为准。",
    ),
    "BASIC_SPLIT_CHANGED": (
        "Tell the patient the new split and collect the difference; then it is settled.",
        "告知病人新的分帳並收取差額;其後即會結算。",
        "告知病人新的分账并收取差额;其后即会结算。",
    ),
    "BASIC_SPLIT_REFUSED": (
        "Void the bill and send it anew with means of payment that the reason allows.",
        "作廢帳單,並按所述原因允許的付款方式重新提交。",
        "作废账单,并按所述原因允许的付款方式重新提交。",
    ),
    "BASIC_SETTLEMENT_REFUSED": (
        "Put right what the reason names with the bureau; void the bill and send it anew.",
        "與醫保經辦機構解決所述原因;作廢帳單並重新提交。",
        "与医保经办机构解决所述原因;作废账单并重新提交。",
    ),
    "BASIC_DISCHARGE_REFUSED": (
        "Have the bureau's records of the stay put right; void the bill and send it anew, which "
        "tells the bureau of the discharge once more.",
        "請與醫保經辦機構核正住院記錄;撤回帳單後重新提交,系統會再次辦理出院登記。",
        "请与医保经办机构核正住院记录;撤回账单后重新提交,系统会再次办理出院登记。",
    ),
    "BASIC_STAY_NOT_TAKEN_BACK": (
        "Ask the bureau to take the stay's registration back; nothing of it is paid there.",
        "請聯絡醫保經辦機構撤銷住院登記;本次住院無須經醫保支付。",
        "请联系医保经办机构撤销住院登记;本次住院无须经医保支付。",
    ),
    "BASIC_CANCEL_REFUSED": (
        "Ask the bureau to take the settlement back by hand.",
        "請醫保經辦機構人工撤銷該結算。",
        "请医保经办机构人工撤销该结算。",
    ),
    "BUREAU_TOTALS_DIFFER": (
        "Compare the settlement with the bureau's list of the day and settle the difference there,"
        " then compare the day anew; or explain the item, so that the bank's day can close.",
        "將該結算與醫保經辦機構當日明細核對,與其解決差異後重新核對當日;或說明該項目,以便銀行帳日關帳。",
        "将该结算与医保经办机构当日明细核对,与其解决差异后重新核对当日;或说明该项目,以便银行账日关账。",
    ),
}

FUNDERS_TO_DO: dict[str, Triple] = {**_VOUCHERS, **_PAY_LATER, **_BUREAU}
