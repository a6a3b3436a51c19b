"""What reasons and exceptions are called in a story."""

from __future__ import annotations

from crossclaim.domain import (
    story_bureau_words,
    story_sentences_bill,
    story_sentences_guarantee,
    story_sentences_information,
    story_sentences_records,
    story_sentences_review,
    story_sentences_transfer,
    story_sentences_withdrawal,
)
from crossclaim.domain.story_codes_reasons import FLAGS, PARTY_REASONS
from crossclaim.domain.story_codes_voucher import VOUCHER_CODES, VOUCHER_EXCEPTIONS
from crossclaim.domain.story_phrase import Triple
from crossclaim.domain.story_sentences_appeals import APPEAL_CODES, APPEAL_EXCEPTIONS
from crossclaim.domain.story_sentences_repair import REPAIR_CODES, REPAIR_EXCEPTIONS
from crossclaim.domain.story_words_pay_later import PAY_LATER_EXCEPTIONS
from crossclaim.domain.story_words_payout import PAYOUT_CODES, PAYOUT_EXCEPTIONS
from crossclaim.domain.story_words_tenders import TENDER_CODES, TENDER_EXCEPTIONS

CODES: dict[str, Triple] = {
    **story_sentences_records.CODES,
    **VOUCHER_CODES,
    **PAYOUT_CODES,
    **REPAIR_CODES,
    "TIMED_OUT": ("no answer in time, after sending", "發送後逾時未有答覆", "发送后逾时未有答复"),
    "CONNECTION_LOST": ("the connection broke off", "連線中斷", "连线中断"),
    "UNREACHABLE": ("could not be reached", "無法連線", "无法连线"),
    "ANSWER_UNREADABLE": ("the answer could not be read", "答覆無法讀取", "答复无法读取"),
    "ANSWER_FOREIGN": ("the answer was about something else", "答覆與查詢不符", "答复与查询不符"),
    "OTHER_CURRENCY": (
        "its amounts are not in the currency that the cover counts in",
        "其金額不是該保障所用的貨幣",
        "其金额不是该保障所用的货币",
    ),
    "ANSWER_INCONSISTENT": ("the answer contradicted itself", "答覆內容矛盾", "答复内容矛盾"),
    "Unavailable": ("our database did not answer", "我方資料庫沒有回應", "我方资料库没有回应"),
    "STEP_TIMED_OUT": (
        "the worker gave no sign of life in time",
        "工作程序逾時沒有回應",
        "工作程序逾时没有回应",
    ),
    "CONSENT_MISSING": (
        "a consent that the sending needs is missing",
        "缺少發送所需的同意",
        "缺少发送所需的同意",
    ),
    "NOT_IN_FORCE": (
        "the policy is not in force",
        "保單未生效",
        "保单未生效",
    ),
    "NO_DIRECT_BILLING": (
        "the policy has no direct billing",
        "保單不設直接結算",
        "保单不设直接结算",
    ),
    "OTHER_INSURER_STATEMENT_MISSING": (
        "the statement of the insurer that pays first is missing",
        "缺少先賠保險公司的賠付證明",
        "缺少先赔保险公司的赔付证明",
    ),
    "POLICY_NOT_IN_FORCE": ("the policy is not in force", "保單未生效", "保单未生效"),
    "RELEASE_PENDING": ("the release is still being worked on", "解除仍在處理", "解除仍在处理"),
    "RELEASE_REFUSED": ("the release was refused", "解除被拒", "解除被拒"),
    "AC01": ("wrong account number, AC01", "帳號錯誤,AC01", "账号错误,AC01"),
    "NMTC": ("the name does not match, NMTC", "戶名不符,NMTC", "户名不符,NMTC"),
    "CMTC": ("the name is close, CMTC", "戶名相近,CMTC", "户名相近,CMTC"),
    "NOAP": ("no check was possible, NOAP", "無法核對,NOAP", "无法核对,NOAP"),
    "AC03": ("wrong account of the payee, AC03", "收款人帳戶錯誤,AC03", "收款人账户错误,AC03"),
    "AC04": ("the account is closed, AC04", "帳戶已結束,AC04", "账户已结束,AC04"),
    "AC06": ("the account is blocked, AC06", "帳戶被凍結,AC06", "账户被冻结,AC06"),
    "AM04": ("not enough money on the account, AM04", "帳戶餘額不足,AM04", "账户余额不足,AM04"),
    "AM05": ("called a duplicate, AM05", "被指重複,AM05", "被指重复,AM05"),
    "BE01": (
        "name and account do not belong together, BE01",
        "戶名與帳戶不符,BE01",
        "户名与账户不符,BE01",
    ),
    "VOUCHER_BALANCE_CHANGED": (
        "the voucher balance had changed",
        "醫療券結餘已改變",
        "医疗券结余已改变",
    ),
    "DECISION": (
        "the insurer decided otherwise than forecast",
        "保險公司的決定與預計不同",
        "保险公司的决定与预计不同",
    ),
}

EXCEPTIONS: dict[str, Triple] = {
    "DECISION_NOT_DIVIDED": (
        "an insurer's decision cannot be divided among those that pay after it",
        "保險公司的決定未能分配予其後賠付的各方",
        "保险公司的决定未能分配予其后赔付的各方",
    ),
    "COVER_REFUSED": (
        "an insurer does not confirm the cover",
        "保險公司未能確認保障",
        "保险公司未能确认保障",
    ),
    **story_sentences_records.EXCEPTIONS,
    **VOUCHER_EXCEPTIONS,
    **PAYOUT_EXCEPTIONS,
    **REPAIR_EXCEPTIONS,
    **story_sentences_transfer.EXCEPTIONS,
    "GUARANTEE_REFUSED": ("there is no letter of guarantee", "沒有擔保函", "没有担保函"),
    "PAYOUT_SLA_BREACH": (
        "the payout to the patient has not arrived in the time that was promised",
        "付予病人的款項未在承諾時間內到帳",
        "付予病人的款项未在承诺时间内到账",
    ),
    "PAYEE_ACCOUNT_PROPOSED": (
        "another account of the payee waits for a second person's word",
        "收款人的另一帳戶有待第二人批准",
        "收款人的另一账户有待第二人批准",
    ),
    "BILL_FLAGGED": (
        "charges of the final bill want a person's look",
        "最終帳單的收費須由專人查核",
        "最终账单的收费须由专人查核",
    ),
    "GUARANTEE_ASKED_LATE": (
        "the guarantee was asked for with less notice than the insurer wants",
        "申請擔保函的時間少於保險公司要求的預先通知",
        "申请担保函的时间少于保险公司要求的预先通知",
    ),
    "BANK_NOT_COLLECTING": (
        "the bank has not collected the payment file; nothing is sent again meanwhile",
        "銀行尚未收取付款檔案；其間不會再次發送",
        "银行尚未收取付款文件；其间不会再次发送",
    ),
    "BANK_FILE_NOT_MADE": (
        "the file for the bank could not be made or placed; nothing was sent",
        "未能製作或放置給銀行的檔案；並無發送任何款項",
        "未能制作或放置给银行的文件；并无发送任何款项",
    ),
    "GUARANTEE_RELEASE_REFUSED": (
        "the insurer did not take the release of its guarantee",
        "保險公司未接納解除擔保",
        "保险公司未接纳解除担保",
    ),
    "CLAIM_DENIED": (
        "the insurer pays nothing on a claim",
        "保險公司就索償不予賠償",
        "保险公司就索偿不予赔偿",
    ),
    "CLAIM_STOPPED": ("a claim cannot be sent", "索償無法提交", "索偿无法提交"),
    "DECISION_DIFFERS": (
        "the insurer decided otherwise than forecast",
        "保險公司的決定與預計不同",
        "保险公司的决定与预计不同",
    ),
    "ANSWER_NOT_USABLE": (
        "an answer of an insurer cannot be true or cannot be read; it is kept and nothing was "
        "changed by it",
        "保險公司的答覆不可能屬實或無法讀取;已存檔,未作任何更改",
        "保险公司的答复不可能属实或无法读取;已存档,未作任何更改",
    ),
    "VOUCHER_VOID_REFUSED": (
        "the eHealth System (Subsidies) did not take a claim back",
        "醫健通(資助)系統拒絕撤回申報",
        "医健通(资助)系统拒绝撤回申报",
    ),
    "VOUCHER_BALANCE_CHANGED": (
        "the voucher balance was lower than at the window",
        "醫療券結餘低於窗口查詢時",
        "医疗券结余低于窗口查询时",
    ),
    "VOUCHER_DOCUMENT_MISSING": (
        "a document for voucher use is missing",
        "缺少使用醫療券所需證件",
        "缺少使用医疗券所需证件",
    ),
    "VOUCHER_ACCOUNT_NOT_FOUND": (
        "there is no voucher account",
        "沒有醫療券戶口",
        "没有医疗券户口",
    ),
    "VOUCHER_CLAIM_REFUSED": (
        "the eHealth System (Subsidies) refused a claim",
        "醫健通(資助)系統拒絕申報",
        "医健通(资助)系统拒绝申报",
    ),
    "PAYOUT_ACCOUNT_DIFFERS": (
        "the bank names another account than ours",
        "銀行所述帳戶與我方不同",
        "银行所述账户与我方不同",
    ),
    "PAYOUT_CONTRADICTED": (
        "the bank denies a payment that it had taken before; nothing is sent again",
        "銀行否認先前已接納的付款；不會再次發送",
        "银行否认先前已接纳的付款；不会再次发送",
    ),
    "PAYOUT_AMOUNT_DIFFERS": (
        "the bank names another amount than ours",
        "銀行所述金額與我方不同",
        "银行所述金额与我方不同",
    ),
    "PAYOUT_CREDITED_AFTER_CLOSE": (
        "the bank credited a payout that was over",
        "銀行將已終結的付款入帳",
        "银行将已终结的付款入账",
    ),
    "PAYOUT_SETTLED_AFTER_CLOSE": (
        "the bank settled a payout that was over",
        "銀行結算已終結的付款",
        "银行结算已终结的付款",
    ),
    "PAYOUT_REJECTED": ("the bank rejected a payout", "銀行拒絕付款", "银行拒绝付款"),
    "PAYOUT_REJECTED_AFTER_CREDIT": (
        "the bank rejected a payout that it had credited",
        "銀行拒絕已入帳的付款",
        "银行拒绝已入账的付款",
    ),
    "DECISION_CHANGED_LATER": (
        "the insurer sent another decision after its first; nothing was changed",
        "保險公司在首次決定後發出另一決定；並無更改任何款項",
        "保险公司在首次决定后发出另一决定；并无更改任何款项",
    ),
    "REIMBURSEMENT_NOT_FORECAST": (
        "a reimbursement was decided that our split does not foresee; nothing was paid",
        "已作決定的報銷不在我方分帳之內；並無支付任何款項",
        "已作决定的报销不在我方分账之内；并无支付任何款项",
    ),
    "STEP_FAILED": (
        "a step of ours failed and a person must look",
        "我方一個步驟失敗，須由專人處理",
        "我方一个步骤失败，须由专人处理",
    ),
    "PAYOUT_RETURNED": ("the bank returned a payout", "銀行退回付款", "银行退回付款"),
    "SUBMISSION_NOT_APPLIED": (
        "a message could not be applied; nothing was changed by it",
        "一項提交未能處理，並無任何更改",
        "一项提交未能处理，并无任何更改",
    ),
    "VOUCHER_CONSENT_MISSING": (
        "the consent to use vouchers was withdrawn before the claim",
        "使用醫療券的同意在申報前已撤回",
        "使用医疗券的同意在申报前已撤回",
    ),
    "PAY_LATER_PART_CHARGED": (
        "pay-after-care was already charged for its part",
        "已按原分攤向診後付扣款",
        "已按原分摊向诊后付扣款",
    ),
    "INSURER_PART_CLAIMED": (
        "the insurer's part would change after it was claimed; a person decides who pays the rest",
        "保險公司部分在索償後將有變動，須由人員決定餘款如何支付",
        "保险公司部分在索赔后将有变动，须由人员决定余款如何支付",
    ),
    "VOUCHER_SPLIT_REFUSED": (
        "the voucher balance had changed and the bill can no longer be split; the old split stays",
        "醫療券結餘已改變，帳單未能重新分攤，沿用原有分攤",
        "医疗券结余已改变，账单未能重新分摊，沿用原有分摊",
    ),
}

EXCEPTIONS |= PAY_LATER_EXCEPTIONS
EXCEPTIONS |= APPEAL_EXCEPTIONS
CODES |= APPEAL_CODES
CODES |= FLAGS | PARTY_REASONS
CODES |= story_bureau_words.CODES
EXCEPTIONS |= story_bureau_words.EXCEPTIONS
CODES |= story_sentences_guarantee.CODES
EXCEPTIONS |= story_sentences_guarantee.EXCEPTIONS
CODES |= story_sentences_withdrawal.CODES
EXCEPTIONS |= story_sentences_bill.EXCEPTIONS
EXCEPTIONS |= story_sentences_withdrawal.EXCEPTIONS
CODES |= story_sentences_review.CODES
EXCEPTIONS |= story_sentences_review.EXCEPTIONS
CODES |= TENDER_CODES
EXCEPTIONS |= TENDER_EXCEPTIONS
EXCEPTIONS |= story_sentences_information.EXCEPTIONS
