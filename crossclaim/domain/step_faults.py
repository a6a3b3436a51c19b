"""What can be wrong with a well-formed submission given where its episode stands."""

from __future__ import annotations

from crossclaim.domain.allocation import Fault, Sentence
from crossclaim.domain.fault_sentences_guarantee import GUARANTEE_STEP_TEXTS
from crossclaim.domain.fault_sentences_tenders import TENDER_STEP_TEXTS
from crossclaim.domain.step_faults_appeal import APPEAL_TEXTS
from crossclaim.domain.step_faults_bill import BILL_TEXTS
from crossclaim.domain.step_faults_examination import EXAMINATION_TEXTS
from crossclaim.domain.step_faults_payout import PAYOUT_STEP_TEXTS
from crossclaim.domain.step_faults_repair import REPAIR_TEXTS
from crossclaim.domain.step_faults_visit import VISIT_TEXTS

_TEXTS: dict[str, tuple[str, str, str]] = {
    **TENDER_STEP_TEXTS,
    **GUARANTEE_STEP_TEXTS,
    **PAYOUT_STEP_TEXTS,
    "BILL_UNKNOWN": (
        "There is no bill with this number and version; check both, or submit the bill first.",
        "沒有此號碼及版本的帳單，請核對，或先提交帳單。",
        "没有此号码及版本的账单，请核对，或先提交账单。",
    ),
    "BILL_VERSION_NOT_NEWER": (
        "Version {known} of this bill is already here; a correction needs a higher version.",
        "此帳單已有第 {known} 版，更正須用更高的版本號。",
        "此账单已有第 {known} 版，更正须用更高的版本号。",
    ),
    "BILL_FINAL_ALREADY": (
        "Version {known} is final; say what the new version corrects of it, or take it back with a"
        " void first.",
        "第 {known} 版為最終帳單，請註明新版本所作的更正，或先將其作廢。",
        "第 {known} 版为最终账单，请注明新版本所作的更正，或先将其作废。",
    ),
    "DOCUMENT_NOT_UPLOADED": (
        "This document has not been uploaded; upload it to the episode first.",
        "此文件尚未上載，請先上載至本個案。",
        "此文件尚未上传，请先上传至本个案。",
    ),
    "BILL_NOT_FINAL": (
        "An interim bill is a forecast; wait for the final bill.",
        "中期帳單只作預估，請等待最終帳單。",
        "中期账单只作预估，请等待最终账单。",
    ),
    "BILL_NOT_CURRENT": (
        "This version is {state} and no longer counts.",
        "此版本的狀態為 {state}，已不再有效。",
        "此版本的状态为 {state}，已不再有效。",
    ),
    "BILL_ALREADY_CLAIMED": (
        "The insurer has been claimed for this bill; correct it, or cancel its settlement instead.",
        "此帳單已向保險公司索償，不能作廢；請改為更正帳單或取消結算。",
        "此账单已向保险公司索赔，不能作废；请改为更正账单或取消结算。",
    ),
    "COVERAGE_NOT_THERE": (
        "The episode has {count} coverage(s), counted from 0; name each of them at most once.",
        "本個案有 {count} 項保障，由 0 起計；每項最多選用一次。",
        "本个案有 {count} 项保障，由 0 起计；每项最多选用一次。",
    ),
    "SPOUSE_NOT_NAMED": (
        "No spouse is named in this episode; name the spouse first.",
        "本個案尚未登記配偶，請先登記。",
        "本个案尚未登记配偶，请先登记。",
    ),
    "SPOUSE_IS_PATIENT": (
        "The document is the patient's own; enter the spouse's.",
        "此證件屬病人本人，請輸入配偶的證件。",
        "此证件属病人本人，请输入配偶的证件。",
    ),
    "VOUCHER_NOT_COVERED": (
        "The episode is not laid on vouchers; open it with that coverage first.",
        "本個案未使用醫療券，請以該項保障開立個案。",
        "本个案未使用医疗券，请以该项保障开立个案。",
    ),
    "VOUCHER_CONFIRMED_EARLIER": (
        "The provider is said to have confirmed before the service of this bill had ended.",
        "確認時間早於此帳單服務完成的時間，請核對。",
        "确认时间早于此账单服务完成的时间，请核对。",
    ),
    "VOUCHER_WINDOW_OTHER_VISIT": (
        "Visits of this kind are not paid at {window}; send the patient to the right window.",
        "此類就診不在 {window} 繳費，請到相應窗口。",
        "此类就诊不在 {window} 缴费，请到相应窗口。",
    ),
    "POLICY_NOT_IN_FORCE": (
        "The insurer's book holds no such policy under this plan on {on}. Check its number, or send"
        " the bill without this coverage.",
        "保險公司名冊上於{on}並無此計劃的該份保單。請核對保單號碼，或不使用此項保障再提交。",
        "保险公司名册上于{on}并无此计划的该份保单。请核对保单号码，或不使用此项保障再提交。",
    ),
    "INSURER_SAYS_NOT_IN_FORCE": (
        "The insurer {insurer} says that this cover is not in force. Send the bill without it, or"
        " ask the insurer.",
        "保險公司 {insurer} 表示此項保障並未生效。請不使用此項保障再提交，或向保險公司查詢。",
        "保险公司 {insurer} 表示此项保障并未生效。请不使用此项保障再提交，或向保险公司查询。",
    ),
    "COVER_FACT_CONTRADICTED": (
        "The insurer's own book says otherwise; check it with the patient, or leave it out.",
        "與保險公司名冊上的記錄不符。請向病人核對，或不填寫此項。",
        "与保险公司名册上的记录不符。请向病人核对，或不填写此项。",
    ),
    "COVER_COUNTED_OTHERWISE": (
        "This cover counts in {currency}; state what was used of it in {currency}.",
        "此保障以{currency}計算；請以{currency}填寫已使用的金額。",
        "此保障以{currency}计算；请以{currency}填写已使用的金额。",
    ),
    "NO_INSURERS_COVERAGE": (
        "The episode has no insurer's coverage at this place, counted from 0.",
        "本個案在此位置（由 0 起計）沒有保險公司的保障。",
        "本个案在此位置（由 0 起计）没有保险公司的保障。",
    ),
    "INSURER_TWICE": (
        "Two coverages of one insurer stand in this episode; a person at the insurer must decide"
        " which of them pays.",
        "本個案有同一保險公司的兩項保障，須由該公司人員決定由哪一項賠付。",
        "本个案有同一保险公司的两项保障，须由该公司人员决定由哪一项赔付。",
    ),
    "TENDER_ABOVE_DUE": (
        "The patient owes {due} for this bill; take no more than that.",
        "病人就此帳單應付 {due}，請勿多收。",
        "病人就此账单应付 {due}，请勿多收。",
    ),
    "NOTHING_TO_REIMBURSE": (
        "Nothing of this bill is left for the insurer to reimburse.",
        "此帳單沒有可由保險公司補還的款項。",
        "此账单没有可由保险公司补还的款项。",
    ),
    "REIMBURSEMENT_ALREADY_ASKED": (
        "The reimbursement of this bill has been asked for already.",
        "此帳單已申請補還。",
        "此账单已申请补还。",
    ),
    "PATIENT_HAS_NOT_PAID": (
        "The patient has paid {paid} of {due}; a reimbursement follows a full payment.",
        "病人已付 {paid}，應付 {due}；全數付清後方可申請補還。",
        "病人已付 {paid}，应付 {due}；全数付清后方可申请补还。",
    ),
    "DIRECT_CLAIM_UNDECIDED": (
        "The insurer has not yet approved its direct part of this bill; ask again afterwards.",
        "保險公司尚未批核此帳單的直接結算部分，請待批核後再申請。",
        "保险公司尚未批核此账单的直接结算部分，请待批核后再申请。",
    ),
    "SECOND_INSURED_BILL": (
        "Bill {known} of this episode is final; a second insured bill needs a person: put all lines"
        " on one bill, or settle this one by hand.",
        "本個案已有最終帳單 {known}，第二張受保帳單須由人手處理：請將所有項目合為一張。",
        "本个案已有最终账单 {known}，第二张受保账单须由人手处理：请将所有项目合为一张。",
    ),
    "PLAN_NOT_ACTIVE": (
        "The plan {plan} is not active here; activate its rules, or name another plan.",
        "計劃 {plan} 未在此啟用，請啟用其規則或選用其他計劃。",
        "计划 {plan} 未在此启用，请启用其规则或选用其他计划。",
    ),
    "RATE_MISSING": (
        "There is no exchange rate for {on}; have the operator add it and send the claim again.",
        "沒有 {on} 的匯率，請營運人員補上後重新提交。",
        "没有 {on} 的汇率，请运营人员补上后重新提交。",
    ),
    "EBILL_TWICE": (
        "This electronic bill has been claimed before; take it off.",
        "此電子票據曾用於索償，請移除。",
        "此电子票据曾用于索偿，请移除。",
    ),
    "PAYOUT_NOT_WAITING": (
        "No payout with this reference waits for another account; check the reference.",
        "沒有此編號的付款在等候另一帳戶，請核對編號。",
        "没有此编号的付款在等候另一账户，请核对编号。",
    ),
    "PAYOUT_CONTRADICTED": (
        "The bank says that this payout was made although it had refused it; clear that up first.",
        "銀行曾拒絕此付款，其後卻稱已付出；請先查明。",
        "银行曾拒绝此付款，其后却称已付出；请先查明。",
    ),
    "PAYEE_ACCOUNT_SAME": (
        "This is the account that the payout came back from; give another one.",
        "此為已退回付款的帳戶，請提供另一帳戶。",
        "此为已退回付款的账户，请提供另一账户。",
    ),
    "PAYEE_ACCOUNT_UNKNOWN": (
        "There is no proposal with this number for this payout; check both.",
        "此付款沒有此號碼的建議帳戶，請核對。",
        "此付款没有此号码的建议账户，请核对。",
    ),
    "PAYEE_ACCOUNT_DECIDED": (
        "This proposal has been decided already.",
        "此建議帳戶已有決定。",
        "此建议账户已有决定。",
    ),
    "SECOND_PERSON_NEEDED": (
        "Who proposed an account cannot approve it; have another person decide with another key.",
        "建議帳戶者不可自行批准，請由另一人以另一金鑰決定。",
        "建议账户者不可自行批准，请由另一人以另一密钥决定。",
    ),
    "ADMISSION_FIRST": (
        "The admission has not been recorded; record it first.",
        "尚未記錄入院，請先記錄。",
        "尚未记录入院，请先记录。",
    ),
    "ANSWER_UNKNOWN": (
        "No request with this reference is open; check Claim.identifier.",
        "沒有此編號的待覆請求，請核對 Claim.identifier。",
        "没有此编号的待复请求，请核对 Claim.identifier。",
    ),
}

_TEXTS |= VISIT_TEXTS
_TEXTS |= APPEAL_TEXTS
_TEXTS |= EXAMINATION_TEXTS
_TEXTS |= BILL_TEXTS
_TEXTS |= REPAIR_TEXTS


def step_fault(code: str, pointer: str, **values: object) -> Fault:
    """The fault ``code`` at ``pointer``, with its sentences filled in."""
    en, hant, hans = _TEXTS[code]
    return Fault(
        code=code,
        pointer=pointer,
        text=Sentence(
            en=en.format(**values), zh_hant=hant.format(**values), zh_hans=hans.format(**values)
        ),
    )
