"""What an exception of the worklist says and asks for, also of those that no episode has."""

from __future__ import annotations

from collections.abc import Mapping

from crossclaim.domain.bank_sentences import STATEMENT_TEXTS
from crossclaim.domain.credit_sentences import EXCEPTION_TEXTS as CREDIT_TEXTS
from crossclaim.domain.family_story_sentences import EXCEPTIONS as FAMILY_TEXTS
from crossclaim.domain.story_codes import EXCEPTIONS
from crossclaim.domain.story_phrase import Triple
from crossclaim.domain.story_to_do import TO_DO

CREDIT, FAMILY = "CREDIT_", "FAMILY_"
"""What the worklist puts before codes of pay-after-care accounts and of family bindings: some of
them are also an episode's, and ask for something else there."""
_FILE: Triple = (
    "Tell the bank what is wrong with its file and have a right one sent; this one is kept.",
    "告知銀行檔案有何問題並請其重新發送;原檔案已保留。",
    "告知银行文件有何问题并请其重新发送;原文件已保留。",
)
_OFFICE: Triple = (
    "Ask the office by telephone what holds, and write down here what it said.",
    "致電經辦機構查詢以何者為準,並在此記錄其答覆。",
    "致电经办机构查询以何者为准,并在此记录其答复。",
)
_PLATFORM: Triple = (
    "Compare with the pay-after-care platform charge by charge, and have it put its word right.",
    "與信用就醫平台逐筆核對,並請其更正。",
    "与信用就医平台逐笔核对,并请其更正。",
)
_OPERATOR: Triple = (
    "Give the operator the number; the step is tried again by itself.",
    "將編號交予系統操作員;該步驟會自動重試。",
    "将编号交予系统操作员;该步骤会自动重试。",
)
_SENT_ANEW: Triple = (
    "Give the operator the message's number; whoever sent it sends a right one anew.",
    "將提交編號交予系統操作員;由提交者重新提交。",
    "将提交编号交予系统操作员;由提交者重新提交。",
)
_FILES = (
    "BANK_STATEMENT_SUMS",
    "BANK_FILE_TOO_LARGE",
    "BANK_FILE_FORBIDDEN",
    "BANK_VERSION_UNKNOWN",
    "BANK_MESSAGE_REUSED",
    "BANK_FILE_UNREADABLE",
    "BANK_FIGURES",
    "BANK_STATEMENT_PERIOD",
)
_STATEMENTS: dict[str, Triple] = {
    "STATEMENT_REPEATED": (
        "Nothing moved twice; explain it on its day so that the day can close.",
        "款項沒有重複計算;請於該日說明,以便關帳。",
        "款项没有重复计算;请于该日说明,以便关账。",
    ),
    "STATEMENT_OUT_OF_ORDER": (
        "Look at the days after it once more; explain it on its day.",
        "再次查看其後各日;並於該日說明。",
        "再次查看其后各日;并于该日说明。",
    ),
    "STATEMENT_GAP": (
        "Ask the bank for the missing statement; the days after it close once it is here.",
        "向銀行索取欠缺的結單;收到後其後各日方可關帳。",
        "向银行索取缺少的对账单;收到后其后各日方可关账。",
    ),
    "STATEMENT_BALANCE_BREAK": (
        "Ask the bank which balance is right; explain the difference on its day.",
        "向銀行查詢正確結餘;並於該日說明差額。",
        "向银行查询正确余额;并于该日说明差额。",
    ),
    "STATEMENT_NUMBER_REUSED": (
        "Ask the bank which of the two statements holds.",
        "向銀行查詢兩份結單以何者為準。",
        "向银行查询两份对账单以何者为准。",
    ),
    "STATEMENT_ACCOUNT_UNKNOWN": (
        "Tell the bank that the account is not ours, or have the operator enter it.",
        "告知銀行該帳戶並非本平台所有,或由系統操作員登記。",
        "告知银行该账户并非本平台所有,或由系统操作员登记。",
    ),
    "STATEMENT_LATE_ENTRY": (
        "Match or explain the new entry; the day closes again by itself.",
        "配對或說明新的入帳;該日其後自動關帳。",
        "匹配或说明新的入账;该日其后自动关账。",
    ),
    **dict.fromkeys(_FILES, _FILE),
}
_CREDIT: dict[str, Triple] = {
    "REPAYMENT_OVERDUE": (
        "Speak to the holder and agree when the part is paid.",
        "聯絡持有人並商定還款時間。",
        "联系持有人并商定还款时间。",
    ),
    "REPAYMENT_REFUSED": (
        "Ask the holder for another means of payment.",
        "請持有人改用其他付款方式。",
        "请持有人改用其他付款方式。",
    ),
    "REPAID_TOO_MUCH": (
        "Have the platform give back what is above the sum that is owed.",
        "請平台退回超出欠款的金額。",
        "请平台退回超出欠款的金额。",
    ),
    "ANSWER_DIFFERS": _PLATFORM,
    "INSTALMENTS_DIFFER": (
        "Ask the bank for its plan of instalments and compare it with ours.",
        "向銀行索取分期表,並與我方核對。",
        "向银行索取分期表,并与我方核对。",
    ),
    "CHARGED_TWICE": (
        "Have the platform take the other charges back.",
        "請平台撤銷多出的收費。",
        "请平台撤销多出的收费。",
    ),
    "CHARGE_NOT_STATED": _PLATFORM,
    "CHARGE_UNKNOWN": _PLATFORM,
    "OWED_DIFFERS": _PLATFORM,
    "STEP_FAILED": _OPERATOR,
    "SUBMISSION_NOT_APPLIED": _SENT_ANEW,
}
_FAMILY: dict[str, Triple] = {
    "OFFICE_CONTRADICTS_ITSELF": _OFFICE,
    "DECIDED_AFTER_UNBINDING": (
        "Make sure that the office has ended it too; nothing is paid by it here.",
        "確認經辦機構亦已解綁;本系統不會以此付款。",
        "确认经办机构亦已解绑;本系统不会以此付款。",
    ),
    "ANSWER_NOT_USABLE": (
        "Tell the office what is wrong with its message; a right answer is taken by itself.",
        "告知經辦機構訊息有何錯誤;收到正確答覆後會自動處理。",
        "告知经办机构讯息有何错误;收到正确答复后会自动处理。",
    ),
    "APPLICATION_NOT_FOUND_THERE": _OFFICE,
    "APPLICATION_NOT_TAKEN": (
        "Put right with the family what the office names, and apply anew.",
        "按經辦機構所述與家庭一同更正,再重新申請。",
        "按经办机构所述与家庭一同更正,再重新申请。",
    ),
    "END_NOT_TAKEN": (
        "Ask the office to end it; here nothing is paid by it any more.",
        "請經辦機構解綁;本系統已不再以此付款。",
        "请经办机构解绑;本系统已不再以此付款。",
    ),
    "STEP_FAILED": _OPERATOR,
    "SUBMISSION_NOT_APPLIED": _SENT_ANEW,
}


def _named(head: str, texts: Mapping[str, Triple]) -> dict[str, Triple]:
    return {f"{head}{code}": text for code, text in texts.items()}


CAUSES: dict[str, Triple] = {
    **EXCEPTIONS,
    **STATEMENT_TEXTS,
    **_named(CREDIT, CREDIT_TEXTS),
    **_named(FAMILY, FAMILY_TEXTS),
}
"""By the code of the worklist."""
WORK_TO_DO: dict[str, Triple] = {
    **TO_DO,
    **_STATEMENTS,
    **_named(CREDIT, _CREDIT),
    **_named(FAMILY, _FAMILY),
}
"""By the code of the worklist; a test holds it complete."""
