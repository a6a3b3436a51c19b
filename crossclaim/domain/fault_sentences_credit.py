"""What the faults of pay-after-care submissions say, in three languages."""

from __future__ import annotations

CREDIT_TEXTS: dict[str, tuple[str, str, str]] = {
    "PAY_LATER_ACCOUNT_MISSING": (
        "Pay-after-care needs the account that pays. Name it, or leave this coverage out.",
        "使用惠民就醫須註明付款賬戶。請補充,或不使用此項。",
        "使用惠民就医须注明付款账户。请补充,或不使用此项。",
    ),
    "HOLDER_DOCUMENT_TYPE": (
        "A holder of pay-after-care signs up with a mainland identity card.",
        "惠民就醫須以居民身份證開通。",
        "惠民就医须以居民身份证开通。",
    ),
    "HOLDER_BIRTH_DATE": (
        "The date of birth is not the one in the identity card's number. Correct one of them.",
        "出生日期與身份證號碼不符,請更正其中一項。",
        "出生日期与身份证号码不符,请更正其中一项。",
    ),
    "SIGN_UP_ORDER": (
        "The holder authorises first, then confirms the particulars, then passes the face check. "
        "Correct the times.",
        "開通次序為授權、確認個人資料、人臉識別,請更正時間。",
        "开通次序为授权、确认个人信息、人脸识别,请更正时间。",
    ),
    "SIGN_UP_WITHOUT_MEANS": (
        "A sign-up binds a bank card or applies for the credit; name at least one.",
        "開通時須綁定銀行卡或申請惠民醫療金,請至少選擇一項。",
        "开通时须绑定银行卡或申请惠民医疗金,请至少选择一项。",
    ),
    "REPAYMENT_OF_NOTHING": (
        "A repayment is of one fen at least.",
        "還款額至少為一分。",
        "还款额至少为一分。",
    ),
}
"""Code → English, traditional Chinese, simplified Chinese."""

CREDIT_STEP_TEXTS: dict[str, tuple[str, str, str]] = {
    "CREDIT_PLAN_UNKNOWN": (
        "There is no pay-after-care plan of this name on {on}. Check its name.",
        "{on}沒有此名稱的先診療後付費計劃,請核對。",
        "{on}没有此名称的先诊疗后付费计划,请核对。",
    ),
    "CREDIT_ACCOUNT_NOT_OPEN": (
        "The account is {state}; only an open account takes this.",
        "賬戶狀態為{state};只有已開通的賬戶可辦理。",
        "账户状态为{state};只有已开通的账户可办理。",
    ),
    "CARD_NOT_BEGUN": (
        "No text message with a code is out for this account. Bind the card first.",
        "此賬戶沒有待驗證的短信。請先綁定銀行卡。",
        "此账户没有待验证的短信。请先绑定银行卡。",
    ),
    "CREDIT_APPLIED_ALREADY": (
        "The credit of this account is {state}; it is applied for once at a time.",
        "此賬戶的惠民醫療金狀態為{state},不可重複申請。",
        "此账户的惠民医疗金状态为{state},不可重复申请。",
    ),
    "DRAW_UNKNOWN": (
        "The account has no open draw with this reference. Take it from the statement.",
        "此賬戶沒有該編號的未還借款,請按對賬單填寫。",
        "此账户没有该编号的未还借款,请按对账单填写。",
    ),
    "INSTALMENTS_CHOSEN": (
        "Instalments of this draw were chosen before; they are chosen once.",
        "此筆借款已選擇分期,只可選擇一次。",
        "此笔借款已选择分期,只可选择一次。",
    ),
    "INSTALMENTS_TOO_LATE": (
        "This draw was due on {due}; instalments are chosen on that day at the latest.",
        "此筆借款已於{due}到期,分期最遲須在到期日選擇。",
        "此笔借款已于{due}到期,分期最迟须在到期日选择。",
    ),
    "REPAYMENT_ABOVE_OWED": (
        "{owed} is owed and not yet being repaid; repay no more than that.",
        "尚欠而未在還款中的金額為{owed},請勿多還。",
        "尚欠而未在还款中的金额为{owed},请勿多还。",
    ),
    "NO_CARD_BOUND": (
        "No bank card is bound to this account. Bind one, or repay from the personal account.",
        "此賬戶未綁定銀行卡。請先綁定,或以個人賬戶還款。",
        "此账户未绑定银行卡。请先绑定,或以个人账户还款。",
    ),
    "CREDIT_STILL_OWED": (
        "{owed} is still owed; an account is closed once nothing is.",
        "尚欠{owed},清還後方可註銷。",
        "尚欠{owed},清还后方可注销。",
    ),
    "CREDIT_ORDER_OPEN": (
        "Something asked of the platform before is still open. Wait for its answer.",
        "之前的辦理尚未有結果,請稍後再試。",
        "之前的办理尚未有结果,请稍后再试。",
    ),
}
