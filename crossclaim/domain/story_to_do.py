"""What a person has to do about each exception of an episode, where nothing goes on by itself."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple
from crossclaim.domain.story_sentences_appeals import APPEAL_TO_DO
from crossclaim.domain.story_sentences_bill import TO_DO as BILL_TO_DO
from crossclaim.domain.story_sentences_guarantee import TO_DO as GUARANTEE_TO_DO
from crossclaim.domain.story_sentences_information import TO_DO as INFORMATION_TO_DO
from crossclaim.domain.story_sentences_repair import REPAIR_TO_DO
from crossclaim.domain.story_sentences_review import TO_DO as REVIEW_TO_DO
from crossclaim.domain.story_sentences_withdrawal import TO_DO as WITHDRAWAL_TO_DO
from crossclaim.domain.story_to_do_events import EVENTS_TO_DO
from crossclaim.domain.story_to_do_funders import FUNDERS_TO_DO
from crossclaim.domain.story_to_do_tenders import TENDERS_TO_DO
from crossclaim.domain.story_words_payout import PAYOUT_TO_DO

TO_DO: dict[str, Triple] = {
    "DECISION_NOT_DIVIDED": (
        "Agree with the insurers who pays what, and have the first one's decision sent again.",
        "與各保險公司商定各自賠付額,並請首間保險公司重新發送決定。",
        "与各保险公司商定各自赔付额,并请首间保险公司重新发送决定。",
    ),
    "COVER_REFUSED": (
        "Ask the insurer about the policy; until it answers otherwise, send the bill without it.",
        "向保險公司查詢保單;在其更正前,請提交不使用該保單的帳單。",
        "向保险公司查询保单;在其更正前,请提交不使用该保单的账单。",
    ),
    "RECORD_CONSENT_MISSING": (
        "Ask the patient; with a new consent, send a new request with new codes.",
        "詢問病人;取得新的同意後,以新的二維碼重新提出請求。",
        "询问病人;取得新的同意后,以新的二维码重新提出请求。",
    ),
    "RECORD_CODES_EXPIRED": (
        "Have the patient show new codes in the eHealth App and send a new request.",
        "請病人在醫健通App出示新的二維碼,並重新提出請求。",
        "请病人在医健通App出示新的二维码,并重新提出请求。",
    ),
    "RECORD_ANSWER_NOT_USABLE": (
        "Report the kept answer to the record system; send a new request with new codes.",
        "向紀錄系統通報已存檔的答覆;以新的二維碼重新提出請求。",
        "向纪录系统通报已存档的答复;以新的二维码重新提出请求。",
    ),
    "RECORD_ANSWER_LOST": (
        "Ask the record system whether the record was given, and tell the patient of the access.",
        "向紀錄系統查詢是否已提供病歷,並通知病人該次取閱。",
        "向纪录系统查询是否已提供病历,并通知病人该次取阅。",
    ),
    "RECORD_REQUEST_REFUSED": (
        "Put right what the reason names with the patient; send a new request with new codes.",
        "按所述原因與病人一同更正,再以新的二維碼重新提出請求。",
        "按所述原因与病人一同更正,再以新的二维码重新提出请求。",
    ),
    "RECORD_NOTICE_MISSING": (
        "Ask the record system whether the patient was told; if not, tell the patient.",
        "向紀錄系統查詢是否已通知病人;如未通知,請通知病人。",
        "向纪录系统查询是否已通知病人;如未通知,请通知病人。",
    ),
    "RECORD_DEPOSIT_STOPPED": (
        "Give the patient the document on paper; nothing is handed in without the joining consent.",
        "將文件以紙本交予病人;沒有參與同意不會交存。",
        "将文件以纸本交予病人;没有参与同意不会交存。",
    ),
    "RECORD_DEPOSIT_REFUSED": (
        "Put right what the reason names and hand the document in again.",
        "按所述原因更正,再次交存文件。",
        "按所述原因更正,再次交存文件。",
    ),
    "RECORD_DEPOSIT_LATE": (
        "Ask the record system when it works again, then hand the document in again.",
        "向紀錄系統查詢恢復時間,再次交存文件。",
        "向纪录系统查询恢复时间,再次交存文件。",
    ),
    "CONSENT_REPORT_REFUSED": (
        "Ask the patient to change the consent in the eHealth App, and note it here.",
        "請病人在醫健通App更改同意,並在此記錄。",
        "请病人在医健通App更改同意,并在此记录。",
    ),
    "CONSENT_REPORT_LATE": (
        "Ask the patient to change the consent in the eHealth App, and note it here.",
        "請病人在醫健通App更改同意,並在此記錄。",
        "请病人在医健通App更改同意,并在此记录。",
    ),
    "GUARANTEE_REFUSED": (
        "Tell the patient before treatment that he pays himself, or settle the reason with the "
        "insurer.",
        "治療前告知病人須自付,或與保險公司解決所述原因。",
        "治疗前告知病人须自付,或与保险公司解决所述原因。",
    ),
    "GUARANTEE_ASKED_LATE": (
        "Call the insurer: a planned stay may need more notice, an emergency is told afterwards.",
        "致電保險公司:計劃住院或須更早通知,急症可事後通知。",
        "致电保险公司:计划住院或须更早通知,急症可事后通知。",
    ),
    "GUARANTEE_RELEASE_REFUSED": (
        "Ask the insurer to let the rest of its guarantee go; no money waits for it here.",
        "請保險公司解除餘下擔保;個案的款項不受影響。",
        "请保险公司解除余下担保;个案的款项不受影响。",
    ),
    "CLAIM_DENIED": (
        "Read the insurer's reason; appeal with the missing papers, or collect from the patient.",
        "閱讀保險公司的理由;補交文件提出上訴,或向病人收款。",
        "阅读保险公司的理由;补交文件提出上诉,或向病人收款。",
    ),
    "CLAIM_STOPPED": (
        "Put right what the reason names; the hospital voids the bill and sends it anew.",
        "按所述原因更正;醫院作廢帳單後重新提交。",
        "按所述原因更正;医院作废账单后重新提交。",
    ),
    "DECISION_DIFFERS": (
        "Tell the cashier what the patient owes now; the hospital may appeal to the insurer.",
        "告知收費處病人現時應付金額;醫院可向保險公司上訴。",
        "告知收费处病人现时应付金额;医院可向保险公司上诉。",
    ),
    "DECISION_CHANGED_LATER": (
        "Ask the insurer which decision holds; the first one was paid and stays until it says so.",
        "向保險公司查詢以何者為準;在其確認前,以首次決定為準。",
        "向保险公司查询以何者为准;在其确认前,以首次决定为准。",
    ),
    "ANSWER_NOT_USABLE": (
        "Tell the insurer what is wrong with its message; a right answer is taken by itself.",
        "告知保險公司訊息有何錯誤;收到正確答覆後會自動處理。",
        "告知保险公司讯息有何错误;收到正确答复后会自动处理。",
    ),
    "REIMBURSEMENT_NOT_FORECAST": (
        "Ask the insurer what the reimbursement is for before anything is paid.",
        "付款前向保險公司查詢該報銷的用途。",
        "付款前向保险公司查询该报销的用途。",
    ),
    "INSURER_PART_CLAIMED": (
        "Decide with the insurer and the patient who pays the rest, then void the bill and send it "
        "anew.",
        "與保險公司及病人商定由誰支付餘款,再作廢帳單並重新提交。",
        "与保险公司及病人商定由谁支付余款,再作废账单并重新提交。",
    ),
    "BILL_FLAGGED": (
        "Compare the named charges with what was filed and approved; if they are wrong, void the "
        "bill and send a right one.",
        "將所列收費與備案價格及批准核對;如有錯誤,作廢帳單並提交正確帳單。",
        "将所列收费与备案价格及批准核对;如有错误,作废账单并提交正确账单。",
    ),
    "PAYOUT_SLA_BREACH": (
        "Call the bank about the payout and tell the patient; nothing is sent a second time.",
        "就付款致電銀行並告知病人;不會再次發送。",
        "就付款致电银行并告知病人;不会再次发送。",
    ),
    "PAYEE_ACCOUNT_PROPOSED": (
        "A second person checks the account with the payee and approves or refuses it.",
        "由第二人與收款人核對帳戶,再批准或拒絕。",
        "由第二人与收款人核对账户,再批准或拒绝。",
    ),
    "BANK_NOT_COLLECTING": (
        "Call the bank about the folder of payment files; leave the file where it is.",
        "就付款檔案的資料夾致電銀行;檔案請留在原處。",
        "就付款文件的文件夹致电银行;文件请留在原处。",
    ),
    "BANK_FILE_NOT_MADE": (
        "The operator looks at disk and folder of the bank; it is tried again by itself.",
        "由系統操作員檢查銀行資料夾及磁碟;系統會自動重試。",
        "由系统操作员检查银行文件夹及磁盘;系统会自动重试。",
    ),
    "PAYOUT_ACCOUNT_DIFFERS": (
        "Ask the bank at once which account was credited; do not order the payment again.",
        "立即向銀行查詢入帳帳戶;切勿再次發出付款指示。",
        "立即向银行查询入账账户;切勿再次发出付款指示。",
    ),
    "PAYOUT_AMOUNT_DIFFERS": (
        "Ask the bank at once what it has paid; do not order the payment again.",
        "立即向銀行查詢實付金額;切勿再次發出付款指示。",
        "立即向银行查询实付金额;切勿再次发出付款指示。",
    ),
    "PAYOUT_CONTRADICTED": (
        "Ask the bank for a written word on the payment; nothing is sent again before it.",
        "要求銀行書面說明該付款;在此之前不會再次發送。",
        "要求银行书面说明该付款;在此之前不会再次发送。",
    ),
    "PAYOUT_CREDITED_AFTER_CLOSE": (
        "Ask the bank whether the payee was paid twice, and have what is too much called back.",
        "向銀行查詢收款人是否重複收款,並追回多付款項。",
        "向银行查询收款人是否重复收款,并追回多付款项。",
    ),
    "PAYOUT_SETTLED_AFTER_CLOSE": (
        "Ask the bank whether the payee was paid twice, and have what is too much called back.",
        "向銀行查詢收款人是否重複收款,並追回多付款項。",
        "向银行查询收款人是否重复收款,并追回多付款项。",
    ),
    "PAYOUT_REJECTED": (
        "A passing reason needs nothing: it is sent again by itself. Else ask the payee for the"
        " right account; one person proposes it, a second one approves it.",
        "暫時原因毋須處理,系統會自動再次發送;否則向收款人索取正確帳戶,由一人提出,另一人批准。",
        "暂时原因无须处理,系统会自动再次发送;否则向收款人索取正确账户,由一人提出,另一人批准。",
    ),
    "PAYOUT_REJECTED_AFTER_CREDIT": (
        "Ask the bank whether the payee still has the money; do not order the payment again.",
        "向銀行查詢款項是否仍在收款人帳戶;切勿再次發出付款指示。",
        "向银行查询款项是否仍在收款人账户;切勿再次发出付款指示。",
    ),
    "PAYOUT_RETURNED": (
        "Ask the payee for another account; one person proposes it, a second one approves it.",
        "向收款人索取另一帳戶;由一人提出,另一人批准。",
        "向收款人索取另一账户;由一人提出,另一人批准。",
    ),
    "STEP_FAILED": (
        "Give the operator the episode's number; the step is tried again by itself.",
        "將個案編號交予系統操作員;該步驟會自動重試。",
        "将个案编号交予系统操作员;该步骤会自动重试。",
    ),
    "SUBMISSION_NOT_APPLIED": (
        "Give the operator the message's number; whoever sent it sends a right one anew.",
        "將提交編號交予系統操作員;由提交者重新提交。",
        "将提交编号交予系统操作员;由提交者重新提交。",
    ),
    **FUNDERS_TO_DO,
    **REVIEW_TO_DO,
    **WITHDRAWAL_TO_DO,
    **GUARANTEE_TO_DO,
    **BILL_TO_DO,
    **INFORMATION_TO_DO,
    **EVENTS_TO_DO,
    **TENDERS_TO_DO,
    **PAYOUT_TO_DO,
    **APPEAL_TO_DO,
    **REPAIR_TO_DO,
}
"""By the exception's code. Every code that an episode can have is here; a test holds it so."""
