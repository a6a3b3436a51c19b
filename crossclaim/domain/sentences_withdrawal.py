"""What the codes of a withdrawn consent say to people."""

from __future__ import annotations

from enum import StrEnum


class WithdrawalReason(StrEnum):
    """Codes on faults and trace steps of a withdrawal; stable for ever."""

    WITHDRAWN_BEFORE_CLAIM = "WITHDRAWN_BEFORE_CLAIM"
    WITHDRAWN_BEFORE_DECISION = "WITHDRAWN_BEFORE_DECISION"
    WITHDRAWN_SUSPENSION_OVER = "WITHDRAWN_SUSPENSION_OVER"
    WITHDRAWN_BEFORE_PAYOUT = "WITHDRAWN_BEFORE_PAYOUT"
    WITHDRAWN_AFTER_PAYOUT = "WITHDRAWN_AFTER_PAYOUT"
    WITHDRAWN_SHARING = "WITHDRAWN_SHARING"
    WITHDRAWN_SENDS_STAY = "WITHDRAWN_SENDS_STAY"
    WITHDRAWN_EMERGENCY = "WITHDRAWN_EMERGENCY"
    SENT_AFTER_WITHDRAWAL = "SENT_AFTER_WITHDRAWAL"
    EMERGENCY_REASON_MISSING = "EMERGENCY_REASON_MISSING"
    WITHDRAWAL_NEEDS_PERSON = "WITHDRAWAL_NEEDS_PERSON"
    APPROVED_PART_NOT_STATED = "APPROVED_PART_NOT_STATED"
    FORECAST_PART_NOT_STATED = "FORECAST_PART_NOT_STATED"


_R = WithdrawalReason

WITHDRAWAL_TEXTS: dict[StrEnum, tuple[str, str, str]] = {
    _R.WITHDRAWN_BEFORE_CLAIM: (
        "The consent was withdrawn before the claim was sent: nothing more is sent, the guarantee "
        "is cancelled and the hospital bills the patient {patient}.",
        "在提交索償前已撤回同意:不再傳送任何資料,擔保函取消,由醫院向病人收取{patient}。",
        "在提交索偿前已撤回同意:不再传送任何资料,担保函取消,由医院向病人收取{patient}。",
    ),
    _R.WITHDRAWN_BEFORE_DECISION: (
        "The consent was withdrawn before the insurer decided: nothing more is sent, the claim is "
        "suspended through {until}, and {pending} is open. The insurer may ask the patient for his "
        "own papers with a new consent.",
        "在保險公司作出決定前已撤回同意:不再傳送任何資料,索償暫停至{until}(包括該日),待定金額{pending}。"
        "保險公司可請病人自行提交文件並重新給予同意。",
        "在保险公司作出决定前已撤回同意:不再传送任何资料,索偿暂停至{until}(包括该日),待定金额{pending}。"
        "保险公司可请病人自行提交文件并重新给予同意。",
    ),
    _R.WITHDRAWN_SUSPENSION_OVER: (
        "The claim was suspended through {until} and no new consent came: the guarantee is "
        "cancelled and the hospital bills the patient {patient}.",
        "索償已暫停至{until}(包括該日)而未獲新的同意:擔保函取消,由醫院向病人收取{patient}。",
        "索偿已暂停至{until}(包括该日)而未获新的同意:担保函取消,由医院向病人收取{patient}。",
    ),
    _R.WITHDRAWN_BEFORE_PAYOUT: (
        "The consent was withdrawn after approval: the insurer still pays {insurer}, as the "
        "contract needs it, with account data and no medical data; the patient pays {patient}.",
        "在批准後撤回同意:保險公司仍按合約所需支付{insurer},只使用帳戶資料而不使用醫療資料;病人支付{patient}。",
        "在批准后撤回同意:保险公司仍按合约所需支付{insurer},只使用账户资料而不使用医疗资料;病人支付{patient}。",
    ),
    _R.WITHDRAWN_AFTER_PAYOUT: (
        "The consent was withdrawn after the payout: no amount changes, access is closed.",
        "在支付後撤回同意:各項金額不變,查閱權限關閉。",
        "在支付后撤回同意:各项金额不变,查阅权限关闭。",
    ),
    _R.WITHDRAWN_SHARING: (
        "Only the sharing of eHealth records was withdrawn: vouchers already claimed stay, new "
        "access to records is blocked.",
        "只撤回醫健通的互通同意:已申報的醫療券不受影響,不可再查閱新的紀錄。",
        "只撤回医健通的互通同意:已申报的医疗券不受影响,不可再查阅新的记录。",
    ),
    _R.WITHDRAWN_SENDS_STAY: (
        "{count} sends before the withdrawal stay lawful; their records are only stored, at the "
        "hospital for {years} years.",
        "撤回前的{count}次傳送仍屬合法;有關紀錄只作儲存,醫院保存{years}年。",
        "撤回前的{count}次传送仍属合法;有关记录只作储存,医院保存{years}年。",
    ),
    _R.WITHDRAWN_EMERGENCY: (
        "In this emergency medical data may be sent without the consent; the reason is on record.",
        "在此緊急情況下,可不經同意傳送醫療資料;原因已記錄。",
        "在此紧急情况下,可不经同意传送医疗资料;原因已记录。",
    ),
    _R.SENT_AFTER_WITHDRAWAL: (
        "The send {reference} has a later time than the withdrawal. A person must look at it at "
        "once.",
        "傳送{reference}的時間在撤回同意之後。須由人員立即處理。",
        "传送{reference}的时间在撤回同意之后。须由人员立即处理。",
    ),
    _R.EMERGENCY_REASON_MISSING: (
        "Medical data may be sent in an emergency only with its reason on record. State the "
        "reason.",
        "緊急情況下傳送醫療資料須記錄原因。請註明原因。",
        "紧急情况下传送医疗资料须记录原因。请注明原因。",
    ),
    _R.WITHDRAWAL_NEEDS_PERSON: (
        "What a withdrawal of {consent} stops is not stated. A person must decide.",
        "撤回{consent}的後果並無規定。須由人員決定。",
        "撤回{consent}的后果并无规定。须由人员决定。",
    ),
    _R.APPROVED_PART_NOT_STATED: (
        "The insurer has decided, but what it approved and at which rate was not stated. State "
        "both.",
        "保險公司已作決定,但未提供獲批金額及匯率。請提供兩者。",
        "保险公司已作决定,但未提供获批金额及汇率。请提供两者。",
    ),
    _R.FORECAST_PART_NOT_STATED: (
        "The insurer has not decided; state what the split lays on it until then.",
        "保險公司尚未作決定;請提供分帳中由其承擔的金額。",
        "保险公司尚未作决定;请提供分账中由其承担的金额。",
    ),
}
